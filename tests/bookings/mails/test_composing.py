from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import OutgoingMail
from accounts.ports import MailOrder, compose
from bookings.models import Appointment, BookingTerms
from bookings.models.change import TOLD
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.remind import queue_reminders
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.mails.letters import composed, letter_about
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def reminded(place):
    """An appointment whose reminder, an hour before, waits to be sent."""
    BookingTerms.objects.create(calendar=place.calendar, reminders=[60])
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)
    queue_reminders(now=TEN - HOUR)
    return appointment


def test_every_step_has_a_letter_for_both_sides(appointment):
    for kind in TOLD:
        for told in (kind.value, f"host_{kind.value}"):
            order = MailOrder(subject_uid=appointment.uid, kind=told, recipient="ada@example.org", sequence=0)
            letter = compose(order, NOW)
            assert letter.subject
            assert letter.text.endswith("\n")
            assert letter.html.startswith("<!doctype html>")
            assert letter.invitation


def test_each_step_is_told_as_it_was_whatever_came_after_it(appointment):
    reschedule_appointment(appointment, starts_at=ELEVEN, now=LATER)
    cancel_appointment(appointment, now=LATER)

    assert letter_about(appointment, "booked").subject == "Booked: Monday 23 November, 09:00"
    assert letter_about(appointment, "rescheduled").subject == "Moved: Monday 23 November, 10:00"
    assert "It was on Monday 23 November, 09:00" in letter_about(appointment, "rescheduled").text
    assert letter_about(appointment, "cancelled").subject == "Cancelled: Monday 23 November, 10:00"


def test_of_two_moves_each_tells_its_own(appointment):
    half_past = TEN + HOUR / 2
    reschedule_appointment(appointment, starts_at=ELEVEN, now=LATER)
    reschedule_appointment(appointment, starts_at=half_past, now=LATER)

    first, second = (letter_about(appointment, "rescheduled", sequence=step) for step in (1, 2))

    assert "09:00 and is now on Monday 23 November, 10:00" in " ".join(first.text.split())
    assert "10:00 and is now on Monday 23 November, 09:30" in " ".join(second.text.split())


def test_a_mail_about_what_is_not_there_is_not_written(db):
    assert compose(MailOrder(subject_uid=uuid4(), kind="booked", recipient="a@example.org", sequence=0), NOW) is None
    assert (
        compose(MailOrder(subject_uid=uuid4(), kind="reminder_5", recipient="a@example.org", sequence=0), NOW) is None
    )


def test_a_step_that_never_was_is_not_told(appointment):
    order = MailOrder(subject_uid=appointment.uid, kind="booked", recipient="ada@example.org", sequence=7)

    assert compose(order, NOW) is None


def test_a_reminder_says_when_and_brings_no_file(reminded):
    letter = letter_about(reminded, "reminder_60", now=TEN - HOUR)

    assert letter.subject == "Reminder: Monday 23 November, 09:00"
    assert "See you on Monday, Ada Lovelace." in letter.text
    assert (letter.invitation, letter.method) == (b"", "")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: cancel_appointment(one, now=LATER),
        lambda one: reschedule_appointment(one, starts_at=ELEVEN, now=LATER),
        lambda one: Appointment.objects.update(confirmed_at=None),
    ],
)
def test_a_reminder_of_what_is_no_more_so_is_not_written(reminded, spoil):
    spoil(reminded)

    assert letter_about(reminded, "reminder_60", now=TEN - HOUR) is None


def test_nobody_is_reminded_of_what_has_begun(reminded):
    assert letter_about(reminded, "reminder_60", now=TEN) is None


def test_customers_read_their_own_language_and_zone_hosts_theirs(place):
    place.member.user.locale, place.member.user.time_zone = "en-gb", "Asia/Tokyo"
    place.member.user.save()
    dieter = Customer(name="Dieter", email="d@example.org", time_zone="America/New_York", locale="de")
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=dieter, now=NOW)

    assert '<html lang="de">' in letter_about(appointment, "booked").html
    assert "04:00 – 04:30" in letter_about(appointment, "booked").html
    assert '<html lang="en-gb">' in letter_about(appointment, "host_booked").html
    assert "Tokyo time (UTC+9)" in letter_about(appointment, "host_booked").text


def test_answers_to_a_customers_mail_go_to_the_account(place):
    place.calendar.account.email = "desk@example.org"
    place.calendar.account.save()
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    letter = letter_about(appointment, "booked")

    assert letter.reply_to == "desk@example.org"
    assert letter.sender_name == place.calendar.account.name
    assert letter.recipient_name == "Ada Lovelace"
    assert letter_about(appointment, "host_booked").reply_to == ""


def test_all_who_take_part_are_told(db):
    calendar = CalendarFactory(type="collective")
    hosts = {CalendarMemberFactory(calendar=calendar).member.user.email for _ in range(2)}
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    mails = OutgoingMail.objects.filter(subject_uid=appointment.uid, kind="host_booked")

    assert {mail.recipient for mail in mails} == hosts
    assert all("A new appointment with you." in composed(mail).text for mail in mails)


def test_a_mail_is_written_in_a_fixed_number_of_queries(appointment, django_assert_num_queries):
    with django_assert_num_queries(5):  # the mail, the appointment, its steps, further hosts, terms
        letter_about(appointment, "booked")
