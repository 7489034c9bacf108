"""What the public page is given: the same answer as the transaction, in a fixed number of queries."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import User
from availability.models import DateRange
from availability.queries.slots import next_slots, open_slots
from availability.services.release import release_time
from availability.services.reserve import SlotTaken, reserve_time
from availability.services.store import store_slots
from tests.availability.situations import DAY, HALF_HOUR, HOUR, MONDAY, TEN, change, hold, offer, reserve, team
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db


def test_a_day_is_offered_by_the_half_hour():
    calendar = CalendarMemberFactory().calendar

    assert offer(calendar) == [
        datetime(2026, 11, 23, 8, tzinfo=UTC) + step * timedelta(minutes=30) for step in range(16)
    ]


def test_every_slot_on_offer_can_be_booked_and_no_other():
    calendar = CalendarMemberFactory().calendar
    change(calendar, interval=timedelta(minutes=15))
    reserve_time(calendar, starts_at=datetime(2026, 11, 23, 10, 15, tzinfo=UTC), uid=uuid4(), now=NOW)
    offered = offer(calendar)

    for quarter in range(96):
        at = MONDAY + quarter * timedelta(minutes=15)
        uid = uuid4()
        if at in offered:
            reserved = reserve_time(calendar, starts_at=at, uid=uid, now=NOW)
            release_time(uid, now=NOW)
            assert reserved.starts_at == at
        else:
            with pytest.raises(SlotTaken):
                reserve_time(calendar, starts_at=at, uid=uid, now=NOW)


def test_a_slot_says_when_it_ends_and_who_is_free():
    place, *_others = team(1, type="service")

    (slot,) = open_slots(place.calendar, start=TEN, end=TEN + HALF_HOUR, now=NOW)

    assert (slot.starts_at, slot.ends_at, slot.hosts, slot.seats_left) == (
        TEN,
        TEN + HALF_HOUR,
        (place.member_id,),
        None,
    )


def test_round_robin_offers_the_union_of_its_members():
    place, early = team(2)
    early.member.schedules.all().delete()
    ScheduleFactory(member=early.member, hours=[(0, 7 * 60, 10 * 60)], time_zone="Europe/London")

    slots = open_slots(place.calendar, start=MONDAY, end=MONDAY + DAY, now=NOW)

    assert slots[0].hosts == (early.member_id,)
    hosts = {slot.starts_at: slot.hosts for slot in slots}
    assert hosts[datetime(2026, 11, 23, 9, tzinfo=UTC)] == (place.member_id, early.member_id)
    assert hosts[datetime(2026, 11, 23, 12, tzinfo=UTC)] == (place.member_id,)


def test_a_named_host_is_offered_with_their_own_times_alone():
    first, second = team(2)
    reserve(first, host=first.member)

    assert TEN not in offer(first.calendar, host=first.member)
    assert TEN in offer(first.calendar, host=second.member)


def test_a_collective_offers_what_all_its_members_have_in_common():
    early, late = team(2, type="collective")
    early.member.schedules.all().delete()
    ScheduleFactory(member=early.member, hours=[(0, 8 * 60, 10 * 60)])

    slots = open_slots(early.calendar, start=MONDAY, end=MONDAY + DAY, now=NOW)

    assert [slot.starts_at for slot in slots] == [TEN - HOUR, TEN - HALF_HOUR]
    assert {slot.hosts for slot in slots} == {(early.member_id, late.member_id)}


def test_a_fixed_host_must_be_free_as_well_and_is_not_among_those_to_choose_from():
    fixed, rotating = team(2)
    fixed.is_fixed = True
    fixed.save()
    reserve(fixed, TEN)

    slots = open_slots(fixed.calendar, start=TEN, end=TEN + HOUR, now=NOW)

    assert [(slot.starts_at, slot.hosts) for slot in slots] == [(TEN + HALF_HOUR, (rotating.member_id,))]


def test_a_class_offers_a_start_with_the_seats_that_are_left():
    (place,) = team(1, type="class", seats=3)
    reserve(place)

    slots = open_slots(place.calendar, start=TEN, end=TEN + HOUR, now=NOW)

    assert [slot.seats_left for slot in slots] == [2, 3]


def test_a_schedule_chosen_for_the_calendar_goes_before_the_default():
    place = CalendarMemberFactory()
    place.schedule = ScheduleFactory(member=place.member, is_default=False, hours=[(0, 20 * 60, 21 * 60)])
    place.save()

    assert [start.hour for start in offer(place.calendar)] == [19, 19]


def test_a_member_without_hours_offers_nothing():
    place = CalendarMemberFactory()
    place.member.schedules.all().delete()

    assert offer(place.calendar) == []


def test_a_member_who_may_not_sign_in_any_more_is_left_out():
    first, second = team(2)
    User.objects.filter(pk=first.member.user_id).update(is_active=False)

    (slot,) = open_slots(first.calendar, start=TEN, end=TEN + HALF_HOUR, now=NOW)

    assert slot.hosts == (second.member_id,)


@pytest.mark.parametrize("state", ["paused_at", "switched_off_at"])
def test_a_calendar_that_is_paused_or_switched_off_offers_nothing(state):
    calendar = CalendarMemberFactory().calendar
    store_slots(calendar, now=NOW)
    change(calendar, **{state: NOW})

    assert offer(calendar) == []


# ── queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────

KINDS = {
    "service": {"type": "service"},
    "simple": {"type": "simple"},
    "class": {"type": "class"},
    "round robin": {"type": "round_robin", "day_limit": 5, "week_limit": 9},
    "equal": {"type": "round_robin", "assignment_mode": "equal"},
    "collective": {"type": "collective"},
}


@pytest.mark.parametrize("days", [1, 60])
@pytest.mark.parametrize("hosts", [1, 5])
@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_queries_is_three_and_one_if_all_is_stored(django_assert_num_queries, kind, hosts, days):
    calendar = team(hosts, **KINDS[kind])[0].calendar

    with django_assert_num_queries(3):
        computed = offer(calendar, end=MONDAY + days * DAY)
    store_slots(calendar, now=NOW)
    with django_assert_num_queries(1):
        stored = offer(calendar, end=MONDAY + days * DAY)

    assert stored == computed != []


# ── look busy ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_look_busy_hides_the_same_slots_each_time_and_they_can_still_be_booked():
    place = CalendarMemberFactory()
    everything = offer(place.calendar, end=MONDAY + 30 * DAY)
    change(place.calendar, look_busy=50)

    shown = offer(place.calendar, end=MONDAY + 30 * DAY)
    hidden = sorted(set(everything) - set(shown))

    assert shown == offer(place.calendar, end=MONDAY + 30 * DAY)
    assert 0.4 < len(hidden) / len(everything) < 0.6
    assert offer(place.calendar, end=MONDAY + 30 * DAY, hidden=True) == everything
    assert reserve(place, hidden[0]).starts_at == hidden[0]


def test_a_class_does_not_look_busy():
    (place,) = team(1, type="class", look_busy=90)

    assert len(offer(place.calendar)) == 16


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_offered_in_the_past_or_within_the_notice():
    calendar = CalendarMemberFactory().calendar
    change(calendar, minimum_notice=timedelta(minutes=90))

    assert offer(calendar, now=TEN)[0] == TEN + timedelta(minutes=90)
    assert offer(calendar, now=TEN + timedelta(microseconds=1))[0] == TEN + timedelta(minutes=120)


def test_nothing_is_offered_beyond_the_horizon():
    calendar = CalendarMemberFactory().calendar

    assert offer(calendar, MONDAY + 61 * DAY, MONDAY + 90 * DAY) == []


def test_a_fixed_date_range_begins_and_ends_with_its_days_in_the_zone_of_the_account():
    (place,) = team(1, type="service", hours=[(day, 0, 0) for day in range(7)])
    change(place.calendar, date_range=DateRange.FIXED, range_first=date(2026, 12, 1), range_last=date(2026, 12, 2))

    slots = offer(place.calendar, end=MONDAY + 30 * DAY)

    assert slots[0] == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert slots[-1] == datetime(2026, 12, 2, 22, 30, tzinfo=UTC)


def test_the_next_slots_are_found_months_ahead():
    calendar = CalendarMemberFactory().calendar
    after = MONDAY + 40 * DAY

    assert next_slots(calendar, after=after, now=NOW, count=3)[0].starts_at >= after


def test_the_next_slots_are_found_where_a_fixed_range_begins_later():
    calendar = CalendarMemberFactory().calendar
    change(calendar, date_range=DateRange.FIXED, range_first=date(2027, 5, 3), range_last=date(2027, 5, 7))

    (slot,) = next_slots(calendar, after=NOW, now=NOW, count=1)

    assert slot.starts_at == datetime(2027, 5, 3, 7, tzinfo=UTC)


def test_a_calendar_without_members_offers_nothing():
    assert offer(CalendarFactory()) == []


# ── looked through ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_readers_own_hold_is_looked_through_and_others_are_not():
    place = CalendarMemberFactory()
    mine = hold(place)

    assert TEN not in offer(place.calendar)
    assert TEN in offer(place.calendar, hold=mine)
    assert TEN not in offer(place.calendar, hold=uuid4())


def test_what_is_to_be_moved_is_looked_through():
    place = CalendarMemberFactory()
    uid = uuid4()
    reserve(place, uid=uid)
    store_slots(place.calendar, now=NOW)

    assert TEN not in offer(place.calendar)
    assert TEN in offer(place.calendar, besides=uid)
