from datetime import UTC, timedelta

import pytest
from icalendar import Calendar

from bookings.invitations import download
from bookings.models import BookingTerms
from bookings.services.answer_request import confirm_appointment, decline_appointment, expire_requests
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import OPERATOR
from bookings.services.reschedule import reschedule_appointment
from bookings.tokens import manage_token
from integrations.sync.ours import remote_uid_of
from tests.bookings.mails.letters import letter_about
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW

LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def site(settings):
    settings.PUBLIC_BASE_URL = "https://book.example"
    settings.DEFAULT_FROM_EMAIL = "Holdfast <desk@book.example>"


@pytest.fixture
def request_of_ada(place):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    return book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)


def _event(letter):
    calendar = Calendar.from_ical(letter.invitation)
    assert str(calendar["METHOD"]) == letter.method
    (event,) = calendar.subcomponents
    return event


def _gist(appointment, kind, **which):
    """METHOD, STATUS, SEQUENCE and start of the file that goes with a mail."""
    letter = letter_about(appointment, kind, **which)
    event = _event(letter)
    return letter.method, str(event["STATUS"]), event["SEQUENCE"], event.decoded("DTSTART")


def test_an_invitation_says_all_that_calendars_need_and_nothing_else(appointment):
    event = _event(letter_about(appointment, "booked"))

    assert {name: event[name].to_ical().decode() for name in event} == {
        "UID": f"{appointment.uid}@holdfast",
        "DTSTAMP": "20261123T070000Z",
        "DTSTART": "20261123T090000Z",
        "DTEND": "20261123T093000Z",
        "SEQUENCE": "0",
        "STATUS": "CONFIRMED",
        "SUMMARY": f"First visit – {appointment.calendar.account.name}",
        "LOCATION": "Obertrave 14",
        "URL": f"https://book.example/book/manage/{manage_token(appointment)}/",
        "ORGANIZER": "mailto:desk@book.example",
        "ATTENDEE": "mailto:ada@example.org",
    }
    assert event["ORGANIZER"].params == {"CN": appointment.calendar.account.name}
    assert event["ATTENDEE"].params == {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}


def test_the_name_is_that_of_the_copy_in_the_hosts_calendar(appointment):
    assert str(_event(letter_about(appointment, "host_booked"))["UID"]) == remote_uid_of(appointment.uid)


def test_lines_are_folded_and_end_as_the_standard_asks(appointment):
    lines = letter_about(appointment, "booked").invitation.split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert all(b"\n" not in line and b"\r" not in line for line in lines)


def test_each_step_of_an_appointment_raises_the_sequence(appointment):
    reschedule_appointment(appointment, starts_at=ELEVEN, now=LATER)
    cancel_appointment(appointment, now=LATER)

    assert _gist(appointment, "booked") == ("REQUEST", "CONFIRMED", 0, TEN)
    assert _gist(appointment, "rescheduled") == ("REQUEST", "CONFIRMED", 1, ELEVEN)
    assert _gist(appointment, "cancelled") == ("CANCEL", "CANCELLED", 2, ELEVEN)
    assert _gist(appointment, "host_cancelled") == ("CANCEL", "CANCELLED", 2, ELEVEN)


def test_a_request_is_tentative_until_it_is_confirmed(request_of_ada):
    confirm_appointment(request_of_ada, now=LATER, by=OPERATOR)

    assert _gist(request_of_ada, "requested") == ("REQUEST", "TENTATIVE", 0, TEN)
    assert _gist(request_of_ada, "confirmed") == ("REQUEST", "CONFIRMED", 1, TEN)


def test_a_request_that_is_moved_is_tentative_still(request_of_ada):
    reschedule_appointment(request_of_ada, starts_at=ELEVEN, now=LATER)

    assert _gist(request_of_ada, "rescheduled") == ("REQUEST", "TENTATIVE", 1, ELEVEN)


def test_a_declined_request_is_taken_out_again(request_of_ada):
    decline_appointment(request_of_ada, now=LATER, by=OPERATOR)

    assert _gist(request_of_ada, "declined") == ("CANCEL", "CANCELLED", 1, TEN)
    assert _gist(request_of_ada, "host_declined") == ("CANCEL", "CANCELLED", 1, TEN)


def test_a_request_that_expires_is_taken_out_again(request_of_ada):
    expire_requests(now=TEN)

    assert _gist(request_of_ada, "expired") == ("CANCEL", "CANCELLED", 1, TEN)


def test_a_host_is_given_the_title_of_their_own_calendar_and_no_link_of_the_customer(appointment):
    event = _event(letter_about(appointment, "host_booked"))

    assert str(event["SUMMARY"]) == "First visit: Ada Lovelace"
    assert str(event["ATTENDEE"]) == f"mailto:{appointment.host.user.email}"
    assert "URL" not in event


def test_a_calendar_that_tells_nothing_of_customers_tells_nothing_in_the_file(place):
    place.calendar.customer_detail = "nothing"
    place.calendar.save()
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    assert str(_event(letter_about(appointment, "host_booked"))["SUMMARY"]) == "First visit"


def test_the_file_to_download_asks_nobody_for_anything(appointment):
    reschedule_appointment(appointment, starts_at=ELEVEN, now=LATER)

    calendar = Calendar.from_ical(download(appointment))

    assert set(calendar) == {"PRODID", "VERSION"}
    (event,) = calendar.subcomponents
    assert set(event) == {
        "UID",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "LOCATION",
        "URL",
    }
    assert event.decoded("DTSTAMP") == LATER.astimezone(UTC)
    assert (event["SEQUENCE"], str(event["STATUS"])) == (1, "CONFIRMED")
