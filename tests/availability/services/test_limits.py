"""So many a day and a week (A6): of a calendar in the account's zone, of a host in the schedule's."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from availability.models import Schedule
from availability.services.release import release_time
from tests.availability.situations import (
    ALWAYS,
    DAY,
    HALF_HOUR,
    HOUR,
    TEN,
    also_in,
    change,
    hold,
    offer,
    refusal,
    reserve,
    team,
)
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def place():
    """A service that is open day and night, in Berlin."""
    return team(1, type="service", hours=ALWAYS)[0]


# ── of the calendar ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_day_is_full_when_so_many_begin_on_it(place):
    change(place.calendar, day_limit=2)
    reserve(place, TEN)
    assert TEN + HOUR in offer(place.calendar)
    reserve(place, TEN + HOUR)

    assert [start for start in offer(place.calendar, at(23, 7), at(24, 22)) if start < at(23, 23)] == []
    assert refusal(place, TEN + 2 * HOUR) == ("DAY_LIMIT",)
    assert reserve(place, TEN + DAY)


def test_days_are_those_of_the_accounts_zone(place):
    change(place.calendar, day_limit=1)
    reserve(place, at(24, 22, 30))  # 23:30 in Berlin

    assert refusal(place, at(23, 23)) == ("DAY_LIMIT",)
    assert reserve(place, at(24, 23))


def test_an_appointment_counts_once_on_the_day_it_starts(place):
    change(place.calendar, day_limit=1, duration=2 * HOUR)
    reserve(place, at(24, 22, 0))  # until 01:00 of the next day

    assert refusal(place, at(24, 10)) == ("DAY_LIMIT",)
    assert reserve(place, at(25, 10))


def test_a_cancelled_appointment_makes_room(place):
    change(place.calendar, day_limit=1)
    uid = uuid4()
    reserve(place, uid=uid)

    release_time(uid, now=NOW)

    assert reserve(place, TEN + HOUR)


def test_an_appointment_can_move_within_its_full_day(place):
    change(place.calendar, day_limit=1, week_limit=1)
    uid = uuid4()
    reserve(place, uid=uid)

    assert TEN + HOUR in offer(place.calendar, besides=uid)
    assert reserve(place, TEN + HOUR, uid=uid)


def test_a_hold_does_not_count(place):
    change(place.calendar, day_limit=1)
    hold(place)

    assert reserve(place, TEN + HOUR)


def test_a_limit_counts_all_hosts_of_the_calendar_together():
    first, _second = team(2, day_limit=1)
    reserve(first)

    assert refusal(first) == ("DAY_LIMIT", "BOOKED")


def test_other_calendars_of_the_account_do_not_count(place):
    other = CalendarMemberFactory(calendar=CalendarFactory(account=place.calendar.account), member=place.member)
    reserve(other)
    change(place.calendar, day_limit=1)

    assert reserve(place, TEN + HOUR)


@pytest.mark.parametrize(
    ("now", "booked", "last", "first"),
    [
        (at(19, 7, month=10), at(21, 9, month=10), at(25, 22, 30, month=10), at(25, 23, month=10)),
        (
            datetime(2027, 3, 22, 7, tzinfo=UTC),
            datetime(2027, 3, 24, 9, tzinfo=UTC),
            datetime(2027, 3, 28, 21, 30, tzinfo=UTC),
            datetime(2027, 3, 28, 22, tzinfo=UTC),
        ),
        (at(22, 23), at(25, 9), at(29, 22, 30), at(29, 23)),
    ],
    ids=["an hour longer", "an hour shorter", "as usual"],
)
def test_a_week_runs_from_monday_to_sunday_also_when_the_clocks_change(place, now, booked, last, first):
    change(place.calendar, week_limit=1)
    reserve(place, booked, now=now)

    assert refusal(place, last, now=now) == ("WEEK_LIMIT",)
    assert reserve(place, first, now=now)


# ── of the host ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hosts_limit_counts_their_appointments_on_all_calendars_of_all_accounts(place):
    Schedule.objects.update(day_limit=2)
    here = CalendarMemberFactory(calendar=CalendarFactory(account=place.calendar.account), member=place.member)
    reserve(here)
    reserve(also_in(place), TEN + HOUR)

    assert refusal(place, TEN + 2 * HOUR) == ("HOST_LIMIT",)
    assert TEN + 2 * HOUR not in offer(place.calendar)
    assert reserve(place, TEN + DAY)


def test_a_hosts_days_are_those_of_their_schedules_zone(place):
    Schedule.objects.update(day_limit=1, time_zone="America/New_York")
    reserve(place, at(25, 4, 30))  # 23:30 on the 24th in New York

    assert refusal(place, at(24, 5)) == ("HOST_LIMIT",)
    assert reserve(place, at(25, 5))


def test_a_hosts_week_is_counted_too(place):
    Schedule.objects.update(week_limit=1)
    reserve(place)

    assert refusal(place, TEN + 3 * DAY) == ("HOST_LIMIT",)
    assert reserve(place, TEN + 7 * DAY)


def test_the_limit_is_that_of_the_schedule_that_counts_on_the_calendar(place):
    place.schedule = ScheduleFactory(member=place.member, is_default=False, hours=ALWAYS, day_limit=1)
    place.save()
    elsewhere = CalendarMemberFactory(calendar=CalendarFactory(account=place.calendar.account), member=place.member)
    reserve(place)

    assert refusal(place, TEN + HOUR) == ("HOST_LIMIT",)
    assert reserve(elsewhere, TEN + HOUR)


def test_a_host_whose_day_is_full_leaves_it_to_the_others():
    first, second = team(2)
    Schedule.objects.filter(member=first.member).update(day_limit=1)
    reserve(first, host=first.member)

    assert [reserve(first, TEN + step * HALF_HOUR).member for step in (1, 2)] == [second.member] * 2


def test_an_appointment_of_all_counts_once_for_each_of_them():
    first, second = team(2, type="collective")
    Schedule.objects.filter(member=second.member).update(day_limit=2)
    reserve(first)
    reserve(first, TEN + HOUR)

    assert refusal(first, TEN + 2 * HOUR) == ("COLLECTIVE", "HOST_LIMIT")
