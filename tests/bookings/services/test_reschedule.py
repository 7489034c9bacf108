from datetime import timedelta

import pytest

from availability.models import Calendar, ClassSession, HostTime
from bookings.services.book import SlotTaken, book_appointment
from bookings.services.cancel import AlreadyOver, cancel_appointment
from bookings.services.reschedule import AlreadyClosed, reschedule_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

HALF_PAST = TEN + timedelta(minutes=30)


@pytest.fixture
def calendar(db):
    return CalendarFactory(type="round_robin", duration=timedelta(hours=1), interval=timedelta(minutes=30))


@pytest.fixture
def appointment(calendar):
    CalendarMemberFactory(calendar=calendar)
    return book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)


def test_moving_takes_the_new_time_and_gives_the_old_one_back(appointment, news):
    uid = appointment.uid

    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW)

    assert (appointment.uid, appointment.starts_at, appointment.sequence) == (uid, ELEVEN, 1)
    taken = HostTime.objects.get()
    assert (taken.uid, taken.starts_at, taken.ends_at) == (uid, ELEVEN, ELEVEN + timedelta(hours=1))
    assert news == [(uid, NOW)]


def test_moving_into_its_own_old_time_is_possible(appointment):
    reschedule_appointment(appointment, starts_at=HALF_PAST, now=NOW)

    assert appointment.starts_at == HALF_PAST


def test_the_host_is_kept_if_free(appointment, calendar):
    CalendarMemberFactory(calendar=calendar, priority=3)
    host = appointment.host

    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW)

    assert appointment.host == host


def test_another_host_takes_over_if_the_first_is_taken(appointment, calendar):
    host = appointment.host
    other = CalendarMemberFactory(calendar=calendar).member
    book_appointment(calendar, starts_at=ELEVEN, customer=ADA, now=NOW, host=host)

    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW)

    assert appointment.host == other


def test_the_host_is_chosen_anew_where_the_calendar_says_so(appointment, calendar):
    preferred = CalendarMemberFactory(calendar=calendar, priority=3).member
    Calendar.objects.update(keeps_host=False)

    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW)

    assert appointment.host == preferred


def test_fixed_hosts_move_along_and_nobody_else_stays(db):
    calendar = CalendarFactory(type="round_robin")
    fixed = CalendarMemberFactory(calendar=calendar, is_fixed=True)
    rotating = CalendarMemberFactory(calendar=calendar)
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)
    late = CalendarMemberFactory(calendar=calendar, is_fixed=True)
    fixed.delete()

    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW)

    assert (appointment.host, list(appointment.further_hosts.all())) == (rotating.member, [late.member])
    assert {time.user for time in HostTime.objects.all()} == {rotating.member.user, late.member.user}


def test_a_collective_moves_by_half_its_length_with_everybody(db):
    calendar = CalendarFactory(type="collective", duration=timedelta(hours=1), interval=timedelta(minutes=30))
    for _number in range(2):
        CalendarMemberFactory(calendar=calendar)
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    reschedule_appointment(appointment, starts_at=HALF_PAST, now=NOW)

    assert {time.starts_at for time in HostTime.objects.all()} == {HALF_PAST}
    assert HostTime.objects.count() == 2


def test_a_seat_moves_to_another_session_and_both_are_told(db, news):
    place = CalendarMemberFactory(calendar__type="class")
    ada, grace = (book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW) for _number in range(2))
    before = ada.session_uid
    news.clear()

    reschedule_appointment(ada, starts_at=ELEVEN, now=NOW)

    assert ada.session_uid not in (None, before)
    assert sorted(news) == sorted([(before, NOW), (ada.session_uid, NOW)])
    assert grace.session_uid == before
    assert sorted(ClassSession.objects.values_list("uid", "seats_taken")) == sorted([(before, 1), (ada.session_uid, 1)])


def test_the_only_seat_of_a_session_moves_by_half_its_length(db):
    calendar = CalendarFactory(type="class", duration=timedelta(hours=1), interval=timedelta(minutes=30))
    CalendarMemberFactory(calendar=calendar)
    ada = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    reschedule_appointment(ada, starts_at=HALF_PAST, now=NOW)

    assert ClassSession.objects.get().starts_at == HALF_PAST


def test_a_taken_time_is_refused_and_everything_stays(appointment, calendar, news):
    book_appointment(calendar, starts_at=ELEVEN, customer=ADA, now=NOW)
    news.clear()

    with pytest.raises(SlotTaken):
        reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW)

    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.sequence, news) == (TEN, 0, [])
    assert HostTime.objects.get(uid=appointment.uid).starts_at == TEN


def test_moving_it_to_where_it_is_changes_nothing(appointment, news):
    reschedule_appointment(appointment, starts_at=TEN, now=NOW)

    assert (appointment.sequence, news) == (0, [])


def test_what_is_cancelled_is_not_moved(appointment):
    cancel_appointment(appointment, now=NOW)

    with pytest.raises(AlreadyClosed):
        reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW)
    assert not HostTime.objects.exists()


def test_what_is_over_is_not_moved(appointment):
    with pytest.raises(AlreadyOver):
        reschedule_appointment(appointment, starts_at=ELEVEN, now=appointment.ends_at)
