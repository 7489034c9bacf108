"""What the sync makes of listings, with the real adapter; the S numbers are those of docs/sync.md."""

from datetime import timedelta

import pytest

from availability.models import BusyTime
from integrations.models import Connection, Decision, RemoteCalendar, RemoteEvent
from integrations.sync import reading
from tests.integrations.sync.fault_world import DAY, MANY, MINUTE, NINE, FaultWorld, Fetches, asked, change, is_noted
from tests.servers.fault_caldav import Forgotten, faults

TWO_MINUTES = timedelta(minutes=2)


@pytest.fixture
def world(db: None) -> FaultWorld:
    return FaultWorld()


@pytest.fixture
def home(world: FaultWorld) -> RemoteCalendar:
    """A full calendar of others' events, read."""
    remote = world.add_calendar("Home", primary=True)
    world.fill(remote)
    world.round()
    world.server.forget_log()
    return remote


@pytest.mark.parametrize("way", [way for way in Forgotten if way is not Forgotten.NOTHING])
def test_a_dead_token_costs_one_listing_and_only_what_changed_is_fetched(
    world: FaultWorld, home: RemoteCalendar, way: Forgotten
) -> None:
    """S4, S5, S6, fact 12: whatever the server says of a token it does not know."""
    world.server.quirks.unknown_token = way
    world.server.forget_tokens(world.there(home))
    change(world, home)
    fetches = Fetches(world)

    world.round()
    world.round(after=DAY)

    assert world.blocked() == world.theirs()
    # and what is left out, before it is forgotten
    assert sorted(fetches.names) == ["new", "theirs-1", "theirs-2"]
    assert RemoteEvent.objects.count() == MANY
    assert world.remote(home).cursor == world.there(home).token


def test_what_a_listing_leaves_out_is_asked_for_before_it_is_forgotten(world: FaultWorld, home: RemoteCalendar) -> None:
    """A full listing cut without a word, its token as if it were whole: nobody need delete so little at once."""
    there = world.there(home)
    world.server.remove(there, "theirs-3.ics")
    world.server.forget_tokens(there)
    world.meet(faults.on("REPORT", None, faults.only_first_rows(MANY - 4), containing=b"sync-collection"))

    world.round()
    at_once = world.blocked()
    world.round()

    assert at_once == world.theirs() == world.blocked()
    assert RemoteEvent.objects.count() == MANY - 1


def test_what_a_server_keeps_to_itself_is_found_by_the_nightly_listing(world: FaultWorld, home: RemoteCalendar) -> None:
    """S7: a token it does not know is answered with nothing, and nothing can be told from that."""
    world.server.quirks.unknown_token = Forgotten.NOTHING
    world.server.forget_tokens(world.there(home))
    change(world, home)
    before = world.blocked()

    world.round()
    assert world.blocked() == before
    world.round(after=DAY)

    assert world.blocked() == world.theirs()


def test_pages_are_read_to_their_end_before_the_cursor_moves(world: FaultWorld, home: RemoteCalendar) -> None:
    """S8."""
    world.server.quirks.page = 3
    for index in range(8):
        world.put(home, f"new-{index}", start=NINE + (index + 20) * DAY)
    fetches = Fetches(world)

    world.round()

    assert world.blocked() == world.theirs()
    assert len(fetches.names) == 8
    assert world.server.counts["REPORT"] <= 5


@pytest.mark.parametrize("page", [1, 3])
def test_pages_that_never_move_on_lose_nothing(world: FaultWorld, home: RemoteCalendar, page: int) -> None:
    """S9: the calendar is listed without them."""
    world.server.quirks.page, world.server.quirks.page_never_moves = page, True
    change(world, home)

    world.round()

    assert world.blocked() == world.theirs()
    assert sum(world.server.counts.values()) <= 8


def test_one_object_the_server_has_no_room_for_concerns_no_other(world: FaultWorld, home: RemoteCalendar) -> None:
    """S10."""
    world.server.quirks.failing_members = frozenset({"theirs-1.ics"})
    change(world, home)

    world.round()

    assert world.blocked() == world.theirs()


def test_a_full_listing_cut_without_a_word_removes_nothing_and_is_healed(
    world: FaultWorld, home: RemoteCalendar
) -> None:
    """S11."""
    theirs = world.theirs()
    world.server.forget_tokens(world.there(home))
    world.meet(faults.on("REPORT", None, faults.only_first_rows(2)))
    world.put(home, "theirs-1", start=NINE + 2 * DAY)

    world.round()
    assert world.blocked() == theirs
    assert is_noted(Decision.HELD_BACK)
    world.settle(3)

    assert world.blocked() == theirs
    assert world.remote(home).held_back_at is None


def test_a_calendar_that_was_emptied_is_believed_at_the_second_listing(world: FaultWorld, home: RemoteCalendar) -> None:
    """S49: one answer that removes a great deal is not enough."""
    theirs = world.theirs()
    for name in list(world.there(home).objects):
        world.server.remove(world.there(home), name)

    world.round()
    assert world.blocked() == theirs
    world.round()
    assert world.blocked() == theirs
    world.round(after=TWO_MINUTES)

    assert world.blocked() == []


def test_a_worker_whose_claim_was_taken_writes_nothing_more(world: FaultWorld, home: RemoteCalendar) -> None:
    """S55: whoever has the calendar now reads it whole."""
    before, cursor = world.blocked(), world.remote(home).cursor
    change(world, home)

    def taken() -> None:
        Connection.objects.update(fence=world.connection.fence + 7)

    world.meet(faults.on("REPORT", None, faults.meanwhile(taken)))
    world.round()
    assert (world.blocked(), world.remote(home).cursor) == (before, cursor)

    Connection.objects.update(claimed_until=None)
    world.settle(1)
    assert world.blocked() == world.theirs()


@pytest.mark.parametrize("at", range(5))
def test_a_look_that_was_killed_anywhere_is_done_again_without_doubling(
    world: FaultWorld, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """S56: what is stored already is not fetched again."""
    monkeypatch.setattr(reading, "BATCH", 5)
    home = world.add_calendar("Home")
    world.fill(home)
    world.meet(faults.one_by_one([*[None] * at, faults.kill_after()]))
    world.round()
    stored = RemoteEvent.objects.count()
    Connection.objects.update(claimed_until=None)
    fetches = Fetches(world)

    world.now += MINUTE
    world.look_now()

    assert len(fetches.names) == MANY - stored
    assert world.blocked() == world.theirs()
    assert (RemoteEvent.objects.count(), BusyTime.objects.count()) == (MANY, MANY)
    assert asked() == []
