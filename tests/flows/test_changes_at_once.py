"""One appointment that several change at once, and holds that are booked, moved and given up at once (B3, B4, B8)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections
from django.db.models import Q

from accounts.models import OutgoingMail
from availability.models import ClassSession, HostTime, HostTimeKind, Seat
from bookings.models import Appointment, AppointmentChange, BookingTerms, Hold
from bookings.models.change import TOLD
from bookings.services.answer_request import NotPending, confirm_appointment, decline_appointment, expire_requests
from bookings.services.book import SlotTaken, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import staff
from bookings.services.hold import hold_slot, release_hold
from bookings.services.reschedule import AlreadyClosed, ChangedMeanwhile, reschedule_appointment
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
DAY, WEEK, HALF_HOUR = timedelta(days=1), timedelta(weeks=1), timedelta(minutes=30)
ROUNDS = 6


@pytest.mark.parametrize("settings", [{}, {"type": "class", "seats": 2}], ids=["service", "class"])
def test_whoever_is_first_changes_an_appointment_and_every_step_is_told_once(settings):
    place = CalendarMemberFactory(calendar=CalendarFactory(**settings))
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    by = staff(place.member)

    for number in range(ROUNDS):
        start = TEN + 2 * DAY + number * WEEK
        one = book_appointment(place.calendar, starts_at=start, customer=ADA, now=NOW)
        move = partial(reschedule_appointment, now=NOW, stands_at=start)
        _at_once(
            partial(move, _own(one), starts_at=start + HALF_HOUR),
            partial(move, _own(one), starts_at=start + 2 * HALF_HOUR, by=by, host=place.member),
            partial(confirm_appointment, _own(one), now=NOW, by=by, stands_at=start),
            partial(decline_appointment, _own(one), now=NOW, by=by, stands_at=start),
            partial(cancel_appointment, _own(one), now=NOW, stands_at=start),
            partial(expire_requests, now=NOW + DAY),
        )
        _assert_whole(one)


def test_only_one_of_two_who_have_seen_the_same_time_moves_it():
    place = CalendarMemberFactory()

    for number in range(ROUNDS):
        start = TEN + number * WEEK
        one = book_appointment(place.calendar, starts_at=start, customer=ADA, now=NOW)
        _at_once(
            *(
                partial(reschedule_appointment, _own(one), starts_at=start + late * HALF_HOUR, now=NOW, stands_at=start)
                for late in (1, 2, 3)
            )
        )
        assert AppointmentChange.objects.filter(appointment=one).count() == 2
        _assert_whole(one)


@pytest.mark.parametrize("settings", [{}, {"type": "class", "seats": 1}], ids=["service", "class"])
def test_a_hold_that_is_booked_moved_and_given_up_at_once_leaves_nothing_behind(settings):
    """Two tabs send the form, a third chooses another time with another host, a fourth is left."""
    calendar = CalendarMemberFactory(calendar=CalendarFactory(**settings)).calendar
    CalendarMemberFactory(calendar=calendar)
    other = CalendarMemberFactory(calendar=CalendarFactory(account=calendar.account)).calendar

    for number in range(ROUNDS):
        start = TEN + number * WEEK
        _hold(calendar, start)
        hold = Hold.objects.select_related("host__user").get()
        book = partial(book_appointment, calendar, customer=ADA, now=NOW, hold=hold, host=hold.host)
        _at_once(
            partial(book, starts_at=start, key=f"first {number}"),
            partial(book, starts_at=start, key=f"second {number}"),
            partial(_hold, calendar, start + HALF_HOUR),
            partial(_hold, other, start),
            partial(release_hold, calendar, browser="browser", until=hold.expires_at, now=NOW),
        )
        assert Appointment.objects.filter(starts_at=start).count() <= 1
        _assert_holds_are_whole()


def test_browsers_that_change_from_one_calendar_to_the_other_never_stand_in_each_others_way():
    """The same host on both, and both are locked wholly."""
    here = CalendarMemberFactory(calendar=CalendarFactory(type="class", seats=1))
    there = CalendarMemberFactory(
        calendar=CalendarFactory(account=here.calendar.account, type="class", seats=1), member=here.member
    )
    times = {here: TEN, there: TEN + DAY}
    for place, start in times.items():
        _hold(place.calendar, start, browser=f"browser {place.pk}")

    for _round in range(ROUNDS):
        _at_once(
            *(
                partial(_hold, place.calendar, start + late * HALF_HOUR, browser=f"browser {first.pk}")
                for late, first in enumerate(times)
                for place, start in times.items()
            )
        )
        _assert_holds_are_whole()
    assert _deadlocks() == 0


def _hold(calendar, starts_at, browser="browser"):
    hold_slot(calendar, starts_at=starts_at, host=None, browser=browser, address=browser, now=NOW)


def _deadlocks():
    """Since this database was made. They would be tried again, after a second for each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def _own(appointment):
    """As a request of its own reads it."""
    return Appointment.objects.select_related("calendar__account", "contact", "host__user").get(pk=appointment.pk)


def _at_once(*deeds):
    """Refusals are answers; anything else is an error."""
    barrier = Barrier(len(deeds))

    def do(deed):
        barrier.wait()
        try:
            with suppress(SlotTaken, AlreadyClosed, ChangedMeanwhile, NotPending):
                deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(do, deeds))


def _assert_whole(appointment):
    """Its time is where it stands and nowhere else, and its history says how it came there, a step at a time."""
    one = Appointment.objects.get(pk=appointment.pk)
    last = AppointmentChange.objects.filter(appointment=one).order_by("-pk").first()
    told = AppointmentChange.objects.filter(appointment=one, kind__in=TOLD).order_by("pk")
    assert [step.sequence for step in told] == list(range(one.sequence + 1))
    assert (last.starts_at, last.host_id, last.is_confirmed) == (one.starts_at, one.host_id, bool(one.confirmed_at))
    mails = OutgoingMail.objects.filter(subject_uid=one.uid).exclude(kind__startswith="host_")
    assert sorted(mails.values_list("sequence", "kind")) == [(step.sequence, step.kind) for step in told]
    times = HostTime.objects.filter(uid__in=[one.uid, *([one.session_uid] if one.session_uid else [])])
    assert list(times.values_list("starts_at", flat=True)) == ([one.starts_at] if one.is_active else [])
    _assert_seats_are_whole()


def _assert_holds_are_whole():
    kept = {hold.uid: (hold.calendar_id, hold.starts_at) for hold in Hold.objects.all()}
    times = HostTime.objects.filter(kind=HostTimeKind.HOLD)
    seats = Seat.objects.filter(expires_at__isnull=False).select_related("session")
    held = {time.uid: (time.calendar_id, time.starts_at) for time in times}
    held |= {seat.uid: (seat.session.calendar_id, seat.session.starts_at) for seat in seats}
    assert held == kept
    _assert_seats_are_whole()


def _assert_seats_are_whole():
    """Sessions count their seats, have at least one, and have their time; every seat is somebody's."""
    for session in ClassSession.objects.all():
        assert session.seats_taken == session.places.count() > 0
        assert HostTime.objects.filter(uid=session.uid, starts_at=session.starts_at).count() == 1
    known = Q(uid__in=Appointment.objects.active().values("uid")) | Q(uid__in=Hold.objects.values("uid"))
    assert not Seat.objects.exclude(known).exists()
