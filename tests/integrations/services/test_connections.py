"""What an owner does with a connection."""

from datetime import timedelta
from uuid import uuid4

import pytest

from availability.models import BlockingSource, BusyTime, Calendar
from availability.services.busy import Stretch, record_busy_times
from integrations.models import (
    CalendarConfiguration,
    Connection,
    ConnectionState,
    PendingPush,
    RemoteCalendar,
    RemoteEvent,
)
from integrations.services.configure import set_conflicts, set_primary
from integrations.services.connections import (
    NotWorking,
    delete_connection,
    stop_blocking,
    switch_off,
    switch_on,
    sync_now,
)
from tests.factories import NOW, CalendarMemberFactory, ConnectionFactory, MemberFactory, RemoteCalendarFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_sync_now_makes_a_connection_due_and_nudges(django_capture_on_commit_callbacks):
    connection = ConnectionFactory(next_look_at=LATER, paused_until=None)

    with django_capture_on_commit_callbacks() as nudges:
        sync_now(connection, now=NOW)

    assert Connection.objects.due(NOW).get() == connection
    assert len(nudges) == 1


@pytest.mark.parametrize(
    "facts", [{"switched_off_at": NOW}, {"state": ConnectionState.BROKEN}], ids=["switched off", "broken"]
)
def test_sync_now_refuses_what_does_not_work(facts):
    connection = ConnectionFactory(next_look_at=LATER, **facts)

    with pytest.raises(NotWorking):
        sync_now(connection, now=NOW)

    assert Connection.objects.get().next_look_at == LATER


def test_switched_off_nothing_runs_and_a_worker_at_it_loses_its_claim():
    connection = ConnectionFactory(claimed_until=LATER, fence=3)

    switch_off(connection, now=NOW)

    stored = Connection.objects.get()
    assert not Connection.objects.due(LATER).exists()
    assert (stored.switched_off_at, stored.fence, stored.claimed_until) == (NOW, 4, None)


def test_switching_off_twice_keeps_the_first_moment():
    connection = ConnectionFactory()
    switch_off(connection, now=NOW)

    switch_off(connection, now=LATER)

    assert Connection.objects.get().switched_off_at == NOW


def test_switched_on_it_is_due_at_once():
    connection = ConnectionFactory(switched_off_at=NOW, next_look_at=LATER + timedelta(days=1))

    switch_on(connection, now=LATER)

    assert Connection.objects.due(LATER).get() == connection


def test_deleting_leaves_neither_secret_nor_mirror_nor_busy_time():
    member = MemberFactory()
    connection = ConnectionFactory(user=member.user)
    remote = RemoteCalendarFactory(connection=connection)
    other = RemoteCalendarFactory(connection=ConnectionFactory(user=member.user))
    set_primary(member, remote, now=NOW)
    set_conflicts(member, [other], now=NOW)
    remote.refresh_from_db()
    RemoteEvent.objects.create(remote_calendar=remote, key="e", url="e", reduced="text")
    record_busy_times(remote.source, {"e": [Stretch("k", start=NOW, end=LATER, blocks=True)]}, now=NOW)

    delete_connection(connection)

    assert not Connection.objects.filter(pk=connection.pk).exists()
    assert not RemoteEvent.objects.exists()
    assert not BusyTime.objects.exists()
    assert list(RemoteCalendar.objects.all()) == [other]
    configuration = CalendarConfiguration.objects.get()
    assert (configuration.primary, list(configuration.conflicts.all())) == (None, [other])
    assert member.blocking_sources.get().source.remote_calendar == other


@pytest.fixture
def used():
    """A calendar that counts in two accounts of one user."""
    member = MemberFactory()
    remote = RemoteCalendarFactory(connection=ConnectionFactory(user=member.user))
    set_primary(member, remote, now=NOW)
    set_conflicts(MemberFactory(user=member.user), [remote], now=NOW)
    return remote


def test_switched_off_its_events_stop_blocking_in_every_account_and_block_again_switched_on(used):
    switch_off(used.connection, now=NOW)
    assert not BlockingSource.objects.exists()

    switch_on(used.connection, now=LATER)
    assert BlockingSource.objects.count() == 2


def test_switched_off_until_a_day_what_is_known_blocks_as_long_and_no_longer(used):
    switch_off(used.connection, now=NOW, blocks_until=LATER)

    assert (stop_blocking(now=LATER - timedelta(minutes=1)), BlockingSource.objects.count()) == (0, 2)
    assert (stop_blocking(now=LATER), BlockingSource.objects.count()) == (1, 0)
    assert stop_blocking(now=LATER) == 0
    assert Connection.objects.get().switched_off_at == NOW


def test_a_choice_made_meanwhile_does_not_make_a_switched_off_connection_block_again(used):
    member = used.connection.user.memberships.order_by("pk").first()
    other = RemoteCalendarFactory(connection=ConnectionFactory(user=member.user))
    switch_off(used.connection, now=NOW)

    set_conflicts(member, [other], now=NOW)

    assert [one.source.remote_calendar for one in BlockingSource.objects.filter(member=member)] == [other]


def test_slots_are_computed_anew_when_events_stop_blocking(used):
    member = used.connection.user.memberships.order_by("pk").first()
    calendar = CalendarMemberFactory(calendar__account=member.account, member=member).calendar
    epoch = Calendar.objects.get(pk=calendar.pk).epoch

    switch_off(used.connection, now=NOW)

    assert Calendar.objects.get(pk=calendar.pk).epoch != epoch


def test_what_is_still_to_be_written_waits_while_it_is_switched_off(used):
    PendingPush.objects.create(uid=uuid4(), remote_calendar=used, due_at=NOW)

    switch_off(used.connection, now=NOW)
    assert not PendingPush.objects.due(LATER).exists()

    switch_on(used.connection, now=LATER)
    assert PendingPush.objects.due(LATER).count() == 1
