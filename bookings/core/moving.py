"""Where an entry lies after it was moved or lengthened: by the clock on the wall, as whoever drags it means it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]


def moved(span: Span, to: datetime, *, zone: ZoneInfo, whole_days: bool) -> Span:
    """``span`` beginning at ``to``: as long as it lasts, or for whole days as many days by the clock of ``zone``."""
    start, end = span
    if not whole_days:
        return to, to + (end - start)
    days = to.astimezone(zone).date() - start.astimezone(zone).date()
    return _later(start, days, zone), _later(end, days, zone)


def lengthened(span: Span, until: datetime, *, zone: ZoneInfo, whole_days: bool) -> Span:
    """``span`` ending at ``until``; whole days end by the clock as they did. It may end before it starts."""
    start, end = span
    if not whole_days:
        return start, until
    return start, _later(end, until.astimezone(zone).date() - end.astimezone(zone).date(), zone)


def exists(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of ``zone`` ever show this naive time."""
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    return at.astimezone(zone).replace(tzinfo=None) == wall


def _later(at: datetime, days: timedelta, zone: ZoneInfo) -> datetime:
    return (at.astimezone(zone).replace(tzinfo=None) + days).replace(tzinfo=zone).astimezone(UTC)
