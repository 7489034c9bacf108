"""Dates, times and durations of iCalendar (RFC 5545 3.3)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from integrations.ports import Unreadable

_WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?", re.IGNORECASE)
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class When:
    """A wall-clock reading and the zone it was read in. A date is its midnight."""

    wall: datetime
    zone: tzinfo
    is_date: bool

    @property
    def instant(self) -> datetime:
        return to_instant(self.wall, self.zone)

    def wall_in(self, zone: tzinfo) -> datetime:
        """What a clock in another zone shows at this instant; a date is the same date everywhere."""
        if self.is_date or zone is self.zone:
            return self.wall
        return to_wall(self.instant, zone)


@dataclass(frozen=True, slots=True)
class Length:
    """Days are nominal, the rest is exact (RFC 5545 3.3.6)."""

    days: int = 0
    exact: timedelta = timedelta()

    def after(self, wall: datetime, zone: tzinfo) -> datetime:
        """The instant this length after a wall-clock reading."""
        try:
            return to_instant(wall + timedelta(days=self.days), zone) + self.exact
        except OverflowError:
            raise Unreadable("A time lies beyond the calendar.") from None

    @property
    def at_most(self) -> timedelta:
        """No shorter than the length, whatever the clocks do."""
        return timedelta(days=max(self.days, 0) + 1) + max(self.exact, timedelta())


def parse_when(text: str, *, zone: tzinfo, default_zone: tzinfo) -> When:
    """``zone`` is what the property's TZID says, ``default_zone`` what floating dates are read in."""
    match = _WHEN.fullmatch(text.strip())
    if match is None:
        raise Unreadable("A time cannot be read.")
    year, month, day, hour, minute, second, utc = match.groups()
    try:
        if hour is None:
            return When(datetime(int(year), int(month), int(day)), default_zone, is_date=True)  # noqa: DTZ001
        seconds = min(int(second or 0), 59)
        wall = datetime(int(year), int(month), int(day), int(hour), int(minute), seconds)  # noqa: DTZ001
    except ValueError:
        raise Unreadable("A time cannot be read.") from None
    return When(wall, UTC if utc else zone, is_date=False)


def parse_length(text: str) -> Length:
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()[1:]):
        raise Unreadable("A duration cannot be read.")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    sign = -1 if match[1] == "-" else 1
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Length(sign * (weeks * 7 + days), sign * exact)


def to_instant(wall: datetime, zone: tzinfo) -> datetime:
    """Twice-read times are the first reading, skipped ones are read with the offset before (RFC 5545 3.3.5)."""
    try:
        return wall.replace(tzinfo=zone).astimezone(UTC)
    except (OverflowError, ValueError):
        raise Unreadable("A time lies beyond the calendar.") from None


def to_wall(instant: datetime, zone: tzinfo) -> datetime:
    """Saturates at the ends of the calendar."""
    try:
        return instant.astimezone(zone).replace(tzinfo=None, fold=0)
    except (OverflowError, ValueError):
        return datetime.max if instant.year > 5000 else datetime.min  # noqa: DTZ901


def exists(wall: datetime, zone: tzinfo) -> bool:
    """Whether a clock in this zone ever shows this."""
    return zone is UTC or to_wall(to_instant(wall, zone), zone) == wall
