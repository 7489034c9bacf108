import pytest

from accounts.models import OutgoingMail
from bookings.models import AppointmentChange, BookingTerms, Status
from bookings.services.attendance import AlreadyClosed, NotBegun, NotConfirmed, note_attendance
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import staff
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW


@pytest.fixture
def by(place):
    return staff(place.member)


@pytest.mark.parametrize(("came", "status"), [(True, Status.SHOWED), (False, Status.NO_SHOW)])
def test_it_is_noted_from_the_start_on_and_nobody_is_told(appointment, by, news, came, status):
    mails = OutgoingMail.objects.count()

    note_attendance(appointment, came=came, now=TEN, by=by)

    assert (appointment.status, appointment.sequence) == (status, 0)
    assert AppointmentChange.objects.order_by("pk").last().kind == status
    assert OutgoingMail.objects.count() == mails
    assert news == []


def test_one_mark_takes_the_place_of_the_other_and_may_be_taken_back(appointment, by):
    for came, status in ((True, Status.SHOWED), (False, Status.NO_SHOW), (None, Status.CONFIRMED)):
        note_attendance(appointment, came=came, now=TEN, by=by)
        assert appointment.status == status

    kinds = AppointmentChange.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["booked", "showed", "no_show", "attendance_open"]


@pytest.mark.parametrize("came", [True, False, None])
def test_the_same_mark_again_changes_nothing(appointment, by, came):
    note_attendance(appointment, came=came, now=TEN, by=by)
    steps = AppointmentChange.objects.count()

    note_attendance(appointment, came=came, now=ELEVEN, by=by)

    assert AppointmentChange.objects.count() == steps


def test_nobody_can_have_come_before_it_begins(appointment, by):
    with pytest.raises(NotBegun):
        note_attendance(appointment, came=True, now=NOW, by=by)


def test_nobody_comes_to_what_was_cancelled(appointment, by):
    cancel_appointment(appointment, now=NOW)

    with pytest.raises(AlreadyClosed):
        note_attendance(appointment, came=True, now=TEN, by=by)


def test_nobody_comes_to_what_nobody_confirmed(place, by):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    request = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    with pytest.raises(NotConfirmed):
        note_attendance(request, came=True, now=TEN, by=by)


def test_cancelling_or_moving_what_has_begun_takes_the_mark_away(appointment, by):
    note_attendance(appointment, came=False, now=TEN, by=by)
    reschedule_appointment(appointment, starts_at=ELEVEN, now=TEN, by=by)
    assert appointment.status == Status.CONFIRMED

    note_attendance(appointment, came=False, now=ELEVEN, by=by)
    cancel_appointment(appointment, now=ELEVEN, by=by)

    assert (appointment.status, appointment.no_show_at) == (Status.CANCELLED, None)
