"""A month of My Calendar: the first lines of each day, and how many more there are."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.core.week import days_touched, month_around
from bookings.queries.entries import Entry, Looking, entries_of

LINES = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry on one of its days; ``goes_on``: it began on an earlier one."""

    entry: Entry
    goes_on: bool


@dataclass(frozen=True, slots=True)
class MonthDay:
    """``more``: how many entries are not among the ``lines``."""

    date: date
    is_today: bool
    is_in_month: bool
    lines: list[Line]
    more: int


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: list[list[MonthDay]]


def month_of(looking: Looking, *, day: date, now: datetime) -> Month:
    """The whole weeks that hold the month of ``day``."""
    weeks = month_around(day)
    first, last = weeks[0][0], weeks[-1][-1]
    start, end = looking.span(first, last)
    by_day: dict[date, list[Line]] = defaultdict(list)
    for entry in entries_of(looking, start=start, end=end, now=now):
        touched = days_touched(entry.starts_at, entry.ends_at, looking.zone_of(entry), first=first - _DAY, last=last)
        for number, on in enumerate(touched):
            by_day[on].append(Line(entry, number > 0))
    today = now.astimezone(looking.zone).date()
    return Month(
        first=day.replace(day=1),
        weeks=[[_day(on, by_day[on], today, is_in_month=on.month == day.month) for on in week] for week in weeks],
    )


def _day(day: date, lines: list[Line], today: date, *, is_in_month: bool) -> MonthDay:
    """What lasts all day comes first, then by the clock. A line that says "+1 more" could as well be that one."""
    fits = LINES if len(lines) <= LINES else LINES - 1
    lines.sort(key=lambda line: not (line.entry.all_day or line.goes_on))
    return MonthDay(day, day == today, is_in_month, lines[:fits], max(0, len(lines) - fits))
