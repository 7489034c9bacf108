"""A stretch of days as people write it, "24 December, 12:00 – 2 January", to instants and back (A2, A7).

A time that is not said is the start of the first day, or the end of the last; so is 00:00. Where a clock shows a time
twice, a stretch begins at its first pass and ends at its last, so that it holds all that was meant.
"""

from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .hours import day_span, midnight
from .intervals import Interval, instant, moment

_UNSAID = (None, time.min)


class NotOnTheClock(Exception):
    """The clocks of the zone skip this time, or this whole day."""


class DayAndTime(NamedTuple):
    """A local date, and the time on it; None is the start of a first day, the end of a last one."""

    day: date
    at: time | None


def start_of(first: DayAndTime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which a stretch begins. Raises NotOnTheClock."""
    return moment(_day(first.day, zone).start if first.at in _UNSAID else _instant(first, zone, fold=0))


def end_of(last: DayAndTime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which a stretch ends. Raises NotOnTheClock."""
    return moment(_day(last.day, zone).end if last.at in _UNSAID else _instant(last, zone, fold=1))


def start_in_words(starts_at: datetime, zone: ZoneInfo) -> DayAndTime:
    local = starts_at.astimezone(zone)
    whole = instant(starts_at) == midnight(local.date(), zone)
    return DayAndTime(local.date(), None if whole else local.time())


def end_in_words(ends_at: datetime, zone: ZoneInfo) -> DayAndTime:
    """The last day that has time in the stretch; a stretch that ends at a midnight ends with the day before."""
    local = ends_at.astimezone(zone)
    if instant(ends_at) != midnight(local.date(), zone):
        return DayAndTime(local.date(), local.time())
    return DayAndTime(moment(instant(ends_at) - 1).astimezone(zone).date(), None)


def _day(day: date, zone: ZoneInfo) -> Interval:
    try:
        return day_span(day, zone)
    except ValueError as skipped:
        raise NotOnTheClock from skipped


def _instant(wanted: DayAndTime, zone: ZoneInfo, *, fold: int) -> int:
    on_the_wall = datetime.combine(wanted.day, wanted.at or time.min)
    at = instant(on_the_wall.replace(tzinfo=zone, fold=fold))
    if moment(at).astimezone(zone).replace(tzinfo=None) != on_the_wall:
        raise NotOnTheClock
    return at
