from datetime import timedelta

import pytest

from availability.models import ClassSession, HostTime
from bookings.models import Status
from bookings.services.book import book_appointment
from bookings.services.cancel import AlreadyOver, cancel_appointment
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory


def test_cancelling_frees_the_time_and_is_told(appointment, news):
    later = NOW + timedelta(minutes=1)

    cancel_appointment(appointment, now=later)

    assert (appointment.cancelled_at, appointment.changed_at, appointment.sequence) == (later, later, 1)
    assert appointment.status == Status.CANCELLED
    assert not HostTime.objects.exists()
    assert news == [(appointment.uid, later)]


def test_a_freed_time_can_be_booked_again(appointment):
    cancel_appointment(appointment, now=NOW)

    assert book_appointment(appointment.calendar, starts_at=TEN, customer=ADA, now=NOW) != appointment


def test_cancelling_twice_changes_nothing(appointment, news):
    cancel_appointment(appointment, now=NOW)

    cancel_appointment(appointment, now=NOW + timedelta(hours=1))

    assert (appointment.cancelled_at, appointment.sequence, len(news)) == (NOW, 1, 1)


def test_what_is_over_is_not_cancelled(appointment, news):
    with pytest.raises(AlreadyOver):
        cancel_appointment(appointment, now=appointment.ends_at)

    appointment.refresh_from_db()
    assert (appointment.cancelled_at, HostTime.objects.count(), news) == (None, 1, [])


def test_what_is_going_on_may_be_cancelled(appointment):
    cancel_appointment(appointment, now=appointment.ends_at - timedelta(seconds=1))

    assert appointment.status == Status.CANCELLED


def test_a_seat_that_is_given_back_is_news_of_its_session(db, news):
    place = CalendarMemberFactory(calendar__type="class", calendar__seats=2)
    ada, grace = (book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW) for _number in range(2))
    news.clear()

    cancel_appointment(ada, now=NOW)

    assert news == [(ada.session_uid, NOW)]
    assert ClassSession.objects.get().seats_taken == 1
    cancel_appointment(grace, now=NOW)
    assert not ClassSession.objects.exists()
    assert not HostTime.objects.exists()


def test_cancelling_frees_everybody_who_takes_part(db):
    calendar = CalendarFactory(type="collective")
    for _number in range(2):
        CalendarMemberFactory(calendar=calendar)
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    cancel_appointment(appointment, now=NOW)

    assert not HostTime.objects.exists()
