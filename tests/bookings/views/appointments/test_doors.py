from uuid import uuid4

import pytest
from django.test import Client

from accounts.roles import Role
from bookings.models import Appointment, AppointmentChange
from tests.bookings.views.appointments.pages import ADA_AS_TYPED, iso, url
from tests.factories import MemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
READ = ("appointment", "cancel", "move", "appointment-again")
ACT = ("confirm", "decline", "attendance", "cancel", "move")


def _statuses(client, user, uid):
    client.force_login(user)
    got = {client.get(url(name, uid)).status_code for name in READ}
    posted = {client.post(url(name, uid)).status_code for name in (*ACT, "appointment-again")}
    return got, posted


def test_the_host_may_open_everything(client, place, request_):
    client.force_login(place.member.user)

    assert {client.get(url(name, request_.uid)).status_code for name in READ} == {200}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_who_manages_the_account_may_open_a_colleagues(client, place, request_, role):
    client.force_login(MemberFactory(account=place.calendar.account, role=role).user)

    assert {client.get(url(name, request_.uid)).status_code for name in READ} == {200}


def test_for_a_colleague_it_is_not_there(client, place, request_):
    assert _statuses(client, MemberFactory(account=place.calendar.account).user, request_.uid) == ({404}, {404})
    assert AppointmentChange.objects.count() == 1


@pytest.mark.parametrize("role", Role.values)
def test_for_another_account_it_is_not_there(client, request_, role):
    assert _statuses(client, MemberFactory(role=role).user, request_.uid) == ({404}, {404})
    assert AppointmentChange.objects.count() == 1


def test_what_does_not_exist_looks_the_same(client, host):
    assert _statuses(client, host.user, uuid4()) == ({404}, {404})


def test_whoever_is_not_signed_in_is_asked_to(client, request_, place):
    pages = [url(name, request_.uid) for name in READ]
    pages += [url("requests"), url("appointment-new"), url("appointment-new-on", place.calendar.pk)]

    assert [client.get(page)["Location"] for page in pages] == [f"/sign-in/?next={page}" for page in pages]


def test_no_post_is_taken_from_elsewhere(place, request_):
    client = Client(enforce_csrf_checks=True)
    client.force_login(place.member.user)
    pages = [*(url(name, request_.uid) for name in ACT), url("appointment-new-on", place.calendar.pk)]

    assert {client.post(page, ADA_AS_TYPED).status_code for page in pages} == {403}
    assert AppointmentChange.objects.count() == 1


@pytest.mark.parametrize("name", ["confirm", "decline", "attendance"])
def test_what_only_acts_cannot_be_looked_at(client, host, request_, name):
    assert client.get(url(name, request_.uid)).status_code == 405


def test_looking_changes_nothing(client, host, request_, place):
    start = iso(request_.starts_at)
    for page in (*(url(name, request_.uid) for name in READ), url("appointment-new-on", place.calendar.pk)):
        client.get(page)
        client.get(page, {"start": start})
    client.get(url("requests"))

    assert (Appointment.objects.count(), AppointmentChange.objects.count()) == (1, 1)


def test_who_may_book_on_a_calendar(client, place, manager):
    page = url("appointment-new-on", place.calendar.pk)
    doors = {
        place.member: 200,
        manager: 200,
        MemberFactory(account=place.calendar.account): 404,
        MemberFactory(role=Role.OWNER): 404,
    }

    for member, status in doors.items():
        client.force_login(member.user)
        assert (client.get(page).status_code, client.post(page, {"start": "x"}).status_code) == (
            status,
            302 if status == 200 else 404,
        )


def test_who_works_in_two_accounts_acts_as_the_member_of_the_right_one(client, place, request_):
    elsewhere = MemberFactory(user=place.member.user, account__name="A first one")
    client.force_login(place.member.user)

    client.post(url("confirm", request_.uid), {"account": elsewhere.account.slug})

    assert AppointmentChange.objects.get(kind="confirmed").member == place.member
