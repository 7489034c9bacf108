"""What the sync makes of objects, with the real adapter; the S numbers are those of docs/sync.md."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.models import Decision, RemoteCalendar, RemoteEvent
from tests.integrations.sync.fault_world import (
    DAY,
    HOUR,
    MANY,
    MINUTE,
    NINE,
    FaultWorld,
    Fetches,
    change,
    event,
    is_noted,
)
from tests.servers.fault_caldav import Etags, Withheld, faults

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


@pytest.mark.parametrize("way", [Withheld.NOT_FOUND, Withheld.LEFT_OUT, Withheld.WITHOUT_DATA])
def test_an_object_that_is_listed_and_not_handed_out_holds_the_cursor_for_three_rounds(
    world: FaultWorld, home: RemoteCalendar, way: Withheld
) -> None:
    """S16, S17, S18, fact 14: then it is listed for its owner, and its neighbours were never held up."""
    if way is Withheld.WITHOUT_DATA:
        world.meet(faults.always(faults.says(404), method="GET"))
    cursor = world.remote(home).cursor
    world.server.quirks.withheld = {"theirs-1.ics": way}
    world.put(home, "theirs-1", start=NINE + DAY + 3 * HOUR)
    world.put(home, "new", start=NINE + DAY + 5 * HOUR)
    before = world.blocked()

    for _round in range(3):
        world.round()
        assert world.remote(home).cursor == cursor
        assert set(world.blocked()) == {*before, (NINE + DAY + 5 * HOUR, NINE + DAY + 6 * HOUR)}
    assert not is_noted(Decision.NOT_HANDED_OUT)
    world.round()

    assert world.remote(home).cursor == world.there(home).token
    assert is_noted(Decision.NOT_HANDED_OUT)
    assert RemoteEvent.objects.exclude(unreadable="").count() == 1
    assert set(world.blocked()) >= set(before)

    world.server.quirks.withheld = {}
    world.meet()
    world.round(after=DAY)
    assert world.blocked() == world.theirs()
    assert not RemoteEvent.objects.exclude(unreadable="").exists()


def test_an_object_that_is_there_a_moment_later_is_read_by_the_next_look(
    world: FaultWorld, home: RemoteCalendar
) -> None:
    """S16, fact 13: listed before it can be read."""
    world.server.quirks.withheld = {"new.ics": Withheld.NOT_FOUND}
    world.put(home, "new", start=NINE + 5 * HOUR)
    world.round()
    world.server.quirks.withheld = {}

    world.round()

    assert world.blocked() == world.theirs()
    assert not is_noted(Decision.NOT_HANDED_OUT)


def test_a_first_read_that_did_not_get_everything_does_not_count_as_read(world: FaultWorld) -> None:
    """S16, S17: until all is there, or is known not to be handed out."""
    remote = world.add_calendar("Home")
    world.fill(remote)
    world.server.quirks.withheld = {"theirs-1.ics": Withheld.LEFT_OUT}

    for _round in range(3):
        world.now += MINUTE
        world.look_now()
        assert world.remote(remote).source.read_at is None
    world.now += MINUTE
    world.look_now()

    assert world.remote(remote).source.read_at == world.now
    assert len(world.blocked()) == MANY - 1


@pytest.mark.parametrize("way", [Withheld.FAILS_ALL, Withheld.TOO_LARGE])
def test_an_object_that_fails_every_batch_holds_up_no_other(
    world: FaultWorld, home: RemoteCalendar, way: Withheld
) -> None:
    """S19."""
    world.server.quirks.withheld = {"theirs-1.ics": way}
    change(world, home)

    world.round()

    assert world.blocked() == world.theirs()
    assert world.remote(home).cursor == world.there(home).token


def test_an_object_in_the_version_known_is_not_fetched_again(world: FaultWorld, home: RemoteCalendar) -> None:
    """S20: whatever its content is now."""
    stored, before = world.there(home).objects["theirs-1.ics"], world.blocked()
    stored.text = event(uid="theirs-1", start=NINE + 5 * HOUR).encode()
    world.server.forget_tokens(world.there(home))
    fetches = Fetches(world)

    world.round()

    assert fetches.names == []
    assert world.blocked() == before


def test_a_server_without_etags_is_read_each_time_something_moved(world: FaultWorld) -> None:
    """S21, S22: and nothing is doubled."""
    world.server.quirks.etags = Etags.NONE
    home = world.add_calendar("Home")
    world.fill(home)
    world.round()

    change(world, home)
    world.round()
    world.settle(2)

    assert world.blocked() == world.theirs()
    assert RemoteEvent.objects.count() == MANY


def test_the_same_event_in_two_calendars_blocks_until_it_is_gone_from_both(
    world: FaultWorld, home: RemoteCalendar
) -> None:
    """S41: copies of an invitation."""
    work = world.add_calendar("Work")
    world.put(work, "theirs-1", start=NINE + 2 * DAY)
    world.round()
    stretch = (NINE + 2 * DAY, NINE + 2 * DAY + HOUR)
    assert world.blocked().count(stretch) == 2

    world.server.remove(world.there(home), "theirs-1.ics")
    world.round()
    assert world.blocked().count(stretch) == 1

    world.server.remove(world.there(work), "theirs-1.ics")
    world.round()
    assert stretch not in world.blocked()


def test_an_unreadable_version_keeps_the_time_of_the_readable_one(world: FaultWorld, home: RemoteCalendar) -> None:
    """S52: the others are stored, the cursor moves, and its owner sees it listed."""
    before = world.blocked()
    broken = event(uid="theirs-1", start=NINE + 5 * HOUR).replace("DTSTART:", "DTSTART:x")
    world.server.put(world.there(home), "theirs-1.ics", broken)
    world.put(home, "new", start=NINE + 6 * HOUR)

    world.round()

    assert set(world.blocked()) == {*before, (NINE + 6 * HOUR, NINE + 7 * HOUR)}
    assert world.remote(home).cursor == world.there(home).token
    assert RemoteEvent.objects.exclude(unreadable="").count() == 1
    assert is_noted(Decision.UNREADABLE)


def test_an_unreadable_event_that_is_new_blocks_the_day_of_its_start(world: FaultWorld, home: RemoteCalendar) -> None:
    """S52."""
    broken = event(uid="new", start=NINE + 30 * DAY, lines=["RRULE:FREQ=OFTEN"])
    world.server.put(world.there(home), "new.ics", broken)

    world.round()

    midnight = (NINE + 30 * DAY).replace(hour=0)
    assert (midnight, midnight + DAY) in world.blocked()
    assert is_noted(Decision.UNREADABLE)


def test_whole_days_and_times_without_a_zone_are_the_hosts(world: FaultWorld, home: RemoteCalendar) -> None:
    """S57: by the zone of their profile, also when that changes."""
    text = event(uid="day", start=NINE).replace("DTSTART:20261124T090000Z", "DTSTART;VALUE=DATE:20261201")
    world.server.put(world.there(home), "day.ics", text.replace("DTEND:20261124T100000Z", "DTEND;VALUE=DATE:20261202"))
    floating = event(uid="floating", start=NINE + 30 * DAY).replace("0000Z\r\n", "0000\r\n")
    world.server.put(world.there(home), "floating.ics", floating)
    world.round()
    day, morning = datetime(2026, 12, 1, tzinfo=UTC), NINE + 30 * DAY
    assert {(day, day + DAY), (morning, morning + HOUR)} <= set(world.blocked())

    world.member.user.time_zone = ZoneInfo("Europe/Berlin")
    world.member.user.save()
    world.settle(1)

    assert {(day - HOUR, day + 23 * HOUR), (morning - HOUR, morning)} <= set(world.blocked())
