"""What is read anew for every answer: holds, stale sources, counts; and how far a stored day's dependencies reach."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from availability.core.intervals import Interval, instant
from availability.models import HostTime, WhenStale
from availability.queries.live import read, utc_days, version_reach
from availability.services.release import release_time
from availability.services.reserve import reserve_time
from availability.services.sources import mark_read, set_staleness
from availability.services.store import store_slots
from tests.availability.situations import (
    DAY,
    HALF_HOUR,
    HOUR,
    MINUTE,
    MONDAY,
    TEN,
    also_in,
    busy,
    change,
    codes,
    expire,
    hold,
    keep_free,
    offer,
    reserve,
    team,
)
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.django_db
TODAY = Interval(instant(MONDAY), instant(MONDAY + DAY))


@pytest.fixture
def place():
    return CalendarMemberFactory()


@pytest.mark.parametrize(
    ("settings", "reach"),
    [
        ({"duration": MINUTE}, (0, 1)),
        ({"duration": HALF_HOUR}, (0, 1)),
        ({"duration": DAY}, (0, 1)),
        ({"duration": DAY, "buffer_after": HALF_HOUR}, (0, 2)),
        ({"duration": HALF_HOUR, "buffer_after": DAY - HALF_HOUR}, (0, 1)),
        ({"duration": HALF_HOUR, "buffer_after": 7 * DAY}, (0, 8)),
        ({"duration": HALF_HOUR, "buffer_before": MINUTE}, (1, 1)),
        ({"duration": HALF_HOUR, "buffer_before": DAY}, (1, 1)),
        ({"duration": HALF_HOUR, "buffer_before": DAY + MINUTE}, (2, 1)),
        ({"duration": DAY, "buffer_before": 7 * DAY, "buffer_after": 7 * DAY}, (7, 8)),
    ],
)
def test_a_day_depends_on_the_days_its_longest_slots_reach(settings, reach):
    assert version_reach(CalendarFactory.build(**settings)) == reach


def test_utc_days_are_those_a_span_touches():
    assert utc_days(TODAY) == [MONDAY.date()]
    assert utc_days(Interval(TODAY.start - 1, TODAY.end + 1)) == [(MONDAY + day * DAY).date() for day in (-1, 0, 1)]


@pytest.mark.parametrize("hosts", [1, 4])
def test_all_of_it_is_one_query(django_assert_num_queries, hosts):
    calendar = team(hosts, assignment_mode="equal", day_limit=2)[0].calendar

    with django_assert_num_queries(1):
        read(calendar, TODAY, now=NOW)


# ── holds ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hold_takes_its_time_off_every_page_until_it_runs_out(place):
    elsewhere = also_in(place)
    for calendar in (place.calendar, elsewhere.calendar):
        store_slots(calendar, now=NOW)
    held = hold(place)
    assert [TEN in offer(calendar) for calendar in (place.calendar, elsewhere.calendar)] == [False, False]

    expire(held)

    assert [TEN in offer(calendar) for calendar in (place.calendar, elsewhere.calendar)] == [True, True]
    assert HostTime.objects.filter(uid=held).exists()


def test_what_the_business_clock_says_does_not_end_a_hold(place):
    hold(place, TEN + 7 * DAY)

    assert TEN + 7 * DAY not in offer(place.calendar, MONDAY + 7 * DAY, now=NOW + 6 * DAY)


def test_a_hold_keeps_the_buffers_of_its_calendar_and_of_the_others(place):
    change(place.calendar, buffer_after=HALF_HOUR)
    hold(place)
    change(place.calendar, buffer_after=timedelta(), buffer_before=HOUR)

    assert codes(place.calendar, TEN + HALF_HOUR) == {"BUFFER"}
    assert codes(place.calendar, TEN + HOUR) == {"BUFFER"}
    assert codes(place.calendar, TEN + 3 * HALF_HOUR) == set()


# ── sources that cannot be trusted ───────────────────────────────────────────────────────────────────────────────────


def test_a_source_that_was_never_read_takes_everything_off_for_a_quarter_of_an_hour(place):
    store_slots(place.calendar, now=NOW)
    busy(place.member, TEN + DAY, TEN + DAY + HOUR, read=False)

    assert offer(place.calendar, now=NOW + 15 * MINUTE - timedelta(seconds=1)) == []
    assert len(offer(place.calendar, now=NOW + 15 * MINUTE)) == 16


@pytest.mark.parametrize(("when_stale", "number"), [(WhenStale.WARN, 16), (WhenStale.BLOCK, 0)])
def test_a_source_that_is_out_of_date_blocks_if_the_member_says_so(place, when_stale, number):
    busy(place.member, TEN + DAY, TEN + DAY + HOUR)
    set_staleness(place.member, stale_after=10 * MINUTE, when_stale=when_stale)

    assert len(offer(place.calendar, now=NOW + 10 * MINUTE)) == 16
    assert len(offer(place.calendar, now=NOW + 10 * MINUTE + timedelta(seconds=1))) == number


def test_a_source_that_was_read_again_blocks_no_longer(place):
    source = busy(place.member, TEN + DAY, TEN + DAY + HOUR)
    set_staleness(place.member, stale_after=10 * MINUTE, when_stale=WhenStale.BLOCK)
    mark_read(source, now=NOW + HOUR)

    assert codes(place.calendar, TEN, now=NOW + HOUR) == set()


def test_the_own_source_is_never_stale(place):
    keep_free(place.member.user, TEN + DAY, TEN + DAY + HOUR)

    assert codes(place.calendar, TEN, now=NOW + HOUR) == set()


def test_a_simple_calendar_does_not_care_whether_outside_calendars_can_be_read():
    (place,) = team(1, type="simple")
    busy(place.member, TEN, TEN + HOUR, read=False)

    assert codes(place.calendar) == set()


def test_a_source_that_counts_for_another_member_alone_makes_nobody_else_wait():
    first, second = team(2)
    busy(first.member, TEN + DAY, TEN + DAY + HOUR, read=False)

    assert offer(first.calendar, host=first.member) == []
    assert len(offer(first.calendar, host=second.member)) == 16


# ── bookings of a month (T5) ─────────────────────────────────────────────────────────────────────────────────────────


def counts(calendar, at=TEN, **options):
    """The bookings of each host in the month of ``at``, in team order."""
    live = read(calendar, Interval(instant(at), instant(at) + 1), now=NOW, **options).live
    (month,) = live.months
    return [month.counts.get(key, 0) for key in live.hosts]


@pytest.fixture
def pair():
    return team(2, assignment_mode="equal", lead_cap=100, hours=[(day, 0, 0) for day in range(7)])


def test_appointments_count_in_the_month_of_the_accounts_zone_in_which_they_start(pair):
    first, _second = pair
    for start in (datetime(2026, 11, 30, 22, 30, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)):
        reserve(first, start, host=first.member)

    assert counts(first.calendar) == [1, 0]
    assert counts(first.calendar, datetime(2026, 12, 1, tzinfo=UTC)) == [1, 0]


def test_appointments_of_other_calendars_do_not_count(pair):
    first, _second = pair
    reserve(also_in(first))

    assert counts(first.calendar) == [0, 0]


def test_cancelled_appointments_do_not_count(pair):
    first, _second = pair
    uid = uuid4()
    reserve(first, uid=uid)
    release_time(uid, now=NOW)

    assert counts(first.calendar) == [0, 0]


def test_holds_do_not_count(pair):
    hold(pair[0])

    assert counts(pair[0].calendar) == [0, 0]


def test_only_what_was_booked_after_the_last_change_of_members_counts(pair):
    first, second = pair
    reserve(first, host=first.member)
    reserve(first, host=second.member, now=NOW + HOUR)

    change(first.calendar, members_changed_at=NOW + HALF_HOUR)

    assert counts(first.calendar) == [0, 1]


def test_an_appointment_that_is_moved_is_as_old_as_it_was(pair):
    first, _second = pair
    uid = uuid4()
    reserve(first, uid=uid, host=first.member)
    change(first.calendar, members_changed_at=NOW + HALF_HOUR)

    reserve_time(first.calendar, starts_at=TEN + DAY, uid=uid, now=NOW + HOUR, prefer=first.member)

    assert counts(first.calendar) == [0, 0]


def test_what_is_to_be_moved_does_not_count(pair):
    first, _second = pair
    uid = uuid4()
    reserve(first, uid=uid)

    assert counts(first.calendar) == [1, 0]
    assert counts(first.calendar, besides=uid) == [0, 0]
