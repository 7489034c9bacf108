"""Dates, times and durations of iCalendar (RFC 5545 3.3)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from integrations.ports import Unreadable

EARLIEST = datetime(10, 1, 1, tzinfo=UTC)
LATEST = datetime(9990, 1, 1, tzinfo=UTC)

_WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?", re.IGNORECASE | re.ASCII)
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?",
    re.IGNORECASE | re.ASCII,
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

    def day_in(self, zone: tzinfo) -> date:
        """The date meant where a date belongs: of a midnight in ``zone`` that day, else the one that is written."""
        wall = self.wall_in(zone)
        return wall.date() if wall.time() == time.min else self.wall.date()


@dataclass(frozen=True, slots=True)
class Length:
    """Days are nominal, the rest is exact (RFC 5545 3.3.6)."""

    days: int = 0
    exact: timedelta = timedelta()

    def after(self, wall: datetime, zone: tzinfo, instant: datetime | None = None) -> datetime:
        """The instant this length after a wall-clock reading; saturates as ``to_instant`` does.

        ``instant``: the reading's, if it is known.
        """
        try:
            if self.days or instant is None:
                instant = to_instant(wall + timedelta(days=self.days), zone)
            return instant + self.exact
        except OverflowError:
            return EARLIEST if self.days < 0 or self.exact < timedelta() else LATEST

    @property
    def at_most(self) -> timedelta:
        """No shorter than the length, whatever the clocks do."""
        return timedelta(days=max(self.days, 0) + 1) + max(self.exact, timedelta())


def parse_when(text: str, *, zone: tzinfo, default_zone: tzinfo) -> When:
    """``zone`` is what the property's TZID says, ``default_zone`` what floating dates are read in."""
    text = text.strip()
    match = _WHEN.fullmatch(text)
    if match is None:
        raise Unreadable("A time cannot be read.")
    if text[8:9] == "T" and len(text) >= 15 and text[13:15] < "60":
        return When(_plain_time(text), UTC if match[7] else zone, is_date=False)
    year, month, day, hour, minute, second, utc = match.groups()
    try:
        if hour is None:
            return When(datetime(int(year), int(month), int(day)), default_zone, is_date=True)  # noqa: DTZ001
        seconds = min(int(second or 0), 59)
        wall = datetime(int(year), int(month), int(day), int(hour), int(minute), seconds)  # noqa: DTZ001
    except ValueError:
        raise Unreadable("A time cannot be read.") from None
    return When(wall, UTC if utc else zone, is_date=False)


def _plain_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text[:15])
    except ValueError:
        raise Unreadable("A time cannot be read.") from None


def parse_length(text: str) -> Length:
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()[1:]):
        raise Unreadable("A duration cannot be read.")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    sign = -1 if match[1] == "-" else 1
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Length(sign * (weeks * 7 + days), sign * exact)


def to_instant(wall: datetime, zone: tzinfo) -> datetime:
    """Twice-read times are the first reading, skipped ones are read with the offset before (RFC 5545 3.3.5).

    Saturates some years before the ends of the calendar, so that there is room to count on from there.
    """
    if not EARLIEST.year < wall.year < LATEST.year:
        return LATEST if wall.year > EARLIEST.year else EARLIEST
    return wall.replace(tzinfo=zone).astimezone(UTC)


def to_wall(instant: datetime, zone: tzinfo) -> datetime:
    """Saturates at the ends of the calendar."""
    try:
        return instant.astimezone(zone).replace(tzinfo=None, fold=0)
    except (OverflowError, ValueError):
        return datetime.max if instant.year > 5000 else datetime.min  # noqa: DTZ901


def exists(wall: datetime, zone: tzinfo) -> bool:
    """Whether a clock in this zone ever shows this."""
    if zone is UTC or not EARLIEST.year < wall.year < LATEST.year:
        return True
    aware = wall.replace(tzinfo=zone)
    if isinstance(zone, ZoneInfo) and aware.utcoffset() == aware.replace(fold=1).utcoffset():
        return True
    return to_wall(to_instant(wall, zone), zone) == wall
