import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from accounts.models import OutgoingMail
from bookings.models import AppointmentChange
from bookings.services.answer_request import confirm_appointment
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import OUTSIDE, staff
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.stages import STAGES, cancelled, declined, pending, switched_off, terms_of, url
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.usefixtures("at_now")


def _page(client, appointment):
    return client.get(url(appointment))


def _words(client, appointment) -> str:
    """What is read on the page, without tags and with single spaces."""
    return unescape(" ".join(re.sub("<[^>]+>", "", _page(client, appointment).content.decode()).split()))


@pytest.mark.parametrize(("arrange", "heading"), STAGES.items())
def test_the_page_says_how_the_appointment_stands(client, place, arrange, heading, monkeypatch):
    appointment, now = arrange(place.calendar)
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert f"<h1>{heading}</h1>" in _page(client, appointment).content.decode()


def test_a_request_says_until_when_it_is_answered(client, place):
    appointment, _now = pending(place.calendar)

    page = _words(client, appointment)

    assert "The time is kept for you, and not yet confirmed." in page
    assert "You hear from us by Monday 23 November, 09:00 at the latest." in page


def test_the_page_says_that_a_confirmation_is_on_its_way_while_it_is(client, appointment):
    mail = OutgoingMail.objects.filter(kind="booked")

    assert "A confirmation is on its way to ada@example.org." in _words(client, appointment)
    mail.update(sent_at=NOW)
    assert "We wrote to ada@example.org on Monday 23 November 2026, 07:00." in _words(client, appointment)
    mail.update(sent_at=None, parked_at=NOW)
    assert "Keep the address of this page" in _words(client, appointment)


def test_what_was_answered_is_shown_as_it_was_asked(client, place):
    customer = replace(ADA, note="Second floor", answers=(("Which <knee>?", "The left one"),))
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=customer, now=NOW)

    page = _page(client, appointment).content.decode()

    assert '<dt class="faint">Which &lt;knee&gt;?</dt><dd>The left one</dd>' in page
    assert "<dd>Second floor</dd>" in page


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({}, "You can move or cancel this appointment yourself until Monday 23 November, 08:00. After that, only we"),
        ({"may_cancel": False}, "You can move this appointment yourself until Monday 23 November, 08:00."),
        ({"may_reschedule": False}, "You can cancel this appointment yourself until Monday 23 November, 08:00."),
        ({"may_cancel": False, "may_reschedule": False}, "This appointment is not changed online."),
        ({"change_notice": timedelta()}, "You can move or cancel until it begins. Everything else, only we can do."),
        (
            {"change_notice": timedelta(hours=2)},
            "You could change this appointment yourself until Monday 23 November, 07:00.",
        ),
    ],
)
def test_the_page_says_what_can_be_changed_until_when(client, appointment, terms, sentence):
    terms_of(appointment.calendar, **{"change_notice": timedelta(hours=1), **terms})

    page = _page(client, appointment).content.decode()

    assert sentence in _words(client, appointment)
    is_open = terms.get("change_notice", timedelta()) <= timedelta(hours=1)
    assert (url(appointment, "manage-reschedule") in page) is (is_open and terms.get("may_reschedule", True))
    assert (url(appointment, "manage-cancel") in page) is (is_open and terms.get("may_cancel", True))


@pytest.mark.parametrize(
    ("phone", "email", "words"),
    [
        ("0451 00 00 0", "", 'Please ring us: <a href="tel:045100000">0451 00 00 0</a>.'),
        ("", "us@example.org", 'Please write to us: <a href="mailto:us@example.org">us@example.org</a>.'),
        ("1", "us@example.org", "Please ring us or write to us:"),
        ("", "", "Please turn to Fährhaus."),
    ],
)
def test_whoever_cannot_change_it_here_is_told_whom_to_ask(client, place, phone, email, words):
    account = place.calendar.account
    account.name, account.phone, account.email = "Fährhaus", phone, email
    account.save()
    appointment, _now = switched_off(place.calendar)

    assert words in _page(client, appointment).content.decode()


def test_another_time_is_not_offered_while_nothing_can_be_booked(client, appointment):
    calendar = appointment.calendar
    calendar.paused_at = NOW
    calendar.save()

    page = _page(client, appointment).content.decode()

    assert "Another time cannot be chosen at present: no bookings are taken." in page
    assert url(appointment, "manage-reschedule") not in page
    assert url(appointment, "manage-cancel") in page


