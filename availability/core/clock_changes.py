"""When a zone's clocks change next, and which hour is then missing or comes twice."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .intervals import moment

_DAY = 24 * 60 * 60
FAR = 400  # days: who changes the clocks at all does so within a year, give or take a moving month


class ClockChange(NamedTuple):
    """What the clock on the wall would have shown at the change, and what it shows instead; both without a zone."""

    before: datetime
    after: datetime

    @property
    def goes_forward(self) -> bool:
        return self.after > self.before

    @property
    def first(self) -> datetime:
        """Where the stretch begins that is missing, or comes twice."""
        return min(self.before, self.after)

    @property
    def last(self) -> datetime:
        return max(self.before, self.after)


def next_change(zone: ZoneInfo, *, after: int) -> ClockChange | None:
    """The next change after the instant ``after``; None if there is none within ``FAR`` days."""
    for at in range(after, after + FAR * _DAY, _DAY):
        if _offset(at, zone) != _offset(at + _DAY, zone):
            return _change_between(at, at + _DAY, zone)
    return None


def _change_between(start: int, end: int, zone: ZoneInfo) -> ClockChange:
    """The first change in ``(start, end]``, between which the offset is known to differ."""
    before = _offset(start, zone)
    while end - start > 1:
        middle = (start + end) // 2
        start, end = (middle, end) if _offset(middle, zone) == before else (start, middle)
    naive = moment(end).replace(tzinfo=None)
    return ClockChange(naive + before, naive + _offset(end, zone))


def _offset(at: int, zone: ZoneInfo) -> timedelta:
    return moment(at).astimezone(zone).utcoffset() or timedelta()
