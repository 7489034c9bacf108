"""Which remote calendars count: chosen, read as busy sources, written to."""

from datetime import timedelta

import pytest

from availability.models import BlockingSource, BusySource, WhenStale
from availability.services.busy import Stretch, record_busy_times
from integrations.models import CalendarConfiguration, Connection, ConnectionState, PendingPush, RemoteEvent
from integrations.services.configure import CannotBeChosen, set_conflicts, set_primary
from tests.factories import NOW, ConnectionFactory, MemberFactory, RemoteCalendarFactory
from tests.integrations.sync.world import World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def member():
    return MemberFactory()


@pytest.fixture
def connection(member):
    return ConnectionFactory(user=member.user, next_look_at=LATER)


def blocking(member):
    sources = BlockingSource.objects.filter(member=member)
    return set(sources.values_list("source__remote_calendar__name", flat=True))


def test_the_primary_is_checked_too(member, connection):
    practice = RemoteCalendarFactory(connection=connection, name="Practice")
    private = RemoteCalendarFactory(connection=connection, name="Private")

    set_primary(member, practice, now=NOW)
    set_conflicts(member, [private], now=NOW)

    assert blocking(member) == {"Practice", "Private"}
    configuration = CalendarConfiguration.objects.get()
    assert configuration.primary == practice
    assert list(configuration.conflicts.all()) == [private]
    assert Connection.objects.get().next_look_at == NOW


def test_read_access_is_enough_to_be_checked(member, connection):
    family = RemoteCalendarFactory(connection=connection, capability="read_only", name="Family")

    set_conflicts(member, [family], now=NOW)

    assert blocking(member) == {"Family"}


@pytest.mark.parametrize("capability", ["read_only", "subscribed", "no_events"])
def test_only_what_can_be_written_becomes_primary(member, connection, capability):
    with pytest.raises(CannotBeChosen):
        set_primary(member, RemoteCalendarFactory(connection=connection, capability=capability), now=NOW)

    assert not CalendarConfiguration.objects.filter(primary__isnull=False).exists()


@pytest.mark.parametrize("capability", ["subscribed", "no_events"])
def test_what_cannot_be_read_is_not_checked(member, connection, capability):
    with pytest.raises(CannotBeChosen):
        set_conflicts(member, [RemoteCalendarFactory(connection=connection, capability=capability)], now=NOW)

    assert not BusySource.objects.exists()


@pytest.mark.parametrize(
    "facts", [{"switched_off_at": NOW}, {"state": ConnectionState.BROKEN}], ids=["switched off", "broken"]
)
def test_only_connected_logins_offer_calendars(member, facts):
    remote = RemoteCalendarFactory(connection=ConnectionFactory(user=member.user, **facts))

    with pytest.raises(CannotBeChosen):
        set_primary(member, remote, now=NOW)
    with pytest.raises(CannotBeChosen):
        set_conflicts(member, [remote], now=NOW)


def test_nobody_chooses_a_calendar_of_somebody_else(member):
    remote = RemoteCalendarFactory()

    with pytest.raises(CannotBeChosen):
        set_primary(member, remote, now=NOW)
    with pytest.raises(CannotBeChosen):
        set_conflicts(member, [remote], now=NOW)


def test_a_checked_calendar_stays_when_its_login_breaks(member, connection):
    private = RemoteCalendarFactory(connection=connection, name="Private")
    set_conflicts(member, [private], now=NOW)
    Connection.objects.update(state=ConnectionState.BROKEN)
    private.connection.refresh_from_db()

    set_conflicts(member, [private], now=LATER)

    assert blocking(member) == {"Private"}


def test_two_accounts_of_one_user_share_one_source(member, connection):
    elsewhere = MemberFactory(user=member.user)
    practice = RemoteCalendarFactory(connection=connection, name="Practice")

    set_primary(member, practice, now=NOW)
    set_conflicts(elsewhere, [practice], now=NOW)

    assert BusySource.objects.count() == 1
    assert blocking(member) == blocking(elsewhere) == {"Practice"}


def test_what_another_account_still_uses_is_kept(member, connection):
    elsewhere = MemberFactory(user=member.user)
    practice = RemoteCalendarFactory(connection=connection, name="Practice")
    set_primary(member, practice, now=NOW)
    set_conflicts(elsewhere, [practice], now=NOW)

    set_primary(member, None, now=LATER)

    assert blocking(member) == set()
    assert blocking(elsewhere) == {"Practice"}


def test_what_nobody_uses_any_more_is_forgotten(member, connection):
    private = RemoteCalendarFactory(connection=connection, name="Private")
    set_conflicts(member, [private], now=NOW)
    private.refresh_from_db()
    private.token, private.cursor, private.listed_in_full_at = "t", "c", NOW
    private.save()
    RemoteEvent.objects.create(remote_calendar=private, key="e", url="e", reduced="secret")
    stretch = Stretch("k", start=NOW, end=LATER, blocks=True)
    record_busy_times(private.source, {"e": [stretch]}, now=NOW)
    fence = Connection.objects.get().fence

    set_conflicts(member, [], now=LATER)

    private.refresh_from_db()
    assert (private.source, private.token, private.cursor, private.listed_in_full_at) == (None, "", "", None)
    assert not private.events.exists()
    assert not BusySource.objects.exists()
    assert Connection.objects.get().fence > fence


def test_a_new_primary_asks_for_every_coming_appointment_in_both_calendars():
    world = World()
    old, new = world.add_calendar("Old", primary=True), world.add_calendar("New")
    coming, past = world.book(), world.book(starts_at=NOW - timedelta(days=2))
    world.push_all()

    moved = set_primary(world.member, new, now=NOW)

    assert moved == 1
    asked = PendingPush.objects.values_list("uid", "remote_calendar")
    assert set(asked) == {(coming.uid, old.pk), (coming.uid, new.pk)}
    assert past.uid not in {uid for uid, _ in asked}


def test_choosing_the_same_primary_again_moves_nothing(member, connection):
    practice = RemoteCalendarFactory(connection=connection)
    set_primary(member, practice, now=NOW)
    Connection.objects.update(next_look_at=LATER)

    assert set_primary(member, practice, now=NOW) == 0
    assert Connection.objects.get().next_look_at == LATER


def test_when_calendars_are_out_of_date_is_kept_for_those_that_come_later(member, connection):
    first, second = RemoteCalendarFactory.create_batch(2, connection=connection)

    set_conflicts(member, [first], now=NOW, stale_after=timedelta(minutes=40), when_stale=WhenStale.BLOCK)
    set_conflicts(member, [first, second], now=NOW)

    settings = set(BlockingSource.objects.values_list("stale_after", "when_stale"))
    assert settings == {(timedelta(minutes=40), WhenStale.BLOCK.value)}
