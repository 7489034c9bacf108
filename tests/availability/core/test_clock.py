"""The date range, limits per day and week, and months, against clocks on the wall (A6)."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from availability.core.clock import Full, Limits, Reach, full, monday, months_of, week_span, weeks_around
from availability.core.hours import day_span
from availability.core.intervals import Interval, instant

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2031, 3, 24)
FIRST, LAST = instant(datetime(2024, 1, 1, tzinfo=BERLIN)), instant(datetime(2037, 12, 1, tzinfo=BERLIN))
zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
instants = st.integers(FIRST, LAST)
limits = st.none() | st.integers(1, 3)


def local_date(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at, zone).date()


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=BERLIN))


@given(*[st.integers(0, 30)] * 4, st.integers(0, 30), st.integers(1, 30))
def test_what_can_be_booked_is_neither_past_nor_too_soon_nor_out_of_the_date_range(
    now, earliest, first, latest, start, length
):
    within = Reach(now, earliest, first, latest).within(Interval(start, start + length))

    bookable = [each for each in range(start, start + length) if each >= max(now, earliest) and first <= each < latest]
    assert list(range(*within) if within else ()) == bookable


@given(
    st.lists(st.integers(0, 9 * 86_400), max_size=12),
    instants,
    limits,
    limits,
    zones,
    st.integers(-86_400, 10 * 86_400),
)
def test_a_start_is_in_a_full_day_or_week_exactly_if_too_many_begin_on_its_date(
    gaps, begin, per_day, per_week, zone, later
):
    starts = [begin + gap for gap in gaps]
    wanted = begin + later

    used_up = full(starts, Limits(per_day, per_week), zone)

    days = Counter(local_date(start, zone) for start in starts)
    weeks = Counter(local_date(start, zone).isocalendar()[:2] for start in starts)
    today = local_date(wanted, zone)
    assert covers(used_up.days, wanted) == (per_day is not None and days[today] >= per_day)
    assert covers(used_up.weeks, wanted) == (per_week is not None and weeks[today.isocalendar()[:2]] >= per_week)


def covers(intervals, wanted):
    return any(wanted in range(*one) for one in intervals)


@given(st.lists(instants, max_size=8), zones)
def test_each_full_day_and_week_is_given_once(starts, zone):
    used_up = full([*starts, *starts], Limits(1, 1), zone)

    assert len(set(used_up.days)) == len(used_up.days)
    assert len(set(used_up.weeks)) == len(used_up.weeks)


def test_without_limits_nothing_is_ever_full():
    assert full([at("2031-03-24T09:00")] * 99, Limits(), BERLIN) == Full()


def test_the_day_of_a_clock_change_is_full_from_midnight_to_midnight():
    """A6, A7: 30 March 2031 has 23 hours."""
    used_up = full([at("2031-03-30T00:30"), at("2031-03-30T23:30")], Limits(day=2), BERLIN)

    assert used_up == Full(days=(Interval(at("2031-03-30T00:00"), at("2031-03-31T00:00")),))


def test_a_week_goes_from_monday_to_sunday():
    """A6: in the zone asked for, not in UTC."""
    sunday_evening, monday_morning = at("2031-03-23T23:59"), at("2031-03-24T00:00")

    used_up = full([sunday_evening, monday_morning], Limits(week=1), BERLIN)

    assert used_up.weeks == (week_span(MONDAY - timedelta(days=7), BERLIN), week_span(MONDAY, BERLIN))


@pytest.mark.parametrize("days", range(7))
def test_the_monday_of_a_day_begins_its_week(days):
    assert monday(MONDAY + timedelta(days=days)) == MONDAY


@given(instants, st.integers(1, 10 * 86_400), zones)
@example(at("2031-03-24T00:00"), 7 * 86_400, BERLIN)
def test_the_weeks_around_a_span_are_whole_weeks_and_no_more_than_it_touches(start, length, zone):
    around = weeks_around(Interval(start, start + length), zone)

    first, last = local_date(start, zone), local_date(start + length - 1, zone)
    assert around.start == day_span(monday(first), zone).start
    assert around.end == day_span(monday(last) + timedelta(days=6), zone).end


@given(instants, st.integers(1, 70 * 86_400), zones)
def test_the_months_of_a_span_are_those_whose_dates_clocks_show_in_it(start, length, zone):
    months = months_of(Interval(start, start + length), zone)

    shown = {
        local_date(each, zone).replace(day=1) for each in (*range(start, start + length, 86_400), start + length - 1)
    }
    assert [local_date(month.start, zone) for month in months] == sorted(shown)
    for month in months:
        first = local_date(month.start, zone)
        assert local_date(month.end - 1, zone).month == first.month
        assert local_date(month.start - 1, zone).month != first.month
        assert local_date(month.end, zone).month != first.month
