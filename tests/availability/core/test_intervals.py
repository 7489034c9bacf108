"""Interval algebra against sets of minutes, and the door between datetimes and seconds."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.intervals import (
    Interval,
    instant,
    joined,
    merge,
    moment,
)

from .by_minutes import minutes_of, spans, stretches

many = st.lists(stretches, max_size=8)
BERLIN = ZoneInfo("Europe/Berlin")


def as_intervals(minutes: set[int]) -> tuple[Interval, ...]:
    """The one way to write a set of minutes as sorted intervals of which no two touch."""
    starts = sorted(minute for minute in minutes if minute - 1 not in minutes)
    ends = sorted(minute + 1 for minute in minutes if minute + 1 not in minutes)
    return tuple(Interval(start, end) for start, end in zip(starts, ends, strict=True))


@given(many)
def test_merging_gives_the_union_with_touching_ones_joined(some):
    assert merge(some) == as_intervals(minutes_of(some))


@given(many)
def test_joining_sorted_pairs_gives_the_union_as_plain_pairs(some):
    ordered = sorted(one for one in some if one[0] < one[1])

    assert list(joined(ordered)) == list(merge(some))


@given(spans, stretches)
def test_two_intervals_overlap_when_they_share_a_minute(one, other):
    assert one.overlaps(other) is bool(minutes_of([one]) & minutes_of([other]))


@given(spans, spans)
def test_an_interval_covers_another_that_has_no_minute_outside(one, other):
    assert one.covers(other) is (minutes_of([other]) <= minutes_of([one]))


def test_intervals_that_touch_do_not_overlap():
    assert not Interval(0, 10).overlaps(Interval(10, 20))


@pytest.mark.parametrize(("start", "end"), [(5, 5), (5, 4)])
def test_an_interval_that_does_not_end_after_its_start_is_refused(start, end):
    with pytest.raises(ValueError, match="ends after it starts"):
        Interval(start, end)


def test_an_interval_between_datetimes_counts_real_time_over_a_clock_change():
    night = Interval.between(datetime(2031, 3, 30, 0, tzinfo=BERLIN), datetime(2031, 3, 30, 6, tzinfo=BERLIN))

    assert night.end - night.start == 5 * 3600


def test_an_interval_between_naive_datetimes_is_refused():
    with pytest.raises(ValueError, match="naive"):
        Interval.between(datetime.fromisoformat("2031-03-30"), datetime.fromisoformat("2031-03-31"))


def test_an_instant_is_rounded_down_to_the_second():
    assert instant(datetime(1970, 1, 1, 0, 0, 9, 999_999, tzinfo=UTC)) == 9
    assert instant(datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC)) == -1


def test_both_passes_of_a_doubled_hour_are_different_instants():
    first = datetime(2031, 10, 26, 2, 30, tzinfo=BERLIN)

    assert instant(first.replace(fold=1)) - instant(first) == 3600


@given(st.datetimes(timezones=st.sampled_from([UTC, BERLIN, timezone(timedelta(hours=5, minutes=45))])))
def test_a_moment_is_the_instant_again_and_in_utc(at):
    back = moment(instant(at))

    assert back == at.astimezone(UTC).replace(microsecond=0)
    assert back.tzinfo is UTC
