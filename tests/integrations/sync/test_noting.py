"""What the journal says of reading (Y14): each decision once, and nothing while nothing happens."""

from datetime import timedelta

import pytest

from integrations.models import Connection, ConnectionState, Decision, JournalEntry
from integrations.ports import AccessLost, Capability, LoginRefused, TemporarilyUnavailable
from tests.factories import NOW
from tests.integrations.sync.world import HOUR, MINUTE, World, event

BROKEN = event(lines=["DURATION:nonsense", "RRULE:FREQ=SOMETIMES"]).replace("DTSTART:", "DTSTART;X=:x")
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def remote(world):
    return world.add_calendar("Practice")


def decisions():
    return list(JournalEntry.objects.order_by("pk").values_list("decision", flat=True))


def facts_of(decision):
    return JournalEntry.objects.filter(decision=decision).latest("pk").facts


def put(world, remote, number):
    for one in range(number):
        world.server.put(remote.url, event(uid=f"theirs-{one}"), name=f"{one}.ics")


def test_a_first_read_is_told_with_what_was_new_and_a_look_at_nothing_new_is_not(world, remote):
    put(world, remote, 2)

    world.pull()
    world.pull(now=NOW + MINUTE)

    assert decisions() == [Decision.LISTED_IN_FULL, Decision.READ]
    assert facts_of(Decision.LISTED_IN_FULL) == {"why": "first", "listed": 2}
    assert facts_of(Decision.READ) == {"new": 2, "changed": 0, "gone": 0}
    assert (
        JournalEntry.objects.filter(user=world.member.user, remote_calendar=remote, calendar_name="Practice").count()
        == 2
    )


def test_changes_are_counted_by_kind(world, remote):
    put(world, remote, 3)
    world.pull()

    world.server.put(remote.url, event(uid="theirs-0", lines=["DESCRIPTION:more"]), name="0.ics")
    world.server.remove(remote.url + "1.ics")
    world.server.put(remote.url, event(uid="new"), name="new.ics")
    world.pull(now=NOW + MINUTE)

    assert facts_of(Decision.READ) == {"new": 1, "changed": 1, "gone": 1}


def test_a_full_listing_says_why(world, remote):
    put(world, remote, 1)
    world.pull()

    world.pull(now=NOW + DAY)
    world.server.forget_cursors()
    put(world, remote, 2)
    world.pull(now=NOW + DAY + MINUTE)

    told = JournalEntry.objects.filter(decision=Decision.LISTED_IN_FULL).order_by("pk")
    assert [entry.facts["why"] for entry in told] == ["first", "nightly", "expired"]


def test_a_removal_held_back_is_told_once_with_when_it_is_looked_at_again(world, remote):
    put(world, remote, 20)
    world.pull()
    for one in range(15):
        world.server.remove(f"{remote.url}{one}.ics")

    world.pull(now=NOW + MINUTE)
    world.pull(now=NOW + MINUTE + MINUTE / 2)

    held = JournalEntry.objects.get(decision=Decision.HELD_BACK)
    assert held.facts == {"gone": 15}
    assert held.retry_at == NOW + 3 * MINUTE

    world.pull(now=NOW + 4 * MINUTE)
    assert facts_of(Decision.LISTED_IN_FULL)["why"] == "confirming"
    assert facts_of(Decision.READ)["gone"] == 15


def test_an_event_that_could_not_be_understood_is_told_once_without_its_title(world, remote):
    world.server.put(remote.url, BROKEN, name="poison.ics")
    world.pull()
    world.server.put(remote.url, BROKEN + "\r\n", name="poison.ics")
    world.pull(now=NOW + MINUTE)

    told = JournalEntry.objects.get(decision=Decision.UNREADABLE)
    assert told.facts["number"] == 1
    assert "Dentist" not in str(told.facts)


def test_trouble_is_told_at_once_then_once_an_hour_and_when_it_ends(world, remote):
    for minutes in (0, 1, 2, 61, 62):
        world.provider.fail("list_calendars", TemporarilyUnavailable("The server is busy."))
        world.pull(now=NOW + minutes * MINUTE)
    world.pull(now=NOW + 2 * HOUR)
    world.pull(now=NOW + 2 * HOUR + MINUTE)

    failed = JournalEntry.objects.filter(decision=Decision.LOOK_FAILED).order_by("pk")
    assert [entry.at - NOW for entry in failed] == [timedelta(0), 61 * MINUTE]
    assert {entry.facts["reason"] for entry in failed} == {"The server is busy."}
    assert all(entry.retry_at > entry.at for entry in failed)
    assert decisions().count(Decision.MENDED) == 1


def test_another_reason_is_told_within_the_hour(world, remote):
    for reason in ("The server is busy.", "It did not answer."):
        world.provider.fail("list_calendars", TemporarilyUnavailable(reason))
        world.pull()

    told = JournalEntry.objects.filter(decision=Decision.LOOK_FAILED).order_by("pk")
    assert [entry.facts["reason"] for entry in told] == ["The server is busy.", "It did not answer."]


def test_a_refused_login_is_told_and_so_is_that_it_stays_refused(world, remote):
    for minutes in (0, 4):
        world.provider.fail("list_calendars", LoginRefused("Not accepted."))
        world.pull(now=NOW + minutes * MINUTE)

    assert decisions() == [Decision.LOGIN_REFUSED, Decision.BROKEN]
    refused = JournalEntry.objects.get(decision=Decision.LOGIN_REFUSED)
    assert refused.retry_at == NOW + 3 * MINUTE
    assert Connection.objects.get().state == ConnectionState.BROKEN


def test_a_calendar_that_cannot_be_read_is_told_and_so_is_that_it_can_be_again(world, remote):
    put(world, remote, 1)
    for minutes in (0, 1):
        world.provider.fail("list_changes", AccessLost("Not allowed."))
        world.pull(now=NOW + minutes * MINUTE)
    world.pull(now=NOW + 2 * MINUTE)

    assert decisions() == [Decision.CALENDAR_FAILED, Decision.MENDED, Decision.LISTED_IN_FULL, Decision.READ]


def test_a_calendar_that_is_gone_is_told_once(world, remote):
    world.add_calendar("Other")
    world.pull()
    JournalEntry.objects.all().delete()
    world.server.remove_calendar(remote.url)

    for minutes in (1, 4, 5):
        world.pull(now=NOW + minutes * MINUTE)

    assert decisions() == [Decision.CALENDAR_GONE]


def test_a_calendar_that_can_only_be_read_is_told_and_so_is_that_it_can_be_written_again(world, remote):
    world.pull()
    JournalEntry.objects.all().delete()

    world.server.set_capability(remote.url, Capability.READ_ONLY)
    world.pull(now=NOW + MINUTE)
    world.server.set_capability(remote.url, Capability.WRITE)
    world.pull(now=NOW + 2 * MINUTE)

    assert decisions() == [Decision.CALENDAR_FAILED, Decision.MENDED]
    assert facts_of(Decision.CALENDAR_FAILED)["capability"] == "read_only"
