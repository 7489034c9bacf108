"""A calendar's settings in the words of the core: whole seconds since the epoch."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from availability.core.clock import Limits, Reach
from availability.core.hours import midnight
from availability.core.intervals import Interval, instant
from availability.core.slots import SlotRules
from availability.models import Calendar, DateRange
from availability.models.calendar import EARLIEST_DAY, LATEST_DAY

_DAY = timedelta(days=1)


def rules_of(calendar: Calendar) -> SlotRules:
    return SlotRules(
        duration=_seconds(calendar.duration),
        interval=_seconds(calendar.interval),
        buffer_before=_seconds(calendar.buffer_before),
        buffer_after=_seconds(calendar.buffer_after),
    )


def zone_of(calendar: Calendar) -> ZoneInfo:
    """The account's: days, weeks and months of a calendar are counted in it."""
    return ZoneInfo(str(calendar.account.time_zone))


def limits_of(calendar: Calendar) -> Limits:
    return Limits(calendar.day_limit, calendar.week_limit)


def reach_of(calendar: Calendar, now: datetime) -> Reach:
    """Minimum notice and date range as they are at ``now``, which is rounded up: no start is offered too late."""
    at = instant(now) + bool(now.microsecond)
    earliest = at + _seconds(calendar.minimum_notice)
    if calendar.date_range == DateRange.FIXED and calendar.range_first and calendar.range_last:
        zone = zone_of(calendar)
        first, last = (min(max(day, EARLIEST_DAY), LATEST_DAY) for day in (calendar.range_first, calendar.range_last))
        latest = midnight(last + _DAY, zone)
        return Reach(now=at, earliest=earliest, first=midnight(first, zone), latest=latest)
    return Reach(now=at, earliest=earliest, first=0, latest=instant(now) + calendar.horizon_days * 86_400)


def span_of(start: datetime, end: datetime) -> Interval | None:
    """``[start, end)`` in whole seconds, rounded up; None where nothing is left of it."""
    first, last = (instant(at) + bool(at.microsecond) for at in (start, end))
    return Interval(first, last) if first < last else None


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
