"""What workers run: which calendars they store, and that a lost nudge costs time, never truth."""

import pytest
from django.utils import timezone

from availability import tasks
from availability.models import HostTime, StoredDay
from availability.queries import slots
from tests.availability.situations import DAY, HALF_HOUR, HOUR, MONDAY, TEN, also_in, expire, hold, offer, reserve, team
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    """Tasks read NOW off the clock."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def place():
    return CalendarMemberFactory()


def stored():
    return set(StoredDay.objects.values_list("calendar", flat=True).distinct())


def test_a_calendar_that_changed_is_stored(place):
    CalendarMemberFactory()

    tasks.store_slots_of_calendar(place.calendar.pk)

    assert stored() == {place.calendar.pk}


def test_all_calendars_of_a_host_whose_time_changed_are_stored_in_all_accounts(place):
    elsewhere = also_in(place)
    CalendarMemberFactory()

    tasks.store_slots_of_host(place.member.user_id)

    assert stored() == {place.calendar.pk, elsewhere.calendar.pk}


def test_a_calendar_with_the_host_is_stored_once_however_many_serve_it():
    first, *_others = team(3)

    tasks.store_slots_of_host(first.member.user_id)

    assert stored() == {first.calendar.pk}


@pytest.mark.parametrize("task", [tasks.store_slots_of_calendar, tasks.store_slots_of_host])
def test_a_nudge_for_what_is_gone_does_nothing(task):
    task(4711)

    assert stored() == set()


def test_nobody_computes_for_a_calendar_that_is_switched_off(place):
    off = CalendarFactory(switched_off_at=NOW)

    tasks.store_slots_of_calendar(off.pk)
    tasks.sweep()

    assert stored() == {place.calendar.pk}


def test_a_nudge_that_comes_twice_changes_nothing(place):
    tasks.store_slots_of_calendar(place.calendar.pk)
    before = list(StoredDay.objects.values_list("day", "computed_at"))

    tasks.store_slots_of_calendar(place.calendar.pk)

    assert list(StoredDay.objects.values_list("day", "computed_at")) == before


def test_when_all_nudges_are_lost_pages_are_right_and_the_sweep_stores_them_again(place, monkeypatch):
    tasks.sweep()
    reserve(place)  # what would be nudged after the commit never is: there is none here
    page = offer(place.calendar)
    assert TEN not in page

    tasks.sweep()

    monkeypatch.setattr(slots, "compute_days", lambda calendar, days, **options: {day: {} for day in days})
    assert offer(place.calendar) == page


def test_the_sweep_gives_back_what_was_held_for_too_long(place):
    expire(hold(place))
    live = hold(place, TEN + DAY)

    tasks.sweep()

    assert list(HostTime.objects.values_list("uid", flat=True)) == [live]


def test_the_sweep_frees_the_time_of_a_session_that_only_an_expired_hold_had_opened():
    (place,) = team(1, type="class", duration=HOUR)
    expire(hold(place))
    assert TEN + HALF_HOUR not in offer(place.calendar)

    tasks.sweep()

    assert TEN + HALF_HOUR in offer(place.calendar)
    assert not HostTime.objects.exists()


def test_every_night_the_day_that_came_into_reach_is_stored_and_the_one_that_is_over_forgotten(place, monkeypatch):
    tasks.roll_forward()
    first, last = (StoredDay.objects.earliest("day").day, StoredDay.objects.latest("day").day)
    assert first == MONDAY.date()
    monkeypatch.setattr(timezone, "now", lambda: NOW + DAY)

    tasks.roll_forward()

    assert (StoredDay.objects.earliest("day").day, StoredDay.objects.latest("day").day) == (first + DAY, last + DAY)
