from uuid import uuid4

import pytest
from django.test import Client

from accounts.roles import Role
from bookings.models import OwnItem
from tests.bookings.views.appointments.pages import iso, text, url
from tests.bookings.views.entries.conftest import add
from tests.factories import NOW, MemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
READ = ("own-item", "entry-panel")
ACT = ("own-item", "own-item-remove", "own-item-restore", "entry-move", "entry-undo")


def _statuses(client, user, uid):
    client.force_login(user)
    return {client.get(url(name, uid)).status_code for name in READ} | {
        client.post(url(name, uid), {"starts_at": iso(NOW)}).status_code for name in ACT
    }


def test_whoever_it_is_assigned_to_may_open_it(client, host, colleague):
    item = add(host, colleague)
    client.force_login(colleague.user)

    assert "Dentist" in text(client.get(url("own-item", item.uid)))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_who_manages_the_account_may_open_a_colleagues(client, place, item, role):
    client.force_login(MemberFactory(account=place.calendar.account, role=role).user)

    assert "Dentist" in text(client.get(url("own-item", item.uid)))


def test_for_a_colleague_it_is_not_there(client, colleague, item):
    assert _statuses(client, colleague.user, item.uid) == {404}
    assert OwnItem.objects.get().sequence == 0


@pytest.mark.parametrize("role", Role.values)
def test_for_another_account_it_is_not_there(client, item, role):
    assert _statuses(client, MemberFactory(role=role).user, item.uid) == {404}
    assert OwnItem.objects.get().sequence == 0


def test_what_does_not_exist_looks_the_same(client, host):
    assert _statuses(client, host.user, uuid4()) == {404}


def test_an_appointment_of_others_is_neither_moved_nor_shown(client, colleague, appointment):
    client.force_login(colleague.user)

    assert client.get(url("entry-panel", appointment.uid), headers={"HX-Request": "true"}).status_code == 404
    for name in ("entry-move", "entry-undo"):
        assert client.post(url(name, appointment.uid), {"starts_at": iso(NOW)}).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(client, item):
    pages = [url("own-item-new"), url("own-item", item.uid), url("entry-panel", item.uid)]

    assert [client.get(page)["Location"] for page in pages] == [f"/sign-in/?next={page}" for page in pages]


@pytest.mark.parametrize("name", ["own-item-remove", "own-item-restore", "entry-move", "entry-undo"])
def test_what_only_acts_cannot_be_looked_at(client, host, item, name):
    assert client.get(url(name, item.uid)).status_code == 405


def test_no_post_is_taken_from_elsewhere(place, item):
    client = Client(enforce_csrf_checks=True)
    client.force_login(place.member.user)
    pages = [*(url(name, item.uid) for name in ACT), url("own-item-new")]

    assert {client.post(page).status_code for page in pages} == {403}
