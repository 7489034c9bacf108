"""The workloads that are timed: a month with a change of clocks in it, and up to fifty people with full diaries."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from .workloads import BERLIN, DAY, HOUR, MINUTE, Kind, Numbers, Person, Source, Stretch, Workload, at

# a Monday; clocks go forward on the second Sunday after it
FIRST, DAYS = date(2031, 3, 17), 30
_DATES = [FIRST + number * DAY for number in range(DAYS)]
_WORKDAYS = [day for day in _DATES if day.weekday() < 5]
_START, _END = at(FIRST, "00:00", BERLIN), at(FIRST + DAYS * DAY, "00:00", BERLIN)
_USUAL_LENGTHS = (15, 30, 30, 45, 60, 60, 90, 120)
_SHORT_LENGTHS = (*[15] * 7, 30, 30, 60)
_SESSIONS, _SEATS, _SEATS_TAKEN = 60, 10, 300


def heavy_workloads() -> Iterator[Workload]:
    one_diary = tuple(_diary(Numbers(1), 1, 200))
    yield _month("W1", "one host, 200 busy stretches", taken=one_diary)
    yield _month("W1b", "W1 with buffers", before=10 * MINUTE, after=15 * MINUTE, taken=one_diary)
    yield _month("W2", "one host, 2,000 busy stretches", taken=tuple(_crowded(Numbers(2), 1, 2000)))
    yield _team("W3", "round robin of 20, 200 busy stretches each", Kind.ROUND_ROBIN, size=20, each=200, seed=3)
    yield _team("W4", "collective of 5, 60 busy stretches each", Kind.COLLECTIVE, size=5, each=60, seed=4)
    yield _class()
    yield _team(
        "W6",
        "round robin of 50, 200 busy stretches each, every 5 minutes",
        Kind.ROUND_ROBIN,
        size=50,
        each=200,
        seed=6,
        grid=5,
    )


def _month(name: str, about: str, **more: Any) -> Workload:
    return Workload(name=name, about=about, first=FIRST, days=DAYS, **more)


def _team(name: str, about: str, kind: Kind, *, size: int, each: int, seed: int, grid: int = 15) -> Workload:
    numbers, people = Numbers(seed), tuple(Person(number) for number in range(1, size + 1))
    taken = tuple(one for person in people for one in _diary(numbers, person.number, each, grid=grid))
    return _month(name, about, kind=kind, interval=grid * MINUTE, people=people, taken=taken)


def _class() -> Workload:
    """Sessions on the hour. A few are popular, the first of those so much that they are full."""
    numbers = Numbers(5)
    seats = tuple(Stretch(1, start, start + HOUR, Source.SEAT) for start in _seats_taken(numbers))
    events = _diary(numbers, 1, 30, grid=60, lengths=(60, 120))
    taken = seats + tuple(one._replace(source=Source.EVENT) for one in events)
    return _month(
        "W5",
        "a class of 10 seats, 300 of them taken",
        kind=Kind.CLASS,
        interval=HOUR,
        duration=HOUR,
        seats=_SEATS,
        taken=taken,
    )


def _seats_taken(numbers: Numbers) -> list[int]:
    sessions = [at(day, f"{hour}:00", BERLIN) for day in _WORKDAYS for hour in range(9, 17)]
    popular: dict[int, None] = {}
    while len(popular) < _SESSIONS:
        popular.setdefault(numbers.one_of(sessions))
    ranked, seats, taken = list(popular), Counter[int](), []
    while len(taken) < _SEATS_TAKEN:
        start = ranked[min(numbers.below(_SESSIONS), numbers.below(_SESSIONS))]
        if seats[start] < _SEATS:
            seats[start] += 1
            taken.append(start)
    return taken


def _diary(
    numbers: Numbers, person: int, count: int, *, grid: int = 15, lengths: Sequence[int] = _USUAL_LENGTHS
) -> Iterator[Stretch]:
    """Seven in ten between 8 and 18 on a workday, the others at any time."""
    for number in range(count):
        if numbers.below(10) < 7:
            minute = 8 * 60 + grid * numbers.below(600 // grid)
            start = at(numbers.one_of(_WORKDAYS), f"{minute // 60}:{minute % 60}", BERLIN)
        else:
            start = _any_time(numbers, grid)
        yield _stretch(person, number, start, numbers.one_of(lengths))


def _crowded(numbers: Numbers, person: int, count: int) -> Iterator[Stretch]:
    """Short ones, at any time."""
    for number in range(count):
        start = _any_time(numbers, 15)
        yield _stretch(person, number, start, numbers.one_of(_SHORT_LENGTHS))


def _any_time(numbers: Numbers, grid: int) -> int:
    return _START + MINUTE * grid * numbers.below((_END - _START) // (MINUTE * grid))


def _stretch(person: int, number: int, start: int, minutes: int) -> Stretch:
    return Stretch(person, start, start + MINUTE * minutes, Source.EVENT if number % 2 else Source.APPOINTMENT)
