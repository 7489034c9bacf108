"""What an owner does with a connection."""

from datetime import timedelta

import pytest

from availability.models import BusyTime
from availability.services.busy import Stretch, record_busy_times
from integrations.models import CalendarConfiguration, Connection, ConnectionState, RemoteCalendar, RemoteEvent
from integrations.services.configure import set_conflicts, set_primary
from integrations.services.connections import NotWorking, delete_connection, switch_off, switch_on, sync_now
from tests.factories import NOW, ConnectionFactory, MemberFactory, RemoteCalendarFactory

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
