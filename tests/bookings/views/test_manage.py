import pytest
from django.urls import reverse

from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.tokens import manage_token
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, ContactFactory

pytestmark = pytest.mark.usefixtures("at_now")


def _page(client, appointment):
    return client.get(reverse("bookings:manage", args=[manage_token(appointment)]))


def test_the_confirmation_says_when_with_whom_and_where_in_the_customers_zone(client, appointment):
    page = _page(client, appointment).content.decode()

    assert "See you on Monday, Ada Lovelace." in page
    assert "09:00 – 09:30" in page
    assert "30 minutes, London time (UTC)" in page
    assert appointment.host.user.name in page
    assert "Obertrave 14" in page


def test_everybody_who_takes_part_is_named_the_lead_first(client, db):
    calendar = CalendarFactory(type="collective")
    other = CalendarMemberFactory(calendar=calendar).member
    lead = CalendarMemberFactory(calendar=calendar, is_lead=True).member
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    assert f"{lead.user.name}, {other.user.name}" in _page(client, appointment).content.decode()


def test_a_link_to_meet_at_can_be_opened(client, place):
    place.calendar.place_kind, place.calendar.place = "link", "https://meet.example.org/x"
    place.calendar.save()
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    assert (
        '<a href="https://meet.example.org/x" rel="noopener noreferrer">' in _page(client, appointment).content.decode()
    )


def test_the_page_is_kept_listed_and_passed_on_nowhere(client, appointment):
    response = _page(client, appointment)

    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"


def test_a_cancelled_appointment_can_only_be_read(client, appointment):
    cancel_appointment(appointment, now=NOW)

    page = _page(client, appointment).content.decode()

    assert "This appointment is cancelled." in page
    assert "See you" not in page


def test_what_is_over_is_not_looked_forward_to(client, appointment, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: appointment.ends_at)

    assert "This appointment is over." in _page(client, appointment).content.decode()


def test_what_is_known_of_a_contact_is_not_shown_to_who_knows_the_address(client, appointment):
    contact = appointment.contact
    contact.name, contact.phone = "Augusta Ada King", "0451 1"
    contact.save()

    page = _page(client, appointment).content.decode()

    assert "Augusta" not in page
    assert "0451 1" not in page


def test_a_made_up_link_is_not_there(client, db):
    ContactFactory()

    assert client.get(f"/book/manage/{'A' * 64}/").status_code == 404


def test_the_page_cannot_be_posted_to(client, appointment):
    assert client.post(reverse("bookings:manage", args=[manage_token(appointment)])).status_code == 405


def test_two_questions_are_asked(client, appointment, django_assert_num_queries):
    with django_assert_num_queries(2):
        _page(client, appointment)
