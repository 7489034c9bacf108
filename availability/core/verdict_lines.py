"""A day of verdicts as lines and bars: equal neighbours share a line, and stretches lie on the clock on the wall.

Minutes are minutes of a day by that clock, 0 to 1440, in steps of five; rounding goes outwards.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from .intervals import Interval, Stretch, merge
from .rules import HostTimes
from .slots import SlotRules, Taken

DAY_MINUTES = 24 * 60
STEP = 5
FIRST_HOUR, LAST_HOUR = 8, 18
Told = TypeVar("Told")


class Line(NamedTuple, Generic[Told]):
    """``number`` starts in a row of which the same is ``told``, from ``first`` to ``last``, in epoch seconds."""

    first: int
    last: int
    number: int
    told: Told


class Piece(NamedTuple):
    """What is drawn of a stretch on one day: ``[start, end)`` in minutes."""

    start: int
    end: int


class Part(NamedTuple):
    """A stretch of one day in epoch seconds, and its drawing. ``kind`` is open, appointment, hold, event, block,
    closure or buffer.
    """

    kind: str
    start: int
    end: int
    drawn: Piece


class Bar(NamedTuple):
    """The day of one host lying down: when it is open, and what takes time, buffers included."""

    opened: tuple[Part, ...]
    taken: tuple[Part, ...]


def in_lines(starts: Iterable[tuple[int, Told]], interval: int) -> tuple[Line[Told], ...]:
    """Sorted starts with what is told of each; neighbours that are told alike share a line.

    Whoever is more than ``interval`` seconds away is no neighbour: a line never reaches over a pause.
    """
    lines: list[Line[Told]] = []
    for start, told in starts:
        before = lines[-1] if lines else None
        if before is not None and before.told == told and start - before.last <= interval:
            lines[-1] = before._replace(last=start, number=before.number + 1)
        else:
            lines.append(Line(start, start, 1, told))
    return tuple(lines)


def piece_on(day: Interval, stretch: Stretch, zone: ZoneInfo) -> Piece | None:
    """What of the stretch lies on the day, which begins and ends at midnights of ``zone``; None for nothing.

    In the night when clocks go back it may end earlier by the clock than it began: it is drawn as long as it lasts.
    """
    start, end = max(stretch[0], day.start), min(stretch[1], day.end)
    if start >= end:
        return None
    first = _wall_seconds(start, zone) // 60 // STEP * STEP
    last = DAY_MINUTES if end == day.end else -(-_wall_seconds(end, zone) // 60 // STEP) * STEP
    if last <= first:
        last = first + max(STEP, (end - start) // 60 // STEP * STEP)
    return Piece(first, min(last, DAY_MINUTES))


def bar_of(times: HostTimes, held: Iterable[Taken], rules: SlotRules, day: Interval, zone: ZoneInfo) -> Bar:
    """``held``: live holds. Buffers reach as far as a start of this calendar has to keep away."""
    taken = [("closure", one.start, one.end) for one in times.closed]
    for kind, found in (("appointment", times.taken), ("hold", held)):
        for one in found:
            taken += _kept_apart(
                kind, one, max(rules.buffer_after, one.buffer_before), max(one.buffer_after, rules.buffer_before)
            )
    for busy in times.busy:
        kind = "block" if busy.own else "event"
        taken += _kept_apart(kind, busy, rules.buffer_after, rules.buffer_before)
    opened = (("open", *window) for window in merge(times.windows))
    return Bar(_parts(opened, day, zone), _parts(sorted(taken, key=lambda one: one[1:]), day, zone))


def marks(starts: Sequence[int], interval: int) -> Iterator[tuple[int, int]]:
    """For each of the sorted starts its place in a row: up to the next one, ``interval`` seconds at most."""
    for position, start in enumerate(starts):
        following = starts[position + 1] if position + 1 < len(starts) else start + interval
        yield start, min(start + interval, following)


def axis(pieces: Iterable[Piece]) -> Piece:
    """The whole hours that hold all pieces; office hours for none."""
    found = list(pieces)
    if not found:
        return Piece(FIRST_HOUR * 60, LAST_HOUR * 60)
    first = min(piece.start for piece in found) // 60
    last = -(-max(piece.end for piece in found) // 60)
    return Piece(first * 60, last * 60)


def hours_on(drawn: Piece) -> tuple[int, ...]:
    """The minutes at which the axis is labelled: every hour, every second or every third, and its end."""
    length = (drawn.end - drawn.start) // 60
    step = 1 if length <= 6 else 2 if length <= 14 else 3
    return (*range(drawn.start, drawn.end, step * 60), drawn.end)


def comes_twice(at: int, zone: ZoneInfo) -> bool:
    """Whether the clock on the wall shows this time twice that day, so that it needs its offset to be told apart."""
    local = datetime.fromtimestamp(at, zone)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def _kept_apart(kind: str, one: Stretch, before: int, after: int) -> Iterator[tuple[str, int, int]]:
    if one[0] < one[1]:
        yield "buffer", one[0] - before, one[0]
        yield kind, one[0], one[1]
        yield "buffer", one[1], one[1] + after


def _parts(found: Iterable[tuple[str, int, int]], day: Interval, zone: ZoneInfo) -> tuple[Part, ...]:
    drawn = ((kind, start, end, piece_on(day, (start, end), zone)) for kind, start, end in found)
    return tuple(
        Part(kind, max(start, day.start), min(end, day.end), piece)
        for kind, start, end, piece in drawn
        if piece is not None
    )


def _wall_seconds(at: int, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(at, zone)
    return (local.hour * 60 + local.minute) * 60 + local.second
