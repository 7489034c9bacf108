"""Time that is kept for a customer who is filling in the form (B4)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from availability.models import Assignment, HostDay, HostTime, HostTimeKind, Seat
from availability.services.release import release_expired_holds, release_time
from availability.services.reserve import SlotTaken, hold_time
from tests.availability.situations import (
    HALF_HOUR,
    HOUR,
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
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return CalendarMemberFactory()


def test_a_hold_lasts_as_long_as_the_site_says_by_the_clock_of_the_database(place, settings):
    settings.HOLD_SECONDS = 77

    held = hold_time(place.calendar, starts_at=TEN, uid=uuid4(), now=NOW)

    row = HostTime.objects.get()
    assert row.expires_at - row.created_at == timedelta(seconds=77)
    assert (held.member, held.expires_at, held.session_uid) == (place.member, row.expires_at, None)


def test_nobody_else_can_take_or_hold_what_is_held(place):
    hold(place)
    elsewhere = also_in(place)

    assert refusal(place) == refusal(elsewhere) == ("HELD",)
    with pytest.raises(SlotTaken, match="HELD"):
        hold(elsewhere, TEN)


def test_what_is_taken_cannot_be_held(place):
    reserve(place)

    with pytest.raises(SlotTaken, match="BOOKED"):
        hold(place)


def test_booking_with_the_hold_takes_its_time_and_gives_the_hold_up(place):
    held, uid = hold(place), uuid4()

    reserve(place, uid=uid, hold=held)

    assert HostTime.objects.values_list("uid", "kind").get() == (uid, HostTimeKind.APPOINTMENT)


def test_booking_with_the_hold_at_another_time_gives_the_hold_up(place):
    held = hold(place)

    reserve(place, TEN + HALF_HOUR, hold=held)

    assert codes(place.calendar) == set()
    assert codes(place.calendar, TEN + HALF_HOUR) == {"BOOKED"}


def test_booking_by_the_uid_that_holds_the_time_replaces_the_hold(place):
    uid = hold(place)

    reserve(place, uid=uid)

    assert HostTime.objects.values_list("uid", "kind").get() == (uid, HostTimeKind.APPOINTMENT)


def test_a_hold_by_the_same_uid_replaces_the_earlier_one(place):
    change(place.calendar, interval=timedelta(minutes=15))
    uid = hold(place)

    hold(place, TEN + timedelta(minutes=15), uid=uid)

    assert HostTime.objects.get().starts_at == TEN + timedelta(minutes=15)


def test_a_hold_that_is_refused_leaves_the_earlier_one(place):
    uid = hold(place)
    reserve(place, TEN + HOUR)

    with pytest.raises(SlotTaken, match="BOOKED"):
        hold(place, TEN + HOUR, uid=uid)

    assert HostTime.objects.get(uid=uid).starts_at == TEN


def test_the_hold_of_somebody_else_does_not_help(place):
    hold(place)
    other = hold(place, TEN + HOUR)

    assert refusal(place, hold=other) == ("HELD",)


def test_a_hold_that_is_given_up_frees_its_time_at_once(place):
    held = hold(place)

    release_time(held, now=NOW)

    assert TEN in offer(place.calendar)
    assert not HostTime.objects.exists()


def test_an_expired_hold_gives_way(place):
    held = hold(place)
    expire(held)

    assert reserve(place).starts_at == TEN
    assert not HostTime.objects.filter(uid=held).exists()


def test_an_expired_hold_can_still_be_booked_if_the_time_is_free(place):
    held = hold(place)
    expire(held)

    assert reserve(place, hold=held).starts_at == TEN


def test_an_expired_hold_does_not_keep_its_time_from_whoever_was_quicker(place):
    held = hold(place)
    expire(held)
    reserve(place)

    assert refusal(place, hold=held) == ("BOOKED",)


def test_holds_are_no_news_for_stored_slots_and_no_assignment(place):
    held = hold(place)
    release_time(held, now=NOW)

    assert not HostDay.objects.exists()
    assert not Assignment.objects.exists()


def test_a_hold_on_a_collective_keeps_the_time_of_all():
    first, second = team(2, type="collective")

    held = hold(first)

    assert set(HostTime.objects.filter(uid=held).values_list("user", flat=True)) == {
        first.member.user_id,
        second.member.user_id,
    }
    assert reserve(first, hold=held).members == (first.member, second.member)


def test_a_round_robin_hold_takes_a_host_whom_the_booking_can_prefer():
    first, second = team(2)
    change(first.calendar, assignment_mode="equal")
    uid = uuid4()
    held = hold_time(first.calendar, starts_at=TEN, uid=uid, now=NOW)
    reserve(first, TEN + HOUR, host=held.member)

    reserved = reserve(first, hold=uid, prefer=held.member)

    assert held.member == reserved.member == first.member
    assert Assignment.objects.get(uid=HostTime.objects.get(starts_at=TEN).uid).rule == "kept"
    assert second.member != held.member


# ── given back ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_has_run_out_is_given_back(place):
    over, live = hold(place), hold(place, TEN + HOUR)
    reserve(place, TEN + 2 * HOUR)
    expire(over)

    assert release_expired_holds(now=NOW) == 1
    assert set(HostTime.objects.values_list("starts_at", flat=True)) == {TEN + HOUR, TEN + 2 * HOUR}
    assert HostTime.objects.filter(uid=live).exists()
    assert release_expired_holds(now=NOW) == 0


def test_held_seats_that_have_run_out_are_given_back_and_their_session_if_it_is_empty():
    (place,) = team(1, type="class", seats=2)
    over, alone = hold(place), hold(place, TEN + HOUR)
    reserve(place)
    expire(over)
    expire(alone)

    assert release_expired_holds(now=NOW) == 2
    assert Seat.objects.count() == 1
    assert list(HostTime.objects.values_list("starts_at", "kind")) == [(TEN, HostTimeKind.SESSION)]


def test_expiry_is_judged_by_the_database_whatever_now_is_handed_in(place):
    hold(place)

    assert release_expired_holds(now=datetime(2100, 1, 1, tzinfo=UTC)) == 0


def test_a_booking_with_a_hold_records_the_rule_by_which_its_host_would_be_chosen_anyway():
    first, _second = team(hosts=2)
    uid = uuid4()
    held = hold_time(first.calendar, starts_at=TEN, uid=uid, now=NOW)

    reserve(first, hold=uid, prefer=held.member)

    assert held.member == first.member
    assert Assignment.objects.get().rule == "team_order"
