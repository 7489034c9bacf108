"""What moves with the clock, and how several hosts make one calendar: the fast fold, which says what is on offer now.

It takes the starts that the other rules leave open, computed just now or long ago. ``explain`` is the thorough fold
over the same ``Live``.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from .clock import NOTHING_FULL, Full, Reach
from .intervals import Interval
from .slots import SlotRules, Taken, near_to, without

# the key of starts that all hosts have in common
JOINT = 0


class Gathering(Enum):
    """Whether one free host is enough, or all must be free."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLive:
    """What is read anew each time for one host.

    ``held``: live holds. ``stale``: the key of a source that cannot be trusted. ``full``: days and weeks used up,
    by the host's own limits. ``seats_left`` of each session of the calendar, by its start; whoever joins one begins
    no further appointment, so that limits do not count. ``is_needed``: must be free as well, whoever else is.
    ``is_away``: may not sign in any more; a host who is not needed is then not among the hosts at all.
    """

    held: tuple[Taken, ...] = ()
    stale: object = None
    full: Full = NOTHING_FULL
    seats_left: Mapping[int, int] = field(default_factory=dict)
    is_needed: bool = False
    is_away: bool = False


class Month(NamedTuple):
    """A calendar month, and how many bookings each host has in it (T5)."""

    interval: Interval
    counts: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What is read anew each time for a calendar. ``hosts`` by key, in team order.

    ``months``: equal distribution alone, all that the span touches; ``lead_cap`` as in T5. ``named``: the host
    whom the customer asks for. ``seats``: of a session that nobody has joined yet; None if it is no class.
    """

    reach: Reach
    hosts: Mapping[int, HostLive]
    gathering: Gathering = Gathering.ANY
    is_open: bool = True
    full: Full = NOTHING_FULL
    months: tuple[Month, ...] = ()
    lead_cap: int = 3
    named: int | None = None
    seats: int | None = None

    @property
    def needed(self) -> tuple[int, ...]:
        """The hosts without whom nothing is on offer."""
        return tuple(key for key, host in self.hosts.items() if host.is_needed or self.gathering is Gathering.ALL)

    @property
    def rotating(self) -> tuple[int, ...]:
        """The hosts one of whom is enough, in team order; the one asked for, if a customer names one."""
        if self.gathering is Gathering.ALL:
            return ()
        others = tuple(key for key, host in self.hosts.items() if not host.is_needed)
        named_one_rotates = self.named is not None and self.named not in self.needed
        return tuple(key for key in others if key == self.named) if named_one_rotates else others

    @property
    def has_hosts(self) -> bool:
        """Whether anybody could be there at all."""
        if any(self.hosts[key].is_away for key in self.needed):
            return False
        return bool(self.hosts) if self.gathering is Gathering.ALL else bool(self.rotating)


class OpenStart(NamedTuple):
    """A start on offer, the hosts who are free for it in team order, and the seats left if it is a class.

    ``hosts``: those one of whom is enough; in a collective all of them.
    """

    start: int
    hosts: tuple[int, ...]
    seats_left: int | None


class Times(NamedTuple):
    """Starts on offer, sorted, and if it is a class the seats left of each."""

    starts: Sequence[int] = ()
    seats_left: Sequence[int | None] | None = None


def offered(starts: Mapping[int, Sequence[int]], live: Live, rules: SlotRules, span: Interval) -> tuple[OpenStart, ...]:
    """The starts within ``span`` that are on offer now, sorted.

    ``starts``: per host (or of all together, by ``JOINT``) those that the rules apart from the clock leave open,
    sorted. In equal distribution they reach over the whole months that ``span`` touches.
    """
    return tuple(_gathered(_free_within(starts, live, rules, span), live))


def listed(starts: Mapping[int, Sequence[int]], live: Live, rules: SlotRules, span: Interval) -> Times:
    """``offered`` for those who need not know the hosts."""
    free = _free_within(starts, live, rules, span)
    if live.seats is not None:
        found = tuple(_gathered(free, live))
        return Times([one.start for one in found], [one.seats_left for one in found])
    return Times(next(iter(free.values())) if len(free) == 1 else sorted(set().union(*free.values())))


def _free_within(
    starts: Mapping[int, Sequence[int]], live: Live, rules: SlotRules, span: Interval
) -> Mapping[int, Sequence[int]]:
    within = live.reach.within(span)
    if not live.is_open or within is None or not live.has_hosts:
        return {}
    free = free_hosts(starts, live, rules)
    for month in live.months:
        for key in ahead(month, free, live):
            free[key] = without(free[key], (month.interval,))
    return {key: cut(found, within) for key, found in free.items()}


def free_hosts(starts: Mapping[int, Sequence[int]], live: Live, rules: SlotRules) -> dict[int, Sequence[int]]:
    """What holds, limits, seats and stale sources leave of the starts of each host who is enough.

    For a calendar that needs all hosts that is their common starts, by ``JOINT``.
    """
    common = starts.get(JOINT)
    for key in live.needed:
        mine = _still_open(starts[key] if key in starts else starts.get(JOINT, ()), live.hosts[key], live, rules)
        common = mine if common is None or common is mine else _both(common, mine)
    if live.gathering is Gathering.ALL:
        return {JOINT: common or ()}
    open_to = {key: _still_open(starts.get(key, ()), live.hosts[key], live, rules) for key in live.rotating}
    return open_to if common is None else {key: _both(common, found) for key, found in open_to.items()}


def ahead(month: Month, free: Mapping[int, Sequence[int]], live: Live) -> Collection[int]:
    """The hosts too far ahead of the least booked one who can still be booked in that month (T5).

    Nobody, if the customer names a host.
    """
    reachable = live.reach.within(month.interval)
    if live.named is not None or reachable is None:
        return ()
    able = [month.counts.get(key, 0) for key in live.rotating if cut(free[key], reachable)]
    return [key for key in live.rotating if able and month.counts.get(key, 0) - min(able) >= live.lead_cap]


def cut(starts: Sequence[int], span: Interval) -> Sequence[int]:
    """What of the sorted ``starts`` lies within ``span``."""
    return starts[bisect_left(starts, span.start) : bisect_left(starts, span.end)]


def _still_open(starts: Sequence[int], host: HostLive, live: Live, rules: SlotRules) -> Sequence[int]:
    if host.stale is not None:
        return ()
    used_up = (*host.full.days, *host.full.weeks, *live.full.days, *live.full.weeks)
    unlimited = without(starts, used_up) if used_up else starts
    if host.seats_left and unlimited is not starts:
        unlimited = sorted({*unlimited, *(start for start in starts if start in host.seats_left)})
    gone = near_to(host.held, rules)
    gone += ((start, start + 1) for start, left in host.seats_left.items() if left <= 0)
    return without(unlimited, gone) if gone else unlimited


def _both(first: Sequence[int], second: Sequence[int]) -> Sequence[int]:
    common = set(first).intersection(second)
    return [start for start in first if start in common]


def _gathered(free: Mapping[int, Sequence[int]], live: Live) -> Iterator[OpenStart]:
    if live.gathering is Gathering.ALL:
        everybody = tuple(live.hosts)
        yield from (OpenStart(start, everybody, live.seats) for start in free.get(JOINT, ()))
        return
    if len(free) == 1:
        ((key, starts),) = free.items()
        left = live.hosts[key].seats_left
        yield from (OpenStart(start, (key,), left.get(start, live.seats)) for start in starts)
        return
    hosts: dict[int, list[int]] = {}
    for key, starts in free.items():
        for start in starts:
            hosts.setdefault(start, []).append(key)
    for start in sorted(hosts):
        keys = tuple(hosts[start])
        yield OpenStart(start, keys, live.hosts[keys[0]].seats_left.get(start, live.seats))
