import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.roles import Role
from bookings.models import Appointment, BookingTerms
from bookings.services.answer_request import decline_appointment, expire_requests
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import staff
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
GRACE = Customer(name="Grace Hopper", email="grace@example.org", phone="0451 1", time_zone="UTC", locale="en-gb")


@pytest.fixture
def yoga(db):
    return CalendarMemberFactory(calendar__type="class", calendar__name="Yoga", calendar__seats=8)


@pytest.fixture
def seats(yoga):
    return [book_appointment(yoga.calendar, starts_at=TEN, customer=one, now=NOW) for one in (ADA, GRACE)]


def _page(client, user, uid):
    client.force_login(user)
    return client.get(reverse("bookings:session", args=[uid]))


def _text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_host_sees_everybody_who_has_a_seat(client, yoga, seats):
    response = _page(client, yoga.member.user, seats[0].session_uid)

    text = _text(response)
    assert "Yoga Monday 23 November 2026, 10:00 – 10:30 2 of 8 seats are taken" in text
    assert "Ada Lovelace ada@example.org Confirmed Grace Hopper grace@example.org · 0451 1 Confirmed" in text
    assert reverse("bookings:appointment", args=[seats[0].uid]) in response.content.decode()


def test_who_has_cancelled_stands_last(client, yoga, seats):
    cancel_appointment(seats[0], now=NOW)

    text = _text(_page(client, yoga.member.user, seats[0].session_uid))

    assert "1 of 8 seats are taken" in text
    assert text.index("Grace Hopper") < text.index("Ada Lovelace") < text.index("Cancelled")


def test_a_session_without_anybody_says_that_its_time_is_free(client, yoga, seats):
    for seat in seats:
        cancel_appointment(seat, now=NOW)

    assert "Nobody has a seat any more; the time is free." in _text(
        _page(client, yoga.member.user, seats[0].session_uid)
    )


def test_seats_that_were_declined_or_have_expired_stand_there_as_such(client, yoga):
    BookingTerms.objects.create(calendar=yoga.calendar, needs_approval=True)
    asked = [book_appointment(yoga.calendar, starts_at=TEN, customer=ADA, now=NOW) for _number in range(3)]
    decline_appointment(asked[0], now=NOW, by=staff(yoga.member))
    Appointment.objects.filter(pk=asked[1].pk).update(expires_at=NOW)
    expire_requests(now=NOW)

    text = _text(_page(client, yoga.member.user, asked[0].session_uid))

    assert "1 of 8 seats are taken" in text
    assert text.index("Waiting for approval") < text.index("Declined") < text.index("Expired")


def test_a_manager_of_the_account_sees_it_too(client, yoga, seats):
    manager = MemberFactory(account=yoga.calendar.account, role=Role.MANAGER)

    assert _page(client, manager.user, seats[0].session_uid).status_code == 200


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_for_others_it_is_not_there(client, yoga, seats, role):
    stranger = MemberFactory(role=role)
    colleague = MemberFactory(account=yoga.calendar.account)

    assert _page(client, stranger.user, seats[0].session_uid).status_code == 404
    assert _page(client, colleague.user, seats[0].session_uid).status_code == 404


@pytest.mark.parametrize("uid", [uuid4(), "seat"])
def test_what_is_no_session_is_not_there(client, yoga, seats, uid):
    assert _page(client, yoga.member.user, seats[0].uid if uid == "seat" else uid).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(client, seats):
    url = reverse("bookings:session", args=[seats[0].session_uid])

    assert client.get(url)["Location"] == f"/sign-in/?next={url}"


@pytest.mark.parametrize("customers", [1, 30])
def test_the_page_asks_the_same_number_of_questions_for_any_number_of_customers(
    client, yoga, django_assert_num_queries, customers
):
    yoga.calendar.seats = 30
    yoga.calendar.save()
    seats = [book_appointment(yoga.calendar, starts_at=TEN, customer=ADA, now=NOW) for _number in range(customers)]
    _page(client, yoga.member.user, seats[0].session_uid)

    with django_assert_num_queries(8):
        client.get(reverse("bookings:session", args=[seats[0].session_uid]))
