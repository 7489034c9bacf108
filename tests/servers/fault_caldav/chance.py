"""Faults by the dice: which a request meets depends on nothing but the seed and the requests before it."""

from random import Random

from tests.servers.fault_caldav import faults
from tests.servers.fault_caldav.exchange import Ending, Request
from tests.servers.fault_caldav.faults import Choice, Fault

READING: tuple[Fault, ...] = (
    faults.lost_before(),
    faults.lost_after(),
    faults.timed_out(),
    faults.ends(Ending.CUT_IN_HEAD),
    faults.ends(Ending.CUT_IN_BODY),
    faults.says(500),
    faults.says(502),
    faults.says(504),
    faults.busy("120"),
    faults.busy("60", status=429),
    faults.html(),
    faults.empty_body(),
    faults.empty_body(200),
    faults.truncated(),
    faults.wrong_namespace(),
    faults.nothing_listed(),
    faults.says(403),
    faults.says(412),
)
WRITING: tuple[Fault, ...] = (
    faults.lost_before(),
    faults.lost_after(),
    faults.timed_out(applied=False),
    faults.timed_out(),
    faults.ends(Ending.CUT_IN_HEAD),
    faults.says(500),
    faults.says(500, applied=True),
    faults.says(502, applied=True),
    faults.says(504, applied=True),
    faults.says(412),
    faults.says(412, applied=True),
    faults.busy("120"),
    faults.busy("60", status=429),
    faults.html(),
    faults.html(applied=True),
)
DYING: tuple[Fault, ...] = (faults.kill_before(), faults.kill_after())


def by_chance(
    random: Random,
    *,
    rate: float,
    reading: tuple[Fault, ...] = READING,
    writing: tuple[Fault, ...] = WRITING,
) -> Choice:
    """Of all requests the share ``rate`` meets one of the faults that fit its method."""

    def choose(request: Request) -> Fault | None:
        if random.random() >= rate:
            return None
        return random.choice(writing if request.method in {"PUT", "DELETE"} else reading)

    return choose
