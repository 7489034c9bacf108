"""The pages on which a manager lets a member go."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from availability.models import CalendarType
from bookings.services.book import book_appointment
from tests.bookings.situations import ADA, TEN
from tests.bookings.views.appointments.pages import text
from tests.bookings.views.test_absence import hidden
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def calendar(db):
    return CalendarFactory(type=CalendarType.ROUND_ROBIN)


@pytest.fixture
def goes(calendar):
    return CalendarMemberFactory(calendar=calendar).member


@pytest.fixture
def owner(client, calendar):
    member = MemberFactory(account=calendar.account, role=Role.OWNER)
    client.force_login(member.user)
    return member


def page(member):
    return f"{reverse('bookings:member-leave', args=[member.pk])}?account={member.account.slug}"


def test_what_is_booked_and_what_is_paused_stands_on_the_page(client, owner, goes, calendar):
    book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    said = text(client.get(page(goes)))

    assert "Ada Lovelace" in said
    assert f"“{calendar.name}” has nobody else: it is paused." in said


def test_the_preview_changes_nothing(client, owner, goes, calendar):
    one = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    response = client.post(page(goes), {"step": "preview", f"do-{one.uid}": "cancel"})

    goes.refresh_from_db()
    assert (response.status_code, goes.left_at) == (200, None)


def test_what_stood_in_the_preview_is_done(client, owner, goes, calendar):
    one = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)
    preview = client.post(page(goes), {"step": "preview", f"do-{one.uid}": "cancel"})

    response = client.post(page(goes), {**hidden(preview), "step": "do"})

    one.refresh_from_db()
    goes.refresh_from_db()
    assert (one.cancelled_at, goes.left_at) == (NOW, NOW)
    assert f"“{calendar.name}” is paused, because nobody serves it any more." in text(response)


def test_whoever_left_finds_no_page_of_the_account_any_more(client, owner, goes):
    client.post(page(goes), {"step": "do"})
    client.force_login(goes.user)

    assert client.get(reverse("bookings:my-calendar")).url == reverse("accounts:no-account")
    assert client.get(reverse("accounts:no-account")).status_code == 200


def test_the_last_owner_is_told_why_not(client, owner):
    response = client.post(page(owner), {"step": "do"}, follow=True)

    owner.refresh_from_db()
    assert "an account needs an owner" in text(response)
    assert owner.left_at is None


def test_a_manager_cannot_let_an_owner_go(client, owner, calendar):
    client.force_login(MemberFactory(account=calendar.account, role=Role.MANAGER).user)
    MemberFactory(account=calendar.account, role=Role.OWNER)

    response = client.post(page(owner), {"step": "do"}, follow=True)

    assert "only an owner can let an owner go" in text(response)


def test_what_is_left_over_can_be_settled_afterwards(client, owner, goes, calendar):
    one = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)
    client.post(page(goes), {"step": "do"})
    preview = client.post(page(goes), {"step": "preview", f"do-{one.uid}": "cancel"})

    client.post(page(goes), {**hidden(preview), "step": "do"})

    one.refresh_from_db()
    assert one.cancelled_at == NOW


@pytest.mark.parametrize("method", ["get", "post"])
def test_for_staff_and_for_other_accounts_there_is_no_such_page(client, goes, calendar, method):
    client.force_login(goes.user)
    assert getattr(client, method)(page(goes)).status_code == 404
    client.force_login(MemberFactory(role=Role.OWNER).user)
    elsewhere = reverse("bookings:member-leave", args=[goes.pk])
    assert getattr(client, method)(elsewhere).status_code == 404
