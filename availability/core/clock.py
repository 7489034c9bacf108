"""What the clock allows, and what has been used up of a day or a week (A6)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .hours import days_of, midnight
from .intervals import Interval

_DAY = timedelta(days=1)


class Reach(NamedTuple):
    """``now``, and the starts that can be booked now: from ``earliest`` and ``first`` on, before ``latest``.

    ``earliest`` is ``now`` and the minimum notice; ``first`` and ``latest`` are the date range. A range of days from
    now begins at 0. In epoch seconds.
    """

    now: int
    earliest: int
    first: int
    latest: int

    def within(self, span: Interval) -> Interval | None:
        """What of ``span`` can be booked now."""
        start = max(span.start, self.now, self.earliest, self.first)
        end = min(span.end, self.latest)
        return Interval(start, end) if start < end else None


class Limits(NamedTuple):
    """At most so many appointments may begin on a day, in a week from Monday to Sunday; None: any number."""

    day: int | None = None
    week: int | None = None

    def __bool__(self) -> bool:
        return self.day is not None or self.week is not None


class Full(NamedTuple):
    """Days and weeks in which no more appointments may begin, as intervals."""

    days: tuple[Interval, ...] = ()
    weeks: tuple[Interval, ...] = ()


NOTHING_FULL = Full()


def full(starts: Iterable[int], limits: Limits, zone: ZoneInfo) -> Full:
    """The days and weeks of ``zone`` that are used up by appointments beginning at ``starts``, each given once."""
    if not limits:
        return NOTHING_FULL
    days = Counter(_local_days(starts, zone))
    weeks: Counter[date] = Counter()
    for day, number in days.items():
        weeks[monday(day)] += number
    return Full(
        days=tuple(_of_day(day, zone) for day, count in days.items() if limits.day is not None and count >= limits.day),
        weeks=tuple(
            week_span(day, zone) for day, count in weeks.items() if limits.week is not None and count >= limits.week
        ),
    )


def weeks_around(span: Interval, zone: ZoneInfo) -> Interval:
    """The span and the weeks of ``zone`` it touches: what limits within it depend on."""
    days = days_of(span, zone)
    return Interval(week_span(monday(days[0]), zone).start, week_span(monday(days[-1]), zone).end)


def months_of(span: Interval, zone: ZoneInfo) -> tuple[Interval, ...]:
    """The calendar months of ``zone`` that ``span`` touches, ascending."""
    firsts = sorted({day.replace(day=1) for day in days_of(span, zone)})
    return tuple(Interval(midnight(first, zone), midnight(_next_month(first), zone)) for first in firsts)


def monday(day: date) -> date:
    return day - day.weekday() * _DAY


def week_span(day: date, zone: ZoneInfo) -> Interval:
    """The seven local days from ``day`` on."""
    return Interval(midnight(day, zone), midnight(day + 7 * _DAY, zone))


def _local_days(starts: Iterable[int], zone: ZoneInfo) -> Iterator[date]:
    return (days_of(Interval(start, start + 1), zone)[0] for start in starts)


def _of_day(day: date, zone: ZoneInfo) -> Interval:
    return Interval(midnight(day, zone), midnight(day + _DAY, zone))


def _next_month(first: date) -> date:
    return (first + 31 * _DAY).replace(day=1)
