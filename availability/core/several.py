"""Open starts of several hosts at once, where only the starts matter: at one of them at least, or at all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from .intervals import Interval, Stretch
from .rules import HostTimes
from .slots import Grid, SlotRules, grid_of, left_open, narrowed

_ByWindows = Mapping[tuple[Stretch, ...], Sequence[HostTimes]]


def any_starts(hosts: Iterable[HostTimes], *, rules: SlotRules, span: Interval) -> tuple[int, ...]:
    """The starts within ``span`` that are open at one host at least, sorted.

    A start that is found is not asked about again, and nobody is once all are found.
    """
    found: set[int] = set()
    for windows, team in _by_windows(hosts).items():
        grid = grid_of(windows, rules, span)
        found |= _found_at(team, narrowed(grid, [one for one in grid.starts if one not in found], rules), rules)
    return tuple(sorted(found))


def all_starts(hosts: Iterable[HostTimes], *, rules: SlotRules, span: Interval) -> tuple[int, ...]:
    """The starts within ``span`` that are open at every host, sorted; none without hosts.

    What is in the way at one host is in the way of all: so everything is looked at once. No sessions to join.
    """
    everybody = tuple(hosts)
    grids = [grid_of(windows, rules, span) for windows in _by_windows(everybody)]
    if not grids:
        return ()
    return left_open(
        _common(grids, rules),
        taken=chain.from_iterable(host.taken for host in everybody),
        busy=chain.from_iterable(host.busy for host in everybody),
        closed=chain.from_iterable(host.closed for host in everybody),
        rules=rules,
    )


def _by_windows(hosts: Iterable[HostTimes]) -> _ByWindows:
    teams: dict[tuple[Stretch, ...], list[HostTimes]] = defaultdict(list)
    for host in hosts:
        teams[host.windows].append(host)
    return teams


def _found_at(team: Iterable[HostTimes], wanted: Grid, rules: SlotRules) -> set[int]:
    """Which starts of the grid are open at one of those who have the same hours."""
    found: set[int] = set()
    for host in team:
        if not wanted.starts:
            break
        opened = left_open(wanted, taken=host.taken, busy=host.busy, closed=host.closed, rules=rules)
        found.update(opened)
        wanted = narrowed(wanted, [one for one in wanted.starts if one not in found], rules)
    return found


def _common(grids: Sequence[Grid], rules: SlotRules) -> Grid:
    first, *others = grids
    if not others:
        return first
    return narrowed(first, sorted(set(first.starts).intersection(*(one.starts for one in others))), rules)
