"""Which occurrences block (Y5), what is shown of them, and what becomes of stored events when that changes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from availability.models import BusyTime
from integrations.models import Connection, Direction, RemoteCalendar
from integrations.ports import Occurrence
from integrations.services.calendar_policy import Blocking, change_policy
from integrations.sync.claims import ClaimLost, claim_for_expansion, release
from integrations.sync.expansion import Policy, stretches_of
from integrations.sync.ours import remote_uid_of
from integrations.sync.pull import expand_again
from tests.factories import NOW
from tests.fakes.memory_provider import MemoryProvider
from tests.integrations.sync.world import HOUR, NINE, World, event

USUAL = Policy()
FREE = ["TRANSP:TRANSPARENT"]
UTC = ZoneInfo("UTC")


class Expands:
    """A provider of which only ``expand`` is asked."""

    def __init__(self, occurrence: Occurrence) -> None:
        self.occurrence = occurrence

    def expand(self, reduced: str, *, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Occurrence, ...]:
        return (self.occurrence,)


def stretches(*, answer="", status="confirmed", transparent=False, uid="theirs", policy=USUAL):
    occurrence = Occurrence("1", NOW, NOW + timedelta(hours=1), "Fair", transparent, status, False, answer)
    return stretches_of("", uid=uid, policy=policy, provider=Expands(occurrence), zone=UTC, now=NOW)  # type: ignore[arg-type]


def blocks(policy=USUAL, **facts):
    return [stretch.blocks for stretch in stretches(policy=policy, **facts)] == [True]


@pytest.mark.parametrize(
    ("answer", "expected"), [("", True), ("tentative", True), ("needs_action", True), ("declined", False)]
)
def test_an_invitation_blocks_unless_it_was_declined(answer, expected):
    assert blocks(answer=answer) is expected


@pytest.mark.parametrize(
    ("policy", "facts"),
    [
        (Policy(free_blocks=True), {"transparent": True}),
        (Policy(declined_blocks=True), {"answer": "declined"}),
        (Policy(declined_blocks=True), {"answer": "declined", "transparent": True}),
    ],
)
def test_what_is_free_blocks_where_its_owner_wants_it(policy, facts):
    assert blocks(policy, **facts)
    assert not blocks(**facts)


@pytest.mark.parametrize(
    ("policy", "facts"),
    [
        (Policy(tentative_blocks=False), {"status": "tentative"}),
        (Policy(tentative_blocks=False), {"answer": "tentative"}),
        (Policy(unanswered_blocks=False), {"answer": "needs_action"}),
    ],
)
def test_what_is_not_certain_does_not_block_where_its_owner_wants_it_so(policy, facts):
    assert not blocks(policy, **facts)
    assert blocks(**facts)


@pytest.mark.parametrize("policy", [USUAL, Policy(free_blocks=True, declined_blocks=True)])
def test_a_cancelled_event_is_none_whatever_its_owner_wants(policy):
    assert stretches(policy=policy, status="cancelled") == ()


def test_a_copy_of_somebody_elses_appointment_has_no_name():
    (stretch,) = stretches(uid="5f0c8e0a-3a44-4a1e-9c5f-1f6f4c2a7b11@holdfast")

    assert (stretch.blocks, stretch.label) == (True, "")


@pytest.fixture
def world(db):
    return World()


def expanding(world):
    (claim,) = claim_for_expansion([world.connection.pk])
    return claim


def let_free_ones_block(remote):
    fresh = RemoteCalendar.objects.select_related("connection").get(pk=remote.pk)
    change_policy(fresh, Blocking(True, True, True, False), now=NOW)


def test_a_change_of_policy_counts_for_what_is_stored_without_asking_the_server(world):
    remote = world.add_calendar("Practice")
    world.server.put(remote.url, event(lines=FREE), name="one.ics")
    world.pull()
    assert world.blocked() == []

    let_free_ones_block(remote)
    provider = MemoryProvider(world.server)
    expand_again(expanding(world), provider=provider, now=NOW)

    assert world.blocked() == [(NINE, NINE + HOUR)]
    assert dict(provider.calls) == {}


def test_an_expansion_by_the_old_policy_is_never_taken_for_the_new_one(world):
    remote = world.add_calendar("Practice")
    world.server.put(remote.url, event(lines=FREE), name="one.ics")
    world.pull()
    let_free_ones_block(remote)
    by_the_old_one = expanding(world)

    let_free_ones_block(remote)
    with pytest.raises(ClaimLost):
        expand_again(by_the_old_one, provider=world.provider, now=NOW)
    expand_again(expanding(world), provider=world.provider, now=NOW)

    assert world.blocked() == [(NINE, NINE + HOUR)]


def test_a_policy_changed_during_the_first_read_counts_for_what_that_read_has_stored(world):
    remote = world.add_calendar("Practice")
    world.server.put(remote.url, event(lines=FREE), name="one.ics")
    world.pull()
    # killed before its end
    RemoteCalendar.objects.filter(pk=remote.pk).update(expanded_at=None, expanded_zone="", token="", cursor="")

    let_free_ones_block(remote)
    world.pull()

    assert world.blocked() == [(NINE, NINE + HOUR)]


def test_an_expansion_that_was_killed_is_done_again(world):
    remote = world.add_calendar("Practice")
    world.server.put(remote.url, event(lines=FREE), name="one.ics")
    world.pull()
    let_free_ones_block(remote)
    release(expanding(world))

    world.pull()

    assert world.blocked() == [(NINE, NINE + HOUR)]


def test_events_that_are_not_shown_are_stored_like_any(world):
    remote = world.add_calendar("Practice")
    Connection.objects.update(direction=Direction.CUSTOM, shows_events=False)
    world.server.put(remote.url, event(), name="one.ics")

    world.pull()

    assert list(BusyTime.objects.values_list("label", "blocks")) == [("Dentist", True)]


def test_another_users_copy_in_a_shared_calendar_blocks_and_says_busy_only(world):
    theirs = World()
    appointment = theirs.book()
    remote = world.add_calendar("Shared")
    world.server.put(remote.url, event(uid=remote_uid_of(appointment.uid)), name="echo.ics")

    world.pull()
    RemoteCalendar.objects.update(expanded_zone="")
    world.pull()

    assert list(BusyTime.objects.values_list("user", "label", "blocks")) == [(world.member.user_id, "", True)]
