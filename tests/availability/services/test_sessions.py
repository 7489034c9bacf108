"""Classes (T2): sessions, their seats, and what becomes of both."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from availability.models import CalendarMember, ClassSession, HostDay, HostTime, HostTimeKind, Seat
from availability.queries.slots import open_slots
from availability.services.release import release_time
from tests.availability.situations import (
    DAY,
    HALF_HOUR,
    HOUR,
    MINUTE,
    TEN,
    also_in,
    change,
    codes,
    expire,
    hold,
    offer,
    refusal,
    reserve,
    team,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """A class of an hour that can begin every half hour, with two seats."""
    return team(1, type="class", seats=2, duration=HOUR)[0]


def seats_left(place, at=TEN, **options):
    """None where the start is not on offer."""
    slots = open_slots(place.calendar, start=at, end=at + MINUTE, now=NOW, **options)
    return slots[0].seats_left if slots else None


def test_the_first_seat_opens_a_session_that_takes_the_hosts_time(place):
    reserved = reserve(place)

    session = ClassSession.objects.get()
    assert (reserved.session_uid, reserved.member) == (session.uid, place.member)
    assert (session.starts_at, session.ends_at, session.seats, session.seats_taken) == (TEN, TEN + HOUR, 2, 1)
    assert HostTime.objects.values_list("uid", "kind").get() == (session.uid, HostTimeKind.SESSION)


def test_further_seats_join_it(place):
    first, second = reserve(place), reserve(place)

    assert first.session_uid == second.session_uid
    assert (ClassSession.objects.get().seats_taken, HostTime.objects.count(), Seat.objects.count()) == (2, 1, 2)


def test_seats_count_down_until_the_last_is_taken(place):
    shown = [seats_left(place)]
    for _ in range(2):
        reserve(place)
        shown.append(seats_left(place))

    assert shown == [2, 1, None]
    assert refusal(place) == ("SEATS",)


def test_joining_makes_no_stored_day_stale(place):
    reserve(place)
    before = list(HostDay.objects.values_list("day", "version"))

    reserve(place)

    assert list(HostDay.objects.values_list("day", "version")) == before


@pytest.mark.parametrize("start", [TEN - HALF_HOUR, TEN + HALF_HOUR])
def test_another_start_that_overlaps_a_session_is_not_offered(place, start):
    reserve(place)

    assert start not in offer(place.calendar)
    assert refusal(place, start) == ("BOOKED",)


def test_a_session_is_taken_time_for_the_hosts_other_calendars(place):
    elsewhere = also_in(place)
    reserve(place)

    assert refusal(elsewhere) == ("BOOKED",)


def test_buffers_keep_sessions_apart_and_do_not_keep_anybody_from_joining(place):
    change(place.calendar, buffer_before=HALF_HOUR, buffer_after=HALF_HOUR)
    reserve(place)

    assert reserve(place)
    assert refusal(place, TEN + HOUR) == ("BUFFER",)
    assert reserve(place, TEN + HOUR + HALF_HOUR)


def test_a_seat_given_back_can_be_taken_again(place):
    uid = uuid4()
    reserve(place, uid=uid)
    reserve(place)

    release_time(uid, now=NOW)

    assert (ClassSession.objects.get().seats_taken, seats_left(place)) == (1, 1)


def test_the_session_goes_with_its_last_seat_and_its_time_is_free_again(place):
    uids = [uuid4(), uuid4()]
    for uid in uids:
        reserve(place, uid=uid)

    for uid in uids:
        release_time(uid, now=NOW)

    assert not ClassSession.objects.exists()
    assert not HostTime.objects.exists()
    assert reserve(place, TEN + HALF_HOUR).starts_at == TEN + HALF_HOUR


def test_giving_a_seat_back_twice_gives_one_back(place):
    uid = uuid4()
    reserve(place, uid=uid)
    reserve(place)

    release_time(uid, now=NOW)
    release_time(uid, now=NOW)

    assert ClassSession.objects.get().seats_taken == 1


@pytest.mark.parametrize("taken", [-1, 3])
def test_the_database_never_lets_seats_fall_below_none_or_rise_above_all(place, taken):
    reserve(place)

    with pytest.raises(IntegrityError), transaction.atomic():
        ClassSession.objects.update(seats_taken=taken)


def test_a_session_keeps_the_seats_it_was_opened_with(place):
    reserve(place)
    change(place.calendar, seats=1)

    assert seats_left(place) == 1
    assert seats_left(place, TEN + DAY) == 1
    assert reserve(place).session_uid == ClassSession.objects.get().uid


def test_a_session_of_another_length_cannot_be_joined(place):
    reserve(place)
    change(place.calendar, duration=HALF_HOUR)

    assert refusal(place) == ("BOOKED",)


def test_a_session_of_another_class_cannot_be_joined(place):
    other = also_in(place, type="class", duration=HOUR)
    reserve(other)

    assert refusal(place) == ("BOOKED",)


# ── held seats ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_held_seat_is_a_seat_less_until_it_runs_out(place):
    held = hold(place)
    assert seats_left(place) == 1

    expire(held)
    assert seats_left(place) == 2


def test_the_readers_own_held_seat_is_not_counted(place):
    mine = hold(place)
    reserve(place)

    assert seats_left(place) is None
    assert seats_left(place, hold=mine) == 1


def test_booking_with_a_held_seat_takes_that_seat(place):
    mine = hold(place)
    reserve(place)

    reserve(place, hold=mine)

    assert (ClassSession.objects.get().seats_taken, Seat.objects.filter(expires_at=None).count()) == (2, 2)


def test_booking_by_the_uid_that_holds_the_last_seat_takes_that_seat(place):
    reserve(place)
    uid = hold(place)

    reserve(place, uid=uid)

    assert Seat.objects.get(uid=uid).expires_at is None
    assert ClassSession.objects.get().seats_taken == 2


def test_the_last_seat_that_was_held_for_too_long_is_given_to_the_next(place):
    reserve(place)
    held = hold(place)
    expire(held)

    reserve(place)

    assert (ClassSession.objects.get().seats_taken, Seat.objects.filter(uid=held).exists()) == (2, False)


def test_a_held_seat_that_is_given_up_closes_the_session_it_opened(place):
    release_time(hold(place), now=NOW)

    assert not ClassSession.objects.exists()
    assert not HostTime.objects.exists()


# ── moving a seat ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_seat_moves_to_another_session(place):
    uid = uuid4()
    reserve(place, uid=uid)
    reserve(place)
    later = reserve(place, TEN + HOUR)

    assert reserve(place, TEN + HOUR, uid=uid).session_uid == later.session_uid
    assert list(ClassSession.objects.values_list("starts_at", "seats_taken")) == [(TEN, 1), (TEN + HOUR, 2)]


def test_whoever_is_alone_in_a_session_can_move_it_by_half_its_length(place):
    uid = uuid4()
    reserve(place, uid=uid)

    reserve(place, TEN + HALF_HOUR, uid=uid)

    assert ClassSession.objects.get().starts_at == HostTime.objects.get().starts_at == TEN + HALF_HOUR


def test_whoever_is_not_alone_cannot(place):
    uid = uuid4()
    reserve(place, uid=uid)
    reserve(place)

    assert refusal(place, TEN + HALF_HOUR, uid=uid) == ("BOOKED",)
    assert ClassSession.objects.get().seats_taken == 2


def test_a_seat_in_a_full_session_can_be_taken_again_by_its_taker(place):
    uid = uuid4()
    reserve(place, uid=uid)
    reserve(place)

    assert reserve(place, uid=uid).starts_at == TEN
    assert ClassSession.objects.get().seats_taken == 2


def test_a_moved_seat_is_as_old_as_it_was(place):
    uid = uuid4()
    reserve(place, uid=uid)

    reserve(place, TEN + HOUR, uid=uid, now=NOW + HOUR)

    assert Seat.objects.get().booked_at == NOW


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_limits_count_sessions_and_do_not_keep_anybody_from_joining(place):
    change(place.calendar, day_limit=1)
    schedule = CalendarMember.objects.get().member.schedules.get()
    reserve(place)

    assert refusal(place, TEN + HOUR) == ("DAY_LIMIT",)
    assert seats_left(place) == 1
    change(place.calendar, day_limit=None)
    change(schedule, day_limit=1)
    assert refusal(place, TEN + HOUR) == ("HOST_LIMIT",)
    assert seats_left(place) == 1
    assert reserve(place).starts_at == TEN


@pytest.mark.parametrize("limit", ["calendar", "schedule"])
def test_whoever_is_alone_in_the_only_session_of_a_full_day_can_move_it(place, limit):
    change(place.calendar if limit == "calendar" else place.member.schedules.get(), day_limit=1)
    uid = uuid4()
    reserve(place, uid=uid)

    assert TEN + 2 * HOUR in offer(place.calendar, besides=uid)
    assert reserve(place, TEN + 2 * HOUR, uid=uid).starts_at == TEN + 2 * HOUR
    assert codes(place.calendar, TEN) != set()
