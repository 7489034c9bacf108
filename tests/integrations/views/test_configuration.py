"""Settings › My Profile › Calendar Configuration."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from availability.models import BusySource
from availability.services.busy import Stretch, record_busy_times
from integrations.models import CalendarConfiguration
from integrations.services.configure import set_conflicts, set_primary
from integrations.services.connections import switch_off
from integrations.views import configuration as configuration_view
from tests.factories import NOW, ConnectionFactory, MemberFactory, RemoteCalendarFactory
from tests.integrations.sync.world import World

pytestmark = pytest.mark.django_db
PAGE = reverse("integrations:calendar-configuration")
STALENESS = {"stale_minutes": "15", "when_stale": "warn"}


@pytest.fixture
def connection(member):
    return ConnectionFactory(user=member.user)


def choose_primary(client, value, **more):
    return client.post(PAGE, {"segment": "primary", "primary": value, **more})


def choose_conflicts(client, *values, **more):
    return client.post(PAGE, {"segment": "conflicts", "conflicts": values, **STALENESS, **more})


def configured():
    configuration = CalendarConfiguration.objects.first()
    return configuration and (configuration.primary, list(configuration.conflicts.order_by("pk")))


def test_both_segments_are_saved_each_by_itself(client, member, connection):
    practice, private = RemoteCalendarFactory.create_batch(2, connection=connection)

    primary = choose_primary(client, practice.pk)
    conflicts = choose_conflicts(client, private.pk)

    assert primary.headers["Location"] == f"{PAGE}?account={member.account.slug}#primary"
    assert conflicts.headers["Location"] == f"{PAGE}?account={member.account.slug}#conflicts"
    assert configured() == (practice, [private])


def test_none_is_a_choice_and_nothing_is_not(client, member, connection):
    practice = RemoteCalendarFactory(connection=connection)
    set_primary(member, practice, now=NOW)

    refused = client.post(PAGE, {"segment": "primary"})
    assert refused.status_code == 422
    assert "Please choose one" in refused.content.decode()
    assert configured() == (practice, [])

    choose_primary(client, "")
    assert configured() == (None, [])


@pytest.mark.parametrize("capability", ["read_only", "subscribed", "no_events"])
def test_a_hand_made_post_cannot_make_primary_what_cannot_be_written(client, member, connection, capability):
    remote = RemoteCalendarFactory(connection=connection, capability=capability)

    response = choose_primary(client, remote.pk)

    assert response.status_code == 422
    assert "Nothing can be written to" in response.content.decode()
    assert configured() is None


@pytest.mark.parametrize("capability", ["subscribed", "no_events"])
def test_a_hand_made_post_cannot_check_what_cannot_be_read(client, member, connection, capability):
    remote = RemoteCalendarFactory(connection=connection, capability=capability)

    response = choose_conflicts(client, remote.pk)

    assert response.status_code == 422
    assert "there is nothing to check" in response.content.decode()
    assert configured() is None


@pytest.mark.parametrize("choose", [choose_primary, choose_conflicts])
def test_a_calendar_of_somebody_else_cannot_be_chosen(client, member, connection, choose):
    RemoteCalendarFactory(connection=connection)

    response = choose(client, RemoteCalendarFactory(name="Theirs").pk)

    assert response.status_code == 422
    assert "not among your connected ones" in response.content.decode()
    assert "Theirs" not in response.content.decode()
    assert configured() is None


@pytest.mark.parametrize("value", ["x", "0", "999999", "1 OR 1=1"])
def test_nonsense_is_refused(client, member, connection, value):
    assert choose_primary(client, value).status_code == 422
    assert choose_conflicts(client, value).status_code == 422


def test_calendars_of_logins_that_do_not_work_are_listed_with_the_reason(client, member, connection):
    RemoteCalendarFactory(connection=connection, name="Practice")
    RemoteCalendarFactory(connection=ConnectionFactory(user=member.user, state="broken"), name="Broken one")
    RemoteCalendarFactory(connection=ConnectionFactory(user=member.user, switched_off_at=NOW), name="Off one")
    RemoteCalendarFactory(connection=connection, name="Gone one", gone_at=NOW)

    text = client.get(PAGE).content.decode()

    assert [name in text for name in ("Practice", "Broken one", "Off one", "Gone one")] == [True, True, True, False]
    assert "This connection is switched off." in text
    assert "This connection waits for a new password." in text
    assert text.count(" disabled>") == 4


def test_the_page_says_how_many_events_a_calendar_holds_next_week(client, member, connection):
    remote = RemoteCalendarFactory(connection=connection)
    set_conflicts(member, [remote], now=NOW)
    source = BusySource.objects.get()
    assert "Not read so far" in client.get(PAGE).content.decode()

    BusySource.objects.update(read_at=timezone.now())
    days = [timezone.now() + timedelta(days=day) for day in (-3, 1, 6, 8)]
    hours = [Stretch(str(day), start=day, end=day + timedelta(hours=1), blocks=True) for day in days]
    record_busy_times(source, {"events": hours}, now=NOW)

    assert "2 events in the next seven days" in client.get(PAGE).content.decode()


def test_what_is_chosen_stays_listed_when_its_login_is_switched_off(client, member, connection):
    remote = RemoteCalendarFactory(connection=connection, name="Practice")
    set_conflicts(member, [remote], now=NOW)
    connection.switched_off_at = NOW
    connection.save()

    text = client.get(PAGE).content.decode()
    assert "This connection is switched off" in text
    assert choose_conflicts(client, remote.pk).status_code == 302
    assert configured() == (None, [remote])


def test_read_only_calendars_are_shown_with_the_reason(client, member, connection):
    remote = RemoteCalendarFactory(connection=connection, name="Family", capability="read_only")

    text = client.get(PAGE).content.decode()

    assert f'<input type="radio" name="primary" value="{remote.pk}" disabled>' in text
    assert f'<input type="checkbox" name="conflicts" value="{remote.pk}">' in text
    assert "Ask its owner for the right to change it" in text


def test_each_account_has_its_own_choice(client, member, connection):
    practice, private = RemoteCalendarFactory.create_batch(2, connection=connection)
    elsewhere = MemberFactory(user=member.user)
    choose_primary(client, practice.pk, account=member.account.slug)

    choose_primary(client, private.pk, account=elsewhere.account.slug)

    chosen = {one.member: one.primary for one in CalendarConfiguration.objects.all()}
    assert chosen == {member: practice, elsewhere: private}
    assert elsewhere.account.name in client.get(PAGE, {"account": member.account.slug}).content.decode()


def test_the_page_says_how_many_appointments_move_before_and_after(client):
    world = World()
    client.force_login(world.member.user)
    world.add_calendar("Old", primary=True)
    new = world.add_calendar("New")
    world.book(starts_at=datetime.now(UTC) + timedelta(days=1))

    assert "the 1 coming appointment moves along" in client.get(PAGE).content.decode()
    response = client.post(PAGE, {"segment": "primary", "primary": new.pk}, follow=True)
    assert "1 coming appointment moves along." in response.content.decode()


def test_when_calendars_are_out_of_date_is_the_members_choice(client, member, connection):
    remote = RemoteCalendarFactory(connection=connection)

    choose_conflicts(client, remote.pk, stale_minutes="40", when_stale="block")

    blocking = member.blocking_sources.get()
    assert (blocking.stale_after, blocking.when_stale) == (timedelta(minutes=40), "block")
    assert 'value="40"' in client.get(PAGE).content.decode()


@pytest.mark.parametrize("minutes", ["0", "-5", "", "x", "99999999"])
def test_minutes_that_make_no_sense_are_refused_and_nothing_is_saved(client, member, connection, minutes):
    remote = RemoteCalendarFactory(connection=connection)

    assert choose_conflicts(client, remote.pk, stale_minutes=minutes).status_code == 422
    assert configured() is None


def test_without_a_connection_the_page_says_what_to_do(client, member):
    text = client.get(PAGE).content.decode()

    assert "No calendar is connected yet" in text


def test_the_page_needs_no_more_queries_for_thirty_calendars(client, member, django_assert_max_num_queries):
    first = RemoteCalendarFactory(connection=ConnectionFactory(user=member.user))
    set_conflicts(member, [first], now=NOW)
    client.get(PAGE)  # the first page of a visit also notes the account
    with django_assert_max_num_queries(50) as few:
        client.get(PAGE)
    more = [RemoteCalendarFactory(connection=ConnectionFactory(user=member.user)) for _ in range(29)]
    set_conflicts(member, [first, *more], now=NOW)
    with django_assert_max_num_queries(50) as many:
        client.get(PAGE)

    assert len(many) == len(few)


@pytest.mark.parametrize("choose", [choose_primary, choose_conflicts])
def test_a_login_switched_off_while_the_page_was_open_is_told_of(client, member, connection, monkeypatch, choose):
    practice = RemoteCalendarFactory(connection=connection)
    choices_of = configuration_view.choices_of

    def look_up_just_before(of, now):
        choices = choices_of(of, now=now)
        switch_off(connection, now=NOW)
        return choices

    monkeypatch.setattr(configuration_view, "choices_of", look_up_just_before)
    answer = choose(client, practice.pk)

    assert answer.status_code == 422
    assert "This calendar is not among your connected ones." in answer.content.decode()
    assert configured() in (None, (None, []))
