"""What a made-up calendar consists of, and numbers that come out the same in every language and on every machine.

Wall-clock times are texts like "09:00"; everything else about time is whole seconds, since the epoch where it is an
instant. Nothing here knows the core that is measured with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

BERLIN = "Europe/Berlin"
MINUTE, HOUR, DAY = 60, 3600, timedelta(days=1)
WORKDAYS, EVERY_DAY = range(5), range(7)

_ALL_BITS = (1 << 64) - 1
Anything = TypeVar("Anything")
Shifts = tuple[tuple[str, str], ...]
Weekly = Mapping[int, Shifts]


class Kind(StrEnum):
    SERVICE = "service"
    ROUND_ROBIN = "round robin"
    COLLECTIVE = "collective"
    CLASS = "class"


class Source(StrEnum):
    APPOINTMENT = "appointment"
    EVENT = "event"
    SEAT = "seat"


class Stretch(NamedTuple):
    """Time of one person that something takes."""

    person: int
    start: int
    end: int
    source: Source


def weekly(weekdays: Sequence[int], *shifts: tuple[str, str]) -> Weekly:
    """The same shifts on each of the weekdays; Monday is 0."""
    return dict.fromkeys(weekdays, shifts)


OFFICE = weekly(WORKDAYS, ("09:00", "17:00"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with hours on the wall of a zone; an override replaces the hours of its date."""

    number: int
    hours: Weekly = field(default_factory=lambda: OFFICE)
    zone: str = BERLIN
    overrides: Mapping[date, Shifts] = field(default_factory=dict)

    def opens_and_closes(self, day: date) -> list[tuple[int, int]]:
        """The shifts that open on a date, as instants; one that closes before it opens ends on the next day."""
        return [
            (at(day, opens, self.zone), at(day if closes > opens else day + DAY, closes, self.zone))
            for opens, closes in self.overrides.get(day, self.hours.get(day.weekday(), ()))
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One question: all starts of one calendar on ``days`` days from ``first`` on, by the clocks of ``zone``."""

    name: str
    about: str
    first: date
    days: int
    kind: Kind = Kind.SERVICE
    zone: str = BERLIN
    interval: int = 15 * MINUTE
    duration: int = 30 * MINUTE
    before: int = 0
    after: int = 0
    seats: int = 1
    people: tuple[Person, ...] = (Person(1),)
    taken: tuple[Stretch, ...] = ()

    @property
    def start(self) -> int:
        return at(self.first, "00:00", self.zone)

    @property
    def end(self) -> int:
        return at(self.first + self.days * DAY, "00:00", self.zone)

    @property
    def needed(self) -> int:
        """How many people must be free for a start to be offered."""
        return len(self.people) if self.kind is Kind.COLLECTIVE else 1

    def opens_and_closes(self, person: Person) -> list[tuple[int, int]]:
        """A person's shifts around the days asked for, by the day on which they open."""
        days = (self.first + number * DAY for number in range(-2, self.days + 3))
        return [shift for day in days for shift in person.opens_and_closes(day)]

    def stretches_of(self, person: Person, *sources: Source) -> list[tuple[int, int]]:
        return [(one.start, one.end) for one in self.taken if one.person == person.number and one.source in sources]


def at(day: date, clock: str, zone: str) -> int:
    """The instant at which clocks of the zone show this; 24:00 is the next midnight, a doubled time its first pass."""
    hours, minutes = map(int, clock.split(":"))
    shown = datetime.combine(day + hours // 24 * DAY, time(hours % 24, minutes), ZoneInfo(zone))
    return int(shown.timestamp())


class Numbers:
    """SplitMix64: a few additions and shifts, so that anybody can draw the same numbers again."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _ALL_BITS

    def below(self, limit: int) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _ALL_BITS
        mixed = (self._state ^ self._state >> 30) * 0xBF58476D1CE4E5B9 & _ALL_BITS
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _ALL_BITS
        return (mixed ^ mixed >> 31) % limit

    def one_of(self, choices: Sequence[Anything]) -> Anything:
        return choices[self.below(len(choices))]