def test_the_history_tells_who_did_what_when_in_the_customers_zone(client, place):
    place.calendar.account.name = "Fährhaus"
    place.calendar.account.save()
    appointment, _now = pending(place.calendar)
    confirm_appointment(appointment, now=NOW, by=staff(place.member))
    terms_of(place.calendar, needs_approval=False)
    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW, reason="The train")
    reschedule_appointment(appointment, starts_at=TEN, now=NOW, by=staff(place.member), reason="Ines is away then")
    cancel_appointment(appointment, now=NOW)

    page = _words(client, appointment)

    at = "on Monday 23 November 2026, 07:00"
    ten, eleven = "Monday 23 November 2026, 09:00", "Monday 23 November 2026, 10:00"
    told = [
        f"Asked for {at} by you.",
        f"Confirmed {at} by Fährhaus.",
        f"Moved from {ten} to {eleven}, {at} by you. Reason: The train",
        f"Moved from {eleven} to {ten}, {at} by Fährhaus. Reason: Ines is away then",
        f"Cancelled {at} by you.",
    ]
    assert " ".join(told) in page


@pytest.mark.parametrize(
    ("arrange", "sentence"),
    [(cancelled, "by you. Reason: A cold"), (declined, "by Fährhaus. Reason: We are full")],
)
def test_the_reason_is_told_to_both_sides(client, place, arrange, sentence):
    place.calendar.account.name = "Fährhaus"
    place.calendar.account.save()
    appointment, _now = arrange(place.calendar)

    assert sentence in _words(client, appointment)


def test_nothing_is_told_of_what_happened_in_a_hosts_own_calendar(client, appointment):
    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW, by=OUTSIDE, reason="Dentist")

    page = _words(client, appointment)

    assert "by Business" in page
    assert "Dentist" not in page


def test_another_host_is_named_and_nobody_elses_name(client, appointment):
    other, author = (CalendarMemberFactory(calendar=appointment.calendar).member for _number in range(2))
    other.user.name, author.user.name = "Emil Brandt", "Olga Petrova"
    other.user.save()
    author.user.save()
    reschedule_appointment(appointment, starts_at=TEN, now=NOW, host=other, by=staff(author))

    page = _words(client, appointment)

    assert "Since then with Emil Brandt." in page
    assert "Olga" not in page


def test_whether_somebody_came_is_not_told(client, place, monkeypatch):
    appointment, now = next(arrange for arrange in STAGES if arrange.__name__ == "no_show")(place.calendar)
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert "show" not in _words(client, appointment).lower()


def test_an_appointment_from_before_there_was_a_history_was_booked_all_the_same(client, appointment):
    AppointmentChange.objects.all().delete()

    assert "Booked on Monday 23 November 2026, 07:00 by you." in _words(client, appointment)


@pytest.mark.parametrize("host", ["calendar.google.com", "outlook.live.com", "outlook.office.com"])
def test_it_can_be_put_into_other_calendars(client, appointment, host):
    assert f'href="https://{host}/' in _page(client, appointment).content.decode()


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


def test_a_cancelled_appointment_can_only_be_read(client, appointment):
    cancel_appointment(appointment, now=NOW)

    page = _page(client, appointment).content.decode()

    assert "This appointment is cancelled." in page
    assert '<div class="stub" data-off>' in page
    assert "See you" not in page
    assert "Choose another time" not in page
    assert "Book another time" in page


def test_what_is_known_of_a_contact_is_not_shown_to_who_knows_the_address(client, appointment):
    contact = appointment.contact
    contact.name, contact.phone = "Augusta Ada King", "0451 1"
    contact.save()

    page = _page(client, appointment).content.decode()

    assert "Augusta" not in page
    assert "0451 1" not in page


@pytest.mark.parametrize("number", [1, 5])
def test_five_questions_are_asked_however_long_the_history_is(client, appointment, number, django_assert_num_queries):
    for at in range(number):
        reschedule_appointment(appointment, starts_at=(TEN, ELEVEN)[at % 2 - 1], now=NOW)

    with django_assert_num_queries(5):
        _page(client, appointment)
