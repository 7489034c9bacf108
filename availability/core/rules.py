"""Why a start is or is not on offer: the reasons, and the fold that gives all of them for one host (A10)."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from .intervals import Interval, Stretch, merge
from .slots import Busy, SlotRules, Taken


class ReasonCode(StrEnum):
    """Every reason of the product (A10). All forbid, but LOOK_BUSY, which only hides.

    ``reasons_against`` gives PAST, NOTICE, HORIZON, HOURS, DURATION, BOOKED, EVENT and BUFFER; whoever knows
    about the others adds them.
    """

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

    ``source`` is the key of the ``Taken`` or ``Busy`` behind it, as it was handed in; ``interval`` is its
    time, and with DURATION the opening that is too short.
    """

    code: ReasonCode
    source: object = None
    interval: Interval | None = None


def reasons_against(
    start: int,
    *,
    windows: Iterable[Stretch],
    taken: Iterable[Taken],
    busy: Iterable[Busy],
    rules: SlotRules,
    now: int,
    earliest: int,
    latest: int,
) -> tuple[Reason, ...]:
    """All reasons against ``start`` (epoch seconds) at one host; none exactly if ``open_starts`` has it.

    PAST: before ``now``. NOTICE: not past, yet before ``earliest`` (which is never before ``now``).
    HORIZON: at or after ``latest``. HOURS: on the grid of no window, be it outside all of them or between two
    points of the grid. DURATION: on a grid, but the hours close before the end. BOOKED and EVENT: overlaps
    that appointment or busy time itself. BUFFER: keeps clear of it, but not by the buffers (A4). One reason
    for each stretch in the way; first the clock, then hours, appointments, busy time, in the order given.
    """
    wanted = Interval(start, start + rules.duration)
    return (
        *_of_the_clock(start, now=now, earliest=earliest, latest=latest),
        *_of_the_hours(wanted, windows, rules),
        *_of_appointments(wanted, taken, rules),
        *_of_busy_time(wanted, busy, rules),
    )


def _of_the_clock(start: int, *, now: int, earliest: int, latest: int) -> Iterator[Reason]:
    if start < now:
        yield Reason(ReasonCode.PAST)
    elif start < earliest:
        yield Reason(ReasonCode.NOTICE)
    if start >= latest:
        yield Reason(ReasonCode.HORIZON)


def _of_the_hours(wanted: Interval, windows: Iterable[Stretch], rules: SlotRules) -> Iterator[Reason]:
    openings = tuple(windows)
    if not any(_on_its_grid(wanted.start, window, rules) for window in openings):
        yield Reason(ReasonCode.HOURS)
        return
    opening = next(joined for joined in merge(openings) if joined.start <= wanted.start < joined.end)
    if wanted.end > opening.end:
        yield Reason(ReasonCode.DURATION, interval=opening)


def _on_its_grid(start: int, window: Stretch, rules: SlotRules) -> bool:
    return window[0] <= start < window[1] and (start - window[0]) % rules.interval == 0


def _of_appointments(wanted: Interval, taken: Iterable[Taken], rules: SlotRules) -> Iterator[Reason]:
    for one in taken:
        gap_before = max(one.buffer_after, rules.buffer_before)
        gap_after = max(rules.buffer_after, one.buffer_before)
        yield from _in_the_way(wanted, one, ReasonCode.BOOKED, gap_before=gap_before, gap_after=gap_after)


def _of_busy_time(wanted: Interval, busy: Iterable[Busy], rules: SlotRules) -> Iterator[Reason]:
    gap_before, gap_after = rules.buffer_before, rules.buffer_after
    for one in busy:
        yield from _in_the_way(wanted, one, ReasonCode.EVENT, gap_before=gap_before, gap_after=gap_after)


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
