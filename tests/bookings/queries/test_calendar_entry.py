import pytest
from django.utils import translation

from bookings.core.calendar_links import CalendarEntry
from bookings.queries.calendar_entry import customer_entry, mailed_entry
from bookings.queries.customer_links import booking_page, customer_links
from bookings.services.book import Customer, book_appointment
from bookings.tokens import manage_token
from tests.bookings.situations import TEN
from tests.factories import NOW


@pytest.fixture(autouse=True)
def base(settings):
    settings.PUBLIC_BASE_URL = "https://book.example"


def _booked(at, kind, **given):
    at.calendar.place_kind, at.calendar.place = kind, ""
    at.calendar.save()
    fields = {"name": "Ada", "email": "ada@example.org", "time_zone": "Europe/London", "locale": "en-gb"}
    customer = Customer(**(fields | given))
    return book_appointment(at.calendar, starts_at=TEN, customer=customer, now=NOW)


def test_a_customer_keeps_what_where_and_the_link_to_change_it(appointment):
    page = f"https://book.example/book/manage/{manage_token(appointment)}/"

    with translation.override("en-gb"):
        assert customer_entry(appointment) == CalendarEntry(
            title=f"First visit – {appointment.calendar.account.name}",
            starts_at=TEN,
            ends_at=appointment.ends_at,
            place="Obertrave 14",
            page=page,
        )
    assert customer_links(appointment).reschedule == f"{page}reschedule/"
    assert customer_links(appointment).cancel == f"{page}cancel/"


def test_a_place_of_the_customers_own_is_on_their_page_and_not_mailed(place):
    appointment = _booked(place, "ask", place="Visit evil.example")

    assert customer_entry(appointment).place == "Visit evil.example"
    assert mailed_entry(appointment).place == "At the place that was named when booking"


@pytest.mark.parametrize(
    ("phone", "told"),
    [("0451 123", "By phone: we call you on 0451 123"), ("evil.example 123", "By phone: we call you")],
)
def test_only_a_number_is_mailed_as_one(place, phone, told):
    assert mailed_entry(_booked(place, "we_call", phone=phone)).place == told


def test_a_calendar_that_is_switched_off_has_no_page_to_book_at(place):
    assert booking_page(place.calendar) == (
        f"https://book.example/book/{place.calendar.account.slug}/{place.calendar.slug}/"
    )
    place.calendar.switched_off_at = NOW
    assert booking_page(place.calendar) == ""
