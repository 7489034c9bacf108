"""The sync and odd logins, homes and waiting, with the real adapter; the S numbers are those of docs/sync.md."""

from datetime import timedelta
from typing import Any

import pytest

from availability.models import BusySource
from bookings.models import Appointment
from integrations.models import Connection, ConnectionState, Decision, QuestionKind, RemoteCalendar
from integrations.sync.backoff import LONGEST, PROBE_AFTER
from tests.factories import ConfigurationFactory, MemberFactory
from tests.integrations.sync.fault_world import HOUR, MINUTE, NINE, FaultWorld, asked, event, is_noted
from tests.servers.fault_caldav import Fault, Login, Request, faults

A_DAY = timedelta(days=1)


@pytest.fixture
def world(db: None) -> FaultWorld:
    return FaultWorld()


@pytest.fixture
def home(world: FaultWorld) -> RemoteCalendar:
    """The primary calendar, with an event of somebody else in it, read."""
    remote = world.add_calendar("Home", primary=True)
    world.put(remote)
    world.round()
    world.server.forget_log()
    return remote


def _source(remote: RemoteCalendar) -> BusySource:
    return BusySource.objects.get(remote_calendar=remote)


def test_a_refused_login_is_probed_once_after_three_minutes_and_then_left_alone(
    world: FaultWorld, home: RemoteCalendar
) -> None:
    """S1: its busy times stay, and are marked as old."""
    world.login.password = "another one now"
    world.book()

    world.round()
    assert len(world.server.log) == 1
    assert world.connection.state == ConnectionState.FAILING
    world.round(after=PROBE_AFTER - 2 * MINUTE)
    assert len(world.server.log) == 1

    world.round(after=2 * MINUTE)
    world.round(10, after=HOUR)

    assert len(world.server.log) == 2
    assert world.connection.state == ConnectionState.BROKEN
    assert world.blocked() == world.theirs()
    assert _source(home).failing_since is not None
    assert is_noted(Decision.BROKEN)


def test_a_login_refused_once_goes_on_after_its_probe(world: FaultWorld, home: RemoteCalendar) -> None:
    """S2."""
    world.meet(faults.one_by_one([faults.says(401)]))
    world.book()

    world.round(3)
    world.round(after=2 * MINUTE)
    world.round(2)

    assert world.connection.state == ConnectionState.CONNECTED
    assert [logged.status for logged in world.server.log].count(401) == 1
    assert len(world.copies_there()) == 1


def test_a_calendar_that_may_not_be_read_any_more_fails_alone(world: FaultWorld, home: RemoteCalendar) -> None:
    """S3: not the login, and what it said still counts."""
    work = world.add_calendar("Work")
    world.put(work, "other", start=NINE + HOUR)
    world.put(home, "unseen", start=NINE + 5 * HOUR)
    world.there(home).readable = False

    world.round(2)

    assert world.blocked() == [(NINE, NINE + HOUR), (NINE + HOUR, NINE + 2 * HOUR)]
    assert (world.connection.state, world.connection.failures) == (ConnectionState.CONNECTED, 0)
    assert world.remote(home).problem
    assert not world.remote(work).problem


def test_a_deleted_calendar_is_believed_at_the_second_listing_and_its_host_told(
    world: FaultWorld, home: RemoteCalendar
) -> None:
    """S33, S34: the appointments stay, and another primary calendar is asked for."""
    appointment = world.book()
    world.round()
    theirs = world.theirs()
    world.add_calendar("Work")
    world.server.remove_calendar(world.there(home))

    world.round()
    assert world.blocked() == theirs
    assert asked() == []

    world.round(after=2 * MINUTE)
    world.round(3)

    assert world.blocked() == []
    assert asked() == [QuestionKind.NOT_WRITABLE]
    assert is_noted(Decision.CALENDAR_GONE)
    assert Appointment.objects.active().get() == appointment


@pytest.mark.parametrize("status", [404, 409])
def test_writing_into_a_calendar_that_is_gone_is_tried_again_until_that_is_certain(
    world: FaultWorld, home: RemoteCalendar, status: int
) -> None:
    """S33."""
    world.server.quirks.missing_calendar_status = status
    world.add_calendar("Work")
    world.server.remove_calendar(world.there(home))
    world.book()

    world.push_due()
    assert asked() == []
    world.settle(6)

    assert asked() == [QuestionKind.NOT_WRITABLE]
    assert Appointment.objects.active().count() == 1


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_home_that_cannot_be_listed_deletes_no_calendar(world: FaultWorld, home: RemoteCalendar, status: int) -> None:
    """S35."""
    world.meet(faults.always(faults.says(status)))

    for _round in range(6):
        world.now += 2 * MINUTE
        world.look_now()

    assert world.blocked() == world.theirs()
    assert world.remote(home).gone_at is None
    assert world.remote(home).unlisted_at is None


