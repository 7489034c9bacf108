from datetime import timedelta

import pytest

from bookings.models import BookingTerms
from bookings.services.answer_request import confirm_appointment, expire_requests
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import OPERATOR, staff
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.mails.letters import letter_about
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarMemberFactory, MemberFactory

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def colleague(place):
    """Another host of the same calendar, a round robin from now on."""
    place.calendar.type = "round_robin"
    place.calendar.save()
    return CalendarMemberFactory(calendar=place.calendar).member


def test_a_host_reads_who_comes_and_what_they_told(place, settings):
    settings.PUBLIC_BASE_URL = "https://book.example"
    customer = Customer(
        name="Ada Lovelace",
        email="ada@example.org",
        phone="0451 1",
        note="My knee.\n\nThe left one",
        answers=(("First time?", "Yes"),),
        time_zone="Europe/London",
        locale="en-gb",
    )
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=customer, now=NOW)

    letter = letter_about(appointment, "host_booked")

    assert letter.subject == "Booked: Monday 23 November, 10:00, First visit"
    assert (
        "What: First visit\n"
        "Where: Obertrave 14\n"
        "Done by: Customer\n"
        "Customer: Ada Lovelace\n"
        "E-mail address: ada@example.org\n"
        "Telephone: 0451 1\n"
        "Note:\n"
        "> My knee.\n"
        ">\n"
        "> The left one\n"
        "First time?:\n"
        "> Yes\n"
        "\n"
        "Open the appointment:\n"
        f"https://book.example/calendar/appointments/{appointment.uid}/\n"
    ) in letter.text


def test_no_mail_to_a_host_holds_the_customers_key(appointment):
    letter = letter_about(appointment, "host_booked")

    assert "/manage/" not in f"{letter.text}{letter.html}{letter.invitation}"


def test_a_request_says_until_when_it_waits(place):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)
    expire_requests(now=TEN)

    assert "Confirm or decline it by Monday 23 November, 10:00." in letter_about(appointment, "host_requested").text
    assert "Done by:" not in letter_about(appointment, "host_expired").text


def test_a_colleague_who_answered_is_named(place, colleague):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, host=place.member)
    desk = MemberFactory(account=place.calendar.account, user__name="Ines Carstens")
    confirm_appointment(appointment, now=LATER, by=staff(desk))

    assert "Done by: Ines Carstens" in letter_about(appointment, "host_confirmed").text


def test_a_customers_reason_reaches_the_host(appointment):
    cancel_appointment(appointment, now=LATER, reason="I am ill.")

    assert "Reason:\n> I am ill.\n" in letter_about(appointment, "host_cancelled").text


def test_who_gets_an_appointment_and_who_loses_it_read_their_own_times(place, colleague):
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, host=place.member)
    reschedule_appointment(appointment, starts_at=ELEVEN, now=LATER, by=OPERATOR, host=colleague)

    gets = letter_about(appointment, "host_booked", recipient=colleague.user.email)
    loses = letter_about(appointment, "host_cancelled", recipient=place.member.user.email)

    assert gets.subject == "Booked: Monday 23 November, 11:00, First visit"
    assert "An appointment has been moved to you." in gets.text
    assert loses.subject == "Not with you any more: Monday 23 November, 10:00, First visit"
    assert f"{colleague.user.name} is there now." in loses.text
    assert (gets.method, loses.method) == ("REQUEST", "CANCEL")
    assert b"DTSTART:20261123T100000Z" in gets.invitation
    assert b"DTSTART:20261123T090000Z" in loses.invitation
    assert b"SEQUENCE:1" in loses.invitation


def test_a_pending_request_that_comes_from_a_colleague_waits_for_an_answer(place, colleague):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, host=place.member)
    reschedule_appointment(appointment, starts_at=ELEVEN, now=LATER, by=OPERATOR, host=colleague)

    letter = letter_about(appointment, "host_requested", recipient=colleague.user.email)

    assert "A request waits for an answer." in letter.text
    assert b"STATUS:TENTATIVE" in letter.invitation


def test_a_host_whose_address_has_changed_is_still_told(appointment):
    user = appointment.host.user
    told = user.email
    user.email = "new@example.org"
    user.save()

    assert "A new appointment with you." in letter_about(appointment, "host_booked", recipient=told).text
