"""The record of an assignment: what decided, who was weighed by what, who was passed over and why."""

from datetime import timedelta
from uuid import uuid4

import pytest

from availability.models import Assignment, AssignmentMode, CalendarType, HostTime, Priority
from availability.queries.assignments import Considered, PassedOver, assignment_of
from availability.services.reserve import reserve_time
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.django_db
TEN = NOW + timedelta(hours=2)


@pytest.fixture
def place():
    return CalendarMemberFactory(calendar__type=CalendarType.ROUND_ROBIN)


def reserve(calendar, starts_at=TEN, host=None):
    uid = uuid4()
    reserve_time(calendar, starts_at=starts_at, uid=uid, now=NOW, host=host)
    return uid


def name(place):
    return str(place.member.user)


def test_what_was_never_assigned_has_no_record():
    assert assignment_of(uuid4()) is None


def test_the_weighed_ones_come_in_the_order_of_preference(place):
    high = CalendarMemberFactory(calendar=place.calendar, priority=Priority.HIGH)
    reserve(place.calendar, TEN + timedelta(hours=1), host=place.member)

    record = assignment_of(reserve(place.calendar))

    assert (record.rule, record.host, record.decided_at) == ("priority", name(high), NOW)
    assert record.considered == (
        Considered(name(high), is_chosen=True, priority=3),
        Considered(name(place), is_chosen=False, priority=2, last_booked_at=NOW),
    )
    assert record.passed_over == record.also == ()


def test_who_was_not_free_is_named_with_the_codes(place):
    busy = CalendarMemberFactory(calendar=place.calendar)
    reserve(place.calendar, host=busy.member)

    record = assignment_of(reserve(place.calendar))

    assert record.rule == "only_one"
    assert record.considered == (Considered(name(place), is_chosen=True),)
    assert record.passed_over == (PassedOver(name(busy), ("BOOKED",)),)


def test_equal_distribution_tells_the_counts(place):
    place.calendar.assignment_mode = AssignmentMode.EQUAL
    place.calendar.members_changed_at = NOW - timedelta(hours=1)
    place.calendar.save()
    other = CalendarMemberFactory(calendar=place.calendar)
    reserve(place.calendar, TEN + timedelta(hours=1), host=place.member)

    record = assignment_of(reserve(place.calendar))

    assert record.rule == "least_booked"
    assert record.considered == (
        Considered(name(other), is_chosen=True, booked=0),
        Considered(name(place), is_chosen=False, booked=1),
    )


def test_a_fixed_host_takes_part_and_was_not_passed_over(place):
    fixed = CalendarMemberFactory(calendar=place.calendar, is_fixed=True)

    record = assignment_of(reserve(place.calendar))

    assert (record.also, record.passed_over) == ((name(fixed),), ())


def test_in_a_collective_the_lead_is_chosen_and_nobody_counted(place):
    lead = CalendarMemberFactory(calendar=place.calendar, is_lead=True)
    place.calendar.type = CalendarType.COLLECTIVE
    place.calendar.save()

    record = assignment_of(reserve(place.calendar))

    assert record.rule == "everybody"
    assert record.considered == (
        Considered(name(lead), is_chosen=True),
        Considered(name(place), is_chosen=False),
    )


def test_the_last_assignment_counts(place):
    uid = reserve(place.calendar)
    HostTime.objects.all().delete()
    other = CalendarMemberFactory(calendar=place.calendar)
    reserve_time(place.calendar, starts_at=TEN, uid=uid, now=NOW + timedelta(minutes=1), host=other.member)

    assert (assignment_of(uid).rule, assignment_of(uid).host) == ("named", name(other))


def test_who_left_the_account_is_not_named_any_more(place):
    gone = CalendarMemberFactory(calendar=place.calendar, priority=Priority.LOW)
    uid = reserve(place.calendar)
    gone.member.delete()

    assert [one.name for one in assignment_of(uid).considered] == [name(place)]


def test_a_record_of_the_first_days_is_read_as_well(place):
    uid = uuid4()
    candidates = [{"member": place.member_id, "priority": 2, "last_booked_at": None}]
    Assignment.objects.create(
        calendar=place.calendar, member=place.member, uid=uid, assigned_at=NOW, rule="only_one", candidates=candidates
    )

    assert assignment_of(uid).considered == (Considered(name(place), is_chosen=True, priority=2),)


def test_the_number_of_queries_is_fixed(place, django_assert_num_queries):
    for _number in range(10):
        CalendarMemberFactory(calendar=place.calendar)
    uid = reserve(place.calendar)

    with django_assert_num_queries(2):
        assert len(assignment_of(uid).considered) == 11
