"""Starts on a grid, and which of them are open at one host by the rules that do not move with the clock."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .intervals import Interval, Stretch, joined

# whether a stretch can be in the way is first asked roughly, by the piece of 2 ** _PIECE seconds in which it begins;
# one that lasts longer than _SHORT is always looked at
_PIECE = 11
_SHORT = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRules:
    """What a calendar says about its slots, all in seconds (A4, A5).

    ``duration`` and ``interval`` (of the grid) are positive, the buffers 0 or more; ``ValueError`` otherwise.
    """

    duration: int
    interval: int
    buffer_before: int = 0
    buffer_after: int = 0

    def __post_init__(self) -> None:
        if min(self.duration, self.interval) <= 0:
            raise ValueError("Duration and interval are positive")
        if min(self.buffer_before, self.buffer_after) < 0:
            raise ValueError("Buffers are not negative")


class Taken(NamedTuple):
    """Host time of an appointment, with its own buffers in seconds as they were when it was booked.

    ``key`` is handed back as the source of a reason; the core does not look into it. ``joins``: a session of the
    same class, whose own start stays open for more customers.
    """

    start: int
    end: int
    buffer_before: int = 0
    buffer_after: int = 0
    key: object = None
    joins: bool = False


class Busy(NamedTuple):
    """Busy time that blocks: no buffers of its own. ``key`` as in ``Taken``; ``own``: blocked by hand, not outside."""

    start: int
    end: int
    key: object = None
    own: bool = False


class Closed(NamedTuple):
    """Time in which the account is closed; it needs no distance. ``key`` as in ``Taken``."""

    start: int
    end: int
    key: object = None


class Grid(NamedTuple):
    """Starts that fit into the hours, sorted, and the pieces of time in which a short stretch in their way begins."""

    starts: Sequence[int]
    pieces: Set[int]


def open_starts(
    *,
    windows: Iterable[Stretch],
    taken: Iterable[Taken],
    busy: Iterable[Stretch],
    closed: Iterable[Stretch] = (),
    rules: SlotRules,
    span: Interval,
) -> tuple[int, ...]:
    """The starts within ``span`` that nothing forbids at this host but perhaps the clock, sorted, in epoch seconds.

    The gap to every appointment is at least the larger of the first's buffer after and the second's buffer before
    (A4). From its buffer before to its buffer after there is no busy time. It shares no time with a closure. The
    start of a session that can be joined is judged without that session. Stretches without length take no time.
    Inputs in any order, also from outside the span. O(n log n) in the stretches, plus the starts found.
    """
    return left_open(grid_of(tuple(windows), rules, span), taken=taken, busy=busy, closed=closed, rules=rules)


@lru_cache(maxsize=128)
def grid_of(windows: tuple[Stretch, ...], rules: SlotRules, span: Interval) -> Grid:
    """``grid`` with what makes looking at it fast. Depends on the schedule alone and is kept."""
    starts: list[int] = []
    pieces: set[int] = set()
    are_sorted = True
    for lane in _lanes(windows, rules, span.start, span.end):
        are_sorted = are_sorted and (not starts or starts[-1] < lane[0])
        starts += lane
        pieces.update(_pieces(lane[0], lane[-1], rules))
    return Grid(tuple(starts if are_sorted else sorted(set(starts))), pieces)


def narrowed(grid: Grid, starts: Sequence[int], rules: SlotRules) -> Grid:
    """Some of the starts of a grid. If they are few, they have few pieces."""
    if len(starts) * 4 > len(grid.pieces):
        return Grid(starts, grid.pieces)
    return Grid(starts, {piece for start in starts for piece in _pieces(start, start, rules)})


def _pieces(first: int, last: int, rules: SlotRules) -> range:
    """The pieces of time in which a short stretch begins that is in the way of starts from ``first`` to ``last``."""
    earliest, end = first - rules.buffer_before - _SHORT, last + rules.duration + rules.buffer_after
    return range(earliest >> _PIECE, (end >> _PIECE) + 1)


def left_open(
    among: Grid,
    *,
    taken: Iterable[Taken],
    busy: Iterable[Stretch],
    closed: Iterable[Stretch],
    rules: SlotRules,
) -> tuple[int, ...]:
    """What of the grid nothing forbids; all else as in ``open_starts``."""
    if not among.starts:
        return ()
    before, after = rules.buffer_before, rules.buffer_after
    standing = list(taken)
    if not [one for one in standing if one[2] > after or one[3] > before or one[5]]:
        return _clear_of([*standing, *busy], closed, among, rules)
    sessions = [one for one in standing if one.joins]
    apart = _clear_of([*_lengthened(standing, rules), *busy], closed, among, rules)
    return _around_sessions(apart, sessions, rules) if sessions else apart


def _lengthened(taken: Iterable[Taken], rules: SlotRules) -> list[tuple[int, int]]:
    """Appointments by as much longer as their own buffers are wider than the calendar's; sessions left out."""
    before, after = rules.buffer_before, rules.buffer_after
    return [
        (start - max(0, its_before - after), end + max(0, its_after - before))
        for start, end, its_before, its_after, _key, joins in taken
        if start < end and not joins
    ]


