"""What the queue runs: claims, threads, and the boundary where the unexpected ends."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog
from django.db import connections
from django.db.models import F
from django.db.models.functions import Now

from accounts.queries import database_now
from accounts.services.crew import Crew
from availability.models import BusyTime
from integrations import tasks
from integrations.models import Connection, ConnectionState, PendingPush, RemoteCalendar, RemoteCopy
from integrations.ports import (
    CalendarProvider,
    Credentials,
    FetchedEvent,
    Home,
    ListedCalendar,
    LoginRefused,
    Unreachable,
    WantedEvent,
)
from integrations.providers import registry
from integrations.providers.caldav.hrefs import key_of
from integrations.sync.lanes import Lanes
from integrations.sync.looking import MOST_UNFINISHED_LOOKS
from tests.factories import NOW, ConnectionFactory, RemoteCalendarFactory
from tests.fakes.memory_provider import MemoryProvider, MemoryServer
from tests.integrations.sync.world import HOUR, MINUTE, World, changed, event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    world = World()
    Connection.objects.update(next_look_at=Now() - MINUTE)
    with registry.override(lambda _credentials, _kind: world.provider):
        yield world


def coming() -> str:
    return event(start=database_now() + HOUR)


def test_what_is_due_is_read_and_released(world: World) -> None:
    home = world.add_calendar("Home")
    world.server.put(home.url, coming(), name="a.ics")

    tasks.look_at_due()

    world.connection.refresh_from_db()
    assert BusyTime.objects.count() == 1
    assert (world.connection.claimed_until, world.connection.unfinished) == (None, 0)
    assert world.connection.next_look_at > database_now()
    assert world.provider.closed


def test_what_is_not_due_is_left_alone(world: World) -> None:
    Connection.objects.update(next_look_at=Now() + MINUTE)

    tasks.look_at_due()

    assert world.provider.calls == {}


def test_a_login_just_connected_is_read_before_its_time(world: World) -> None:
    Connection.objects.update(next_look_at=Now() + HOUR)

    tasks.look_at_one(world.connection.pk)

    assert world.provider.calls["list_calendars"] == 1


def test_a_refused_login_is_not_asked_before_its_probe(world: World) -> None:
    Connection.objects.update(next_look_at=Now() + MINUTE, refused_at=Now())

    tasks.look_at_one(world.connection.pk)

    assert world.provider.calls == {}


def test_an_unexpected_failure_stays_with_its_login(world: World) -> None:
    other = ConnectionFactory(username="other", home_url=world.server.home.url)
    Connection.objects.update(next_look_at=Now() - MINUTE)

    def open_for(credentials: Credentials, _kind: str) -> CalendarProvider:
        provider = MemoryProvider(world.server)
        if credentials.username == "other":
            provider.fail("list_calendars", ZeroDivisionError("Dentist"))  # type: ignore[arg-type]
        return provider

    with registry.override(open_for), structlog.testing.capture_logs() as logs:
        tasks.look_at_due()

    other.refresh_from_db()
    world.connection.refresh_from_db()
    assert (other.failures, other.claimed_until, world.connection.failures) == (1, None, 0)
    [line] = [line for line in logs if line["event"] == "look_failed"]
    assert (line["error"], "Dentist" in str(line)) == ("ZeroDivisionError", False)


def test_a_password_stored_for_another_login_is_not_used(world: World) -> None:
    Connection.objects.update(username="somebody else")

    tasks.look_at_due()

    world.connection.refresh_from_db()
    assert world.connection.state == ConnectionState.BROKEN
    assert world.provider.calls == {}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_login_that_ended_its_workers_is_put_off_before_it_is_tried_again(world: World) -> None:
    Connection.objects.update(unfinished=MOST_UNFINISHED_LOOKS)
    world.provider.fail("list_calendars", Dies())  # type: ignore[arg-type]

    tasks.look_at_due()

    world.connection.refresh_from_db()
    assert world.connection.state == ConnectionState.FAILING
    assert world.connection.next_look_at > database_now() + 5 * MINUTE


class Dies(SystemExit):
    """Ends its thread without a word, and leaves the claim as a kill would."""


def test_a_slow_server_does_not_hold_the_queue(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PATIENCE", timedelta(milliseconds=50))
    go_on, ended = threading.Event(), threading.Event()
    home = world.add_calendar("Home")
    world.server.put(home.url, coming(), name="a.ics")

    class Slow(MemoryProvider):
        def close(self) -> None:
            ended.set()

    slow = Slow(world.server, during_fetch=lambda: go_on.wait(30))
    with registry.override(lambda _credentials, _kind: slow):
        tasks.look_at_due()
        stored_when_the_task_ended = BusyTime.objects.count()
        go_on.set()
        assert ended.wait(30)
        end_of_turns()

    assert (stored_when_the_task_ended, BusyTime.objects.count()) == (0, 1)


def test_one_nudge_writes_all_that_is_due_for_the_login(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    world.book()
    world.book()

    tasks.push_one(PendingPush.objects.order_by("pk")[0].pk)

    assert len(world.server.objects(home.url)) == 2
    assert not PendingPush.objects.exists()


def test_a_nudge_for_a_row_that_is_done_does_nothing(world: World) -> None:
    tasks.push_one(1)
    tasks.push_due()

    assert world.provider.calls == {}


def test_two_workers_on_the_same_rows_write_each_once(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    for _number in range(10):
        world.book()
    both = threading.Barrier(2)

    def work() -> None:
        both.wait()
        tasks._push_all_of(world.connection.pk)
        connections.close_all()

    workers = [threading.Thread(target=work) for _number in range(2)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]

    assert len(world.server.objects(home.url)) == 10
    assert (world.provider.calls["create"], world.provider.calls["replace"]) == (10, 0)


def test_a_new_primary_in_the_same_login_is_settled_by_one_nudge(world: World) -> None:
    home, work = world.add_calendar("Home", primary=True), world.add_calendar("Work")
    appointment = world.book()
    tasks.push_due()
    world.choose_primary(work)
    changed(appointment)

    tasks.push_due()

    assert (len(world.server.objects(home.url)), len(world.server.objects(work.url))) == (0, 1)


def test_an_unexpected_failure_of_one_push_keeps_no_other_from_being_written(world: World) -> None:
    home = world.add_calendar("Home", primary=True)
    world.book()
    world.book()
    world.provider.fail("create", ZeroDivisionError())  # type: ignore[arg-type]

    tasks.push_due()

    assert len(world.server.objects(home.url)) == 1
    assert PendingPush.objects.get().claimed_until is None


def test_stored_events_are_expanded_anew_while_the_server_is_away(world: World) -> None:
    home = world.add_calendar("Home")
    world.server.put(home.url, event(start=database_now() + HOUR, lines=["RRULE:FREQ=DAILY"]), name="a.ics")
    tasks.look_at_due()
    BusyTime.objects.all().delete()
    RemoteCalendar.objects.update(expanded_at=Now() - timedelta(days=2))
    Connection.objects.update(state=ConnectionState.BROKEN)
    world.provider.fail("list_calendars", Unreachable("Away."), times=9)

    tasks.expand_due()

    world.connection.refresh_from_db()
    assert BusyTime.objects.count() >= 400
    assert (world.connection.state, world.connection.claimed_until) == (ConnectionState.BROKEN, None)


def small_crews(monkeypatch: pytest.MonkeyPatch, *, threads: int) -> None:
    for kind in ("look", "push"):
        monkeypatch.setattr(tasks, f"_{kind}ers", Crew(threads))
        lanes = Lanes(threads, each_server=tasks.PUSHES_EACH_SERVER if kind == "push" else None)
        monkeypatch.setattr(tasks, f"_{kind}_lanes", lanes)


def book_for(login: Connection, world: World, server: MemoryServer) -> PendingPush:
    """A copy that is due in a calendar of this login; what should lie there is nothing."""
    url = server.add_calendar("Home")
    remote = RemoteCalendarFactory(connection=login, key=key_of(url), url=url)
    written = server.put(url, event(), name="a.ics")
    RemoteCopy.objects.create(uid=(uid := uuid4()), remote_calendar=remote, remote_uid="theirs", url=url + "a.ics")
    assert written
    return PendingPush.objects.create(uid=uid, remote_calendar=remote, due_at=Now() - MINUTE)


def test_a_thread_that_is_done_goes_on_with_what_is_due_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    small_crews(monkeypatch, threads=2)
    for number in range(6):
        ConnectionFactory(username=f"more{number}", home_url=world.server.home.url, next_look_at=NOW)
    Connection.objects.update(next_look_at=Now() - MINUTE)

    tasks.look_at_due()

    assert world.provider.calls["list_calendars"] == 7
    assert not Connection.objects.due(Now()).exists()


def test_what_no_thread_is_free_for_stays_due(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    small_crews(monkeypatch, threads=1)
    monkeypatch.setattr(tasks, "PATIENCE", timedelta())
    go_on, began = threading.Event(), threading.Event()
    other = ConnectionFactory(username="other", home_url=world.server.home.url)
    Connection.objects.filter(pk=other.pk).update(next_look_at=Now() - HOUR)

    class Slow(MemoryProvider):
        def list_calendars(self, home: Home) -> tuple[ListedCalendar, ...]:
            began.set()
            go_on.wait(30)
            return super().list_calendars(home)

    with registry.override(lambda _credentials, _kind: Slow(world.server)):
        tasks.look_at_due()
        assert began.wait(30)
        tasks.look_at_one(world.connection.pk)
        waiting = Connection.objects.get(pk=world.connection.pk)
        go_on.set()
        end_of_turns()

    assert (waiting.claimed_until, waiting.fence) == (None, 0)
    assert not Connection.objects.due(Now()).exists()


def test_servers_that_hang_leave_threads_for_the_pushes_of_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PATIENCE", timedelta())
    home = world.add_calendar("Home", primary=True)
    hanging = MemoryServer()
    for number in range(tasks.PUSH_CREW_SIZE):
        login = ConnectionFactory(username=f"hangs{number}", server_url="https://hangs.example.org/")
        book_for(login, world, hanging)
    go_on, written = threading.Event(), threading.Event()

    class Hangs(MemoryProvider):
        def delete(self, url: str, *, etag: str, written: WantedEvent | None = None) -> None:
            go_on.wait(30)
            raise Unreachable("The server did not answer in time.")

        def read(self, url: str) -> FetchedEvent | None:
            go_on.wait(30)
            raise Unreachable("The server did not answer in time.")

    class Answers(MemoryProvider):
        def close(self) -> None:
            written.set()

    def open_for(credentials: Credentials, _kind: str) -> CalendarProvider:
        return Hangs(hanging) if credentials.username.startswith("hangs") else Answers(world.server)

    with registry.override(open_for):
        tasks.push_due()
        world.book()
        tasks.push_one(PendingPush.objects.get(remote_calendar=home).pk)
        assert written.wait(30)
        waiting = PendingPush.objects.filter(claimed_until=None, remote_calendar__connection__username__startswith="h")
        not_tried = waiting.count()
        go_on.set()
        end_of_turns()

    assert len(world.server.objects(home.url)) == 1
    assert not_tried == tasks.PUSH_CREW_SIZE - tasks.PUSHES_EACH_SERVER


def test_logins_known_to_be_slow_get_half_of_the_threads_that_push(world: World) -> None:
    due = []
    for number in range(tasks.PUSH_CREW_SIZE):
        server_url = f"https://s{number}.example.org/"
        login = ConnectionFactory(username=f"slow{number}", server_url=server_url, failures=1)
        due.append(book_for(login, world, world.server).remote_calendar.connection_id)

    entered = list(tasks._logins_to_push_for())
    [tasks._push_lanes.leave(pk) for pk in entered]

    assert entered == due[: tasks.PUSH_CREW_SIZE // 2]


def test_after_a_refused_push_nothing_more_is_sent(world: World) -> None:
    world.add_calendar("Home", primary=True)
    world.book()
    world.book()
    world.provider.fail("create", LoginRefused("The password is not accepted."), times=9)

    tasks.push_due()
    tasks.push_due()
    tasks.look_at_due()
    tasks.look_at_one(world.connection.pk)

    assert world.provider.calls == {"create": 1}


def test_no_push_is_made_with_a_password_that_was_replaced_meanwhile(world: World) -> None:
    world.add_calendar("Home", primary=True)
    world.book()
    world.book()
    opened = []

    def replace_password() -> None:
        Connection.objects.update(connected_at=F("connected_at") + MINUTE)

    def open_for(_credentials: Credentials, _kind: str) -> CalendarProvider:
        opened.append(MemoryProvider(world.server, during_create=None if opened else replace_password))
        return opened[-1]

    with registry.override(open_for):
        tasks.push_due()

    assert [provider.calls["create"] for provider in opened] == [1, 1]
    assert not PendingPush.objects.exists()


def end_of_turns() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith(("look ", "push ")):
            thread.join(30)
