"""Why a start is or is not on offer: the codes, and all reasons at one host by the rules apart from the clock (A10)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from .hours import Shut
from .intervals import Interval, Stretch, merge
from .slots import Busy, Closed, SlotRules, Taken, open_starts


class ReasonCode(StrEnum):
    """Every reason of the product (A10). All forbid, but LOOK_BUSY, which only hides."""

    PAST = "PAST"
    NOTICE = "NOTICE"
    HORIZON = "HORIZON"
    HOURS = "HOURS"
    OVERRIDE = "OVERRIDE"
    CLOSED = "CLOSED"
    HOLIDAY = "HOLIDAY"
    DURATION = "DURATION"
    BOOKED = "BOOKED"
    EVENT = "EVENT"
    BLOCKED = "BLOCKED"
    BUFFER = "BUFFER"
    DAY_LIMIT = "DAY_LIMIT"
    WEEK_LIMIT = "WEEK_LIMIT"
    HOST_LIMIT = "HOST_LIMIT"
    SEATS = "SEATS"
    ROUND_ROBIN_LEAD = "ROUND_ROBIN_LEAD"
    COLLECTIVE = "COLLECTIVE"
    NO_HOST = "NO_HOST"
    INACTIVE = "INACTIVE"
    STALE = "STALE"
    HELD = "HELD"
    LOOK_BUSY = "LOOK_BUSY"

    @property
    def forbids(self) -> bool:
        """Whether a booking is refused for it; what only hides is not shown, but can be booked by a link."""
        return self is not ReasonCode.LOOK_BUSY


class Reason(NamedTuple):
    """One reason against a start.

    ``source`` is the key of what stands behind it, as it was handed in: the ``Taken``, ``Busy`` or ``Closed``,
    the stale source, the local date of an override, the name of a holiday, the host who is needed. ``interval``
    is its time: with DURATION the opening that is too short, with a limit the day or week that is used up.
    """

    code: ReasonCode
    source: object = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTimes:
    """What opens and closes the time of one host, all in epoch seconds and in any order; holds are not among it.

    ``shut``: hours that an override or a holiday has replaced; they open nothing and serve to explain.
    """

    windows: tuple[Stretch, ...] = ()
    shut: tuple[Shut, ...] = ()
    taken: tuple[Taken, ...] = ()
    busy: tuple[Busy, ...] = ()
    closed: tuple[Closed, ...] = ()

    def open_starts(self, rules: SlotRules, span: Interval) -> tuple[int, ...]:
        """The starts within ``span`` that have no reason against them."""
        return open_starts(
            windows=self.windows, taken=self.taken, busy=self.busy, closed=self.closed, rules=rules, span=span
        )

    def candidates(self, rules: SlotRules, span: Interval) -> Iterator[int]:
        """Every point within ``span`` of every grid, replaced hours and such as are too short too; unsorted."""
        for window in (*self.windows, *self.shut):
            points = range(window[0], window[1], rules.interval)
            first = max(0, -((window[0] - span.start) // rules.interval))
            yield from (at for at in points[first:] if at < span.end)


def reasons_against(start: int, *, times: HostTimes, rules: SlotRules) -> tuple[Reason, ...]:
    """All reasons against ``start`` (epoch seconds) at one host; none exactly if ``open_starts`` has it.

    HOURS: on the grid of no window, be it outside all of them or between two points of the grid. OVERRIDE and
    HOLIDAY: on the grid of hours that were replaced. DURATION: on a grid, but the hours close before the end.
    CLOSED, BOOKED, EVENT and BLOCKED: overlaps that closure, appointment, event or own item itself. BUFFER: keeps
    clear of it, but not by the buffers (A4). One reason for each stretch in the way; first hours, then closures,
    appointments, busy time, in the order given.
    """
    wanted = Interval(start, start + rules.duration)
    return (
        *_of_the_hours(wanted, times, rules),
        *_of_closures(wanted, times.closed),
        *of_appointments(wanted, times.taken, rules, ReasonCode.BOOKED),
        *_of_busy_time(wanted, times.busy, rules),
    )


def _of_the_hours(wanted: Interval, times: HostTimes, rules: SlotRules) -> Iterator[Reason]:
    if any(_on_its_grid(wanted.start, window, rules) for window in times.windows):
        opening = next(one for one in merge(times.windows) if one.start <= wanted.start < one.end)
        if wanted.end > opening.end:
            yield Reason(ReasonCode.DURATION, interval=opening)
        return
    replaced = [shut for shut in times.shut if _on_its_grid(wanted.start, shut, rules)]
    for shut in replaced:
        interval = Interval(shut.start, shut.end)
        if shut.holiday:
            yield Reason(ReasonCode.HOLIDAY, shut.holiday, interval)
        else:
            yield Reason(ReasonCode.OVERRIDE, shut.day, interval)
    if not replaced:
        yield Reason(ReasonCode.HOURS)


def _on_its_grid(start: int, window: Stretch, rules: SlotRules) -> bool:
    return window[0] <= start < window[1] and (start - window[0]) % rules.interval == 0


def _of_closures(wanted: Interval, closed: Iterable[Closed]) -> Iterator[Reason]:
    for one in closed:
        if one.start < one.end and wanted.overlaps(one):
            yield Reason(ReasonCode.CLOSED, one.key, Interval(one.start, one.end))


def of_appointments(wanted: Interval, taken: Iterable[Taken], rules: SlotRules, code: ReasonCode) -> Iterator[Reason]:
    """``code`` for each appointment that ``wanted`` overlaps, BUFFER for each it comes too near to (A4)."""
    for one in taken:
        if one.joins and (one.start, one.end) == wanted:
            continue
        gap_before = max(one.buffer_after, rules.buffer_before)
        gap_after = max(rules.buffer_after, one.buffer_before)
        yield from _in_the_way(wanted, one, code, gap_before=gap_before, gap_after=gap_after)


def _of_busy_time(wanted: Interval, busy: Iterable[Busy], rules: SlotRules) -> Iterator[Reason]:
    gap_before, gap_after = rules.buffer_before, rules.buffer_after
    for one in busy:
        code = ReasonCode.BLOCKED if one.own else ReasonCode.EVENT
        yield from _in_the_way(wanted, one, code, gap_before=gap_before, gap_after=gap_after)


def _in_the_way(
    wanted: Interval, one: Taken | Busy, code: ReasonCode, *, gap_before: int, gap_after: int
) -> Iterator[Reason]:
    if one.start >= one.end:
        return
    interval = Interval(one.start, one.end)
    if interval.overlaps(wanted):
        yield Reason(code, one.key, interval)
    elif interval.overlaps((wanted.start - gap_before, wanted.end + gap_after)):
        yield Reason(ReasonCode.BUFFER, one.key, interval)
