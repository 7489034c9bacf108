"""Starts on a grid, and which of them are open: the fast fold of the rules, for one host."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .intervals import Interval, Stretch, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRules:
    """What a calendar says about its slots, all in seconds (A4–A6).

    ``duration``, ``interval`` (of the grid) and ``horizon`` are positive, the others 0 or more;
    ``ValueError`` otherwise.
    """

    duration: int
    interval: int
    buffer_before: int = 0
    buffer_after: int = 0
    notice: int = 0
    horizon: int

    def __post_init__(self) -> None:
        if min(self.duration, self.interval, self.horizon) <= 0:
            raise ValueError("Duration, interval and horizon are positive")
        if min(self.buffer_before, self.buffer_after, self.notice) < 0:
            raise ValueError("Buffers and notice are not negative")

    def earliest(self, now: int) -> int:
        """The first instant that is far enough from ``now`` to be booked."""
        return now + self.notice

    def latest(self, now: int) -> int:
        """The first instant that is too far from ``now`` to be booked."""
        return now + self.horizon


class Taken(NamedTuple):
    """Host time of an appointment, with its own buffers in seconds as they were when it was booked.

    ``key`` is handed back as the source of a reason; the core does not look into it.
    """

    start: int
    end: int
    buffer_before: int = 0
    buffer_after: int = 0
    key: object = None


class Busy(NamedTuple):
    """Busy time that blocks, from outside: no buffers of its own. ``key`` as in ``Taken``."""

    start: int
    end: int
    key: object = None


def grid(windows: Iterable[Stretch], rules: SlotRules, span: Interval) -> tuple[int, ...]:
    """The candidates: starts within ``span`` that fit into the opening hours, sorted, each once.

    Every window has its own grid, anchored at its start (A5). The whole duration lies in the union of the
    windows: touching ones join. Buffers need not fit. Windows in any order; all in epoch seconds.
    """
    return _outside((), _lanes(windows, rules, span.start, span.end), rules.interval)


def open_starts(
    *,
    windows: Iterable[Stretch],
    taken: Iterable[Taken],
    busy: Iterable[Stretch],
    rules: SlotRules,
    span: Interval,
    earliest: int,
    latest: int,
) -> tuple[int, ...]:
    """The candidates within ``span`` that nothing forbids at this host, sorted, in epoch seconds.

    A start is at ``earliest`` or later and before ``latest``. The gap to every appointment is at least the
    larger of the first's buffer after and the second's buffer before (A4). From its buffer before to its
    buffer after there is no busy time. Stretches without length take no time. Inputs in any order, also from
    outside the span. O(n log n) in the stretches, plus the starts found.
    """
    lanes = _lanes(windows, rules, max(span.start, earliest), min(span.end, latest))
    return _outside(_forbidden(taken, busy, rules), lanes, rules.interval)


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


def _forbidden(taken: Iterable[Taken], busy: Iterable[Stretch], rules: SlotRules) -> list[tuple[int, int]]:
    """The starts ``[first, end)`` that come too near to any stretch, sorted and disjoint."""
    before, after, duration = rules.buffer_before, rules.buffer_after, rules.duration
    near = [
        (start - duration - max(after, its_before) + 1, end + max(before, its_after))
        for start, end, its_before, its_after, _key in taken
        if start < end
    ]
    reach = duration + after - 1
    near += [(one[0] - reach, one[1] + before) for one in busy if one[0] < one[1]]
    near.sort()
    return list(joined(near))


def _outside(forbidden: Sequence[tuple[int, int]], lanes: list[range], interval: int) -> tuple[int, ...]:
    """The starts of all lanes that are in none of the sorted disjoint ``forbidden``."""
    ends = [end for _first, end in forbidden]
    starts: list[int] = []
    for lane in lanes:
        at = lane.start
        for position in range(bisect_right(ends, at), len(forbidden)):
            first, end = forbidden[position]
            if first >= lane.stop:
                break
            starts += range(at, first, interval)
            at -= (at - end) // interval * interval  # the first point of the grid at the end or after it
        starts += range(at, lane.stop, interval)
    return tuple(sorted(set(starts)))


def _on_grid(anchor: int, interval: int, at: int) -> int:
    """The first point of the grid that is neither before its anchor nor before ``at``."""
    return anchor + max(0, -((anchor - at) // interval)) * interval
