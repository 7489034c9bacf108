"""What the public page is given: the same answer as the transaction, in a fixed number of queries."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from availability.queries.slots import next_slots, open_slots
from availability.services.release import release_time
from availability.services.reserve import SlotTaken, reserve_time
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_day_is_offered_by_the_half_hour():
    calendar = CalendarMemberFactory().calendar

    slots = open_slots(calendar, start=MONDAY, end=MONDAY + DAY, now=NOW)

    assert [slot.starts_at for slot in slots] == [
        datetime(2026, 11, 23, 8, tzinfo=UTC) + step * timedelta(minutes=30) for step in range(16)
    ]


def test_every_slot_on_offer_can_be_booked_and_no_other():
    calendar = CalendarMemberFactory().calendar
    calendar.interval = timedelta(minutes=15)
    calendar.save()
    reserve_time(calendar, starts_at=datetime(2026, 11, 23, 10, 15, tzinfo=UTC), uid=uuid4(), now=NOW)
    offered = {slot.starts_at for slot in open_slots(calendar, start=MONDAY, end=MONDAY + DAY, now=NOW)}

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


def test_round_robin_offers_the_union_of_its_members():
    place = CalendarMemberFactory()
    early = CalendarMemberFactory(calendar=place.calendar)
    early.member.schedules.all().delete()
    ScheduleFactory(member=early.member, hours=[(0, 7 * 60, 10 * 60)], time_zone="Europe/London")

    slots = open_slots(place.calendar, start=MONDAY, end=MONDAY + DAY, now=NOW)

    assert slots[0].hosts == (early.member,)
    assert {slot.starts_at: len(slot.hosts) for slot in slots}[datetime(2026, 11, 23, 9, tzinfo=UTC)] == 2
    assert {slot.starts_at: len(slot.hosts) for slot in slots}[datetime(2026, 11, 23, 12, tzinfo=UTC)] == 1


def test_a_schedule_chosen_for_the_calendar_goes_before_the_default():
    place = CalendarMemberFactory()
    place.schedule = ScheduleFactory(member=place.member, is_default=False, hours=[(0, 20 * 60, 21 * 60)])
    place.save()

    slots = open_slots(place.calendar, start=MONDAY, end=MONDAY + DAY, now=NOW)

    assert [slot.starts_at.hour for slot in slots] == [19, 19]


@pytest.mark.parametrize("hosts", [1, 5])
def test_the_number_of_queries_is_fixed(django_assert_num_queries, hosts):
    calendar = CalendarFactory()
    for _ in range(hosts):
        CalendarMemberFactory(calendar=calendar)

    with django_assert_num_queries(5):
        assert open_slots(calendar, start=MONDAY, end=MONDAY + 60 * DAY, now=NOW)


def test_the_next_slots_are_found_months_ahead():
    calendar = CalendarMemberFactory().calendar
    after = MONDAY + 40 * DAY

    assert next_slots(calendar, after=after, now=NOW, count=3)[0].starts_at >= after


def test_nothing_is_offered_beyond_the_horizon():
    calendar = CalendarMemberFactory().calendar

    assert open_slots(calendar, start=MONDAY + 61 * DAY, end=MONDAY + 90 * DAY, now=NOW) == ()
