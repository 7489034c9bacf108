"""Pages read stored slots alone once the workers have run, and one change makes stale no more than it reaches (A11)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from availability.core.intervals import Interval, instant
from availability.core.packing import unpack
from availability.models import StoredDay
from availability.queries import slots
from availability.queries.live import read
from availability.services.busy import Stretch, record_busy_times
from availability.services.closures import add_closure, remove_closure
from availability.services.release import release_time
from availability.services.sources import mark_read
from availability.services.store import store_slots
from tests.availability.queries.test_slots import KINDS
from tests.availability.situations import (
    ALWAYS,
    DAY,
    HALF_HOUR,
    HOUR,
    MINUTE,
    MONDAY,
    TEN,
    also_in,
    busy,
    change,
    expire,
    hold,
    keep_free,
    offer,
    reserve,
    team,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WEEK = Interval(instant(MONDAY), instant(MONDAY + 10 * DAY))
FRIDAY = TEN + 4 * DAY


@pytest.fixture
def computed(monkeypatch):
    """The days that were computed because of a page, one after another."""
    asked = []
    compute = slots.compute_days

    def counting(calendar, days, **options):
        asked.extend(days)
        return compute(calendar, days, **options)

    monkeypatch.setattr(slots, "compute_days", counting)
    return asked


def stale(calendar):
    """Of ten days from Monday the 23rd, those that are not stored or not current any more."""
    stored = read(calendar, WEEK, now=NOW).stored
    days = [(MONDAY + number * DAY).date() for number in range(10)]
    return [day.day for day in days if not (day in stored and stored[day].is_current)]


@pytest.fixture
def place():
    """A service that is open day and night."""
    (place,) = team(1, type="service", hours=ALWAYS, horizon_days=10)
    store_slots(place.calendar, now=NOW)
    return place


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_computes_nothing_once_the_workers_have_run(computed, kind):
    calendar = team(3, **KINDS[kind])[0].calendar
    store_slots(calendar, now=NOW)

    assert offer(calendar, end=MONDAY + 60 * DAY)
    assert computed == []


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_booking_it_computes_the_days_that_are_stale_until_they_are_stored_again(computed, kind):
    first, *_others = team(3, **KINDS[kind])
    store_slots(first.calendar, now=NOW)
    reserve(first)

    page = offer(first.calendar, end=MONDAY + 10 * DAY)
    assert computed == [date(2026, 11, 23)]

    store_slots(first.calendar, now=NOW)
    assert offer(first.calendar, end=MONDAY + 10 * DAY) == page
    assert computed == [date(2026, 11, 23)]


def test_nothing_is_computed_while_time_goes_by_until_the_stored_days_end(place, computed):
    for hours in range(0, 48, 5):
        assert offer(place.calendar, end=MONDAY + 30 * DAY, now=NOW + hours * HOUR)

    assert computed == []


def test_holds_and_their_end_compute_nothing(place, computed):
    held = hold(place)
    assert TEN not in offer(place.calendar)
    expire(held)
    assert TEN in offer(place.calendar)

    assert computed == []


def test_limits_seats_and_leads_are_looked_up_and_not_stored(computed):
    first, second = team(2, assignment_mode="equal", lead_cap=1, day_limit=2)
    reserve(first, TEN + DAY, host=first.member)
    reserve(first, TEN + DAY, host=second.member)
    store_slots(first.calendar, now=NOW)

    assert TEN + DAY + HOUR not in offer(first.calendar, MONDAY + DAY)
    change(first.calendar, day_limit=3)
    assert TEN + DAY + HOUR in offer(first.calendar, MONDAY + DAY)
    assert computed == []


def test_moving_looks_at_live_rows_alone(place, computed):
    offer(place.calendar, besides=uuid4())

    assert computed == [MONDAY.date()]


def test_what_is_stored_is_the_starts_of_each_host_by_day():
    first, second = team(2)
    reserve(first, host=second.member)
    store_slots(first.calendar, now=NOW)

    stored = unpack(bytes(StoredDay.objects.get(day=MONDAY.date()).starts))

    nine = [instant(TEN - HOUR) + step * 1800 for step in range(16)]
    assert stored == {first.member_id: tuple(nine), second.member_id: tuple(one for one in nine if one != instant(TEN))}


# ── no more than it reaches ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("settings", "booked", "days"),
    [
        ({}, FRIDAY, [26, 27]),
        ({}, FRIDAY.replace(hour=23, minute=30), [26, 27]),
        ({"duration": HOUR}, FRIDAY.replace(hour=23, minute=30), [26, 27, 28]),
        ({"buffer_after": HALF_HOUR}, FRIDAY, [26, 27]),
        ({"buffer_after": 15 * HOUR}, FRIDAY, [26, 27, 28]),
        ({"buffer_before": HALF_HOUR}, FRIDAY, [26, 27, 28]),
        ({"buffer_before": 10 * HOUR}, FRIDAY, [25, 26, 27, 28]),
        ({"buffer_before": DAY, "buffer_after": DAY}, FRIDAY, [24, 25, 26, 27, 28, 29]),
        ({"duration": DAY}, FRIDAY, [26, 27, 28]),
    ],
)
def test_one_booking_makes_stale_the_days_its_rules_reach_and_no_more(settings, booked, days):
    (place,) = team(1, type="service", hours=ALWAYS, horizon_days=10, interval=HALF_HOUR, **settings)
    store_slots(place.calendar, now=NOW)

    reserve(place, booked)

    assert stale(place.calendar) == days


@pytest.mark.parametrize(
    ("theirs", "days"),
    [
        ({}, [26, 27]),
        ({"duration": DAY, "buffer_after": HOUR}, [25, 26, 27]),
        ({"buffer_before": MINUTE}, [26, 27, 28]),
    ],
)
def test_on_the_hosts_other_calendars_it_makes_stale_what_their_rules_reach(place, theirs, days):
    other = also_in(place, **theirs)
    store_slots(other.calendar, now=NOW)

    reserve(place, FRIDAY)

    assert stale(other.calendar) == days


def test_a_booking_makes_nothing_stale_where_its_host_does_not_serve():
    first, second = team(2, hours=ALWAYS)
    alone = also_in(second)
    store_slots(alone.calendar, now=NOW)

    reserve(first, FRIDAY, host=first.member)

    assert stale(alone.calendar) == []


def test_giving_it_back_makes_stale_as_much(place):
    uid = uuid4()
    reserve(place, FRIDAY, uid=uid)
    store_slots(place.calendar, now=NOW)

    release_time(uid, now=NOW)

    assert stale(place.calendar) == [26, 27]


def test_a_hold_makes_nothing_stale(place):
    release_time(hold(place, FRIDAY), now=NOW)

    assert stale(place.calendar) == []


def test_an_event_makes_stale_what_it_reaches_and_the_same_again_nothing(place):
    source = busy(place.member, FRIDAY, FRIDAY + DAY)
    store_slots_again(place)
    assert stale(place.calendar) == []

    record_busy_times(source, {"event": [Stretch("1", FRIDAY, FRIDAY + DAY, blocks=True, label="New title")]}, now=NOW)
    mark_read(source, now=NOW + MINUTE)
    assert stale(place.calendar) == []

    record_busy_times(source, {"event": [Stretch("1", FRIDAY, FRIDAY + HOUR, blocks=True)]}, now=NOW)
    assert stale(place.calendar) == [26, 27, 28]


def test_a_free_event_makes_nothing_stale(place):
    source = busy(place.member, FRIDAY, FRIDAY + HOUR, blocks=False)
    store_slots_again(place)

    record_busy_times(source, {"event": [Stretch("1", FRIDAY, FRIDAY + 3 * DAY, blocks=False)]}, now=NOW)
    record_busy_times(source, {"event": []}, now=NOW)

    assert stale(place.calendar) == []


def test_time_kept_free_makes_stale_what_it_reaches(place):
    keep_free(place.member.user, FRIDAY, FRIDAY + HOUR)

    assert stale(place.calendar) == [26, 27]


def test_a_closure_makes_everything_of_its_account_stale_and_nothing_elsewhere(place):
    other = also_in(place)
    store_slots(other.calendar, now=NOW)

    closure = add_closure(place.calendar.account, name="", starts_at=FRIDAY, ends_at=FRIDAY + DAY)
    assert (len(stale(place.calendar)), stale(other.calendar)) == (10, [])
    assert FRIDAY not in offer(place.calendar, FRIDAY)

    store_slots_again(place)
    remove_closure(closure)
    assert FRIDAY in offer(place.calendar, FRIDAY)


def test_a_long_buffer_that_was_changed_since_still_counts(place):
    """An appointment makes known its own buffers itself, as they were when it was booked."""
    change(place.calendar, buffer_before=3 * DAY)
    uid = uuid4()
    reserve(place, FRIDAY, uid=uid)
    change(place.calendar, buffer_before=timedelta())
    store_slots_again(place)
    assert offer(place.calendar, FRIDAY - 2 * DAY, FRIDAY) == []

    release_time(uid, now=NOW)

    assert stale(place.calendar) == [23, 24, 25, 26, 27]
    assert offer(place.calendar, FRIDAY - 2 * DAY, FRIDAY) != []


def store_slots_again(place):
    """As the worker does, with the calendar as it is now."""
    place.calendar.refresh_from_db()
    store_slots(place.calendar, now=NOW)
