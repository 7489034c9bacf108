"""Push: the copy becomes what the item is, exactly once, whatever happens on the way."""

from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.db.models.functions import Now

from bookings.models import Appointment
from integrations.models import Connection, ConnectionState, PendingPush, RemoteCalendar, RemoteCopy
from integrations.ports import (
    AccessLost,
    Capability,
    LoginRefused,
    Refused,
    TemporarilyUnavailable,
    Unreachable,
)
from integrations.sync.push import MOST_UNFINISHED, give_up, push
from tests.factories import NOW, CalendarFactory
from tests.fakes.memory_provider import MemoryProvider
from tests.integrations.sync.world import HOUR, MINUTE, NINE, World, cancel, changed, move

DAY = timedelta(days=1)


def only_object(world: World, remote: RemoteCalendar) -> str:
    [text] = world.server.objects(remote.url).values()
    return text


def test_a_booked_appointment_is_written_once_and_struck_off(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()

    world.push_all()

    text = only_object(world, home)
    assert f"UID:{appointment.uid}@holdfast" in text
    assert "DTSTART:20261124T090000Z" in text
    assert not PendingPush.objects.exists()
    copy = RemoteCopy.objects.get()
    assert (copy.uid, copy.remote_uid, copy.written_at) == (appointment.uid, f"{appointment.uid}@holdfast", NOW)
    assert copy.etag


def test_any_number_of_changes_is_one_push(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    move(appointment, NINE + HOUR)
    move(appointment, NINE + 2 * HOUR)

    world.push_all()

    assert PendingPush.objects.count() == 0
    assert world.provider.calls["create"] == 1
    assert "DTSTART:20261124T110000Z" in only_object(world, home)


def test_a_moved_appointment_is_replaced_where_it_lies(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.push_all()

    move(appointment, NINE + HOUR)
    world.push_all()

    assert "DTSTART:20261124T100000Z" in only_object(world, home)
    assert (world.provider.calls["create"], world.provider.calls["replace"]) == (1, 1)


def test_a_cancelled_appointment_is_taken_away_with_its_row(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.push_all()

    cancel(appointment)
    world.push_all()

    assert world.server.objects(home.url) == {}
    assert not RemoteCopy.objects.exists()
    assert not PendingPush.objects.exists()


def test_an_appointment_cancelled_before_the_first_push_never_reaches_the_server(world: World) -> None:
    world.add_calendar("Home", primary=True)
    cancel(world.book())

    world.push_all()

    assert world.provider.calls == {}
    assert not PendingPush.objects.exists()


def test_a_simple_calendar_is_not_written_outside(world: World) -> None:
    world.add_calendar("Home", primary=True)

    world.book(calendar=CalendarFactory(account=world.member.account, type="simple"))

    assert not PendingPush.objects.exists()


def test_without_a_primary_calendar_nothing_is_asked_for(world: World) -> None:
    world.add_calendar("Home")

    world.book()

    assert not PendingPush.objects.exists()


def test_a_change_during_a_push_is_not_lost(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()

    world.push_all(provider=MemoryProvider(world.server, during_create=lambda: cancel(appointment)))

    assert PendingPush.objects.due(NOW).get().uid == appointment.uid
    world.push_all()
    assert world.server.objects(home.url) == {}


def test_a_lost_answer_to_create_leaves_one_object(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    world.book()
    world.provider.fail("create", TemporarilyUnavailable("The answer was cut off."), applied=True)

    world.push_all()
    world.push_all(now=NOW + HOUR)

    assert len(world.server.objects(home.url)) == 1
    assert world.provider.calls["create"] == 1
    assert not PendingPush.objects.exists()
    assert RemoteCopy.objects.get().etag


def test_a_change_after_a_lost_answer_is_written_over_what_got_through(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.provider.fail("create", TemporarilyUnavailable("The answer was cut off."), applied=True)
    world.push_all()

    move(appointment, NINE + HOUR)
    world.push_all(now=NOW + HOUR)

    assert "DTSTART:20261124T100000Z" in only_object(world, home)


def test_a_cancellation_after_a_lost_answer_leaves_nothing(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.provider.fail("create", TemporarilyUnavailable("The answer was cut off."), applied=True)
    world.push_all()

    cancel(appointment)
    world.push_all(now=NOW + HOUR)

    assert world.server.objects(home.url) == {}
    assert not RemoteCopy.objects.exists()


def test_a_worker_killed_between_writing_and_noting_it_leaves_one_object(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    world.book()
    world.provider.fail("create", Killed(), applied=True)  # type: ignore[arg-type]
    with pytest.raises(Killed):
        world.push_all()
    PendingPush.objects.update(claimed_until=Now() - MINUTE)

    world.push_all()

    assert len(world.server.objects(home.url)) == 1
    assert not PendingPush.objects.exists()
    assert RemoteCopy.objects.get().etag


class Killed(BaseException):
    """The worker is gone: nothing below catches it."""


def test_a_claimed_row_is_left_to_its_worker(world: World) -> None:
    world.add_calendar("Home", primary=True)
    world.book()
    PendingPush.objects.update(claimed_until=Now() + MINUTE)

    push(PendingPush.objects.get(), provider=world.provider, now=NOW)

    assert world.provider.calls == {}


def test_a_worker_that_comes_too_late_notes_nothing(world: World) -> None:
    world.add_calendar("Home", primary=True)
    world.book()

    def another_claims_it() -> None:
        PendingPush.objects.update(fence=99, claimed_until=Now() + MINUTE)

    world.push_all(provider=MemoryProvider(world.server, during_create=another_claims_it))

    pending = PendingPush.objects.get()
    assert (pending.fence, RemoteCopy.objects.get().etag) == (99, "")


def test_a_copy_changed_on_the_phone_is_written_in_the_version_found(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.push_all()
    [url] = world.server.objects(home.url)
    world.server.put(home.url, only_object(world, home).replace("T09", "T07"), name=url.rpartition("/")[2])

    move(appointment, NINE + HOUR)
    world.push_all()

    assert "DTSTART:20261124T100000Z" in only_object(world, home)
    assert not PendingPush.objects.exists()


def test_a_copy_that_keeps_changing_is_left_after_three_rounds(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.push_all()
    [url] = world.server.objects(home.url)
    text = only_object(world, home)

    def phone() -> None:
        world.server.put(home.url, text, name=url.rpartition("/")[2])

    restless = MemoryProvider(world.server, during_replace=phone)
    move(appointment, NINE + HOUR)
    world.push_all(provider=restless)

    assert restless.calls["replace"] == 3
    pending = PendingPush.objects.get()
    assert (pending.parked_at, pending.due_at > NOW) == (None, True)


def test_a_copy_deleted_on_the_phone_is_not_written_again_before_its_host_was_asked(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.push_all()
    [url] = world.server.objects(home.url)
    world.server.remove(url)

    move(appointment, NINE + HOUR)
    world.push_all()

    assert world.server.objects(home.url) == {}
    assert RemoteCopy.objects.get().check_at == NOW


def test_deleting_what_is_gone_already_is_fine(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.push_all()
    [url] = world.server.objects(home.url)
    world.server.remove(url)

    cancel(appointment)
    world.push_all()

    assert not PendingPush.objects.exists()
    assert not RemoteCopy.objects.exists()


def test_a_changed_copy_of_a_cancelled_appointment_is_deleted_in_the_version_found(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.push_all()
    [url] = world.server.objects(home.url)
    world.server.put(home.url, only_object(world, home), name=url.rpartition("/")[2])

    cancel(appointment)
    world.push_all()

    assert world.server.objects(home.url) == {}


def test_a_new_primary_gets_the_copy_only_after_the_former_one_has_lost_it(world: World) -> None:
    home, work = world.add_calendar("Home", primary=True), world.add_calendar("Work")
    appointment = world.book()
    world.push_all()
    world.choose_primary(work)
    changed(appointment)
    to_work = PendingPush.objects.get(remote_calendar=work)

    push(to_work, provider=world.provider, now=NOW)
    before = (len(world.server.objects(home.url)), len(world.server.objects(work.url)))
    push(PendingPush.objects.get(remote_calendar=home), provider=world.provider, now=NOW)
    world.push_all()
    after = (len(world.server.objects(home.url)), len(world.server.objects(work.url)))

    assert (before, after) == ((1, 0), (0, 1))
    assert not PendingPush.objects.exists()
    assert RemoteCopy.objects.get().remote_calendar == work


def test_an_unavailable_server_is_asked_later_and_later(world: World) -> None:
    world.add_calendar("Home", primary=True)
    world.book()
    world.provider.fail("create", TemporarilyUnavailable("Try again later."), times=9)
    world.provider.fail("find", TemporarilyUnavailable("Try again later."), times=9)

    waits = []
    now = NOW
    for _attempt in range(4):
        world.push_all(now=now)
        due_at = PendingPush.objects.get().due_at
        waits.append(due_at - now)
        now = due_at

    assert waits == sorted(waits)
    assert waits[3] > 4 * waits[0]
    assert (PendingPush.objects.get().parked_at, PendingPush.objects.get().error) == (None, "Try again later.")


@pytest.mark.parametrize(
    ("asked", "obeyed"),
    [
        (timedelta(seconds=-5), MINUTE),
        (timedelta(seconds=300), 5 * MINUTE),
        (timedelta(days=9), 2 * HOUR),
    ],
)
def test_a_server_that_asks_for_patience_gets_it_for_the_whole_login(
    world: World, asked: timedelta, obeyed: timedelta
) -> None:
    world.add_calendar("Home", primary=True)
    world.book()
    world.book(starts_at=NINE + DAY)
    world.provider.fail("create", TemporarilyUnavailable("Slow down.", retry_after=asked), times=2)

    world.push_all()

    assert world.provider.calls["create"] == 1
    connection = Connection.objects.get()
    assert (connection.paused_until, connection.next_look_at) == (NOW + obeyed, NOW + obeyed)
    assert not PendingPush.objects.due(NOW + obeyed - MINUTE / 2).exists()
    assert PendingPush.objects.due(NOW + obeyed).count() == 2


def test_an_unreachable_server_is_tried_with_one_row_not_with_all(world: World) -> None:
    world.add_calendar("Home", primary=True)
    world.book()
    world.book(starts_at=NINE + DAY)
    world.provider.fail("create", Unreachable("The server does not answer."), times=2)

    world.push_all()

    assert world.provider.calls["create"] == 1


def test_a_refused_login_stops_all_pushes_until_the_probe(world: World) -> None:
    world.add_calendar("Home", primary=True)
    world.book()
    world.book(starts_at=NINE + DAY)
    world.provider.fail("create", LoginRefused("The password is not accepted."), times=2)

    world.push_all()
    world.push_all(now=NOW + HOUR)

    assert world.provider.calls["create"] == 1
    connection = Connection.objects.get()
    assert (connection.state, connection.next_look_at) == (ConnectionState.FAILING, NOW + 3 * MINUTE)
    assert PendingPush.objects.count() == 2


def test_pushes_go_on_when_the_probe_is_accepted(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    world.book()
    world.provider.fail("create", LoginRefused("The password is not accepted."))
    world.push_all()

    world.pull(now=NOW + 3 * MINUTE)
    world.push_all(now=NOW + 3 * MINUTE)

    assert len(world.server.objects(home.url)) == 1


def test_a_calendar_that_became_read_only_parks_the_push_and_is_noted(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    world.book()
    world.provider.fail("create", AccessLost("The server does not let this login write here."))

    world.push_all()
    world.push_all(now=NOW + DAY)

    pending = PendingPush.objects.get()
    assert (pending.parked_at, pending.error) == (NOW, "The server does not let this login write here.")
    home.refresh_from_db()
    assert home.capability == Capability.READ_ONLY
    assert world.provider.calls["create"] == 1
    assert Appointment.objects.active().exists()


def test_a_parked_push_goes_on_when_the_item_changes(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    appointment = world.book()
    world.provider.fail("create", Refused("The calendar is full."))
    world.push_all()
    assert PendingPush.objects.get().parked_at == NOW

    move(appointment, NINE + HOUR)
    world.push_all()

    assert "DTSTART:20261124T100000Z" in only_object(world, home)


def test_a_calendar_that_is_gone_parks_the_push_and_keeps_the_appointment(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    RemoteCalendar.objects.update(gone_at=NOW)
    world.book()

    world.push_all()

    assert PendingPush.objects.get().parked_at == NOW
    assert world.provider.calls == {}
    assert Appointment.objects.active().exists()
    assert world.server.objects(home.url) == {}


def test_a_row_whose_workers_never_come_back_is_parked(world: World) -> None:
    world.add_calendar("Home", primary=True)
    world.book()
    for _death in range(MOST_UNFINISHED):
        world.provider.fail("create", Killed())  # type: ignore[arg-type]
        world.provider.fail("find", Killed())  # type: ignore[arg-type]
        with pytest.raises(Killed):
            world.push_all()
        PendingPush.objects.update(claimed_until=Now() - MINUTE)

    world.push_all()

    assert PendingPush.objects.values("parked_at", "error").get() == {"parked_at": NOW, "error": ANY}
    assert not PendingPush.objects.due(NOW + DAY).exists()


def test_an_unexpected_failure_is_tried_thrice_and_then_parked(world: World) -> None:
    world.add_calendar("Home", primary=True)
    world.book()
    now, tries = NOW, 0
    while (pending := PendingPush.objects.due(now).first()) is not None:
        world.provider.fail("create", ZeroDivisionError())  # type: ignore[arg-type]
        world.provider.fail("find", ZeroDivisionError())  # type: ignore[arg-type]
        with pytest.raises(ZeroDivisionError):
            push(pending, provider=world.provider, now=now)
        give_up(pending, now=now)
        now, tries = now + DAY, tries + 1

    assert tries == MOST_UNFINISHED
    assert PendingPush.objects.get().parked_at is not None
