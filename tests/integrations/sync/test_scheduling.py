"""When a login is looked at again: leases, refusals, pauses, checks, and what is known of how long it takes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import override_settings

from integrations.models import Connection, ConnectionState, RemoteCopy
from integrations.ports import Credentials, LoginRefused, TemporarilyUnavailable, Unreachable
from integrations.providers import registry
from integrations.services import connect
from integrations.sync.claims import ClaimLost
from integrations.sync.lanes import GiveWay
from integrations.sync.looking import KeptClaim, look
from integrations.sync.outcome import (
    note_broken,
    note_failure,
    note_length,
    note_refused_login,
    note_success,
    pause,
)
from integrations.sync.pull import pull
from tests.factories import NOW
from tests.fakes.memory_provider import MemoryProvider
from tests.integrations.sync.world import HOUR, MINUTE, World, event

LATER = NOW + MINUTE
REFUSED = LoginRefused("The password is not accepted.")


@pytest.fixture
def claim(world: World) -> Connection:
    """As a worker holds it."""
    Connection.objects.update(claimed_until=NOW + HOUR, fence=F("fence") + 1, unfinished=1)
    return Connection.objects.select_related("user").get()


def stored() -> Connection:
    return Connection.objects.get()


class TestNextLook:
    @override_settings(SYNC_INTERVAL_SECONDS=3600)
    def test_a_copy_that_is_to_be_checked_sooner_brings_the_look_forward(self, world: World, claim: Connection) -> None:
        home = world.add_calendar("Home")
        for minutes in (-5, 2, 9):
            check_at = NOW + minutes * MINUTE
            RemoteCopy.objects.create(uid=uuid4(), remote_calendar=home, remote_uid="x", check_at=check_at)

        note_success(claim, now=NOW)

        assert stored().next_look_at == NOW + 2 * MINUTE

    @override_settings(SYNC_INTERVAL_SECONDS=60)
    def test_a_check_after_the_interval_puts_nothing_off(self, world: World, claim: Connection) -> None:
        home = world.add_calendar("Home")
        RemoteCopy.objects.create(uid=uuid4(), remote_calendar=home, remote_uid="x", check_at=NOW + HOUR)

        note_success(claim, now=NOW)

        assert NOW + timedelta(seconds=48) <= stored().next_look_at <= NOW + MINUTE

    def test_what_a_server_asks_for_and_our_own_patience_both_count(self, claim: Connection) -> None:
        claim.failures = 20

        note_failure(claim, TemporarilyUnavailable("Slow down.", retry_after=MINUTE), now=NOW)

        assert (stored().paused_until, stored().next_look_at) == (NOW + MINUTE, NOW + 2 * HOUR)

    @pytest.mark.parametrize("asked", [timedelta(days=-1), timedelta(), timedelta(seconds=1)])
    def test_a_server_that_asks_for_next_to_nothing_is_left_alone_for_a_minute(
        self, claim: Connection, asked: timedelta
    ) -> None:
        note_failure(claim, TemporarilyUnavailable("Slow down.", retry_after=asked), now=NOW)

        assert stored().paused_until == NOW + MINUTE
        assert stored().next_look_at >= NOW + MINUTE

    def test_one_who_asks_for_a_year_gets_two_hours(self, claim: Connection) -> None:
        note_failure(claim, TemporarilyUnavailable("Slow down.", retry_after=timedelta(days=365)), now=NOW)

        assert stored().paused_until == stored().next_look_at == NOW + 2 * HOUR


class TestPauseDuringALook:
    """A push is asked to leave the server alone while a look goes on."""

    @pytest.mark.parametrize(
        "end",
        [
            lambda claim: note_success(claim, now=NOW),
            lambda claim: note_failure(claim, Unreachable("Away."), now=NOW),
            lambda claim: note_failure(claim, TemporarilyUnavailable("Later.", retry_after=MINUTE), now=NOW),
        ],
        ids=["well", "away", "asked for less"],
    )
    def test_it_outlasts_the_look(self, claim: Connection, end: Callable[[Connection], None]) -> None:
        pause(claim, until=NOW + HOUR, looks_too=True)

        end(claim)

        assert (stored().paused_until, stored().claimed_until) == (NOW + HOUR, None)
        assert stored().next_look_at >= NOW + HOUR

    def test_a_pause_from_before_the_look_ends_with_a_good_one(self, claim: Connection) -> None:
        pause(claim, until=NOW + HOUR, looks_too=False)
        claim.refresh_from_db()

        note_success(claim, now=NOW)

        assert stored().paused_until is None

    def test_a_login_refused_to_a_push_stays_refused_whatever_the_look_says(self, claim: Connection) -> None:
        seen_by_the_push = stored()
        seen_by_the_push.fence -= 1
        note_refused_login(seen_by_the_push, REFUSED, now=NOW)

        note_success(claim, now=NOW + MINUTE)

        assert (stored().refused_at, stored().next_look_at) == (NOW, NOW + 3 * MINUTE)
        assert (stored().state, stored().claimed_until) == (ConnectionState.FAILING, None)


class TestRefusal:
    def test_the_second_refusal_breaks_the_connection_and_says_since_when(self, claim: Connection) -> None:
        note_refused_login(claim, REFUSED, now=NOW)
        first = stored()

        note_refused_login(claim, REFUSED, now=NOW + 3 * MINUTE)

        assert (first.state, first.broken_at) == (ConnectionState.FAILING, None)
        assert (stored().state, stored().broken_at) == (ConnectionState.BROKEN, NOW + 3 * MINUTE)

    def test_refusals_within_three_minutes_are_one(self, claim: Connection) -> None:
        for seconds in (0, 1, 179):
            note_refused_login(claim, REFUSED, now=NOW + timedelta(seconds=seconds))

        assert (stored().state, stored().next_look_at) == (ConnectionState.FAILING, NOW + 3 * MINUTE)

    def test_a_look_that_goes_well_mends_what_was_broken(self, claim: Connection) -> None:
        note_broken(claim, "Enter the password again.", now=NOW)
        Connection.objects.update(times_told=2)

        note_success(claim, now=NOW + HOUR)

        assert (stored().state, stored().broken_at, stored().times_told) == (ConnectionState.CONNECTED, None, 0)

    def test_it_stays_broken_since_the_first_time(self, claim: Connection) -> None:
        note_broken(claim, "Enter the password again.", now=NOW)
        note_broken(claim, "Enter the password again.", now=NOW + HOUR)

        assert stored().broken_at == NOW


@pytest.mark.django_db(transaction=True)
class TestNewPassword:
    """S58: the password is replaced while a look with the old one is under way."""

    @pytest.mark.parametrize("refused_at", [None, NOW - 3 * MINUTE])
    def test_a_refusal_of_the_old_one_says_nothing_of_the_new(self, refused_at: datetime | None) -> None:
        world = World()
        Connection.objects.update(refused_at=refused_at)
        claim = Connection.objects.get()
        self._replace_password(world)

        note_refused_login(claim, REFUSED, now=NOW)

        after = stored()
        assert (after.state, after.refused_at, after.reason) == (ConnectionState.CONNECTED, None, "")
        assert after.next_look_at == LATER

    def test_the_look_itself_has_no_say_any_more(self) -> None:
        world = World()
        claim = Connection.objects.select_related("user").get()

        class Replaced(MemoryProvider):
            def list_calendars(self, home: object) -> tuple[()]:
                TestNewPassword._replace_password(world)
                raise REFUSED

        pull(claim, provider=Replaced(world.server), now=NOW)

        assert (stored().state, stored().refused_at, stored().looked_at) == (ConnectionState.CONNECTED, None, None)

    def test_it_ends_the_wait_for_its_owner(self) -> None:
        world = World()
        Connection.objects.update(state=ConnectionState.BROKEN, broken_at=NOW - HOUR, times_told=1)

        self._replace_password(world)

        assert (stored().state, stored().broken_at, stored().times_told) == (ConnectionState.CONNECTED, None, 0)

    @staticmethod
    def _replace_password(world: World) -> None:
        with registry.override(lambda credentials, _kind: MemoryProvider(world.server, world.server.credentials)):
            connect.reconnect(Connection.objects.get(), password=world.server.credentials.password, now=LATER)


class TestLength:
    def test_what_takes_long_is_known_at_once(self, claim: Connection) -> None:
        note_length(claim, seconds=42.0)

        assert stored().look_seconds == 42.0

    def test_and_forgotten_by_halves(self, claim: Connection) -> None:
        note_length(claim, seconds=10.0)
        known = []
        for _look in range(3):
            claim.refresh_from_db()
            note_length(claim, seconds=0.1)
            known.append(stored().look_seconds)

        assert known == [5.0, 2.5, 1.25]

    def test_a_quick_look_at_a_quick_login_writes_nothing(self, claim: Connection) -> None:
        note_length(claim, seconds=0.2)

        assert stored().look_seconds == 0


@pytest.mark.django_db(transaction=True)
class TestKeptClaim:
    @override_settings(SYNC_LEASE_SECONDS=0)
    def test_an_answer_that_goes_on_arriving_prolongs_the_claim(self) -> None:
        World()
        Connection.objects.update(claimed_until=NOW - 365 * 24 * HOUR)

        KeptClaim(stored(), must_give_way=lambda: False).beat()

        assert stored().claimed_until > NOW - 365 * 24 * HOUR  # type: ignore[operator]

    def test_the_row_is_not_written_at_every_piece(self) -> None:
        World()

        KeptClaim(stored(), must_give_way=lambda: False).beat()

        assert stored().claimed_until is None

    @override_settings(SYNC_LEASE_SECONDS=0)
    def test_one_that_somebody_else_took_over_ends_the_look(self) -> None:
        World()
        late = stored()
        Connection.objects.update(fence=F("fence") + 1)

        with pytest.raises(ClaimLost):
            KeptClaim(late, must_give_way=lambda: False).beat()

    def test_others_who_wait_for_the_thread_end_it_too(self) -> None:
        World()

        with pytest.raises(GiveWay):
            KeptClaim(stored(), must_give_way=lambda: True).beat()

    @pytest.mark.parametrize(
        ("error", "claimed"), [(ClaimLost(), True), (GiveWay(), False)], ids=["taken over", "gave way"]
    )
    def test_neither_is_held_against_the_login(self, error: Exception, claimed: bool) -> None:
        """Whoever took over holds the claim; who gave way is due at once."""
        world = World()
        world.server.put(world.add_calendar("Home").url, event(), name="a.ics")
        Connection.objects.update(claimed_until=NOW + HOUR, unfinished=1)
        claim = Connection.objects.select_related("user").get()

        def arrives(_credentials: Credentials, _kind: str) -> MemoryProvider:
            return MemoryProvider(world.server, during_fetch=lambda: _raise(error))

        with registry.override(arrives):
            look(claim)

        after = stored()
        assert (after.failures, after.state, after.synced_at) == (0, ConnectionState.CONNECTED, None)
        assert (after.claimed_until is not None, after.next_look_at) == (claimed, NOW)


def _raise(error: Exception) -> None:
    raise error
