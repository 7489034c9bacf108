"""What clocks on the wall show around each change of each zone: plain sums on minutes since 1970, found by looking."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

DAY = 24 * 60
MINUTE = timedelta(minutes=1)
UNIX = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 2024, 2037


class Change(NamedTuple):
    """At the minute ``at`` the clock goes from ``before`` to ``after``: its offsets from UTC in minutes."""

    at: int
    before: int
    after: int

    @property
    def missing(self) -> range:
        """The shown minutes that never are."""
        return range(self.at + self.before, self.at + self.after)

    @property
    def doubled(self) -> range:
        """The shown minutes that come twice."""
        return range(self.at + self.after, self.at + self.before)

    @property
    def dates(self) -> list[date]:
        """The date before, those on which something is missing or doubled, and the date after."""
        ends = (self.at + self.before, self.at + self.after)
        first, last = min(ends) // DAY, (max(ends) - 1) // DAY
        return [date_of(number) for number in range(first - 1, last + 2)]

    def shown(self, minute: int) -> int:
        """Minutes from 1 January 1970, 00:00, to what the clock on the wall shows."""
        return minute + (self.before if minute < self.at else self.after)

    def showing(self, day: date) -> list[int]:
        """The minutes at which the clock shows that date, in the order in which they pass."""
        first = number_of(day) * DAY - DAY
        return [
            minute
            for minute in range(first - 60, first + 3 * DAY + 60)
            if self.shown(minute) // DAY == first // DAY + 1
        ]

    def when(self, shown: int) -> int:
        """The first minute that shows it; one that is missing is read with the offset before the change."""
        return shown - self.before if shown in self.missing else min(self._passes(shown))

    def _passes(self, shown: int) -> list[int]:
        return [shown - offset for offset in (self.before, self.after) if self.shown(shown - offset) == shown]


class Clock(NamedTuple):
    """Zones whose clocks show the same from 2024 to 2037, and when these change."""

    names: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.names[0])


@cache
def clocks() -> tuple[Clock, ...]:
    """Every zone there is."""
    alike = defaultdict(list)
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        alike[offset(begin_of(FIRST_YEAR), zone), changes_of(zone)].append(name)
    return tuple(Clock(tuple(names), changes) for (_offset, changes), names in alike.items())


@cache
def changes_of(zone: ZoneInfo) -> tuple[Change, ...]:
    """All changes from 2024 to 2037: looked for day by day, then by halves."""
    days = range(begin_of(FIRST_YEAR), begin_of(LAST_YEAR + 1), DAY)
    offsets = [offset(minute, zone) for minute in (*days, days.stop)]
    return tuple(
        Change(_first_with(after, day, day + DAY, zone), before, after)
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
    )


def _first_with(wanted: int, start: int, end: int, zone: ZoneInfo) -> int:
    while end - start > 1:
        middle = (start + end) // 2
        start, end = (start, middle) if offset(middle, zone) == wanted else (middle, end)
    return end


def offset(minute: int, zone: ZoneInfo) -> int:
    """The offset of the zone's clock from UTC, in minutes."""
    whole, rest = divmod(datetime.fromtimestamp(minute * 60, zone).utcoffset(), MINUTE)
    assert not rest
    return whole


def begin_of(year: int) -> int:
    return number_of(date(year, 1, 1)) * DAY


def number_of(day: date) -> int:
    """Days since 1970."""
    return (day - UNIX.date()).days


def date_of(number: int) -> date:
    return UNIX.date() + timedelta(days=number)
