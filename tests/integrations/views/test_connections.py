"""Settings › My Profile › Integrations."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from integrations.models import Connection, RemoteCopy
from integrations.services.configure import set_primary
from tests.factories import NOW, ConnectionFactory, MemberFactory, RemoteCalendarFactory
from tests.integrations.sync.world import World

pytestmark = pytest.mark.django_db
PAGE = reverse("integrations:integrations")
BY_HTMX = {"HX-Request": "true"}
ACTIONS = ("connection-active", "connection-sync", "connection-delete", "connection-password")
READS = ("connection", "connection-freshness", "connection-delete", "connection-password")


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


def test_switching_off_says_that_its_busy_times_go_on_blocking(client, member):
    connection = ConnectionFactory(user=member.user)

    response = client.post(url("connection-active", connection), {"account": member.account.slug}, follow=True)

    assert Connection.objects.get().switched_off_at is not None
    text = response.content.decode()
    assert "Switched off" in text
    assert "last known busy times go on blocking" in text


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
