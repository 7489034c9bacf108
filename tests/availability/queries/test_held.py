"""What holds keep from others, as the rule of the quarter counts it (B4)."""

from uuid import uuid4

import pytest

from availability.queries.held import held_back
from tests.availability.situations import (
    DAY,
    HALF_HOUR,
    HOUR,
    MONDAY,
    TEN,
    also_in,
    change,
    expire,
    hold,
    reserve,
    team,
)
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.django_db


def _held_back(calendar, start=MONDAY):
    return held_back(calendar, start=start, end=start + DAY, now=NOW)


@pytest.fixture
def place():
    return CalendarMemberFactory()


def test_without_holds_nothing_is_held_back(place):
    assert _held_back(place.calendar) == (16, 0)


def test_a_hold_keeps_back_every_start_it_stands_in_the_way_of(place):
    change(place.calendar, interval=HALF_HOUR / 2)
    hold(place)

    assert _held_back(place.calendar) == (31, 3)


def test_what_is_booked_is_not_counted_as_free(place):
    reserve(place)
    hold(place, TEN + HOUR)

    assert _held_back(place.calendar) == (15, 1)


def test_holds_that_ran_out_and_other_days_do_not_count(place):
    expire(hold(place))
    hold(place, TEN + DAY)

    assert _held_back(place.calendar) == (16, 0)


def test_a_hold_on_another_calendar_of_the_same_host_counts(place):
    hold(also_in(place))

    assert _held_back(place.calendar) == (16, 1)


def test_in_a_round_robin_a_start_is_lost_when_nobody_is_left_for_it():
    first, _second = team(2)
    hold(first)
    assert _held_back(first.calendar) == (16, 0)

    hold(first)
    assert _held_back(first.calendar) == (16, 1)


def test_in_a_collective_one_held_host_is_enough():
    first, second = team(2, type="collective")
    hold(also_in(second))

    assert _held_back(first.calendar) == (16, 1)


def test_a_start_of_a_class_is_lost_with_its_last_seat():
    yoga = CalendarMemberFactory(calendar__type="class", calendar__seats=2)
    reserve(yoga)
    assert _held_back(yoga.calendar) == (16, 0)

    hold(yoga)
    assert _held_back(yoga.calendar) == (16, 1)


def test_a_session_that_is_only_held_keeps_back_the_starts_beside_it():
    yoga = CalendarMemberFactory(calendar__type="class", calendar__seats=2)
    lesson = CalendarMemberFactory(calendar=CalendarFactory(account=yoga.calendar.account), member=yoga.member)
    hold(yoga)
    assert _held_back(lesson.calendar) == (16, 1)

    reserve(yoga, uid=uuid4())
    assert _held_back(lesson.calendar) == (15, 0)


def test_outside_the_date_range_there_is_nothing(place):
    assert _held_back(place.calendar, MONDAY + 200 * DAY) == (0, 0)


@pytest.mark.parametrize("hosts", [1, 10])
def test_it_takes_four_queries_for_any_number_of_hosts(hosts, django_assert_num_queries):
    place, *_others = team(hosts)

    with django_assert_num_queries(4):
        _held_back(place.calendar)
