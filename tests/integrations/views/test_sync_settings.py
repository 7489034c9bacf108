"""Settings of a connection, and which events of a calendar block."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from availability.models import BusySource
from bookings.models import OwnItem, OwnItemKind
from bookings.services.add_own_item import add_own_item
from integrations.models import Connection, Decision, Direction, JournalEntry, PendingPush, RemoteCalendar, WhenDeleted
from integrations.services.configure import set_conflicts, set_primary
from integrations.views import configuration, connections
from tests.factories import NOW, AccountFactory, ConnectionFactory, MemberFactory, RemoteCalendarFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CUSTOM = {"direction": "custom", "follows_moves": "no", "when_deleted": "cancel"}


@pytest.fixture
def connection(member):
    return ConnectionFactory(user=member.user)


@pytest.fixture
def remote(member, connection):
    remote = RemoteCalendarFactory(connection=connection, name="Practice")
    set_primary(member, remote, now=NOW)
    remote.refresh_from_db()
    return remote


def settings_page(connection):
    return reverse("integrations:connection-settings", args=[connection.pk])


def blocking_page(remote):
    return reverse("integrations:calendar-blocking", args=[remote.pk])


def test_custom_settings_are_saved_each_and_noted(client, member, connection):
    response = client.post(settings_page(connection), CUSTOM)

    here = reverse("integrations:connection", args=[connection.pk])
    assert response.headers["Location"] == f"{here}?account={member.account.slug}"
    saved = Connection.objects.get()
    assert (saved.direction, saved.takes_moves, saved.on_deletion) == (Direction.CUSTOM, False, WhenDeleted.CANCEL)
    assert saved.shows_events is False
    assert JournalEntry.objects.get().decision == Decision.SETTINGS


def test_a_preset_needs_no_more_answers_and_keeps_those_of_custom(client, connection):
    client.post(settings_page(connection), CUSTOM)

    client.post(settings_page(connection), {"direction": "one_way"})

    saved = Connection.objects.get()
    assert (saved.direction, saved.when_deleted) == (Direction.ONE_WAY, WhenDeleted.CANCEL)
    assert (saved.takes_moves, saved.on_deletion) == (False, WhenDeleted.RECREATE)


def test_saving_what_is_so_already_notes_nothing(client, connection):
    sent = {"direction": connection.direction, "pushed_kinds": connection.pushed_kinds, "shows_events": "on"}
    client.post(settings_page(connection), sent)

    assert not JournalEntry.objects.exists()


def test_blocked_time_is_written_out_once_its_owner_says_so(client, member, connection, remote):
    later = {"starts_at": timezone.now() + timedelta(days=1), "ends_at": timezone.now() + timedelta(days=1, hours=1)}
    block = add_own_item(
        member.account, kind=OwnItemKind.BLOCK, title="", assignees=[member], now=timezone.now(), **later
    )
    PendingPush.objects.all().delete()

    client.post(settings_page(connection), {"direction": "two_way", "pushed_kinds": ["block"]})

    assert Connection.objects.get().pushed_kinds == ["block"]
    assert PendingPush.objects.get().uid == block.uid


@pytest.mark.parametrize(
    "wrong", [{}, {"direction": "both"}, {"direction": "custom"}, {**CUSTOM, "when_deleted": "explode"}]
)
def test_settings_that_make_no_sense_are_refused(client, connection, wrong):
    response = client.post(settings_page(connection), {"account": "", **wrong})

    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert Connection.objects.get().direction == Direction.TWO_WAY


def test_the_page_names_the_accounts_a_change_reaches(client, member, connection, remote):
    second = MemberFactory(user=member.user, account=AccountFactory(name="Evening school"))
    MemberFactory(user=member.user, account=AccountFactory(name="Choir"))
    set_conflicts(second, [remote], now=NOW)

    for page in (settings_page(connection), blocking_page(remote)):
        response = client.get(page)
        assert {one.name for one in response.context["reached"]} == {member.account.name, "Evening school"}
        assert "Evening school" in response.content.decode()


def test_what_is_shown_is_saved_with_the_source_and_blocks_all_the_same(client, connection, remote):
    shown = {"shows_events": "on", "shown_days_before": "7", "shown_days_after": "90"}
    client.post(settings_page(connection), {"direction": "one_way", **shown})

    source = BusySource.objects.get()
    assert (source.is_shown, source.shown_days_before, source.shown_days_after) == (True, 7, 90)
    client.post(settings_page(connection), {"direction": "one_way"})
    source.refresh_from_db()
    assert source.is_shown is False
    assert source.blocking.exists()


def test_a_range_nobody_offers_is_refused(client, connection):
    sent = {"direction": "one_way", "shows_events": "on", "shown_days_before": "99"}

    assert client.post(settings_page(connection), sent).status_code == 422


def test_own_items_that_lie_there_already_are_not_written_again(client, member, connection, remote):
    day = timezone.now() + timedelta(days=1)
    for kind in (OwnItemKind.ACTIVITY, OwnItemKind.TASK):
        add_own_item(
            member.account, kind=kind, title="", assignees=[member], now=day, starts_at=day, ends_at=day + HOUR
        )
    PendingPush.objects.all().delete()

    client.post(settings_page(connection), {"direction": "two_way", "pushed_kinds": [*connection.pushed_kinds, "task"]})

    pushed = OwnItem.objects.filter(uid__in=PendingPush.objects.values("uid"))
    assert [item.kind for item in pushed] == ["task"]


def test_titles_are_shared_calendar_by_calendar(client, remote):
    client.post(blocking_page(remote), {"shares_titles": "on"})
    assert BusySource.objects.get().shares_titles is True
    assert "Colleagues see the titles of its events" in client.get(blocking_page(remote)).content.decode()

    client.post(blocking_page(remote), {"declined_blocks": "on"})
    assert BusySource.objects.get().shares_titles is False


def test_what_blocks_is_saved_and_what_is_stored_is_expanded_anew(client, remote):
    RemoteCalendar.objects.update(expanded_at=NOW, expanded_zone="Europe/Berlin")

    client.post(blocking_page(remote), {"free_blocks": "on", "declined_blocks": "on"})

    saved = RemoteCalendar.objects.get()
    assert (saved.free_blocks, saved.tentative_blocks) == (True, False)
    assert (saved.unanswered_blocks, saved.declined_blocks) == (False, True)
    assert (saved.expanded_at, saved.expanded_zone) == (NOW, "")


def test_nobody_changes_what_is_not_theirs(client, member):
    foreign = RemoteCalendarFactory()

    for page in (settings_page(foreign.connection), blocking_page(foreign)):
        assert client.get(page).status_code == 404
        assert client.post(page, CUSTOM).status_code == 404


def test_a_calendar_nobody_uses_has_no_settings(client, connection):
    assert client.get(blocking_page(RemoteCalendarFactory(connection=connection))).status_code == 404


def test_each_calendar_in_use_leads_to_what_blocks_in_it(client, connection, remote):
    for page in (
        reverse("integrations:calendar-configuration"),
        reverse("integrations:connection", args=[connection.pk]),
    ):
        assert blocking_page(remote) in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("read_at", "failing_since", "expected"),
    [
        (None, None, "Being read for the first time"),
        (NOW - timedelta(minutes=1), None, "Read 1 minute ago"),
        (NOW - timedelta(minutes=20), None, "Out of date; last read 20 minutes ago"),
        (NOW - timedelta(minutes=20), NOW, "Cannot be read; last read 20 minutes ago"),
        (None, NOW, "Cannot be read yet"),
    ],
)
def test_how_fresh_a_calendar_is_stands_wherever_it_counts(
    client, connection, remote, monkeypatch, read_at, failing_since, expected
):
    BusySource.objects.filter(pk=remote.source_id).update(read_at=read_at, failing_since=failing_since)
    RemoteCalendar.objects.update(problem="The server said no." if failing_since else "")
    for views in (configuration, connections):
        monkeypatch.setattr(views.timezone, "now", lambda: NOW)

    for page in (
        reverse("integrations:calendar-configuration"),
        reverse("integrations:connection", args=[connection.pk]),
    ):
        text = client.get(page).content.decode()
        assert expected in text
        assert ("The server said no." in text) == bool(failing_since)
