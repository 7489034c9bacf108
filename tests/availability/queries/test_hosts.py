"""What opens and closes the time of a host: hours, dates, closures, holidays, busy time of all sources."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from accounts.models import User
from availability.core.intervals import Interval, instant
from availability.models import CalendarType, Closure, DateOverride, Schedule
from availability.queries.hosts import times_of
from availability.services.closures import add_closure
from availability.services.holidays import keep_holidays, keep_no_holidays
from availability.services.sources import open_source, set_blocking_sources
from tests.availability.situations import (
    DAY,
    HALF_HOUR,
    HOUR,
    MONDAY,
    TEN,
    also_in,
    busy,
    change,
    codes,
    keep_free,
    offer,
    reserve,
    team,
)
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.django_db
CHRISTMAS = datetime(2026, 12, 25, tzinfo=UTC)
EPIPHANY = datetime(2027, 1, 6, tzinfo=UTC)  # kept in Bavaria, not in Berlin


@pytest.fixture
def place():
    return CalendarMemberFactory()


@pytest.mark.parametrize("hosts", [1, 4])
def test_two_queries_for_any_number_of_hosts_and_days(django_assert_num_queries, hosts):
    calendar = team(hosts)[0].calendar

    for days in (1, 90):
        with django_assert_num_queries(2):
            found = times_of(calendar, Interval(instant(MONDAY), instant(MONDAY + days * DAY)), besides=uuid4())
        assert len(found) == hosts


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_other_hours_on_a_date_replace_the_weekly_ones(place):
    schedule = Schedule.objects.get()
    for opens, closes in ((8 * 60, 9 * 60), (20 * 60, 21 * 60)):
        DateOverride.objects.create(
            schedule=schedule, date=date(2026, 11, 23), opens_minute=opens, closes_minute=closes
        )

    assert [start.hour for start in offer(place.calendar)] == [7, 7, 19, 19]
    assert len(offer(place.calendar, MONDAY + DAY)) == 16


def test_a_date_can_be_closed(place):
    DateOverride.objects.create(schedule=Schedule.objects.get(), date=date(2026, 11, 23))

    assert offer(place.calendar) == []


def test_hours_past_midnight_belong_to_the_date_they_open_on():
    (place,) = team(1, type="service", hours=[(0, 22 * 60, 2 * 60)])
    DateOverride.objects.create(schedule=Schedule.objects.get(), date=date(2026, 11, 24))

    assert offer(place.calendar, end=MONDAY + 2 * DAY)[-1] == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


# ── closures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_closure_cuts_every_calendar_of_its_account_and_no_other(place):
    elsewhere = also_in(place)
    add_closure(place.calendar.account, name="", starts_at=TEN, ends_at=TEN + 8 * HOUR)

    assert offer(place.calendar) == [TEN - HOUR, TEN - HALF_HOUR]
    assert len(offer(elsewhere.calendar)) == 16


def test_a_closure_needs_no_distance(place):
    change(place.calendar, buffer_before=HOUR, buffer_after=HOUR)
    Closure.objects.create(account=place.calendar.account, starts_at=TEN, ends_at=TEN + HALF_HOUR)

    assert {TEN - HALF_HOUR, TEN, TEN + HALF_HOUR} & set(offer(place.calendar)) == {TEN - HALF_HOUR, TEN + HALF_HOUR}


def test_a_closure_that_began_weeks_ago_counts(place):
    Closure.objects.create(account=place.calendar.account, starts_at=NOW - 30 * DAY, ends_at=NOW + 30 * DAY)

    assert offer(place.calendar) == []


# ── public holidays ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_public_holidays_of_the_country_are_closed_if_the_account_keeps_them(place):
    assert len(offer(place.calendar, CHRISTMAS)) == 16

    keep_holidays(place.calendar.account, country="DE", subdivision="BE")
    assert offer(place.calendar, CHRISTMAS) == []

    keep_no_holidays(place.calendar.account)
    assert len(offer(place.calendar, CHRISTMAS)) == 16


@pytest.mark.parametrize(("subdivision", "number"), [("BE", 16), ("BY", 0)])
def test_holidays_are_those_of_the_part_of_the_country(place, subdivision, number):
    keep_holidays(place.calendar.account, country="DE", subdivision=subdivision)

    assert len(offer(place.calendar, EPIPHANY)) == number


def test_a_schedule_can_be_open_on_holidays(place):
    keep_holidays(place.calendar.account, country="DE", subdivision="BE")
    Schedule.objects.update(works_on_holidays=True)

    assert len(offer(place.calendar, CHRISTMAS)) == 16


def test_other_hours_on_a_holiday_are_stronger_than_the_holiday(place):
    keep_holidays(place.calendar.account, country="DE", subdivision="BE")
    DateOverride.objects.create(
        schedule=Schedule.objects.get(), date=date(2026, 12, 25), opens_minute=600, closes_minute=660
    )

    assert offer(place.calendar, CHRISTMAS) == [CHRISTMAS + 9 * HOUR, CHRISTMAS + 9.5 * HOUR]


# ── busy time ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [CalendarType.SERVICE, CalendarType.SIMPLE, CalendarType.COLLECTIVE])
def test_what_a_user_keeps_free_counts_on_all_calendars_of_all_their_accounts(kind):
    (place,) = team(1, type=kind)
    elsewhere = also_in(place, type=kind)
    keep_free(place.member.user, TEN, TEN + HALF_HOUR)

    assert "BLOCKED" in codes(place.calendar)
    assert "BLOCKED" in codes(elsewhere.calendar)


def test_what_a_user_notes_without_keeping_it_free_blocks_nothing(place):
    keep_free(place.member.user, TEN, TEN + HALF_HOUR, blocks=False)

    assert codes(place.calendar) == set()


def test_an_outside_calendar_counts_where_its_member_said_so_and_nowhere_else(place):
    elsewhere = also_in(place)
    busy(place.member, TEN, TEN + HALF_HOUR)

    assert codes(place.calendar) == {"EVENT"}
    assert codes(elsewhere.calendar) == set()


def test_a_source_that_nobody_chose_blocks_nothing(place):
    busy(place.member, TEN, TEN + HALF_HOUR)
    set_blocking_sources(place.member, [], now=NOW)

    assert codes(place.calendar) == set()


def test_a_simple_calendar_looks_at_no_outside_calendar():
    (place,) = team(1, type=CalendarType.SIMPLE)
    busy(place.member, TEN, TEN + HALF_HOUR)

    assert codes(place.calendar) == set()


def test_the_same_event_in_two_sources_that_count_is_two_reasons_and_one_source_can_count_for_two_accounts(place):
    elsewhere = also_in(place)
    source = busy(place.member, TEN, TEN + HALF_HOUR)
    set_blocking_sources(
        elsewhere.member, [source, open_source(place.member.user, name="", page_url="", now=NOW)], now=NOW
    )

    assert codes(elsewhere.calendar) == {"EVENT", "STALE"}


def test_an_event_keeps_the_buffers_of_the_calendar_and_has_none_of_its_own(place):
    busy(place.member, TEN, TEN + HALF_HOUR)
    change(place.calendar, buffer_before=HALF_HOUR)

    assert codes(place.calendar, TEN - HALF_HOUR) == set()
    assert codes(place.calendar, TEN + HALF_HOUR) == {"BUFFER"}


def test_time_taken_far_away_counts_with_its_own_buffers_of_a_week(place):
    change(place.calendar, buffer_before=7 * DAY)
    reserve(place, TEN + 7 * DAY)
    change(place.calendar, buffer_before=DAY * 0)

    assert codes(place.calendar, TEN + 4 * HOUR) == {"BUFFER"}


# ── who serves ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hosts_who_may_not_sign_in_any_more_have_times_but_are_not_offered():
    first, second = team(2)
    User.objects.filter(pk=first.member.user_id).update(is_active=False)

    assert set(times_of(first.calendar, Interval(instant(TEN), instant(TEN) + 1))) == {
        first.member_id,
        second.member_id,
    }
    assert offer(first.calendar, host=first.member) == []
