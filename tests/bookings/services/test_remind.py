from datetime import timedelta

import pytest

from accounts.models import OutgoingMail
from bookings.models import BookingTerms
from bookings.services import remind
from bookings.services.answer_request import confirm_appointment
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import OPERATOR
from bookings.services.remind import queue_reminders
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ADA
from tests.factories import NOW, CalendarMemberFactory

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Wednesday, 10:00 in Berlin
WEDNESDAY = NOW + 2 * DAY + 2 * HOUR


@pytest.fixture
def coming(place):
    return book_appointment(place.calendar, starts_at=WEDNESDAY, customer=ADA, now=NOW)


def _remind(now):
    queue_reminders(now=now)
    return _reminders()


def _reminders():
    mails = OutgoingMail.objects.filter(kind__startswith="reminder").order_by("pk")
    return list(mails.values_list("kind", "recipient", "sequence"))


def test_a_day_before_is_usual(coming):
    assert _remind(WEDNESDAY - DAY - MINUTE) == []
    assert _remind(WEDNESDAY - DAY) == [("reminder_1440", "ada@example.org", 0)]


def test_often_is_as_good_as_once(coming):
    assert [queue_reminders(now=WEDNESDAY - DAY + minutes * MINUTE) for minutes in range(3)] == [1, 0, 0]
    assert len(_reminders()) == 1


def test_each_offset_of_the_calendar_reminds_in_its_turn(place, coming):
    BookingTerms.objects.create(calendar=place.calendar, reminders=[60, 2880 - 60])

    assert [kind for kind, *_ in _remind(NOW + 3 * HOUR)] == ["reminder_2820"]
    assert [kind for kind, *_ in _remind(WEDNESDAY - HOUR)] == ["reminder_2820", "reminder_60"]


def test_after_a_standstill_one_reminder_is_enough(place, coming):
    BookingTerms.objects.create(calendar=place.calendar, reminders=[24 * 60, 60])

    assert [kind for kind, *_ in _remind(WEDNESDAY - 5 * MINUTE)] == ["reminder_60"]


def test_a_calendar_without_reminders_sends_none(place, coming):
    BookingTerms.objects.create(calendar=place.calendar, reminders=[])

    assert _remind(WEDNESDAY - HOUR) == []


def test_whoever_books_after_the_moment_has_had_a_mail_that_says_the_same(place):
    book_appointment(place.calendar, starts_at=WEDNESDAY, customer=ADA, now=WEDNESDAY - DAY + MINUTE)

    assert _remind(WEDNESDAY - HOUR) == []


def test_a_moved_appointment_is_reminded_of_anew(coming):
    _remind(WEDNESDAY - DAY)
    reschedule_appointment(coming, starts_at=WEDNESDAY + 2 * DAY, now=WEDNESDAY - HOUR)

    assert [sequence for _kind, _to, sequence in _remind(WEDNESDAY)] == [0]
    assert [sequence for _kind, _to, sequence in _remind(WEDNESDAY + DAY)] == [0, 1]


def test_nobody_is_reminded_of_what_is_cancelled_or_has_begun(coming):
    assert _remind(WEDNESDAY) == []
    cancel_appointment(coming, now=NOW)
    assert _remind(WEDNESDAY - HOUR) == []


def test_a_request_is_reminded_of_once_it_is_confirmed(place):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    appointment = book_appointment(place.calendar, starts_at=WEDNESDAY, customer=ADA, now=NOW)
    OutgoingMail.objects.all().delete()
    assert _remind(WEDNESDAY - DAY) == []

    confirm_appointment(appointment, now=NOW + HOUR, by=OPERATOR)

    assert [kind for kind, *_ in _remind(WEDNESDAY - DAY)] == ["reminder_1440"]


def test_many_are_reminded_of_in_batches(place, monkeypatch):
    monkeypatch.setattr(remind, "_BATCH", 2)
    places = [place, *(CalendarMemberFactory() for _ in range(4))]
    for each in places:
        book_appointment(each.calendar, starts_at=WEDNESDAY, customer=ADA, now=NOW)

    assert queue_reminders(now=WEDNESDAY - DAY) == 5
    assert len(_reminders()) == 5


@pytest.mark.parametrize("others", [0, 5])
def test_a_batch_costs_a_fixed_number_of_queries(coming, others, django_assert_num_queries):
    for _ in range(others):
        book_appointment(CalendarMemberFactory().calendar, starts_at=WEDNESDAY, customer=ADA, now=NOW)

    # of each batch: savepoint, what is due, the appointments, the mails, release; the last one finds nothing
    with django_assert_num_queries(8):
        queue_reminders(now=WEDNESDAY - DAY)
