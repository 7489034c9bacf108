"""Logins read while a customer waits: who is asked, how often, and what is left behind (Y15)."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
import structlog
from django.db import connection, connections, transaction
from django.db.models.functions import Now

from accounts.queries import database_now
from accounts.services.crew import Crew
from availability.models import BusySource, BusyTime
from integrations.models import Connection, ConnectionState, RemoteCalendar
from integrations.ports import Credentials, LoginRefused, NotACalendarServer, TemporarilyUnavailable, Unreachable
from integrations.providers import registry
from integrations.services.refresh import CalendarRefresher
from tests.factories import ConnectionFactory
from tests.fakes.memory_provider import MemoryProvider
from tests.integrations.sync.world import HOUR, MINUTE, World, event

pytestmark = pytest.mark.django_db(transaction=True)
LONG = timedelta(seconds=30)
SHORT = timedelta(milliseconds=200)
A_WHILE = timedelta(seconds=16)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    world = World()
    Connection.objects.update(next_look_at=Now() + HOUR, home_url=world.server.home.url)
    with registry.override(lambda _credentials, _kind: world.provider):
        yield world


@pytest.fixture
def refresh() -> Callable[..., None]:
    """Refreshes these remote calendars, by a crew of the test's own."""
    refresher = CalendarRefresher(Crew(4))

    def of(*remotes: RemoteCalendar, within: timedelta = LONG) -> None:
        refresher.refresh([remote.source_id for remote in remotes if remote.source_id], within)

    return of


def put(world: World, remote: RemoteCalendar) -> None:
    world.server.put(remote.url, event(start=database_now() + HOUR), name="a.ics")


def wait_for_look(login: Connection) -> None:
    [thread.join(30) for thread in threading.enumerate() if thread.name == str(login.pk)]


def test_what_was_put_on_the_server_just_now_is_known_afterwards(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    put(world, home)

    refresh(home)

    world.connection.refresh_from_db()
    assert BusyTime.objects.count() == 1
    assert BusySource.objects.get().read_at is not None
    assert (world.connection.claimed_until, world.connection.unfinished) == (None, 0)
    assert world.provider.closed


def test_a_login_is_read_once_in_fifteen_seconds(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")

    refresh(home)
    refresh(home)
    asked_at_once = world.provider.calls["list_calendars"]
    Connection.objects.update(looked_at=Now() - A_WHILE)
    refresh(home)

    assert (asked_at_once, world.provider.calls["list_calendars"]) == (1, 2)


def test_a_login_that_failed_is_not_asked_again_at_once_either(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    world.provider.fail("list_calendars", Unreachable("Away."), times=9)

    refresh(home)
    refresh(home)

    assert world.provider.calls["list_calendars"] == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"state": ConnectionState.BROKEN},
        {"switched_off_at": Now()},
        {"refused_at": Now()},
        {"paused_until": Now() + MINUTE},
        {"unfinished": 1},
        {"looked_at": Now() - timedelta(seconds=5)},
    ],
    ids=["broken", "switched off", "refused", "paused", "never came back", "just read"],
)
def test_a_login_that_should_be_left_alone_is_not_asked(
    world: World, refresh: Callable[..., None], facts: dict[str, object]
) -> None:
    home = world.add_calendar("Home")
    Connection.objects.update(**facts)

    refresh(home)

    assert world.provider.calls == {}


@pytest.mark.parametrize("facts", [{"gone_at": Now()}, {"capability": "subscribed"}], ids=["gone", "subscribed"])
def test_a_calendar_that_cannot_be_read_is_no_reason_to_ask(
    world: World, refresh: Callable[..., None], facts: dict[str, object]
) -> None:
    home = world.add_calendar("Home")
    RemoteCalendar.objects.update(**facts)

    refresh(home)

    assert world.provider.calls == {}


