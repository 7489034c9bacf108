"""Four weeks of My Calendar as a list by day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.core.week import days_touched
from bookings.queries.entries import Entry, Looking, entries_of

DAYS = 28
# a page that is too long to be read is cut after the day on which this is reached
LONGEST = 300
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AgendaDay:
    date: date
    is_today: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Agenda:
    """Days with something on them, and today. ``last`` is the last day shown, fewer than DAYS where much is on."""

    first: date
    last: date
    days: list[AgendaDay]

    @property
    def is_cut(self) -> bool:
        return (self.last - self.first).days < DAYS - 1

    @property
    def next(self) -> date:
        return self.last + _DAY

    @property
    def is_empty(self) -> bool:
        return not any(day.entries for day in self.days)


def agenda_of(looking: Looking, *, first: date, now: datetime) -> Agenda:
    last = first + (DAYS - 1) * _DAY
    start, end = looking.span(first, last)
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries_of(looking, start=start, end=end, now=now):
        for day in days_touched(entry.starts_at, entry.ends_at, looking.zone_of(entry), first=first, last=last):
            by_day[day].append(entry)
    today = now.astimezone(looking.zone).date()
    days: list[AgendaDay] = []
    listed = 0
    for day in (first + number * _DAY for number in range(DAYS)):
        if listed >= LONGEST:
            return Agenda(first, day - _DAY, days)
        if day in by_day or day == today:
            on = sorted(by_day[day], key=lambda entry: not entry.all_day)
            days.append(AgendaDay(day, day == today, on))
            listed += len(on)
    return Agenda(first, last, days)
