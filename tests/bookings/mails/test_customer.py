from datetime import timedelta
from decimal import Decimal

import pytest

from bookings.models import BookingTerms
from bookings.services.answer_request import decline_appointment, expire_requests
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import OPERATOR, staff
from bookings.services.reschedule import reschedule_appointment
from bookings.tokens import manage_token
from tests.bookings.mails.letters import letter_about
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarMemberFactory

LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def base(settings):
    settings.PUBLIC_BASE_URL = "https://book.example"


def _terms(place, **terms):
    BookingTerms.objects.create(calendar=place.calendar, **terms)
    return book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)


def _text(appointment, kind, **which):
    """Without regard to where lines break."""
    return " ".join(letter_about(appointment, kind, **which).text.split())


def test_the_text_is_the_whole_mail(place):
    place.calendar.price = Decimal(68)
    place.calendar.save()
    account = place.calendar.account
    account.name, account.email, account.phone = "Fährhaus Physio", "desk@example.org", "0451 00 00 0"
    account.save()
    appointment = _terms(place, change_notice=timedelta(hours=1))
    page = f"https://book.example/book/manage/{manage_token(appointment)}/"

    assert letter_about(appointment, "booked").text == (
        "Fährhaus Physio\n"
        "\n"
        "See you on Monday, Ada Lovelace.\n"
        "First visit is booked. The file attached puts it into your calendar.\n"
        "\n"
        "Monday 23 November 2026, 09:00 – 09:30\n"
        "30 minutes, London time (UTC)\n"
        "\n"
        "What: First visit, €68\n"
        f"With: {place.member.user.name}\n"
        "Where: Obertrave 14\n"
        "\n"
        "Choose another time:\n"
        f"{page}reschedule/\n"
        "Cancel this appointment:\n"
        f"{page}cancel/\n"
        "See the appointment:\n"
        f"{page}\n"
        "\n"
        "You can move or cancel it until Monday 23 November, 08:00. After that, please\n"
        "ring us: 0451 00 00 0.\n"
        "\n"
        "-- \n"
        "You get this mail because somebody booked with this address at Fährhaus\n"
        "Physio. Was it not you? Simply answer this mail, and we take it out again. The\n"
        "links above are only for you.\n"
    )


def test_the_html_says_the_same(appointment):
    html = letter_about(appointment, "booked").html

    for words in ("See you on Monday, Ada Lovelace.", "09:00 – 09:30", "London time (UTC)", "Obertrave 14"):
        assert words in html
    page = f"https://book.example/book/manage/{manage_token(appointment)}/"
    assert all(f'href="{page}{end}"' in html for end in ("", "reschedule/", "cancel/"))


def test_the_mail_is_in_the_colour_of_the_account(place):
    place.calendar.account.accent = "plum"
    place.calendar.account.save()
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    assert "#75387f" in letter_about(appointment, "booked").html


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"may_reschedule": False}, "You can cancel it until Monday 23 November, 09:00."),
        ({"may_cancel": False}, "You can move it until Monday 23 November, 09:00."),
        ({"may_cancel": False, "may_reschedule": False}, "This appointment is not changed online any more."),
        ({"change_notice": timedelta(days=2)}, "This appointment is not changed online any more."),
    ],
)
def test_only_what_may_be_done_is_offered(place, terms, told):
    text = _text(_terms(place, **terms), "booked")

    assert told in text
    assert ("/reschedule/" in text) == ("move it" in text)
    assert ("/cancel/" in text) == ("cancel it until" in text)


def test_a_request_is_told_as_one_with_the_time_of_the_answer(place):
    text = _text(_terms(place, needs_approval=True), "requested")

    assert "We keep Monday 23 November, 09:00 for you. It is not confirmed yet." in text
    assert "You hear from us by Monday 23 November, 09:00" in text


def test_a_declined_request_names_the_reason_and_where_to_ask_again(place):
    appointment = _terms(place, needs_approval=True)
    decline_appointment(appointment, now=LATER, by=OPERATOR, reason="We are away.\nSorry")

    text = _text(appointment, "declined")

    assert "You asked for Monday 23 November, 09:00. Nothing is booked for you" in text
    assert "Reason: > We are away. > Sorry" in text
    assert f"https://book.example/book/{place.calendar.account.slug}/{place.calendar.slug}/" in text
    assert "/cancel/" not in text


def test_an_expired_request_says_that_nothing_is_booked(place):
    appointment = _terms(place, needs_approval=True)
    expire_requests(now=TEN)

    assert "Nobody answered your request in time." in _text(appointment, "expired")


def test_a_moved_request_waits_again(place):
    appointment = _terms(place, needs_approval=True)
    reschedule_appointment(appointment, starts_at=ELEVEN, now=LATER)

    assert "is now on Monday 23 November, 10:00. It is not confirmed yet." in _text(appointment, "rescheduled")


def test_another_host_at_the_same_time_is_named(place):
    place.calendar.type = "round_robin"
    place.calendar.save()
    colleague = CalendarMemberFactory(calendar=place.calendar).member
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, host=place.member)
    reschedule_appointment(appointment, starts_at=TEN, now=LATER, by=staff(colleague), host=colleague)

    text = _text(appointment, "rescheduled")

    assert f"The time stays the same, and {colleague.user.name} is there instead of {place.member.user.name}." in text
    assert f"With: {colleague.user.name}" in text


def test_what_a_customer_gave_as_a_reason_does_not_come_back_to_them(appointment):
    cancel_appointment(appointment, now=LATER, reason="Visit evil.example")

    assert "evil.example" not in letter_about(appointment, "cancelled").text


def test_nothing_typed_into_the_form_is_mailed_to_whoever_owns_the_address(place):
    evil = "Visit evil.example"
    customer = Customer(
        name=evil,
        email="victim@example.org",
        phone="evil 1",
        note=evil,
        answers=(("Which?", evil),),
        time_zone="Europe/London",
        locale="en-gb",
    )
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=customer, now=NOW)

    letter = letter_about(appointment, "booked")

    assert "See you on Monday." in letter.text
    assert "evil" not in f"{letter.text}{letter.html}{letter.subject}{letter.recipient_name}"
    assert b"evil" not in letter.invitation
