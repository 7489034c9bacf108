"""The thorough fold: every candidate of a calendar with all its reasons, for staff and for refusals (A10)."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from .intervals import Interval
from .offer import Gathering, HostLive, Live, ahead, free_hosts
from .rules import HostTimes, Reason, ReasonCode, of_appointments, reasons_against
from .slots import SlotRules


class Verdict(NamedTuple):
    """A candidate with all its reasons: those of the calendar, and those at each host, in team order.

    ``is_open``: nothing forbids it. In a round robin one host without reasons is enough.
    """

    start: int
    reasons: tuple[Reason, ...]
    hosts: Mapping[int, tuple[Reason, ...]]
    is_open: bool

    def against(self) -> tuple[Reason, ...]:
        """None for a start that is open; otherwise the calendar's reasons and each host's, each once."""
        if self.is_open:
            return ()
        return tuple(dict.fromkeys((*self.reasons, *(reason for each in self.hosts.values() for reason in each))))


def explain(
    times: Mapping[int, HostTimes],
    live: Live,
    rules: SlotRules,
    span: Interval,
    *,
    also: Collection[int] = (),
) -> tuple[Verdict, ...]:
    """Every candidate within ``span`` with all its reasons, sorted; ``also`` names further starts to judge.

    Open are exactly the starts that ``offered`` has. ``times`` by host, in any order; in equal distribution they
    reach over the whole months that ``span`` touches.
    """
    candidates = {start for key in live.hosts for start in times[key].candidates(rules, span)}
    too_far_ahead = _ahead_by_month(times, live, rules)
    return tuple(_verdict(start, times, live, rules, too_far_ahead) for start in sorted(candidates.union(also)))


def _ahead_by_month(
    times: Mapping[int, HostTimes], live: Live, rules: SlotRules
) -> tuple[tuple[Interval, Collection[int]], ...]:
    if not live.months or live.named is not None:
        return ()
    span = Interval(live.months[0].interval.start, live.months[-1].interval.end)
    free = free_hosts({key: times[key].open_starts(rules, span) for key in live.hosts}, live, rules)
    return tuple((month.interval, ahead(month, free, live)) for month in live.months)


def _verdict(
    start: int,
    times: Mapping[int, HostTimes],
    live: Live,
    rules: SlotRules,
    too_far_ahead: tuple[tuple[Interval, Collection[int]], ...],
) -> Verdict:
    hosts = {}
    for key in (*live.needed, *live.rotating):
        leads = any(start in range(*month) and key in keys for month, keys in too_far_ahead)
        lead = (Reason(ReasonCode.ROUND_ROBIN_LEAD, key),) if leads else ()
        hosts[key] = (
            *reasons_against(start, times=times[key], rules=rules),
            *_live(start, live.hosts[key], rules),
            *lead,
        )
    needed = tuple(Reason(ReasonCode.COLLECTIVE, key) for key in live.needed if hosts[key])
    reasons = (*_of_the_calendar(start, live), *needed)
    enough = live.gathering is Gathering.ALL or any(not hosts[key] for key in live.rotating)
    in_team_order = {key: hosts[key] for key in live.hosts if key in hosts}
    return Verdict(start, reasons, in_team_order, is_open=not reasons and enough)


def _of_the_calendar(start: int, live: Live) -> Iterator[Reason]:
    if not live.is_open:
        yield Reason(ReasonCode.INACTIVE)
    yield from _of_the_clock(start, live)
    if not live.has_hosts:
        yield Reason(ReasonCode.NO_HOST)
    if any(start in host.seats_left for host in live.hosts.values()):
        return
    yield from (Reason(ReasonCode.DAY_LIMIT, interval=day) for day in live.full.days if start in range(*day))
    yield from (Reason(ReasonCode.WEEK_LIMIT, interval=week) for week in live.full.weeks if start in range(*week))


def _of_the_clock(start: int, live: Live) -> Iterator[Reason]:
    reach = live.reach
    if start < reach.now:
        yield Reason(ReasonCode.PAST)
    elif start < reach.earliest:
        yield Reason(ReasonCode.NOTICE)
    if not reach.first <= start < reach.latest:
        yield Reason(ReasonCode.HORIZON)


def _live(start: int, host: HostLive, rules: SlotRules) -> Iterator[Reason]:
    """What moves with the clock at one host."""
    if host.stale is not None:
        yield Reason(ReasonCode.STALE, host.stale)
    wanted = Interval(start, start + rules.duration)
    yield from of_appointments(wanted, host.held, rules, ReasonCode.HELD)
    if start in host.seats_left:
        if host.seats_left[start] <= 0:
            yield Reason(ReasonCode.SEATS, interval=wanted)
        return
    used_up = (*host.full.days, *host.full.weeks)
    yield from (Reason(ReasonCode.HOST_LIMIT, interval=one) for one in used_up if start in range(*one))
