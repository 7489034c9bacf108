"""What the public page offers."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from availability.models import DateOverride
from bookings.queries.offer import offer
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
