"""A day in minutes from 0 to 1440, for states that are written out by hand."""

from availability.core.clock import Reach
from availability.core.explain import Verdict, explain
from availability.core.intervals import Interval
from availability.core.offer import HostLive, Live, OpenStart, offered
from availability.core.rules import HostTimes
from availability.core.slots import SlotRules

DAY = Interval(0, 1440)
HOUR = SlotRules(duration=60, interval=60)
ANY_TIME = Reach(now=0, earliest=0, first=0, latest=10_000)
NINE_TO_ELEVEN = HostTimes(windows=((540, 660),))
ADA, BOB, EVE = 7, 3, 5


def live(*hosts: int, **others: object) -> Live:
    """Hosts of whom nothing more is known, unless ``hosts`` is among the others."""
    return Live(**{"reach": ANY_TIME, "hosts": {key: HostLive() for key in hosts}} | others)


def slots(
    live: Live, times: dict[int, HostTimes], rules: SlotRules = HOUR, span: Interval = DAY
) -> tuple[OpenStart, ...]:
    """What is on offer, hosts and seats included."""
    return offered({key: each.open_starts(rules, span) for key, each in times.items()}, live, rules, span)


def judged(start: int, live: Live, times: dict[int, HostTimes], rules: SlotRules = HOUR) -> Verdict:
    """One start with all its reasons."""
    (verdict,) = (one for one in explain(times, live, rules, DAY, also=(start,)) if one.start == start)
    return verdict
