"""Settings › My Profile › Integrations."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from availability.models import BusySource
from bookings.templatetags.times import day_words
from integrations.models import Connection, RemoteCopy
from integrations.services.configure import set_conflicts, set_primary
from tests.factories import NOW, ConnectionFactory, MemberFactory, RemoteCalendarFactory
from tests.integrations.sync.world import World

pytestmark = pytest.mark.django_db
PAGE = reverse("integrations:integrations")
BY_HTMX = {"HX-Request": "true"}
ACTIONS = ("connection-active", "connection-off", "connection-sync", "connection-delete", "connection-password")
READS = (
    *("connection", "connection-freshness", "connection-progress", "connection-off", "connection-delete"),
    "connection-password",
)


def url(name, connection):
    return reverse(f"integrations:{name}", args=[connection.pk])


def test_the_old_name_of_the_page_leads_to_it(client, member):
    response = client.get("/settings/connections/?account=x")

    assert (response.status_code, response.headers["Location"]) == (302, f"{PAGE}?account=x")


def test_only_ones_own_connections_are_listed(client, member):
    ConnectionFactory(user=member.user, username="ada@example.org")
    ConnectionFactory(user=MemberFactory(account=member.account).user, username="eve@example.org")

    text = client.get(PAGE).content.decode()

    assert "ada@example.org" in text
    assert "eve@example.org" not in text


@pytest.mark.parametrize("name", READS)
def test_somebody_elses_connection_is_a_page_that_does_not_exist(client, member, name):
    assert client.get(url(name, ConnectionFactory())).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_nothing_can_be_done_with_somebody_elses_connection(client, member, outside, name):
    other = ConnectionFactory(next_look_at=NOW + timedelta(days=9))

    response = client.post(url(name, other), {"password": "abcdefghijklmnop"})

    assert response.status_code == 404
    assert Connection.objects.values_list("switched_off_at", "next_look_at").get() == (None, other.next_look_at)
    assert outside.opened == []


@pytest.mark.parametrize("name", ["connection-active", "connection-sync"])
def test_looking_changes_nothing(client, member, name):
    assert client.get(url(name, ConnectionFactory(user=member.user))).status_code == 405


def test_an_account_the_reader_is_not_in_does_not_exist(client, member):
    connection = ConnectionFactory(user=member.user)

    response = client.post(url("connection-sync", connection), {"account": MemberFactory().account.slug})

    assert response.status_code == 404


def test_switching_off_asks_first_what_becomes_of_its_events(client, member):
    connection = ConnectionFactory(user=member.user)

    response = client.post(url("connection-active", connection), {"account": member.account.slug}, follow=True)

    assert response.redirect_chain == [(f"{url('connection-off', connection)}?account={member.account.slug}", 302)]
    assert "They stop blocking" in response.content.decode()
    assert Connection.objects.get().switched_off_at is None


def test_htmx_gets_the_question_in_the_row(client, member):
    connection = ConnectionFactory(user=member.user)

    text = client.post(url("connection-active", connection), headers=BY_HTMX).content.decode()

    assert f'id="off-{connection.pk}"' in text
    assert "error-summary" not in text
    assert Connection.objects.get().switched_off_at is None


def test_switched_off_its_events_stop_blocking_if_its_owner_says_so(client, member):
    connection = ConnectionFactory(user=member.user)

    text = client.post(url("connection-off", connection), {"events": "stop"}, follow=True).content.decode()

    saved = Connection.objects.get()
    assert (saved.switched_off_at is None, saved.blocks_until) == (False, None)
    assert "Its events do not keep you from being booked." in text


def test_switched_off_what_is_known_goes_on_blocking_through_the_day_that_is_named(client, member):
    connection = ConnectionFactory(user=member.user)
    last = timezone.localdate() + timedelta(days=3)

    text = client.post(url("connection-off", connection), {"events": "until", "last_day": last}, follow=True)

    midnight = datetime.combine(last + timedelta(days=1), time.min, ZoneInfo("Europe/Berlin"))
    assert Connection.objects.get().blocks_until == midnight
    assert f"up to and including {day_words(last)}" in text.content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"events": "until"}, {"events": "until", "last_day": "2026-01-01"}, {"events": "x"}]
)
def test_switching_off_without_an_answer_that_makes_sense_is_refused(client, member, sent):
    connection = ConnectionFactory(user=member.user)

    response = client.post(url("connection-off", connection), sent)

    assert response.status_code == 422
    assert Connection.objects.get().switched_off_at is None


def test_progress_asks_again_until_the_calendars_are_read(client, member):
    remote = _connected(member)
    set_primary(member, remote, now=NOW)
    connection = Connection.objects.get()
    page = url("connection-progress", connection)

    assert "It is the next to be read." in client.get(page, headers=BY_HTMX).content.decode()
    Connection.objects.update(claimed_until=Now() + timedelta(minutes=1))
    reading = client.get(page, headers=BY_HTMX).content.decode()
    assert "Being read: 0 of 1 calendar is done." in reading
    assert "hx-trigger" in reading

    Connection.objects.update(claimed_until=None, looked_at=NOW, synced_at=NOW)
    BusySource.objects.update(read_at=NOW)
    done = client.get(page, headers=BY_HTMX).content.decode()
    assert "Read. 1 calendar is up to date." in done
    assert "load delay:1s" not in done
    assert f'id="freshness-{connection.pk}" hx-swap-oob="true"' in done


@pytest.mark.parametrize(
    "facts", [{"failures": 1, "looked_at": NOW}, {"state": "broken", "refused_at": NOW, "looked_at": NOW}]
)
def test_progress_says_when_it_could_not_be_read(client, member, facts):
    connection = ConnectionFactory(user=member.user, **facts)

    text = client.get(url("connection-progress", connection), headers=BY_HTMX).content.decode()

    assert "It could not be read." in text
    assert "load delay:1s" not in text


@pytest.mark.parametrize("query", ["asked=60", "asked=999"])
def test_progress_ends_by_itself_where_nobody_comes_to_read(client, member, query):
    connection = ConnectionFactory(user=member.user)

    text = client.get(f"{url('connection-progress', connection)}?{query}", headers=BY_HTMX).content.decode()

    assert "You need not wait here" in text
    assert "load delay:1s" not in text


@pytest.mark.parametrize("seen", ["", "x", "2026-13-45T00:00:00Z", "2026-11-23T07:00:00"])
def test_progress_takes_no_offence_at_nonsense(client, member, seen):
    connection = ConnectionFactory(user=member.user)

    assert client.get(url("connection-progress", connection), {"seen": seen, "asked": "x"}).status_code == 200


def test_a_connection_says_in_how_many_accounts_it_is_used(client, member):
    remote = _connected(member)
    set_primary(member, remote, now=NOW)
    assert "used in 1 account" in client.get(PAGE).content.decode()

    set_conflicts(MemberFactory(user=member.user), [remote], now=NOW)

    assert "used in 2 accounts" in client.get(PAGE).content.decode()


def test_switched_on_again_it_is_due(client, member):
    connection = ConnectionFactory(user=member.user, switched_off_at=NOW)

    client.post(url("connection-active", connection), {"active": "on"})

    assert Connection.objects.get().switched_off_at is None


def test_sync_now_makes_it_due_and_nudges_a_worker(client, member, django_capture_on_commit_callbacks):
    connection = ConnectionFactory(user=member.user, next_look_at=NOW + timedelta(days=900))

    with django_capture_on_commit_callbacks() as nudges:
        response = client.post(url("connection-sync", connection), {"account": member.account.slug})

    page = f"{PAGE}?account={member.account.slug}#connection-{connection.pk}"
    assert (response.status_code, response.headers["Location"]) == (302, page)
    assert Connection.objects.get().next_look_at < connection.next_look_at
    assert len(nudges) == 1


def test_htmx_gets_the_row_alone_with_what_is_to_be_said(client, member):
    connection = ConnectionFactory(user=member.user)

    text = client.post(url("connection-sync", connection), headers=BY_HTMX).content.decode()

    assert text.count(f'<li id="connection-{connection.pk}"') == 1
    assert "is being read now" in text
    assert "<html" not in text


def test_sync_now_refuses_what_is_switched_off(client, member):
    connection = ConnectionFactory(user=member.user, switched_off_at=NOW)

    text = client.post(url("connection-sync", connection), headers=BY_HTMX).content.decode()

    assert "is not active, so nothing was read" in text


def test_freshness_comes_alone_with_the_status(client, member):
    connection = ConnectionFactory(user=member.user, state="failing", reason="The server cannot be reached.")

    text = client.get(url("connection-freshness", connection), headers=BY_HTMX).content.decode()

    assert f'id="freshness-{connection.pk}"' in text
    assert f'id="status-{connection.pk}" hx-swap-oob="true"' in text
    assert "The server cannot be reached." in text
    assert "We try again" in text


def test_a_broken_connection_says_why_and_how_to_mend_it(client, member):
    connection = ConnectionFactory(user=member.user, state="broken", refused_at=NOW, synced_at=NOW)

    text = client.get(PAGE).content.decode()

    assert "Not connected" in text
    assert "The server no longer accepts the password." in text
    assert url("connection-password", connection) in text


def test_deleting_asks_first_and_counts_what_stays(client, member):
    world = World()
    remote = world.add_calendar("Practice", primary=True)
    client.force_login(world.member.user)
    appointment = world.book(starts_at=datetime.now(UTC) + timedelta(days=1))
    RemoteCopy.objects.create(uid=appointment.uid, remote_calendar=remote, remote_uid="x")

    asked = client.get(url("connection-delete", world.connection))
    assert "Your 1 coming appointment stays here" in asked.content.decode()
    assert Connection.objects.exists()

    response = client.post(url("connection-delete", world.connection), follow=True)
    assert not Connection.objects.exists()
    assert "What lies at the provider stays there" in response.content.decode()


def test_the_list_needs_no_more_queries_for_thirty_connections(client, member, django_assert_max_num_queries):
    one = _connected(member)
    set_primary(member, one, now=NOW)
    client.get(PAGE)  # the first page of a visit also notes the account
    with django_assert_max_num_queries(50) as few:
        client.get(PAGE)
    for _ in range(29):
        _connected(member)
    with django_assert_max_num_queries(50) as many:
        client.get(PAGE)

    assert len(many) == len(few)


def test_calendars_are_counted_and_those_in_use(client, member):
    first = _connected(member)
    RemoteCalendarFactory(connection=first.connection)
    RemoteCalendarFactory(connection=first.connection, gone_at=NOW)
    set_primary(member, first, now=NOW)

    text = client.get(PAGE).content.decode()

    assert "2 calendars" in text
    assert "1 in use" in text


def _connected(member):
    return RemoteCalendarFactory(connection=ConnectionFactory(user=member.user))


def test_on_a_page_of_its_own_the_question_leads_back_to_the_list_with_or_without_htmx(client, member):
    connection = ConnectionFactory(user=member.user)

    assert "hx-post" not in client.get(url("connection-off", connection)).content.decode().partition("<main")[2]
