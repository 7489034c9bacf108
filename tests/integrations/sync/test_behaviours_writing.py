"""What the sync does when servers write oddly, with the real adapter; the S numbers are those of docs/sync.md."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bookings.models import Appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.reschedule import reschedule_appointment
from integrations.models import Decision, PendingPush, QuestionKind, RemoteCalendar, RemoteCopy
from integrations.services.configure import set_primary
from integrations.sync.ours import remote_uid_of
from tests.integrations.sync.fault_world import HOUR, NINE, FaultWorld, asked, event, is_noted
from tests.servers.fault_caldav import Fault, UidScope, faults

A_DAY = timedelta(days=1)


@pytest.fixture
def world(db: None) -> FaultWorld:
    return FaultWorld()


@pytest.fixture
def home(world: FaultWorld) -> RemoteCalendar:
    """The primary calendar, with an event of somebody else in it, read."""
    remote = world.add_calendar("Home", primary=True)
    world.put(remote, start=NINE + 5 * HOUR)
    world.round()
    world.server.forget_log()
    return remote


@pytest.fixture
def appointment(world: FaultWorld, home: RemoteCalendar) -> Appointment:
    """Booked, written and read back."""
    booked = world.book()
    world.round(2)
    world.server.forget_log()
    return booked


def _all_is_well(world: FaultWorld, *, copies: int = 1) -> None:
    assert len(world.copies_there()) == copies
    assert not PendingPush.objects.exists()
    assert asked() == []
    assert world.blocked() == world.theirs()


@pytest.mark.parametrize("is_rewritten", [False, True])
def test_an_etag_that_is_not_told_is_asked_for_and_the_event_written_once(
    world: FaultWorld, home: RemoteCalendar, is_rewritten: bool
) -> None:
    """S23, S24."""
    world.server.quirks.etag_after_put = False
    if is_rewritten:
        world.server.quirks.rewrite = lambda text: text.replace("SEQUENCE:0", "SEQUENCE:1") + "\r\n"
    world.book()

    world.round(6)

    [name] = [path.rpartition("/")[2] for path in world.copies_there()]
    assert RemoteCopy.objects.get().etag == world.there(home).objects[name].etag
    assert len(world.server.puts) == 1
    _all_is_well(world)


@pytest.mark.parametrize("fault", [faults.timed_out(), faults.lost_after(), faults.html(applied=True)], ids=str)
def test_an_event_that_was_stored_although_nobody_said_so_is_there_once(
    world: FaultWorld, home: RemoteCalendar, fault: Fault
) -> None:
    """S25."""
    world.meet(faults.on("PUT", fault))
    world.book()

    world.round(8)

    _all_is_well(world)


def test_a_place_that_is_taken_by_another_event_is_left_to_it(world: FaultWorld, home: RemoteCalendar) -> None:
    """S26: ours gets another place in the end, and theirs is as it was."""
    appointment = world.book()
    theirs = event(uid="in-our-place", start=NINE + 6 * HOUR)
    name = f"{remote_uid_of(appointment.uid)}.ics"
    world.server.put(world.there(home), name, theirs)

    world.round(8)

    assert world.server.texts(world.there(home))[world.there(home).path + name] == theirs
    _all_is_well(world)


@pytest.mark.parametrize("status", [403, 409, 412])
def test_an_event_of_ours_that_lies_elsewhere_in_the_calendar_is_taken_up(
    world: FaultWorld, home: RemoteCalendar, status: int
) -> None:
    """S27: the server names its place."""
    world.server.quirks.uid_conflict_status = status
    appointment = world.book()
    text = event(uid=remote_uid_of(appointment.uid), start=NINE, end=NINE + HOUR / 2)
    world.server.put(world.there(home), "elsewhere.ics", text)

    world.round(8)

    [path] = world.copies_there()
    assert path.endswith("elsewhere.ics")
    _all_is_well(world)


def test_a_uid_the_login_has_in_another_calendar_gets_a_twin_in_the_end(
    world: FaultWorld, home: RemoteCalendar
) -> None:
    """S27, fact 17: what lies in the other calendar is not ours to touch."""
    world.server.quirks.uid_scope = UidScope.LOGIN
    appointment = world.book()
    private = world.server.add_calendar(world.login, "Private")
    theirs = event(uid=remote_uid_of(appointment.uid), start=NINE + A_DAY)
    world.server.put(private, "old.ics", theirs)

    world.round(12)

    assert list(world.server.texts(private).values()) == [theirs]
    assert len(world.server.texts(world.there(home))) == 2
    assert not PendingPush.objects.exists()


def test_another_primary_gets_the_copy_where_a_login_takes_a_uid_only_once(
    world: FaultWorld, home: RemoteCalendar, appointment: Appointment
) -> None:
    """S40, fact 17: deleted there, then created here, under the same UID."""
    world.server.quirks.uid_scope = UidScope.LOGIN
    work = world.add_calendar("Work")
    world.round()

    set_primary(world.member, work, now=world.now)
    world.round(6)

    [path] = world.copies_there()
    assert path.startswith(world.there(work).path)
    assert RemoteCopy.objects.get().remote_uid == remote_uid_of(appointment.uid)
    _all_is_well(world)


def test_notes_added_just_before_our_update_are_kept(
    world: FaultWorld, home: RemoteCalendar, appointment: Appointment
) -> None:
    """S28, S36: written over the version found, never blindly."""
    uid = world.ours(appointment)
    world.server.edit(uid, lambda text: text.replace("END:VEVENT", "X-NOTE:bring the file\r\nEND:VEVENT"))
    reschedule_appointment(appointment, starts_at=NINE + HOUR, now=world.now)

    world.push_due()
    world.round(3)

    text = world.server.text_of(uid)
    assert "X-NOTE:bring the file" in text
    assert "DTSTART:20261124T100000Z" in text
    _all_is_well(world)


@pytest.mark.parametrize("status", [404, 410])
def test_an_update_of_what_was_deleted_there_makes_nothing_anew(
    world: FaultWorld, home: RemoteCalendar, appointment: Appointment, status: int
) -> None:
    """S29, S38: its host is asked when two answers so far apart have said that it is gone."""
    world.server.delete(world.ours(appointment))
    world.meet(faults.always(faults.says(status), method="PUT"))
    reschedule_appointment(appointment, starts_at=NINE + HOUR, now=world.now)

    world.push_due()
    assert asked() == []
    world.round(8)

    assert world.copies_there() == []
    assert asked() == [QuestionKind.DELETED]
    assert Appointment.objects.active().exists()


@pytest.mark.parametrize("status", [404, 410])
def test_deleting_what_is_gone_is_done(
    world: FaultWorld, home: RemoteCalendar, appointment: Appointment, status: int
) -> None:
    """S30."""
    world.server.delete(world.ours(appointment))
    world.meet(faults.always(faults.says(status), method="DELETE"))
    cancel_appointment(appointment, now=world.now)

    world.round(2)

    assert not RemoteCopy.objects.exists()
    _all_is_well(world, copies=0)


def test_a_copy_changed_just_before_we_delete_it_goes_in_its_new_version(
    world: FaultWorld, home: RemoteCalendar, appointment: Appointment
) -> None:
    """S31."""
    uid = world.ours(appointment)

    def add_note() -> None:
        world.server.edit(uid, lambda text: text.replace("END:VEVENT", "X-NOTE:late\r\nEND:VEVENT"))

    world.meet(faults.on("DELETE", faults.meanwhile(add_note)))
    cancel_appointment(appointment, now=world.now)

    world.round(2)

    _all_is_well(world, copies=0)


@pytest.mark.parametrize("is_told", [True, False])
def test_a_calendar_that_became_read_only_keeps_the_appointment_and_tells_its_host_once(
    world: FaultWorld, home: RemoteCalendar, is_told: bool
) -> None:
    """S32, S54: also where the server says nothing about privileges; written when it may be written to again."""
    world.server.quirks.tells_privileges = is_told
    world.there(home).writable = False
    appointment = world.book()

    world.push_due()
    world.round(20)

    assert asked() == [QuestionKind.NOT_WRITABLE]
    assert Appointment.objects.active().get() == appointment
    assert len(world.server.puts) == 1

    world.there(home).writable = True
    world.round(2, after=A_DAY)
    assert len(world.copies_there()) == 1
    assert asked() == []


def test_reads_that_lag_behind_our_writing_move_nothing_back(
    world: FaultWorld, home: RemoteCalendar, appointment: Appointment
) -> None:
    """Fact 13: an answer from before our own write is known for old."""
    world.server.quirks.stale_reads = 3
    reschedule_appointment(appointment, starts_at=NINE + HOUR, now=world.now)

    world.round(10)

    assert Appointment.objects.get().starts_at == NINE + HOUR
    assert "DTSTART:20261124T100000Z" in world.server.text_of(world.ours(appointment))
    assert not is_noted(Decision.MOVED)
    _all_is_well(world)


def test_our_own_copy_never_blocks(world: FaultWorld, home: RemoteCalendar, appointment: Appointment) -> None:
    """S42: nor does it after it was moved."""
    assert world.blocked() == [(NINE + 5 * HOUR, NINE + 6 * HOUR)]

    reschedule_appointment(appointment, starts_at=NINE + HOUR, now=world.now)
    world.round(3)

    _all_is_well(world)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (lambda world, uid, _work: world.server.move(uid, NINE + HOUR, NINE + 3 * HOUR / 2), [1, 0, 1]),
        (lambda world, uid, _work: world.server.move(uid, NINE, NINE + 2 * HOUR), [1, 1, 1]),
        (lambda world, uid, work: world.server.move_to(uid, world.there(work)), [1, 0, 1]),
        (lambda world, uid, _work: world.server.delete(uid), [0, 1, 1]),
    ],
    ids=["moved", "lengthened", "moved to another calendar", "deleted"],
)
def test_what_a_phone_does_to_a_copy_has_one_outcome(
    world: FaultWorld,
    home: RemoteCalendar,
    appointment: Appointment,
    done: Callable[[FaultWorld, str, RemoteCalendar], None],
    expected: list[int],
) -> None:
    """S37, S38, S40: copies there, questions open and appointments standing, an hour later."""
    work = world.add_calendar("Work")
    world.round()

    done(world, world.ours(appointment), work)
    world.round(60)

    assert [len(world.copies_there()), len(asked()), Appointment.objects.active().count()] == expected
    assert len(world.server.puts) <= 2


def test_an_answer_cut_on_its_way_costs_the_host_no_note(
    world: FaultWorld, home: RemoteCalendar, appointment: Appointment
) -> None:
    """S24: what is written over is what lies there, not the half of it that arrived."""
    [name] = world.there(home).objects.keys() - {"theirs.ics"}
    text = world.there(home).objects[name].text.decode()
    world.server.put(world.there(home), name, text.replace("END:VEVENT", "COMMENT:Bring the key\r\nEND:VEVENT"))
    world.round()
    reschedule_appointment(appointment, starts_at=NINE + 2 * HOUR, now=world.now)
    world.meet(faults.on("GET", faults.truncated()))

    world.push_due()

    written = world.there(home).objects[name].text.decode()
    assert "COMMENT:Bring the key" in written
    assert "DTSTART:20261124T110000Z" in written
