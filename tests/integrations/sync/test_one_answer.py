"""One answer that is empty, a page, cut or lists nothing: no busy time and no appointment disappears.

Each kind of request of a look meets each bad answer in the middle of ordinary changes; honest rounds follow.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from accounts.models import OutgoingMail
from availability.models import BusySource
from bookings.models import Appointment
from integrations.models import ConnectionState, OpenQuestion, PendingPush, RemoteCalendar
from integrations.ports import Credentials
from integrations.providers.caldav.adapter import CalDAVProvider
from integrations.providers.transport.policy import ServerPolicy
from integrations.providers.transport.session import GuardedSession
from tests.integrations.sync.fault_world import HOUR, MINUTE, NINE, FaultWorld, event
from tests.servers.fault_caldav import Ending, Fault, FaultCalDAV, HttpFront, Request, Withheld, faults

Fits = Callable[[Request], bool]
Times = set[tuple[datetime, datetime]]

GARBAGE = replace(faults.says(207, b"\x1f\x8b garbage", headers={"Content-Encoding": "gzip"}), name="gzip garbage")
# what a server may say for a while although nothing is wrong with what it holds
BROKEN = (
    faults.empty_body(200),
    faults.empty_body(),
    faults.nothing_listed(),
    faults.html(),
    faults.truncated(),
    faults.wrong_namespace(),
    GARBAGE,
    faults.compressed(),
    faults.bad_bytes(),
    faults.says(500),
    faults.ends(Ending.CUT_IN_HEAD),
    faults.ends(Ending.CUT_IN_BODY),
)
# what means something, unless the next answer says otherwise
MISTAKEN = (faults.says(403), faults.says(404), faults.says(410), faults.says(412))
# one of each sort, for what takes longer
SORTS = [BROKEN[at] for at in (1, 2, 3, 4, 9, 10)]
LISTINGS = {"home", "changes", "listing", "multiget"}


def _asks_for_listing(request: Request) -> bool:
    return request.method == "PROPFIND" and request.headers.get("depth") == "1"


KINDS: dict[str, Fits] = {
    "home": lambda request: _asks_for_listing(request) and request.path.count("/") == 3,
    "changes": lambda request: b"sync-collection" in request.body,
    "listing": lambda request: _asks_for_listing(request) and request.path.count("/") == 4,
    "multiget": lambda request: b"calendar-multiget" in request.body,
    "object": lambda request: request.method == "GET" and request.path.endswith("theirs-1.ics"),
    "copy": lambda request: request.method == "GET" and "theirs" not in request.path,
}


class Scene:
    """A calendar of many events and an appointment, read and written; then ordinary changes there.

    ``certain``: what must block at any moment, whatever is answered.
    """

    def __init__(self, world: FaultWorld, kind: str) -> None:
        self.world, self.kind = world, kind
        world.server.quirks.knows_sync = kind != "listing"
        self.home = world.add_calendar("Home", primary=True)
        world.fill(self.home)

    def settled(self) -> "Scene":
        self.appointment = self.world.book()
        self.world.settle(3)
        assert set(self.world.blocked()) == set(self.world.theirs())
        self.mails = OutgoingMail.objects.count()
        return self

    def change(self) -> None:
        """On the phone: one event moves, one is new, one is deleted."""
        world, calendar = self.world, self.world.there(self.home)
        moved, new = NINE + timedelta(days=1, hours=3), NINE + timedelta(days=1, hours=5)
        world.server.put(calendar, "theirs-1.ics", event(uid="theirs-1", start=moved))
        world.server.put(calendar, "new.ics", event(uid="new", start=new))
        before = set(world.theirs())
        world.server.remove(calendar, "theirs-2.ics")
        self.certain = before & set(world.theirs()) & set(world.blocked())
        if self.kind == "object":
            world.server.quirks.withheld = {"theirs-1.ics": Withheld.EMPTY}
        if self.kind == "copy":
            self._lose_sight_of_ours()

    def meet(self, fault: Fault, *, times: int) -> int:
        """How often this kind of request met it."""
        met = 0

        def choose(request: Request) -> Fault | None:
            nonlocal met
            if met == times or not KINDS[self.kind](request):
                return None
            met += 1
            return fault

        self.world.server.faults = choose
        for _round in range(times):
            self.world.now += MINUTE
            self.world.look_now()
            self.world.push_due()
            self.demand_nothing_lost()
        return met

    def honest(self, *, rounds: int, after: timedelta = MINUTE) -> None:
        quirks = self.world.server.quirks
        quirks.withheld, quirks.phantoms = {}, frozenset()
        for _round in range(rounds):
            self.world.settle(1, after=after)
            self.demand_nothing_lost()

    def demand_nothing_lost(self) -> None:
        assert self.certain <= set(self.world.blocked())
        assert Appointment.objects.active().get() == self.appointment
        assert len(self.world.copies_there()) == 1
        assert not OpenQuestion.objects.exists()
        assert OutgoingMail.objects.count() == self.mails

    def demand_all_well(self) -> None:
        assert self.world.blocked() == self.world.theirs()
        connection, home = self.world.connection, RemoteCalendar.objects.get()
        assert (connection.state, connection.failures, connection.refused_at) == (ConnectionState.CONNECTED, 0, None)
        assert (home.problem, home.gone_at, home.unlisted_at, home.held_back_at) == ("", None, None, None)
        assert BusySource.objects.get().failing_since is None
        assert not PendingPush.objects.exists()

    def _lose_sight_of_ours(self) -> None:
        """The server says by mistake that our copy is gone, so that it is looked for."""
        [path] = self.world.copies_there()
        self.world.server.quirks.phantoms = frozenset({path.rpartition("/")[2]})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", [*BROKEN, *MISTAKEN], ids=lambda fault: fault.name)
def test_one_bad_answer_loses_nothing_and_leaves_nothing_broken(db: None, fault: Fault, kind: str) -> None:
    scene = Scene(FaultWorld(), kind).settled()
    scene.change()

    assert scene.meet(fault, times=1) == 1
    scene.honest(rounds=4)

    scene.demand_all_well()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", SORTS, ids=lambda fault: fault.name)
def test_the_same_bad_answer_for_minutes_loses_nothing_and_is_healed(db: None, fault: Fault, kind: str) -> None:
    """By a day later at the latest: what a server did not hand out for long is asked for with the full listing."""
    scene = Scene(FaultWorld(), kind).settled()
    scene.change()

    assert scene.meet(fault, times=5) >= 1
    scene.honest(rounds=4)
    scene.honest(rounds=2, after=24 * HOUR)

    scene.demand_all_well()


@pytest.mark.parametrize("kind", sorted(LISTINGS))
@pytest.mark.parametrize("fault", [*SORTS, *MISTAKEN], ids=lambda fault: fault.name)
def test_a_bad_answer_to_the_first_look_never_makes_the_calendar_read_and_empty(
    db: None, fault: Fault, kind: str
) -> None:
    world = FaultWorld()
    Scene(world, kind)
    world.meet(_once(KINDS[kind], fault))

    world.round()

    assert world.blocked() == world.theirs() or BusySource.objects.get().read_at is None
    world.settle(4)
    assert world.blocked() == world.theirs()
    assert BusySource.objects.get().failing_since is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", [faults.ends(Ending.CUT_IN_HEAD), GARBAGE], ids=lambda fault: fault.name)
def test_an_answer_cut_or_spoilt_on_the_wire_loses_nothing(db: None, fault: Fault, kind: str) -> None:
    """The same through sockets and the guarded transport."""
    server = FaultCalDAV()
    with HttpFront(server) as front:
        world = FaultWorld(server)
        policy = ServerPolicy(allowed_private=(front.netloc,))
        credentials = Credentials(front.url, world.login.username, world.login.password)
        world.open = lambda _connection: CalDAVProvider(credentials, GuardedSession(front.url, policy))
        scene = Scene(world, kind).settled()
        scene.change()

        assert scene.meet(fault, times=2) >= 1
        scene.honest(rounds=4)

        scene.demand_all_well()


def _once(fits: Fits, fault: Fault) -> Callable[[Request], Fault | None]:
    left = [fault]
    return lambda request: left.pop() if left and fits(request) else None
