"""A schedule's week, drawn, counted and summed up in words: by the clock on the wall, without dates or zones."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from .hours import DayHours, Opening

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
STEP = 5  # places on the clock come in steps of five minutes


class Drawn(NamedTuple):
    """The part of an opening that lies on one day: ``[start, end)`` in minutes, rounded outwards to steps of five."""

    start: int
    end: int
    opening: Opening
    ends_next_day: bool
    began_day_before: bool


class Alike(NamedTuple):
    """Weekdays in a row, ``first`` to ``last``, that open at the same times."""

    first: int
    last: int
    openings: tuple[Opening, ...]


Week: TypeAlias = tuple[tuple[Drawn, ...], ...]  # seven days, Monday first


def clock(minute: int) -> str:
    """As the fields and bars of a page take it: "09:30"; the end of a day is its midnight, "00:00"."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def times_of(opening: Opening) -> str:
    """ "22:00–02:00"; what ends with the day ends at "24:00"."""
    return f"{clock(opening.opens)}–{clock(opening.closes) if opening.closes % DAY_MINUTES else '24:00'}"


def passes_midnight(opening: Opening) -> bool:
    """Whether some of it lies on the next day; closing at midnight does not."""
    return 0 < opening.closes <= opening.opens


def length(opening: Opening) -> int:
    """In minutes; 1 to 1,440."""
    return opening.closes - opening.opens + (DAY_MINUTES if opening.closes <= opening.opens else 0)


def week_minutes(hours: Iterable[DayHours]) -> int:
    """How long a week is open; hours that overlap count twice."""
    return sum(length(Opening(opens, closes)) for _weekday, opens, closes in hours)


def draw_week(hours: Iterable[DayHours]) -> Week:
    """What each day's bar shows, hours that come over from the evening before included."""
    days: list[list[Drawn]] = [[] for _day in range(7)]
    for weekday, opens, closes in hours:
        opening = Opening(opens, closes)
        over = passes_midnight(opening)
        end = DAY_MINUTES if closes <= opens else _up(closes)
        days[weekday].append(Drawn(_down(opens), end, opening, over, False))
        if over:
            days[(weekday + 1) % 7].append(Drawn(0, _up(closes), opening, False, True))
    return tuple(tuple(sorted(day)) for day in days)


def overlapping(hours: Sequence[DayHours]) -> Iterator[tuple[int, int]]:
    """Pairs of positions in ``hours`` that share time, Sunday night and Monday morning included; the later one last."""
    stretches = [_stretch(one) for one in hours]
    order = sorted(range(len(hours)), key=stretches.__getitem__)
    for number, first in enumerate(order):
        for second in order[number + 1 :]:
            if stretches[second][0] < stretches[first][1]:
                yield first, second
            elif stretches[first][0] + WEEK_MINUTES < stretches[second][1]:
                yield second, first


def alike(hours: Iterable[DayHours]) -> tuple[Alike, ...]:
    """Days in a row with the same hours, those that are closed left out: "Monday to Thursday, 9 to 17"."""
    week: list[list[Opening]] = [[] for _day in range(7)]
    for weekday, opens, closes in hours:
        week[weekday].append(Opening(opens, closes))
    runs: list[Alike] = []
    for weekday, openings in enumerate(tuple(sorted(day)) for day in week):
        if runs and runs[-1].last == weekday - 1 and runs[-1].openings == openings:
            runs[-1] = runs[-1]._replace(last=weekday)
        elif openings:
            runs.append(Alike(weekday, weekday, openings))
    return tuple(runs)


def _stretch(one: DayHours) -> tuple[int, int]:
    start = one.weekday * DAY_MINUTES + one.opens
    return start, start + length(Opening(one.opens, one.closes))


def _down(minute: int) -> int:
    return minute // STEP * STEP


def _up(minute: int) -> int:
    return -(-minute // STEP) * STEP