def test_a_home_that_moved_is_found_again_with_all_that_was_known(world: FaultWorld, home: RemoteCalendar) -> None:
    """S35: another path in the same login."""
    appointment = world.book()
    world.round(2)
    world.server.move_home(world.login, "/other/partition/")
    (calendar,) = world.login.calendars.values()
    world.server.put(calendar, "new.ics", event(uid="new", start=NINE + 5 * HOUR))

    world.settle(6)

    assert world.blocked() == world.theirs()
    assert (len(world.copies_there()), len(world.server.puts)) == (1, 1)
    assert asked() == []
    assert Appointment.objects.active().get() == appointment
    assert RemoteCalendar.objects.get().key.startswith("/other/partition")


def test_a_renamed_calendar_only_changes_its_name(world: FaultWorld, home: RemoteCalendar) -> None:
    """S43."""
    world.there(home).title = "Salon"

    world.round()

    assert (world.remote(home).name, _source(home).name) == ("Salon", "Salon")
    assert world.server.counts == {"PROPFIND": 1}


def test_a_calendar_made_again_at_its_old_place_is_read_anew(world: FaultWorld, home: RemoteCalendar) -> None:
    """S44: what the old one held goes, what the new one holds counts."""
    world.server.remove_calendar(world.there(home))
    world.server.add_calendar(world.login, "Home")
    world.put(home, "new", start=NINE + 5 * HOUR)

    world.settle(4)

    assert world.blocked() == world.theirs()
    assert world.remote(home).gone_at is None


@pytest.mark.parametrize("facts", [{"subscribed": True}, {"components": ("VTODO",)}])
def test_a_calendar_that_became_something_else_is_told_and_never_taken_for_empty(
    world: FaultWorld, home: RemoteCalendar, facts: dict[str, Any]
) -> None:
    """S45; a subscription answers every question with nothing."""
    theirs = world.theirs()
    for name, value in facts.items():
        setattr(world.there(home), name, value)

    world.round(4)

    assert world.blocked() == theirs
    assert world.remote(home).problem
    assert asked() == [QuestionKind.NOT_WRITABLE]
    assert world.connection.state == ConnectionState.CONNECTED


def test_a_subscribed_calendar_is_never_asked_for_its_events(world: FaultWorld) -> None:
    """S45, fact 10: it would say that it has none."""
    remote = world.add_calendar("Holidays", subscribed=True)

    world.round(2)

    assert world.remote(remote).capability == "subscribed"
    assert _source(remote).read_at is None
    assert world.server.counts == {"PROPFIND": 2}


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [("600", timedelta(minutes=10)), ("1", MINUTE), ("999999", LONGEST)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_to_be_left_alone_is_by_this_login_only(
    world: FaultWorld, home: RemoteCalendar, status: int, retry_after: str, pause: timedelta
) -> None:
    """S46: within a minute and two hours; its other logins go on."""
    other = _another_login(world)
    world.meet(_for(world.login, faults.busy(retry_after, status=status)))
    world.book()

    world.round()
    asked_at = world.now
    while world.now + 30 * MINUTE < asked_at + pause:
        world.round(after=30 * MINUTE)

    assert _requests(world, world.login) == 1
    assert _requests(world, other) >= 1
    assert world.connection.paused_until >= asked_at + pause
    assert world.blocked() == world.theirs()

    world.meet()
    world.round(2, after=pause)
    assert len(world.copies_there()) == 1


@pytest.mark.parametrize(
    "fault", [faults.says(502), faults.says(503), faults.says(504), faults.timed_out(), faults.lost_before()], ids=str
)
def test_a_server_that_fails_is_asked_later_and_later_and_what_it_said_still_counts(
    world: FaultWorld, home: RemoteCalendar, fault: Fault
) -> None:
    """S47: marked as old, until it answers again."""
    world.meet(faults.always(fault))

    world.round(60)

    assert 3 <= world.server.counts["PROPFIND"] <= 12
    assert world.connection.state == ConnectionState.FAILING
    assert world.blocked() == world.theirs()
    assert _source(home).failing_since is not None

    world.settle(1)
    assert world.connection.state == ConnectionState.CONNECTED
    assert _source(home).failing_since is None


def test_a_refusal_of_a_password_that_was_replaced_meanwhile_says_nothing(
    world: FaultWorld, home: RemoteCalendar
) -> None:
    """S58."""

    def replace_password() -> None:
        Connection.objects.update(connected_at=world.now)

    refused = faults.afterwards(replace_password)
    world.login.password = "the new one"
    world.meet(faults.one_by_one([refused]))

    world.round()

    assert (world.connection.refused_at, world.connection.state) == (None, ConnectionState.CONNECTED)
    world.login_known.password = "the new one"
    world.settle(1)
    assert world.connection.failures == 0


def _another_login(world: FaultWorld) -> Login:
    login = world.server.add_login("grace@example.com")
    member = MemberFactory(slug="grace")
    connection = world.connect(member.user, login)
    calendar = world.server.add_calendar(login, "Hers")
    world.know(calendar, connection, ConfigurationFactory(member=member))
    return login


def _for(login: Login, fault: Fault) -> Any:
    def choose(request: Request) -> Fault | None:
        return fault if request.pair[0] == login.username else None

    return choose


def _requests(world: FaultWorld, login: Login) -> int:
    return sum(logged.login == login.username for logged in world.server.log)
