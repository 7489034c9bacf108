"""What the public page offers."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from availability.models import DateOverride
from bookings.queries.offer import offer
from bookings.services.book import book_appointment
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def test_with_nothing_free_in_five_weeks_the_first_free_time_afterwards_is_named():
    member = MemberFactory()
    schedule = ScheduleFactory(member=member, hours=[])
    calendar = CalendarFactory(account=member.account, horizon_days=300)
    CalendarMemberFactory(calendar=calendar, member=member)
    for weeks in (12, 20):
        day = NOW.date() + timedelta(weeks=weeks)
        DateOverride.objects.create(schedule=schedule, date=day, opens_minute=600, closes_minute=720)

    found = offer(calendar, zone=BERLIN, now=NOW)

    assert not found.any_free
    assert found.next is not None
    assert found.next.local.date() == NOW.date() + timedelta(weeks=12)


def test_what_is_moved_may_overlap_its_own_time_and_is_not_offered_the_time_it_has(place):
    place.calendar.duration = timedelta(hours=1)
    place.calendar.interval = timedelta(minutes=30)
    place.calendar.save()
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    found = offer(
        place.calendar, zone=BERLIN, now=NOW, day=NOW.date(), besides=appointment.uid, without=appointment.starts_at
    )

    starts = [one.slot.starts_at for _part, times in found.parts for one in times]
    assert TEN - timedelta(minutes=30) in starts
    assert TEN + timedelta(minutes=30) in starts
    assert TEN not in starts


def test_the_next_free_time_of_what_is_moved_may_overlap_its_own_time_and_is_another_one():
    member = MemberFactory()
    schedule = ScheduleFactory(member=member, hours=[])
    calendar = CalendarFactory(account=member.account, horizon_days=300, interval=timedelta(minutes=15))
    CalendarMemberFactory(calendar=calendar, member=member)
    day = NOW.date() + timedelta(weeks=12)
    DateOverride.objects.create(schedule=schedule, date=day, opens_minute=600, closes_minute=645)
    start = datetime.combine(day, time(10), BERLIN)
    appointment = book_appointment(calendar, starts_at=start, customer=ADA, now=NOW)

    found = offer(calendar, zone=BERLIN, now=NOW, besides=appointment.uid, without=start)

    assert found.next is not None
    assert found.next.local == start + timedelta(minutes=15)
