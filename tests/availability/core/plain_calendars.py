"""A whole calendar in minutes since 1970, described without the core; and the hours of its hosts, found by walking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .wall_clocks import DAY, date_of, number_of


class Kind(Enum):
    """What can be booked (T1–T9), round robin in both modes."""

    SIMPLE = "simple"
    SERVICE = "service"
    AVAILABILITY = "round robin, availability"
    EQUAL = "round robin, equal distribution"
    COLLECTIVE = "collective"
    CLASS = "class"


class Booked(NamedTuple):
    """An appointment, a hold or a session of this class, with its buffers as booked."""

    start: int
    end: int
    before: int = 0
    after: int = 0
    key: str = ""
    is_of_this_calendar: bool = False
    is_session: bool = False


class Blocked(NamedTuple):
    """Busy time or a closure; ``own``: put there by hand."""

    start: int
    end: int
    key: str = ""
    own: bool = False


class Shift(NamedTuple):
    """Minutes from midnight; closing at or before the opening is on the next day."""

    opens: int
    closes: int


class Replaced(NamedTuple):
    """Hours that would open if there were no override and no holiday."""

    minutes: range
    day: date
    holiday: str


@dataclass(frozen=True, kw_only=True)
class Host:
    """One host; ``seats_taken`` of each session by its start."""

    key: int
    zone: ZoneInfo
    weekly: Mapping[int, tuple[Shift, ...]]
    overrides: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)
    booked: tuple[Booked, ...] = ()
    held: tuple[Booked, ...] = ()
    busy: tuple[Blocked, ...] = ()
    seats_taken: Mapping[int, int] = field(default_factory=dict)
    stale: str | None = None
    per_day: int | None = None
    per_week: int | None = None
    is_fixed: bool = False
    is_away: bool = False

    def openings(self, dates: list[date]) -> list[range]:
        """What opens on these dates."""
        return [
            minutes
            for day in dates
            for minutes in self._on(day, self.overrides.get(day, () if day in self.holidays else self._usual(day)))
        ]

    def replaced(self, dates: list[date]) -> list[Replaced]:
        """What does not open on these dates, though it stands in the week."""
        return [
            Replaced(minutes, day, "" if day in self.overrides else self.holidays[day])
            for day in dates
            if day in self.overrides or day in self.holidays
            for minutes in self._on(day, self._usual(day))
        ]

    def _usual(self, day: date) -> tuple[Shift, ...]:
        return self.weekly.get(day.weekday(), ())

    def _on(self, day: date, shifts: tuple[Shift, ...]) -> Iterator[range]:
        for opens, closes in shifts:
            end = closes if closes > opens else DAY + closes
            minutes = range(when(day, opens, self.zone), when(day, end, self.zone))
            if minutes:
                yield minutes


@dataclass(frozen=True, kw_only=True)
class PlainCalendar:
    """A calendar and all it depends on. ``span``: the minutes that are looked at; ``hosts`` in team order.

    ``counts``: by year and month, how often each host is booked.
    """

    kind: Kind
    zone: ZoneInfo
    span: range
    duration: int
    interval: int
    before: int
    after: int
    hosts: tuple[Host, ...]
    now: int
    notice: int
    first: int
    latest: int
    closures: tuple[Blocked, ...] = ()
    per_day: int | None = None
    per_week: int | None = None
    seats: int | None = None
    lead_cap: int = 3
    counts: Mapping[tuple[int, int], Mapping[int, int]] = field(default_factory=dict)
    named: int | None = None
    is_open: bool = True

    @cached_property
    def needed(self) -> list[Host]:
        """Those who must be free, whoever else is."""
        return [host for host in self.hosts if host.is_fixed or self.kind is Kind.COLLECTIVE]

    @cached_property
    def rotating(self) -> list[Host]:
        """Those one of whom is enough; the one asked for alone, if the customer asks for one of them."""
        one_of = [host for host in self.hosts if host not in self.needed]
        if self.named is None or self.named in [host.key for host in self.needed]:
            return one_of
        return [host for host in one_of if host.key == self.named]

    @cached_property
    def starts(self) -> list[int]:
        """How each appointment of this calendar counts: once, when it starts."""
        return [one.start for host in self.hosts for one in host.booked if one.is_of_this_calendar]


@lru_cache(maxsize=100_000)
def when(day: date, clock: int, zone: ZoneInfo) -> int:
    """The minute at which a clock on the wall shows ``clock`` minutes after midnight of ``day``: the first of two.

    If it never shows it, that many minutes after the last time it showed less.
    """
    wanted = number_of(day) * DAY + clock
    minute = wanted - 15 * 60  # clocks are 14 hours ahead at most, and 12 behind
    while shown(minute, zone) < wanted:
        minute += 1
    if shown(minute, zone) == wanted:
        return minute
    return minute - 1 + wanted - shown(minute - 1, zone)


@lru_cache(maxsize=10_000)
def first_minute(day: date, zone: ZoneInfo) -> int:
    """The first minute at which a clock on the wall shows that date."""
    minute = number_of(day) * DAY - 15 * 60
    while shown(minute, zone) < number_of(day) * DAY:
        minute += 1
    return minute


def shown(minute: int, zone: ZoneInfo) -> int:
    """What a clock on the wall shows, in minutes from 1 January 1970, 00:00, on that clock."""
    return _shown_on(minute // DAY, zone)[minute % DAY]


def day_shown(minute: int, zone: ZoneInfo) -> date:
    """The date on the wall."""
    return date_of(shown(minute, zone) // DAY)


def dates_around(minutes: range, zone: ZoneInfo) -> list[date]:
    """The dates shown in these minutes, and two more at either end."""
    first, last = (shown(minute, zone) // DAY for minute in (minutes[0], minutes[-1]))
    return [date_of(number) for number in range(first - 2, last + 3)]


@lru_cache(maxsize=4_000)
def _shown_on(number: int, zone: ZoneInfo) -> list[int]:
    clock = (datetime.fromtimestamp((number * DAY + minute) * 60, zone) for minute in range(DAY))
    return [number_of(local.date()) * DAY + local.hour * 60 + local.minute for local in clock]