def _clear_of(
    stretches: Iterable[Stretch], closed: Iterable[Stretch], among: Grid, rules: SlotRules
) -> tuple[int, ...]:
    """The starts of the grid that keep the calendar's buffers to all stretches, and clear of what is closed.

    Nothing is in the way from the last of n ends to the next of the starts if n stretches began before: so both are
    sorted apart, and no stretch is looked at as a whole. Seconds count from the first of the grid, as small numbers
    sort faster.
    """
    starts, pieces = among
    zero = starts[0]
    near = [one for one in stretches if (one[0] >> _PIECE in pieces or one[1] - one[0] > _SHORT) and one[0] < one[1]]
    reach, clear = zero + rules.duration + rules.buffer_after - 1, zero - rules.buffer_before
    begins = [one[0] - reach for one in near]
    ends = [one[1] - clear for one in near]
    shut = [one for one in closed if one[0] < one[1]]
    begins += [one[0] - zero - rules.duration + 1 for one in shut]
    ends += [one[1] - zero for one in shut]
    begins.sort()
    ends.sort()
    begins.append(starts[-1] - zero + 1)
    ends.insert(0, 0)
    found: list[int] = []
    at = 0
    for end, begin in zip(ends, begins, strict=True):
        if end < begin:
            at = bisect_left(starts, end + zero, at)
            stop = bisect_left(starts, begin + zero, at)
            found += starts[at:stop]
            at = stop
    return tuple(found)


def _around_sessions(apart: Sequence[int], sessions: Sequence[Taken], rules: SlotRules) -> tuple[int, ...]:
    """The starts that keep their distance from all sessions, and those of sessions that keep it from all others."""
    near = near_to(sessions, rules)
    firsts, ends = sorted(first for first, _end in near), sorted(end for _first, end in near)
    joined_again = {
        one.start
        for one in sessions
        if one.end - one.start == rules.duration
        and bisect_right(firsts, one.start) - bisect_right(ends, one.start) == 1
    }
    return tuple(sorted({*without(apart, near), *joined_again.intersection(apart)}))


def _lanes(windows: Iterable[Stretch], rules: SlotRules, first: int, stop: int) -> list[range]:
    """The grid of each window, from ``first`` on and before ``stop``, as far as the duration fits."""
    openings = sorted((one[0], one[1]) for one in windows if one[0] < one[1])
    runs = joined(openings)
    lanes: list[range] = []
    closes = None
    for start, end in openings:
        while closes is None or start >= closes:
            _opens, closes = next(runs)
        begins = _on_grid(start, rules.interval, first)
        ends = min(end, closes - rules.duration + 1, stop)
        if begins < ends:
            lanes.append(range(begins, ends, rules.interval))
    return lanes


def near_to(taken: Iterable[Taken], rules: SlotRules) -> list[tuple[int, int]]:
    """For each appointment, the starts ``[first, end)`` that come too near to it; in the order given."""
    before, after, duration = rules.buffer_before, rules.buffer_after, rules.duration
    return [
        (one.start - duration - max(after, one.buffer_before) + 1, one.end + max(before, one.buffer_after))
        for one in taken
        if one.start < one.end
    ]


def without(starts: Sequence[int], forbidden: Iterable[tuple[int, int]]) -> Sequence[int]:
    """The sorted ``starts`` that lie in none of the stretches ``[first, end)``, which come in any order."""
    rest: list[int] | None = None
    at = 0
    for first, end in joined(sorted(forbidden)):
        left, right = bisect_left(starts, first, at), bisect_left(starts, end, at)
        if left < right:
            rest = [] if rest is None else rest
            rest += starts[at:left]
            at = right
    return starts if rest is None else (*rest, *starts[at:])


def _on_grid(anchor: int, interval: int, at: int) -> int:
    """The first point of the grid that is neither before its anchor nor before ``at``."""
    return anchor + max(0, -((anchor - at) // interval)) * interval
