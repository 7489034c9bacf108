"""Pull: what lies on the remote calendars becomes busy time, and nothing is lost by one wrong answer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now
from pytest_django import Settings

from availability.models import BusySource, BusyTime
from integrations.models import Connection, ConnectionState, PendingPush, RemoteCalendar, RemoteEvent
from integrations.ports import (
    AccessLost,
    Capability,
    Changes,
    Fetched,
    ListedObject,
    LoginRefused,
    NotACalendarServer,
    TemporarilyUnavailable,
    Unreachable,
)
from integrations.sync.claims import claim_due_connections, claim_push, release_dead_claims
from integrations.sync.comparing import CONFIRM_AFTER
from tests.factories import NOW, MemberFactory
from tests.fakes.memory_provider import MemoryProvider
from tests.integrations.sync.world import HOUR, MINUTE, NINE, World, cancel, event

DAY = timedelta(days=1)


def test_an_event_of_somebody_else_blocks_its_time(world: World) -> None:
    home = world.add_calendar("Home")
    world.server.put(home.url, event(), name="a.ics")

    world.pull()

    assert world.blocked() == [(NINE, NINE + HOUR)]
    assert BusyTime.objects.get().label == "Dentist"
    home.refresh_from_db()
    assert BusySource.objects.get().read_at == NOW
    assert (home.listed_in_full_at, home.cursor != "", home.token != "") == (NOW, True, True)


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_free_and_cancelled_events_do_not_block(world: World, line: str) -> None:
    home = world.add_calendar("Home")
    world.server.put(home.url, event(lines=[line]), name="a.ics")

    world.pull()

    assert world.blocked() == []


def test_a_free_event_is_kept_to_be_shown(world: World) -> None:
    home = world.add_calendar("Home")
    world.server.put(home.url, event(lines=["TRANSP:TRANSPARENT"]), name="a.ics")

    world.pull()

    assert list(BusyTime.objects.values_list("blocks", "label")) == [(False, "Dentist")]


def test_a_tentative_event_blocks(world: World) -> None:
    home = world.add_calendar("Home")
    world.server.put(home.url, event(lines=["STATUS:TENTATIVE"]), name="a.ics")

    world.pull()

    assert world.blocked() == [(NINE, NINE + HOUR)]


def test_a_recurring_event_blocks_each_time_from_a_month_back_to_400_days_ahead(world: World) -> None:
    home = world.add_calendar("Home")
    first = NOW - 100 * DAY
    world.server.put(home.url, event(start=first, lines=["RRULE:FREQ=DAILY"]), name="a.ics")

    world.pull()

    blocked = world.blocked()
    assert len(blocked) == len({start for start, _end in blocked})
    assert (blocked[0][1] > NOW - 31 * DAY, blocked[0][0] <= NOW - 30 * DAY) == (True, True)
    assert (blocked[-1][0] < NOW + 400 * DAY, blocked[-1][0] >= NOW + 399 * DAY) == (True, True)


def test_only_what_changed_is_fetched(world: World) -> None:
    home = world.add_calendar("Home")
    for number in range(5):
        world.server.put(home.url, event(uid=f"e{number}", start=NINE + number * DAY), name=f"{number}.ics")
    world.pull()
    asked: list[ListedObject] = []
    watching = Watching(world, asked)

    world.server.put(home.url, event(uid="e1", start=NINE + DAY + HOUR), name="1.ics")
    world.pull(now=NOW + MINUTE, provider=watching)

    assert [listed.key.rpartition("/")[2] for listed in asked] == ["1.ics"]
    assert world.blocked()[1] == (NINE + DAY + HOUR, NINE + DAY + 2 * HOUR)


class Watching(MemoryProvider):
    """Notes which objects are asked for."""

    def __init__(self, world: World, asked: list[ListedObject]) -> None:
        super().__init__(world.server)
        self._asked = asked

    def fetch(self, calendar_url: str, objects: object) -> Fetched:
        self._asked.extend(objects)  # type: ignore[arg-type]
        return super().fetch(calendar_url, objects)  # type: ignore[arg-type]


def test_an_unchanged_login_costs_one_request(world: World) -> None:
    home = world.add_calendar("Home")
    world.add_calendar("Work")
    world.server.put(home.url, event(), name="a.ics")
    world.pull()
    watched = MemoryProvider(world.server)

    world.pull(now=NOW + MINUTE, provider=watched)

    assert watched.calls == {"list_calendars": 1}
    assert set(BusySource.objects.values_list("read_at", flat=True)) == {NOW + MINUTE}


def test_a_calendar_nobody_chose_is_not_read(world: World) -> None:
    home = world.add_calendar("Home")
    world.configuration.conflicts.clear()
    world.server.put(home.url, event(), name="a.ics")

    world.pull()

    assert world.provider.calls == {"list_calendars": 1}
    assert world.blocked() == []


def test_a_deleted_event_no_longer_blocks(world: World) -> None:
    home = world.add_calendar("Home")
    url = world.server.put(home.url, event(), name="a.ics")
    world.pull()

    world.server.remove(url)
    world.pull(now=NOW + MINUTE)

    assert world.blocked() == []
    assert not RemoteEvent.objects.exists()


def test_an_expired_cursor_is_answered_by_a_full_listing_that_asks_only_for_what_it_leaves_out(world: World) -> None:
    home = world.add_calendar("Home")
    world.server.put(home.url, event(), name="a.ics")
    gone = world.server.put(home.url, event(uid="other", start=NINE + DAY), name="b.ics")
    world.pull()
    asked: list[ListedObject] = []

    world.server.remove(gone)
    world.server.forget_cursors()
    world.pull(now=NOW + MINUTE, provider=Watching(world, asked))

    assert [listed.url for listed in asked] == [gone]
    assert world.blocked() == [(NINE, NINE + HOUR)]


def test_a_full_listing_is_taken_when_it_is_due(world: World, settings: Settings) -> None:
    settings.SYNC_FULL_LISTING_SECONDS = 3600
    home = world.add_calendar("Home")
    world.server.put(home.url, event(), name="a.ics")
    world.pull()

    world.pull(now=NOW + HOUR)

    home.refresh_from_db()
    assert home.listed_in_full_at == NOW + HOUR
    assert world.provider.calls["list_changes"] == 2


class TestOwnCopies:
    def test_a_copy_of_ours_does_not_block(self, world: World) -> None:
        world.add_calendar("Home", primary=True)
        appointment = world.book()
        world.push_all()

        world.pull()

        assert world.blocked() == []
        assert RemoteEvent.objects.get().item_uid == appointment.uid

    def test_a_copy_of_a_cancelled_appointment_does_not_block_either(self, world: World) -> None:
        world.add_calendar("Home", primary=True)
        appointment = world.book()
        world.push_all()
        cancel(appointment)

        world.pull()

        assert world.blocked() == []

    def test_an_object_that_only_looks_like_ours_blocks(self, world: World) -> None:
        home = world.add_calendar("Home")
        uid = "7d3c5a4e-5f43-4a39-9d55-0d5a5d2f2a11@holdfast"
        world.server.put(home.url, event(uid=uid), name="a.ics")

        world.pull()

        assert world.blocked() == [(NINE, NINE + HOUR)]

    def test_another_persons_appointment_in_a_shared_calendar_blocks(self, world: World) -> None:
        home = world.add_calendar("Home")
        appointment = world.book()
        appointment.host = MemberFactory(account=world.member.account)
        appointment.save()
        world.server.put(home.url, event(uid=f"{appointment.uid}@holdfast"), name="a.ics")

        world.pull()

        assert world.blocked() == [(NINE, NINE + HOUR)]


class TestBrake:
    def test_a_listing_that_lists_nothing_removes_nothing(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, event(), name="a.ics")
        world.pull()

        world.pull(now=NOW + 2 * DAY, provider=ListsNothing(world.server))

        assert world.blocked() == [(NINE, NINE + HOUR)]

    def test_a_mass_deletion_is_believed_when_a_second_listing_agrees(self, world: World) -> None:
        home = self.calendar_with_fifty_events(world)

        for number in range(20):
            world.server.remove(f"{home.url}{number}.ics")
        world.pull(now=NOW + MINUTE)
        held = len(world.blocked())
        world.pull(now=NOW + MINUTE + CONFIRM_AFTER - MINUTE)
        still_held = len(world.blocked())
        world.pull(now=NOW + MINUTE + CONFIRM_AFTER)

        assert (held, still_held, len(world.blocked())) == (50, 50, 30)
        home.refresh_from_db()
        assert home.held_back_at is None

    def test_new_events_block_while_a_mass_deletion_is_held_back(self, world: World) -> None:
        home = self.calendar_with_fifty_events(world)

        for number in range(20):
            world.server.remove(f"{home.url}{number}.ics")
        world.server.put(home.url, event(uid="new", start=NINE - HOUR), name="new.ics")
        world.pull(now=NOW + MINUTE)

        assert (NINE - HOUR, NINE) in world.blocked()

    def test_a_listing_that_takes_the_deletion_back_ends_the_matter(self, world: World) -> None:
        home = self.calendar_with_fifty_events(world)

        world.pull(now=NOW + 2 * DAY, provider=ListsNothing(world.server))
        world.pull(now=NOW + 2 * DAY + CONFIRM_AFTER)

        home.refresh_from_db()
        assert (len(world.blocked()), home.held_back_at) == (50, None)

    def test_a_few_deletions_are_believed_at_once(self, world: World) -> None:
        home = self.calendar_with_fifty_events(world)

        for number in range(10):
            world.server.remove(f"{home.url}{number}.ics")
        world.pull(now=NOW + MINUTE)

        assert len(world.blocked()) == 40

    def calendar_with_fifty_events(self, world: World) -> RemoteCalendar:
        home = world.add_calendar("Home")
        for number in range(50):
            world.server.put(home.url, event(uid=f"e{number}", start=NINE + number * DAY), name=f"{number}.ics")
        world.pull()
        return home


class ListsNothing(MemoryProvider):
    """Answers every listing with an empty, complete one."""

    def list_changes(self, calendar_url: str, *, since: str) -> Changes:
        return Changes(present=(), gone=(), cursor="", complete=True)


class TestMissing:
    def test_an_object_not_handed_out_holds_the_cursor_for_three_rounds(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.pull()
        world.server.put(home.url, event(), name="a.ics")
        cursors = []
        for round_number in range(1, 5):
            world.pull(now=NOW + round_number * MINUTE, provider=HandsOutNothing(world.server))
            home.refresh_from_db()
            cursors.append(home.cursor)

        assert cursors[0] == cursors[1] == cursors[2]
        assert cursors[3] != cursors[0]
        assert RemoteEvent.objects.get().unreadable != ""

    def test_an_object_handed_out_late_blocks_from_then_on(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.pull()
        world.server.put(home.url, event(), name="a.ics")
        world.pull(now=NOW + MINUTE, provider=HandsOutNothing(world.server))

        world.pull(now=NOW + 2 * MINUTE)

        home.refresh_from_db()
        assert world.blocked() == [(NINE, NINE + HOUR)]
        assert home.missing_rounds == 0


class HandsOutNothing(MemoryProvider):
    """Lists objects and does not have them: eventual consistency at its worst."""

    def fetch(self, calendar_url: str, objects: object) -> Fetched:
        keys = tuple(listed.key for listed in objects)  # type: ignore[attr-defined]
        return Fetched(events=(), missing=keys)


class TestUnreadable:
    def test_an_unreadable_object_is_listed_and_harms_no_neighbour(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, "this is no calendar", name="bad.ics")
        world.server.put(home.url, event(), name="good.ics")

        world.pull()

        assert world.blocked() == [(NINE, NINE + HOUR)]
        assert RemoteEvent.objects.exclude(unreadable="").get().key.endswith("bad.ics")
        home.refresh_from_db()
        assert home.listed_in_full_at == NOW

    def test_an_object_that_becomes_unreadable_keeps_its_busy_time(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, event(), name="a.ics")
        world.pull()

        world.server.put(home.url, "this is no calendar", name="a.ics")
        world.pull(now=NOW + MINUTE)
        world.pull(now=NOW + 2 * DAY)

        assert world.blocked() == [(NINE, NINE + HOUR)]
        assert RemoteEvent.objects.get().unreadable != ""

    def test_an_object_that_was_never_readable_blocks_the_day_it_starts_on(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, event(lines=["RRULE:FREQ=SOMETIMES"]), name="a.ics")

        world.pull()

        (blocked,) = world.blocked()
        assert blocked[0] <= NINE < NINE + HOUR <= blocked[1]
        assert blocked[1] - blocked[0] == DAY
        assert RemoteEvent.objects.get().unreadable != ""

    def test_an_unreadable_object_is_not_fetched_again_and_again(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, "this is no calendar", name="bad.ics")
        world.pull()
        asked: list[ListedObject] = []

        world.server.put(home.url, event(), name="good.ics")
        world.pull(now=NOW + MINUTE, provider=Watching(world, asked))

        assert [listed.key.rpartition("/")[2] for listed in asked] == ["good.ics"]


class TestExpansion:
    def test_the_far_end_moves_with_time_without_asking_the_server(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, event(lines=["RRULE:FREQ=DAILY"]), name="a.ics")
        world.pull()
        before = world.blocked()[-1]

        world.pull(now=NOW + 10 * DAY, provider=Unanswering(world.server))

        assert world.blocked()[-1][0] == before[0] + 10 * DAY
        home.refresh_from_db()
        assert home.expanded_at == NOW + 10 * DAY

    def test_a_change_of_zone_moves_all_day_events(self, world: World) -> None:
        home = world.add_calendar("Home")
        all_day = event().replace("DTSTART:20261124T090000Z", "DTSTART;VALUE=DATE:20261124")
        all_day = all_day.replace("DTEND:20261124T100000Z", "DTEND;VALUE=DATE:20261125")
        world.server.put(home.url, all_day, name="a.ics")
        world.pull()
        in_berlin = world.blocked()
        world.member.user.time_zone = "America/New_York"
        world.member.user.save()

        world.pull(now=NOW + MINUTE)

        assert in_berlin == [(datetime(2026, 11, 23, 23, tzinfo=UTC), datetime(2026, 11, 24, 23, tzinfo=UTC))]
        assert world.blocked() == [(datetime(2026, 11, 24, 5, tzinfo=UTC), datetime(2026, 11, 25, 5, tzinfo=UTC))]


class Unanswering(MemoryProvider):
    """A server that is away."""

    def list_calendars(self, home: object) -> tuple[()]:
        raise Unreachable("The server does not answer.")


class TestOutcome:
    def test_the_next_look_comes_within_the_interval_and_not_in_step(self, world: World, settings: Settings) -> None:
        settings.SYNC_INTERVAL_SECONDS = 60
        world.add_calendar("Home")

        world.pull()

        assert NOW + timedelta(seconds=48) <= world.connection.next_look_at <= NOW + MINUTE
        assert (world.connection.state, world.connection.synced_at) == (ConnectionState.CONNECTED, NOW)

    def test_a_server_that_fails_twice_is_shown_as_failing_and_busy_times_stay(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, event(), name="a.ics")
        world.pull()
        states = []
        for number in (1, 2):
            world.pull(now=NOW + number * HOUR, provider=Unanswering(world.server))
            states.append(world.connection.state)

        assert states == [ConnectionState.CONNECTED, ConnectionState.FAILING]
        assert world.connection.reason == "The server does not answer."
        assert world.blocked() == [(NINE, NINE + HOUR)]
        assert BusySource.objects.get().failing_since == NOW + HOUR

    def test_a_server_that_answers_again_is_well_at_once(self, world: World) -> None:
        world.add_calendar("Home")
        for number in (1, 2):
            world.pull(now=NOW + number * HOUR, provider=Unanswering(world.server))

        world.pull(now=NOW + 3 * HOUR)

        assert (world.connection.state, world.connection.reason) == (ConnectionState.CONNECTED, "")
        assert BusySource.objects.get().failing_since is None

    def test_a_failing_server_is_asked_later_and_later_up_to_two_hours(self, world: World) -> None:
        world.add_calendar("Home")
        waits = []
        for number in range(10):
            now = NOW + number * DAY
            world.pull(now=now, provider=Unanswering(world.server))
            waits.append(world.connection.next_look_at - now)

        assert (waits[0] >= MINUTE, waits[0] < 2 * MINUTE, waits[-1]) == (True, True, 2 * HOUR)

    def test_a_web_page_instead_of_an_answer_removes_nothing(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, event(), name="a.ics")
        world.pull()
        world.server.put(home.url, event(uid="b"), name="b.ics")
        world.provider.fail("list_changes", NotACalendarServer("A web page answered."))

        world.pull(now=NOW + MINUTE)

        assert world.blocked() == [(NINE, NINE + HOUR)]
        assert world.connection.failures == 1

    def test_patience_asked_for_by_the_server_is_kept_to(self, world: World) -> None:
        world.add_calendar("Home")
        world.provider.fail("list_calendars", TemporarilyUnavailable("Slow down.", retry_after=HOUR))

        world.pull()

        assert world.connection.next_look_at == world.connection.paused_until == NOW + HOUR

    def test_one_calendar_without_access_keeps_no_other_from_being_read(self, world: World) -> None:
        world.add_calendar("Home")
        work = world.add_calendar("Work")
        world.server.put(work.url, event(), name="a.ics")
        world.provider.fail("list_changes", AccessLost("This calendar can no longer be read."))

        world.pull()

        assert world.blocked() == [(NINE, NINE + HOUR)]
        assert world.connection.state == ConnectionState.CONNECTED
        assert RemoteCalendar.objects.get(name="Home").problem == "This calendar can no longer be read."
        assert BusySource.objects.get(name="Home").failing_since == NOW

    def test_a_refused_login_is_probed_once_after_three_minutes_and_then_left(self, world: World) -> None:
        world.add_calendar("Home")
        world.provider.fail("list_calendars", LoginRefused("The password is not accepted."), times=5)

        world.pull()
        first = (world.connection.state, world.connection.next_look_at)
        world.pull(now=NOW + 3 * MINUTE)

        assert first == (ConnectionState.FAILING, NOW + 3 * MINUTE)
        assert world.connection.state == ConnectionState.BROKEN
        assert not Connection.objects.due(NOW + 30 * DAY).exists()

    def test_a_probe_that_is_accepted_mends_everything(self, world: World) -> None:
        world.add_calendar("Home")
        world.provider.fail("list_calendars", LoginRefused("The password is not accepted."))

        world.pull()
        world.pull(now=NOW + 3 * MINUTE)

        assert (world.connection.state, world.connection.refused_at) == (ConnectionState.CONNECTED, None)


class TestHome:
    def test_a_calendar_made_meanwhile_is_known_after_a_look(self, world: World) -> None:
        world.server.add_calendar("Club")

        world.pull()

        assert RemoteCalendar.objects.get().name == "Club"

    def test_a_renamed_calendar_gives_its_busy_source_the_new_name(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.calendar(home.url).name = "Family"

        world.pull()

        assert (RemoteCalendar.objects.get().name, BusySource.objects.get().name) == ("Family", "Family")

    def test_a_calendar_left_out_once_is_still_there(self, world: World) -> None:
        home, _work = world.add_calendar("Home"), world.add_calendar("Work")
        world.server.put(home.url, event(), name="a.ics")
        world.pull()
        world.server.remove_calendar(home.url)

        world.pull(now=NOW + MINUTE)

        home.refresh_from_db()
        assert (home.gone_at, world.blocked()) == (None, [(NINE, NINE + HOUR)])

    def test_a_calendar_left_out_twice_is_gone_with_its_busy_times(self, world: World) -> None:
        home, _work = world.add_calendar("Home"), world.add_calendar("Work")
        world.server.put(home.url, event(), name="a.ics")
        world.pull()
        world.server.remove_calendar(home.url)

        world.pull(now=NOW + MINUTE)
        world.pull(now=NOW + 3 * MINUTE)

        home.refresh_from_db()
        assert (home.gone_at, world.blocked()) == (NOW + 3 * MINUTE, [])
        assert world.connection.state == ConnectionState.CONNECTED

    def test_a_calendar_that_is_back_is_read_again(self, world: World) -> None:
        home, _work = world.add_calendar("Home"), world.add_calendar("Work")
        world.server.put(home.url, event(), name="a.ics")
        world.pull()
        kept = world.server.calendar(home.url)
        world.server.remove_calendar(home.url)
        for number in (1, 3):
            world.pull(now=NOW + number * MINUTE)

        world.server._calendars[home.url] = kept
        world.pull(now=NOW + 4 * MINUTE)

        home.refresh_from_db()
        assert (home.gone_at, world.blocked()) == (None, [(NINE, NINE + HOUR)])

    def test_a_home_that_suddenly_lists_nothing_is_not_believed(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.pull()
        world.server.remove_calendar(home.url)

        for number in range(1, 5):
            world.pull(now=NOW + number * HOUR)

        home.refresh_from_db()
        assert (home.gone_at, world.connection.state) == (None, ConnectionState.FAILING)

    def test_a_calendar_that_becomes_writable_wakes_its_parked_pushes(self, world: World) -> None:
        home = world.add_calendar("Home", primary=True, capability=Capability.READ_ONLY)
        world.book()
        world.push_all()
        assert PendingPush.objects.get().parked_at == NOW

        world.server.set_capability(home.url, Capability.WRITE)
        world.pull(now=NOW + 2 * DAY)

        assert PendingPush.objects.due(NOW + 2 * DAY).exists()


class TestFence:
    def test_a_worker_that_comes_too_late_writes_nothing(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, event(), name="a.ics")

        def another_claims_it() -> None:
            Connection.objects.update(fence=F("fence") + 1)

        world.pull(provider=MemoryProvider(world.server, during_fetch=another_claims_it))

        assert world.blocked() == []
        assert world.connection.synced_at is None

    def test_a_login_switched_off_meanwhile_is_not_written_for(self, world: World) -> None:
        home = world.add_calendar("Home")
        world.server.put(home.url, event(), name="a.ics")

        def its_owner_switches_it_off() -> None:
            Connection.objects.update(switched_off_at=NOW)

        world.pull(provider=MemoryProvider(world.server, during_fetch=its_owner_switches_it_off))

        assert world.blocked() == []

    def test_a_connection_is_claimed_once(self, world: World) -> None:
        first = claim_due_connections(20, now=NOW)
        second = claim_due_connections(20, now=NOW)

        assert ([claimed.fence for claimed in first], second) == ([1], [])

    def test_a_lease_that_is_over_is_taken_over(self, world: World) -> None:
        claim_due_connections(20, now=NOW)
        Connection.objects.update(claimed_until=Now() - MINUTE)

        [claimed] = claim_due_connections(20, now=NOW)

        assert (claimed.fence, claimed.unfinished) == (2, 2)

    def test_claims_of_workers_that_are_dead_are_free_at_once(self, world: World) -> None:
        world.add_calendar("Home", primary=True)
        world.book()
        claim_due_connections(20, now=NOW)
        assert claim_push(PendingPush.objects.get(), now=NOW)

        release_dead_claims()

        assert [claimed.fence for claimed in claim_due_connections(20, now=NOW)] == [2]
        assert PendingPush.objects.due(NOW).exists()

    def test_claims_of_other_machines_are_left_alone(self, world: World) -> None:
        claim_due_connections(20, now=NOW)
        Connection.objects.update(claimed_by="another machine")

        release_dead_claims()

        assert claim_due_connections(20, now=NOW) == []
