"""Operators see which logins work and what waits, and nothing of what is in them."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from django_q.models import Failure, OrmQ, Schedule, Success

from integrations.models import Connection, Decision, JournalEntry, PendingPush, RemoteEvent
from integrations.services.configure import set_primary
from integrations.sync.journal import note
from tests.factories import NOW, ConnectionFactory, MemberFactory, RemoteCalendarFactory, UserFactory

pytestmark = pytest.mark.django_db
CONNECTIONS = reverse("admin:integrations_connection_changelist")


@pytest.fixture
def operator(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def change_page(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def test_a_login_is_shown_without_its_secret(operator):
    connection = ConnectionFactory(password="kanari-kanari")

    for page in (CONNECTIONS, change_page(connection)):
        text = operator.get(page).content.decode()
        assert connection.username in text
        assert "kanari" not in text
        assert "credential" not in text.lower()


def test_an_event_is_shown_without_its_content(operator):
    event = RemoteEvent.objects.create(
        remote_calendar=RemoteCalendarFactory(), key="/a.ics", url="https://a.example/a.ics", reduced="SUMMARY:Dentist"
    )

    for page in (reverse("admin:integrations_remoteevent_changelist"), change_page(event)):
        text = operator.get(page).content.decode()
        assert "/a.ics" in text
        assert "Dentist" not in text
        assert "reduced" not in text.lower()


def test_nothing_about_a_login_can_be_edited(operator):
    connection = ConnectionFactory()

    response = operator.post(change_page(connection), {"server_url": "https://evil.example.com/"})

    assert response.status_code == 403
    assert Connection.objects.get().server_url == connection.server_url


def test_connections_are_synced_and_switched_from_the_list(operator):
    working = ConnectionFactory(next_look_at=NOW + timedelta(days=900))
    off = ConnectionFactory(switched_off_at=NOW)

    def act(action):
        chosen = {"action": action, "_selected_action": [working.pk, off.pk]}
        return operator.post(CONNECTIONS, chosen, follow=True).content.decode()

    assert "1 connection is being read now." in act("sync_now")
    assert Connection.objects.get(pk=working.pk).next_look_at < working.next_look_at
    act("switch_off")
    assert Connection.objects.filter(switched_off_at__isnull=False).count() == 2
    act("switch_on")
    assert not Connection.objects.filter(switched_off_at__isnull=False).exists()


def test_deleting_a_connection_goes_the_owners_way(operator):
    member = MemberFactory()
    remote = RemoteCalendarFactory(connection=ConnectionFactory(user=member.user))
    set_primary(member, remote, now=NOW)
    chosen = {"action": "delete_selected", "_selected_action": [remote.connection.pk], "post": "yes"}

    operator.post(CONNECTIONS, chosen)

    assert not Connection.objects.exists()
    assert not member.blocking_sources.exists()


def test_a_parked_push_is_tried_again(operator):
    pending = PendingPush.objects.create(
        uid="00000000-0000-0000-0000-000000000001",
        remote_calendar=RemoteCalendarFactory(),
        due_at=NOW,
        parked_at=NOW,
        attempts=7,
    )
    chosen = {"action": "requeue", "_selected_action": [pending.pk]}

    operator.post(reverse("admin:integrations_pendingpush_changelist"), chosen)

    pending.refresh_from_db()
    assert (pending.parked_at, pending.attempts) == (None, 0)


@pytest.mark.parametrize("model", [Success, Failure, OrmQ, Schedule])
def test_the_queue_is_for_superusers_and_only_to_look_at(client, model, rf):
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="django_q"))
    superuser = UserFactory(is_staff=True, is_superuser=True)

    client.force_login(clerk)
    assert client.get(page).status_code == 403
    client.force_login(superuser)
    assert client.get(page).status_code == 200

    request = rf.get("/")
    request.user = superuser
    theirs = admin.site.get_model_admin(model)
    assert theirs.get_actions(request) == {}
    permissions = theirs.get_model_perms(request)
    assert permissions == {"add": False, "change": False, "delete": False, "view": True}


def test_the_journal_can_be_looked_at_and_not_changed(operator):
    connection = ConnectionFactory(password="kanari-kanari")
    note(Decision.LOOK_FAILED, now=NOW, connection=connection, reason="The server is busy.")
    entry = JournalEntry.objects.get()

    for page in (reverse("admin:integrations_journalentry_changelist"), change_page(entry)):
        text = operator.get(page).content.decode()
        assert "Look failed" in text
        assert "kanari" not in text
    operator.post(change_page(entry), {"decision": "mended"})
    assert JournalEntry.objects.get().decision == Decision.LOOK_FAILED
