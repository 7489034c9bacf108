"""What people who keep calendars ask about them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.roles import Role
from availability.models import CalendarMember, ClassSession, HostTime, HostTimeKind
from availability.queries.calendars import (
    calendars_of,
    coming_appointments,
    free_slug,
    managed_calendar,
    slug_is_taken,
    team_of,
    was_booked,
)
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def manager():
    return MemberFactory(role=Role.MANAGER)


@pytest.fixture
def staff(manager):
    return MemberFactory(account=manager.account)


def take(calendar, hours, kind=HostTimeKind.APPOINTMENT, uid=None, user=None, expires_at=None):
    starts_at = NOW + hours * HOUR
    HostTime.objects.create(
        user=user or MemberFactory(account=calendar.account).user,
        calendar=calendar,
        uid=uid or uuid4(),
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        expires_at=expires_at,
    )


def test_managers_see_the_calendars_of_the_account_and_staff_those_they_serve(manager, staff):
    served = CalendarFactory(account=manager.account, name="b")
    other = CalendarFactory(account=manager.account, name="A")
    off = CalendarFactory(account=manager.account, name="0", switched_off_at=NOW)
    CalendarMemberFactory(calendar=served, member=staff)
    CalendarFactory()

    assert calendars_of(manager) == [other, served, off]
    assert calendars_of(staff) == [served]


def test_only_managers_of_the_account_may_change_a_calendar(manager, staff):
    calendar = CalendarFactory(account=manager.account)
    CalendarMemberFactory(calendar=calendar, member=staff)

    assert managed_calendar(manager, calendar.pk) == calendar
    assert managed_calendar(staff, calendar.pk) is None
    assert managed_calendar(MemberFactory(role=Role.OWNER), calendar.pk) is None


def test_the_team_is_those_who_serve_in_order_then_everybody_else(manager, staff):
    calendar = CalendarFactory(account=manager.account)
    late, early = MemberFactory.create_batch(2, account=manager.account)
    CalendarMember.objects.create(calendar=calendar, member=late, position=5)
    CalendarMember.objects.create(calendar=calendar, member=early, position=1)
    MemberFactory()

    team = team_of(manager.account, calendar)

    assert [one.member for one in team] == [early, late, manager, staff]
    assert [one.place and one.place.position for one in team] == [1, 5, None, None]


def test_who_may_not_sign_in_any_more_is_of_the_team_only_while_they_serve(manager):
    calendar = CalendarFactory(account=manager.account)
    gone, serving = MemberFactory.create_batch(2, account=manager.account, user__is_active=False)
    CalendarMember.objects.create(calendar=calendar, member=serving)

    assert [one.member for one in team_of(manager.account, calendar)] == [serving, manager]
    assert gone not in [one.member for one in team_of(manager.account, None)]


def test_the_team_comes_with_their_schedules_in_as_many_queries_for_one_as_for_many(manager, django_assert_num_queries):
    usual = ScheduleFactory(member=manager, name="Usual")
    evenings = ScheduleFactory(member=manager, name="Evenings", is_default=False)
    calendar = CalendarFactory(account=manager.account)

    with django_assert_num_queries(3):
        (one,) = team_of(manager.account, calendar)
    assert one.schedules == [usual, evenings]

    for member in MemberFactory.create_batch(30, account=manager.account):
        ScheduleFactory(member=member)
    with django_assert_num_queries(3):
        team_of(manager.account, calendar)


def test_appointments_to_come_are_counted_once_however_many_hosts_take_part():
    calendar, together = CalendarFactory(), uuid4()
    take(calendar, 1, uid=together)
    take(calendar, 1, uid=together)
    take(calendar, 2)
    take(calendar, -1)
    take(CalendarFactory(), 1)

    assert coming_appointments(calendar, now=NOW) == 2


def test_each_taken_seat_of_a_class_is_an_appointment_to_come():
    calendar = CalendarFactory(type="class")
    user = MemberFactory(account=calendar.account).user
    for hours, taken in ((1, 3), (2, 2), (-5, 7)):
        take(calendar, hours, kind=HostTimeKind.SESSION, user=user)
        starts_at = NOW + hours * HOUR
        ClassSession.objects.create(
            calendar=calendar, user=user, starts_at=starts_at, ends_at=starts_at + HOUR, seats=10, seats_taken=taken
        )

    assert coming_appointments(calendar, now=NOW) == 5


def test_a_hold_counts_until_it_expires():
    calendar = CalendarFactory()
    take(calendar, 1, kind=HostTimeKind.HOLD, expires_at=NOW)
    assert coming_appointments(calendar, now=NOW) == 0

    take(calendar, 1, kind=HostTimeKind.HOLD, expires_at=NOW + HOUR)
    assert coming_appointments(calendar, now=NOW) == 1


def test_a_calendar_was_booked_as_long_as_anything_is_kept_of_it():
    calendar = CalendarMemberFactory().calendar
    assert not was_booked(calendar)

    take(calendar, -1)
    assert was_booked(calendar)


def test_an_address_is_taken_within_the_account_alone():
    calendar = CalendarFactory(slug="visit")
    other = CalendarFactory(account=calendar.account, slug="other")

    assert slug_is_taken(calendar.account, "visit", by_other_than=other)
    assert not slug_is_taken(calendar.account, "visit", by_other_than=calendar)
    assert not slug_is_taken(CalendarFactory().account, "visit", by_other_than=other)


def test_a_free_address_is_the_wanted_one_or_the_first_number():
    calendar = CalendarFactory(slug="visit")
    CalendarFactory(account=calendar.account, slug="visit-2")

    assert free_slug(calendar.account, "other") == "other"
    assert free_slug(calendar.account, "visit") == "visit-3"
