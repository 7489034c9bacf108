from datetime import timedelta

import pytest

from accounts.models import OutgoingMail
from availability.models import ClassSession, HostTime
from bookings.models import AppointmentChange, BookingTerms, Status
from bookings.services.answer_request import (
    AlreadyClosed,
    ChangedMeanwhile,
    NotPending,
    confirm_appointment,
    decline_appointment,
    expire_requests,
)
from bookings.services.book import SlotTaken, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import CUSTOMER, staff
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarMemberFactory

DAY = timedelta(days=1)


@pytest.fixture
def request_(place):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    return book_appointment(place.calendar, starts_at=TEN + 2 * DAY, customer=ADA, now=NOW)


@pytest.fixture
def by(place):
    return staff(place.member)


def steps(appointment):
    return list(AppointmentChange.objects.filter(appointment=appointment).order_by("pk").values_list("kind", "who"))


def mails(sequence):
    return sorted(OutgoingMail.objects.filter(sequence=sequence).values_list("kind", flat=True))


def test_a_request_keeps_its_time_and_waits_a_day(request_, place):
    assert (request_.status, request_.expires_at) == (Status.PENDING, NOW + DAY)
    with pytest.raises(SlotTaken):
        book_appointment(place.calendar, starts_at=request_.starts_at, customer=ADA, now=NOW)


def test_a_request_for_today_waits_until_it_would_start(place):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)

    assert book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW).expires_at == TEN


def test_what_staff_book_needs_no_approval(place, by):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)

    assert book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, by=by).status == Status.CONFIRMED


def test_confirming_makes_an_appointment_of_it_and_is_told_to_the_customer_alone(request_, by, news):
    news.clear()

    confirm_appointment(request_, now=NOW, by=by)

    assert (request_.status, request_.confirmed_at, request_.expires_at) == (Status.CONFIRMED, NOW, None)
    assert steps(request_) == [("requested", "customer"), ("confirmed", "staff")]
    assert mails(1) == ["confirmed"]
    assert news == [(request_.uid, NOW)]


def test_confirming_again_changes_nothing(request_, by):
    confirm_appointment(request_, now=NOW, by=by)

    confirm_appointment(request_, now=NOW + timedelta(minutes=1), by=by)

    assert (request_.sequence, request_.confirmed_at, len(steps(request_))) == (1, NOW, 2)


def test_declining_frees_the_time_and_keeps_the_reason(request_, by, place):
    decline_appointment(request_, now=NOW, by=by, reason="We are away.")

    assert request_.status == Status.DECLINED
    assert AppointmentChange.objects.get(kind="declined").reason == "We are away."
    assert mails(1) == ["declined"]
    assert not HostTime.objects.exists()
    assert book_appointment(place.calendar, starts_at=request_.starts_at, customer=ADA, now=NOW)


def test_declining_again_changes_nothing(request_, by):
    decline_appointment(request_, now=NOW, by=by)

    decline_appointment(request_, now=NOW, by=by)

    assert (request_.sequence, len(steps(request_))) == (1, 2)


def test_what_is_declined_is_not_confirmed_any_more(request_, by):
    decline_appointment(request_, now=NOW, by=by)

    with pytest.raises(AlreadyClosed):
        confirm_appointment(request_, now=NOW, by=by)


def test_what_is_confirmed_is_not_declined_any_more(request_, by):
    confirm_appointment(request_, now=NOW, by=by)

    with pytest.raises(NotPending):
        decline_appointment(request_, now=NOW, by=by)
    assert HostTime.objects.exists()


@pytest.mark.parametrize("answer", [confirm_appointment, decline_appointment])
def test_what_the_customer_called_off_gets_no_answer(request_, by, answer):
    cancel_appointment(request_, now=NOW)

    with pytest.raises(AlreadyClosed):
        answer(request_, now=NOW, by=by)


@pytest.mark.parametrize("answer", [confirm_appointment, decline_appointment])
def test_a_request_that_has_run_out_gets_no_answer_even_before_it_is_swept(request_, by, answer):
    with pytest.raises(AlreadyClosed):
        answer(request_, now=request_.expires_at, by=by)


def test_a_request_that_has_run_out_is_not_moved_even_before_it_is_swept(request_, by):
    for author in (CUSTOMER, by):
        with pytest.raises(AlreadyClosed):
            reschedule_appointment(request_, starts_at=ELEVEN + 2 * DAY, now=request_.expires_at, by=author)

    request_.refresh_from_db()
    assert (request_.starts_at, request_.status) == (TEN + 2 * DAY, Status.PENDING)


@pytest.mark.parametrize("answer", [confirm_appointment, decline_appointment])
def test_nobody_answers_to_a_time_they_have_not_seen(request_, by, answer):
    seen = request_.starts_at
    reschedule_appointment(request_, starts_at=ELEVEN + 2 * DAY, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        answer(request_, now=NOW, by=by, stands_at=seen)

    request_.refresh_from_db()
    assert request_.status == Status.PENDING


def test_unanswered_it_expires_by_itself(request_):
    assert expire_requests(now=request_.expires_at - timedelta(seconds=1)) == 0
    assert expire_requests(now=request_.expires_at) == 1
    assert expire_requests(now=request_.expires_at) == 0

    request_.refresh_from_db()
    assert request_.status == Status.EXPIRED
    assert steps(request_)[-1] == ("expired", "system")
    assert mails(1) == ["expired", "host_expired"]
    assert not HostTime.objects.exists()


def test_what_is_confirmed_does_not_expire(request_, by):
    until = request_.expires_at
    confirm_appointment(request_, now=NOW, by=by)

    assert expire_requests(now=until) == 0


def test_a_seat_that_is_declined_is_free_for_others(db):
    place = CalendarMemberFactory(calendar__type="class", calendar__seats=1)
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    seat = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    decline_appointment(seat, now=NOW, by=staff(place.member))

    assert not ClassSession.objects.exists()
    assert book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)


def test_what_a_customer_moves_waits_again_and_what_staff_move_does_not(request_, by):
    confirm_appointment(request_, now=NOW, by=by)

    reschedule_appointment(request_, starts_at=ELEVEN + 2 * DAY, now=NOW, by=by)
    assert request_.status == Status.CONFIRMED
    reschedule_appointment(request_, starts_at=ELEVEN + 3 * DAY, now=NOW)

    assert (request_.status, request_.expires_at) == (Status.PENDING, NOW + DAY)


def test_who_gets_a_request_by_a_move_is_told_that_it_waits(request_, place):
    other = CalendarMemberFactory(calendar=place.calendar)

    reschedule_appointment(request_, starts_at=ELEVEN + 2 * DAY, now=NOW, host=other.member)

    told = dict(OutgoingMail.objects.filter(sequence=1).values_list("recipient", "kind"))
    assert told == {
        "ada@example.org": "rescheduled",
        other.member.user.email: "host_requested",
        place.member.user.email: "host_cancelled",
    }
