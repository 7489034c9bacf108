"""Storing slots ahead (A11): which days, what is kept, and what happens meanwhile."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from availability.models import Calendar, HostDay, StoredDay
from availability.queries.slots import compute_days
from availability.services import store
from availability.services.release import release_time
from availability.services.store import forget_past_days, store_slots
from availability.services.versions import change_epoch, raise_versions
from tests.availability.situations import ALWAYS, DAY, HOUR, MINUTE, MONDAY, TEN, change, offer, reserve, team
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture
def place():
    return CalendarMemberFactory(calendar__horizon_days=3)


def stored_days():
    return [(day - TODAY).days for day in StoredDay.objects.order_by("day").values_list("day", flat=True)]


def test_every_day_of_the_date_range_is_stored_and_two_more_for_the_nights_to_come(place):
    assert store_slots(place.calendar, now=NOW) == 6
    assert stored_days() == [0, 1, 2, 3, 4, 5]


def test_what_is_stored_and_current_is_left_alone(place):
    store_slots(place.calendar, now=NOW)
    before = list(StoredDay.objects.values_list("day", "computed_at"))

    assert store_slots(place.calendar, now=NOW) == 0
    assert list(StoredDay.objects.values_list("day", "computed_at")) == before


def test_only_the_days_that_a_booking_reaches_are_stored_anew(place):
    store_slots(place.calendar, now=NOW)
    reserve(place, TEN + 2 * DAY)

    assert store_slots(place.calendar, now=NOW) == 2


def test_everything_is_stored_anew_when_the_settings_changed(place):
    store_slots(place.calendar, now=NOW)
    change_epoch(place.calendar)
    place.calendar.refresh_from_db()

    assert store_slots(place.calendar, now=NOW) == 6
    assert store_slots(place.calendar, now=NOW) == 0


def test_the_day_that_came_into_reach_is_stored_the_next_night(place):
    store_slots(place.calendar, now=NOW)

    assert store_slots(place.calendar, now=NOW + DAY) == 1
    assert stored_days()[-1] == 6


def test_a_fixed_range_is_stored_from_its_first_day_on(place):
    change(place.calendar, date_range="fixed", range_first=date(2026, 12, 1), range_last=date(2026, 12, 2))
    store_slots(place.calendar, now=NOW)

    assert stored_days() == [7, 8, 9, 10, 11]


def test_a_range_that_is_over_has_nothing_to_store(place):
    change(place.calendar, date_range="fixed", range_first=date(2026, 10, 1), range_last=date(2026, 10, 2))

    assert store_slots(place.calendar, now=NOW) == 0


def test_nothing_is_stored_where_changes_are_not_made_known(place):
    change(place.calendar, date_range="fixed", range_first=date(2028, 11, 15), range_last=date(2029, 11, 24))
    store_slots(place.calendar, now=NOW)
    far = datetime(2029, 3, 1, 9, tzinfo=UTC)

    reserve(place, far)

    assert far not in offer(place.calendar, far - HOUR)
    assert StoredDay.objects.latest("day").day <= TODAY + timedelta(days=732)


def test_a_calendar_that_is_paused_is_stored_and_one_that_is_switched_off_is_not(place):
    change(place.calendar, paused_at=NOW)
    assert store_slots(place.calendar, now=NOW) == 6

    other = CalendarFactory(switched_off_at=NOW)
    assert store_slots(other, now=NOW) == 0


def test_days_without_slots_are_stored_too(place, django_assert_num_queries):
    place.member.schedules.all().delete()
    store_slots(place.calendar, now=NOW)

    with django_assert_num_queries(1):
        assert offer(place.calendar) == []


# ── meanwhile ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", ["before the look", "after the look"])
def test_what_is_booked_while_slots_are_computed_is_never_offered(place, monkeypatch, order):
    """Versions are read first: what is stored is stale at once."""

    def interrupted(calendar, days, **options):
        if order == "before the look":
            reserve(place)
            return compute_days(calendar, days, **options)
        found = compute_days(calendar, days, **options)
        reserve(place)
        return found

    monkeypatch.setattr(store, "compute_days", interrupted)

    store_slots(place.calendar, now=NOW)

    assert TEN not in offer(place.calendar)


def test_what_is_given_back_while_slots_are_computed_is_offered(place, monkeypatch):
    uid = uuid4()
    reserve(place, uid=uid)

    def interrupted(calendar, days, **options):
        found = compute_days(calendar, days, **options)
        release_time(uid, now=NOW)
        return found

    monkeypatch.setattr(store, "compute_days", interrupted)

    store_slots(place.calendar, now=NOW)

    assert TEN in offer(place.calendar)


def test_a_calendar_edited_while_its_slots_are_computed_is_not_shown_as_it_was(place, monkeypatch):
    def interrupted(calendar, days, **options):
        Calendar.objects.filter(pk=calendar.pk).update(interval=15 * MINUTE)
        change_epoch(calendar)
        return compute_days(calendar, days, **options)

    monkeypatch.setattr(store, "compute_days", interrupted)

    store_slots(place.calendar, now=NOW)

    assert TEN + 15 * MINUTE in offer(Calendar.objects.get(pk=place.calendar.pk))


def test_a_calendar_loaded_before_an_edit_stores_nothing_that_is_taken_for_current(place):
    loaded = Calendar.objects.get(pk=place.calendar.pk)
    change(place.calendar, interval=15 * MINUTE)
    change_epoch(place.calendar)

    store_slots(loaded, now=NOW)

    assert TEN + 15 * MINUTE in offer(Calendar.objects.get(pk=place.calendar.pk))


def test_a_slower_worker_that_stores_what_is_out_of_date_does_no_harm(place, monkeypatch):
    late = {}
    monkeypatch.setattr(store, "_write", lambda *arguments: late.setdefault("arguments", arguments))
    store_slots(place.calendar, now=NOW)
    monkeypatch.undo()
    reserve(place)
    store_slots(place.calendar, now=NOW)

    store._write(*late["arguments"])

    assert TEN not in offer(place.calendar)


# ── forgetting ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_days_that_are_over_are_forgotten(place):
    store_slots(place.calendar, now=NOW)

    assert forget_past_days(now=NOW + 2 * DAY) == 2
    assert stored_days() == [2, 3, 4, 5]


def test_versions_are_kept_as_long_as_a_stored_day_can_depend_on_them():
    (place,) = team(1, type="service", hours=ALWAYS, horizon_days=3, buffer_before=7 * DAY)
    raise_versions(place.member.user_id, [(NOW - 9 * DAY, NOW)], now=NOW)
    store_slots(place.calendar, now=NOW)

    forget_past_days(now=NOW)
    assert store_slots(place.calendar, now=NOW) == 0

    forget_past_days(now=NOW + 60 * DAY)
    assert not HostDay.objects.exists()
