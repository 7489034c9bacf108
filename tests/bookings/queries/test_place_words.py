"""Who calls whom, and where to go (T11)."""

import pytest

from bookings.queries.place_words import PlaceInWords, place_for_customer, place_for_host, place_on_offer, place_to_keep
from bookings.services.book import Customer, book_appointment
from tests.bookings.situations import TEN
from tests.factories import NOW

LINK = "https://meet.example.org/x"
CASES = {
    "address": ("Obertrave 14", "Obertrave 14", "Obertrave 14", "Obertrave 14"),
    "text": ("Behind the mill", "Behind the mill", "Behind the mill", "Behind the mill"),
    "link": (LINK, "Online: the link follows when you have booked", LINK, LINK),
    "we_call": (
        "ignored",
        "By phone: we call you",
        "By phone: we call you on 0451 1",
        "By phone: we call 0451 1",
    ),
    "they_call": (
        "0451 2",
        "By phone: you call 0451 2",
        "By phone: you call 0451 2",
        "By phone: the customer calls 0451 2",
    ),
    "ask": ("ignored", "Where you say", "At my house", "At my house"),
}


def _booked(place, kind, where, phone="0451 1"):
    place.calendar.place_kind, place.calendar.place = kind, where
    place.calendar.save()
    customer = Customer(
        name="Ada", email="a@example.org", phone=phone, place="At my house", time_zone="UTC", locale="en-gb"
    )
    return book_appointment(place.calendar, starts_at=TEN, customer=customer, now=NOW)


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_of_place_in_the_words_of_its_readers(place, kind):
    where, before, for_customer, for_host = CASES[kind]

    appointment = _booked(place, kind, where)

    assert place_on_offer(place.calendar) == before
    assert place_for_customer(appointment).words == for_customer
    assert place_for_host(appointment) == for_host


@pytest.mark.parametrize("kind", ["address", "text", "link", "they_call"])
def test_no_place_is_no_words(place, kind):
    appointment = _booked(place, kind, "")

    assert place_on_offer(place.calendar) == ""
    assert place_for_customer(appointment) == PlaceInWords("")
    assert place_for_host(appointment) == ""


@pytest.mark.parametrize(("where", "url"), [(LINK, LINK), ("javascript:alert(1)", ""), ("Obertrave 14", "")])
def test_only_links_to_pages_can_be_opened(place, where, url):
    assert place_for_customer(_booked(place, "link", where)).url == url


@pytest.mark.parametrize(("kind", "words"), [("we_call", "By phone: we call the customer"), ("ask", "")])
def test_what_the_customer_gave_can_be_left_out(place, kind, words):
    assert place_for_host(_booked(place, kind, ""), names_customer=False) == words


def test_a_call_without_a_number_is_a_call_all_the_same(place):
    appointment = _booked(place, "we_call", "", phone="")

    assert place_for_customer(appointment).words == "By phone: we call you"


def test_what_was_agreed_is_not_changed_by_the_calendar_s_new_place(place):
    appointment = _booked(place, "we_call", "")
    place.calendar.place_kind, place.calendar.place = "address", "Obertrave 14"

    assert place_for_customer(appointment).words == "By phone: we call you on 0451 1"
    assert place_to_keep(place.calendar, phone="1", answer="2") == "Obertrave 14"
