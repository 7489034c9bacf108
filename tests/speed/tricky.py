"""The workloads on which others went wrong: nights with a change of clocks, odd grids, misshapen busy time."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from .workloads import (
    BERLIN,
    EVERY_DAY,
    MINUTE,
    OFFICE,
    WORKDAYS,
    Kind,
    Person,
    Source,
    Stretch,
    Weekly,
    Workload,
    at,
    weekly,
)

_SPRING = date(2031, 4, 1)
_NIGHTS = weekly(EVERY_DAY, ("00:00", "06:00"))
_DAYTIME = weekly(EVERY_DAY, ("09:00", "17:00"))


def tricky_workloads() -> Iterator[Workload]:
    yield from _clock_changes()
    yield from _misshapen_busy_time()
    yield from _shifts()
    yield from _far_zones()
    yield from _several_people()


def _clock_changes() -> Iterator[Workload]:
    yield _case("C01", "a night of 23 hours", date(2031, 3, 28), 5, interval=30 * MINUTE, people=(Person(1, _NIGHTS),))
    yield _case("C02", "a night of 25 hours", date(2031, 10, 24), 5, interval=30 * MINUTE, people=(Person(1, _NIGHTS),))
    yield _case(
        "C16",
        "Sunday nights before, at and after the gap",
        date(2031, 3, 24),
        14,
        people=(Person(1, weekly([6], ("01:00", "05:00"))),),
    )


def _misshapen_busy_time() -> Iterator[Workload]:
    sunday, wednesday = date(2031, 3, 30), date(2031, 4, 2)
    yield _case(
        "C03",
        "days wholly taken, the one of 23 hours too",
        date(2031, 3, 27),
        10,
        people=(Person(1, _DAYTIME),),
        taken=(_event(sunday, "00:00", "24:00"), _event(wednesday, "00:00", "48:00")),
    )
    yield _case(
        "C04",
        "buffers around an appointment and an event",
        _SPRING,
        2,
        before=10 * MINUTE,
        after=20 * MINUTE,
        taken=(
            _event(_SPRING, "11:00", "12:00", source=Source.APPOINTMENT),
            _event(wednesday, "14:00", "14:30"),
        ),
    )
    yield _case(
        "C05", "off the grid", _SPRING, 1, taken=(_event(_SPRING, "10:07", "10:52"), _event(_SPRING, "13:01", "13:02"))
    )
    yield _case(
        "C06",
        "unsorted, nested, doubled, without length, across midnight",
        _SPRING,
        3,
        taken=(
            _event(_SPRING, "12:00", "13:00"),
            _event(_SPRING, "10:00", "15:00"),
            _event(_SPRING, "12:00", "13:00"),
            _event(wednesday, "11:00", "11:00"),
            _event(wednesday, "15:00", "35:00"),
        ),
    )


def _shifts() -> Iterator[Workload]:
    yield _hours("C07a", "evenings up to midnight", weekly(EVERY_DAY, ("18:00", "24:00")))
    yield _hours("C07b", "two shifts", weekly(WORKDAYS, ("09:00", "12:00"), ("13:00", "17:00")))
    yield _hours("C07c", "shifts that overlap", weekly(WORKDAYS, ("09:00", "13:00"), ("12:00", "17:00")))
    yield _hours("C07d", "shifts that touch", weekly(WORKDAYS, ("09:00", "13:00"), ("13:00", "17:00")))
    yield _hours("C07e", "shifts that touch at midnight", weekly(EVERY_DAY, ("00:00", "02:00"), ("22:00", "24:00")))
    yield _case(
        "C08",
        "45 minutes on a grid of 20",
        _SPRING,
        3,
        interval=20 * MINUTE,
        duration=45 * MINUTE,
        people=(Person(1, weekly(WORKDAYS, ("09:10", "17:00"))),),
    )
    overrides = {date(2031, 4, 2): (("12:00", "14:00"),), date(2031, 4, 3): ()}
    yield _case(
        "C14",
        "a date with other hours and a day off",
        _SPRING,
        4,
        interval=30 * MINUTE,
        people=(Person(1, overrides=overrides),),
    )


def _far_zones() -> Iterator[Workload]:
    yield _abroad("C09", "a change of clocks by half an hour", "Australia/Lord_Howe", date(2031, 4, 4), 5, _NIGHTS)
    yield _abroad("C10", "a zone 5:45 ahead", "Asia/Kathmandu", _SPRING, 3, _DAYTIME)
    yield _abroad("C11", "a Sunday without midnight", "Asia/Beirut", date(2031, 3, 28), 5, _DAYTIME)


def _several_people() -> Iterator[Workload]:
    yield _case(
        "C12",
        "two continents that change clocks on different Sundays",
        date(2031, 3, 3),
        35,
        kind=Kind.COLLECTIVE,
        interval=30 * MINUTE,
        people=(
            Person(1, weekly(WORKDAYS, ("09:00", "18:00"))),
            Person(2, OFFICE, "America/New_York"),
        ),
    )
    yield _case(
        "C13",
        "sessions of a class that overlap",
        _SPRING,
        1,
        kind=Kind.CLASS,
        duration=60 * MINUTE,
        seats=3,
        taken=(
            *2 * (_event(_SPRING, "10:00", "11:00", source=Source.SEAT),),
            _event(_SPRING, "10:30", "11:30", source=Source.SEAT),
            *3 * (_event(_SPRING, "14:00", "15:00", source=Source.SEAT),),
        ),
    )
    yield _case(
        "C15",
        "one is free in the morning, the other in the afternoon",
        _SPRING,
        1,
        kind=Kind.ROUND_ROBIN,
        interval=30 * MINUTE,
        people=(Person(1), Person(2)),
        taken=(_event(_SPRING, "09:00", "13:00"), _event(_SPRING, "12:45", "17:00", person=2)),
    )


def _case(name: str, about: str, first: date, days: int, **more: Any) -> Workload:
    return Workload(name=name, about=about, first=first, days=days, **more)


def _hours(name: str, about: str, hours: Weekly) -> Workload:
    return _case(name, about, _SPRING, 3, people=(Person(1, hours),))


def _abroad(name: str, about: str, zone: str, first: date, days: int, hours: Weekly) -> Workload:
    return _case(name, about, first, days, zone=zone, interval=30 * MINUTE, people=(Person(1, hours, zone),))


def _event(day: date, starts: str, ends: str, *, person: int = 1, source: Source = Source.EVENT) -> Stretch:
    return Stretch(person, at(day, starts, BERLIN), at(day, ends, BERLIN), source)