def test_two_who_book_at_once_cause_one_read_and_both_wait_for_it(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    put(world, home)
    reading, go_on = threading.Event(), threading.Event()
    known: list[int] = []

    def hold_up() -> None:
        reading.set()
        go_on.wait(30)

    def book() -> None:
        refresh(home)
        known.append(BusyTime.objects.count())
        connections.close_all()

    slow = MemoryProvider(world.server, during_fetch=hold_up)
    with registry.override(lambda _credentials, _kind: slow):
        first, second = (threading.Thread(target=book) for _twice in range(2))
        first.start()
        assert reading.wait(30)
        second.start()
        second.join(0.3)
        still_waiting = second.is_alive()
        go_on.set()
        first.join(30)
        second.join(30)

    assert (still_waiting, known, slow.calls["list_calendars"]) == (True, [1, 1], 1)


def test_many_who_book_at_once_cause_one_read(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    put(world, home)
    everybody, known = threading.Barrier(8), []

    def book() -> None:
        everybody.wait(30)
        refresh(home)
        known.append(BusyTime.objects.count())
        connections.close_all()

    threads = [threading.Thread(target=book) for _number in range(8)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]

    assert (known, world.provider.calls["list_calendars"]) == ([1] * 8, 1)


def test_a_login_somebody_claims_at_this_very_moment_is_not_passed_over(
    world: World, refresh: Callable[..., None]
) -> None:
    home = world.add_calendar("Home")
    put(world, home)

    def book() -> None:
        refresh(home)
        connections.close_all()

    booking = threading.Thread(target=book)
    with transaction.atomic():
        list(Connection.objects.select_for_update())
        booking.start()
        booking.join(0.3)
        still_waiting = booking.is_alive()
    booking.join(30)

    assert (still_waiting, BusyTime.objects.count(), world.provider.calls["list_calendars"]) == (True, 1, 1)


def test_a_read_by_a_worker_is_waited_for_but_no_longer_than_the_budget(
    world: World, refresh: Callable[..., None]
) -> None:
    home = world.add_calendar("Home")
    Connection.objects.update(claimed_until=Now() + HOUR)

    refresh(home, within=SHORT)

    assert world.provider.calls == {}


def test_several_logins_are_read_at_the_same_time(world: World, refresh: Callable[..., None]) -> None:
    home, work = world.add_calendar("Home"), world.add_calendar("Work")
    work.connection = ConnectionFactory(username="other", home_url=world.server.home.url)
    work.save()
    both = threading.Barrier(2)
    put(world, home)
    put(world, work)

    def open_for(_credentials: Credentials, _kind: str) -> MemoryProvider:
        return MemoryProvider(world.server, during_fetch=partial(both.wait, 30))

    with registry.override(open_for):
        refresh(home, work)

    assert BusyTime.objects.values("source").distinct().count() == 2


def test_a_slow_server_is_left_behind_and_its_answer_counts_when_it_comes(
    world: World, refresh: Callable[..., None]
) -> None:
    home = world.add_calendar("Home")
    put(world, home)
    go_on = threading.Event()
    slow = MemoryProvider(world.server, during_fetch=lambda: go_on.wait(30))
    with registry.override(lambda _credentials, _kind: slow):
        refresh(home, within=SHORT)
        known_when_nobody_waited_any_more = BusyTime.objects.count()
        go_on.set()
        wait_for_look(world.connection)

    assert (known_when_nobody_waited_any_more, BusyTime.objects.count()) == (0, 1)


def test_no_transaction_is_open_while_the_server_is_asked(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    put(world, home)
    open_ones: list[int] = []

    def count() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%'"
            )
            open_ones.append(cursor.fetchone()[0])

    watched = MemoryProvider(world.server, during_fetch=count)
    with registry.override(lambda _credentials, _kind: watched):
        refresh(home)

    assert open_ones == [0]


def test_the_lease_is_short_should_the_process_die(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    claims: list[bool] = []

    def open_for(_credentials: Credentials, _kind: str) -> MemoryProvider:
        soon = Now() + timedelta(seconds=16)
        claims.append(Connection.objects.filter(claimed_until__gt=Now(), claimed_until__lt=soon, unfinished=1).exists())
        return world.provider

    with registry.override(open_for):
        refresh(home)

    assert claims == [True]


@pytest.mark.parametrize(
    "error", [Unreachable("The server did not answer in time."), NotACalendarServer("Nonsense."), ZeroDivisionError()]
)
def test_a_look_that_came_to_nothing_is_not_held_against_the_login(
    world: World, refresh: Callable[..., None], error: Exception
) -> None:
    home = world.add_calendar("Home")
    before = Connection.objects.get()
    world.provider.fail("list_calendars", error)  # type: ignore[arg-type]

    refresh(home)

    after = Connection.objects.get()
    assert (after.state, after.failures, after.reason) == (ConnectionState.CONNECTED, 0, "")
    assert (after.claimed_until, after.unfinished, after.next_look_at) == (None, 0, before.next_look_at)
    assert BusySource.objects.get().failing_since is None


def test_a_login_the_server_refuses_is_not_sent_to_it_again(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    world.provider.fail("list_calendars", LoginRefused("No."))

    refresh(home)

    after = Connection.objects.get()
    assert after.refused_at is not None
    assert after.claimed_until is None


def test_a_server_that_wants_to_be_left_alone_is(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    world.provider.fail("list_calendars", TemporarilyUnavailable("Busy.", retry_after=5 * MINUTE))

    refresh(home)
    Connection.objects.update(looked_at=Now() - A_WHILE)
    refresh(home)

    assert world.provider.calls["list_calendars"] == 1


def test_what_goes_wrong_is_logged_without_its_words(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    world.provider.fail("list_calendars", ZeroDivisionError("Dentist"))  # type: ignore[arg-type]

    with structlog.testing.capture_logs() as logs:
        refresh(home)

    (line,) = [line for line in logs if line["event"] == "look_failed"]
    assert (line["error"], "Dentist" in str(line)) == ("ZeroDivisionError", False)


def test_a_password_stored_for_another_login_is_not_used(world: World, refresh: Callable[..., None]) -> None:
    home = world.add_calendar("Home")
    Connection.objects.update(username="somebody else")

    refresh(home)

    assert Connection.objects.get().state == ConnectionState.BROKEN
    assert world.provider.calls == {}


def test_where_no_thread_is_free_the_login_is_given_back_unread(world: World) -> None:
    home = world.add_calendar("Home")

    CalendarRefresher(Crew(0)).refresh([home.source_id or 0], LONG)

    assert (Connection.objects.get().claimed_until, world.provider.calls) == (None, {})


def test_a_source_nobody_reads_asks_nobody(world: World) -> None:
    source = BusySource.objects.create(user=world.member.user, name="Elsewhere")

    CalendarRefresher(Crew(1)).refresh([source.pk], LONG)

    assert world.provider.calls == {}
