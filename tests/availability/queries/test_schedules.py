"""Whose schedules a reader may see, what uses them, and which times lie outside."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.roles import Role
from availability.core.hours import DayHours
from availability.models import DateOverride, HostTime, HostTimeKind
from availability.queries.schedules import (
    calendars_of,
    members_seen_by,
    schedule_seen_by,
    schedules_of,
    times_outside,
)
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = [DayHours(day, 9 * 60, 17 * 60) for day in range(5)]


@pytest.fixture
def schedule():
    return ScheduleFactory()


@pytest.fixture
def calendar(schedule):
    calendar = CalendarFactory(account=schedule.member.account, name="First visit")
    return CalendarMemberFactory(calendar=calendar, member=schedule.member).calendar


def book(calendar, user, *start, minutes=30, kind=HostTimeKind.APPOINTMENT):
    starts_at = datetime(*start, tzinfo=BERLIN)
    return HostTime.objects.create(
        user=user,
        calendar=calendar,
        uid=uuid.uuid4(),
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        expires_at=NOW + timedelta(days=9) if kind == HostTimeKind.HOLD else None,
    )


def outside(schedule, hours=OFFICE, zone=BERLIN, now=NOW):
    return [one.starts_at for one in times_outside(schedule, hours=hours, zone=zone, now=now)]


def test_staff_see_themselves_and_managers_all_of_their_account():
    staff = MemberFactory(user__name="Ruth")
    manager = MemberFactory(account=staff.account, role=Role.MANAGER, user__name="Zoe")
    owner = MemberFactory(account=staff.account, role=Role.OWNER, user__name="Ada")
    MemberFactory()

    assert members_seen_by(staff) == [staff]
    assert members_seen_by(manager) == [manager, owner, staff]
    assert members_seen_by(owner) == [owner, staff, manager]


def test_a_schedule_is_seen_by_its_member_and_by_who_manages_the_account(schedule):
    account = schedule.member.account
    manager = MemberFactory(account=account, role=Role.MANAGER)
    elsewhere = MemberFactory(user=schedule.member.user, role=Role.OWNER)

    assert schedule_seen_by(schedule.member, schedule.pk) == schedule
    assert schedule_seen_by(manager, schedule.pk) == schedule
    assert schedule_seen_by(MemberFactory(account=account), schedule.pk) is None
    assert schedule_seen_by(elsewhere, schedule.pk) is None
    assert schedule_seen_by(MemberFactory(role=Role.OWNER), schedule.pk) is None


def test_a_calendar_uses_the_schedule_chosen_for_it_or_else_the_default(schedule, calendar):
    nights = ScheduleFactory(member=schedule.member, is_default=False)
    chosen = CalendarFactory(account=schedule.member.account, name="Night class")
    CalendarMemberFactory(calendar=chosen, member=schedule.member, schedule=nights)
    CalendarMemberFactory(calendar=chosen)  # a colleague's default counts for the colleague

    (group,) = schedules_of([schedule.member])

    assert [(line.schedule, line.calendars) for line in group.lines] == [(schedule, (calendar,)), (nights, (chosen,))]
    assert (calendars_of(schedule), calendars_of(nights)) == ([calendar], [chosen])


def test_times_within_the_hours_are_not_outside(schedule, calendar):
    user = schedule.member.user
    book(calendar, user, 2026, 11, 24, 9)
    book(calendar, user, 2026, 11, 24, 16, 30)

    assert outside(schedule) == []


def test_times_that_reach_out_of_the_hours_are_listed_in_order(schedule, calendar):
    user = schedule.member.user
    late = book(calendar, user, 2026, 11, 25, 16, 45)
    early = book(calendar, user, 2026, 11, 24, 8, 45)
    sunday = book(calendar, user, 2027, 6, 6, 12)

    assert outside(schedule) == [early.starts_at, late.starts_at, sunday.starts_at]
    found = times_outside(schedule, hours=OFFICE, zone=BERLIN, now=NOW)
    assert {one.calendar for one in found} == {"First visit"}


def test_a_time_across_two_openings_that_touch_is_within(schedule, calendar):
    book(calendar, schedule.member.user, 2026, 11, 24, 11, 45)

    assert outside(schedule, hours=[DayHours(1, 540, 720), DayHours(1, 720, 1020)]) == []


def test_the_night_of_the_evening_before_is_within(schedule, calendar):
    book(calendar, schedule.member.user, 2026, 11, 24, 1)

    assert outside(schedule, hours=[DayHours(0, 22 * 60, 2 * 60)]) == []


def test_hours_are_read_in_the_zone_that_is_chosen(schedule, calendar):
    time = book(calendar, schedule.member.user, 2026, 11, 24, 9)

    assert outside(schedule, zone=ZoneInfo("America/New_York")) == [time.starts_at]


def test_other_hours_on_the_day_count(schedule, calendar):
    saturday, tuesday = date(2026, 11, 28), date(2026, 12, 1)
    DateOverride.objects.create(schedule=schedule, date=saturday, opens_minute=540, closes_minute=720)
    DateOverride.objects.create(schedule=schedule, date=tuesday)
    book(calendar, schedule.member.user, 2026, 11, 28, 10)
    closed = book(calendar, schedule.member.user, 2026, 12, 1, 10)

    assert outside(schedule) == [closed.starts_at]


def test_past_times_holds_other_people_and_calendars_with_other_hours_are_left_out(schedule, calendar):
    member = schedule.member
    nights = ScheduleFactory(member=member, is_default=False)
    night_class = CalendarFactory(account=member.account)
    CalendarMemberFactory(calendar=night_class, member=member, schedule=nights)
    colleague = CalendarMemberFactory(calendar=calendar).member
    elsewhere = CalendarMemberFactory(member=MemberFactory(user=member.user)).calendar
    book(calendar, member.user, 2026, 11, 22, 10)
    book(calendar, member.user, 2026, 11, 28, 10, kind=HostTimeKind.HOLD)
    book(night_class, member.user, 2026, 11, 28, 20)
    book(calendar, colleague.user, 2026, 11, 28, 10)
    book(elsewhere, member.user, 2026, 11, 28, 12)

    assert outside(schedule) == []
    assert len(outside(nights)) == 1


def test_any_number_of_times_takes_two_queries(schedule, calendar, django_assert_num_queries):
    for day in range(1, 29):
        book(calendar, schedule.member.user, 2027, 2, day, 20)

    with django_assert_num_queries(2):
        assert len(outside(schedule)) == 28
