"""Grid and open starts against sets of minutes, and the sentences of A3 to A6 one by one."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.hours import DayHours, day_span, windows_around
from availability.core.intervals import Interval, moment
from availability.core.slots import Busy, SlotRules, Taken, open_starts, without

from .by_minutes import (
    busy_stretches,
    lengthened,
    lengthened_terms,
    lengths_of_a_minute,
    minutes_of,
    rules,
    spans,
    starts_left_open,
    starts_on_the_grid,
    stretches,
    with_sessions,
)

many = st.lists(stretches, max_size=5)
HOUR = SlotRules(duration=60, interval=60)
DAY = Interval(0, 1440)


def open_on_one_day(windows=((540, 1020),), *, taken=(), busy=(), closed=(), rules=HOUR, span=DAY):
    """Open starts of a day in minutes, with hours from 9 to 17 unless told otherwise."""
    return open_starts(windows=windows, taken=taken, busy=busy, closed=closed, rules=rules, span=span)


@given(many, rules, spans)
def test_the_grid_is_every_start_whose_duration_is_all_opening_hours(windows, rules, span):
    starts = open_starts(windows=windows, taken=(), busy=(), rules=rules, span=span)

    assert list(starts) == starts_on_the_grid(windows, rules, span)


@given(with_sessions(), rules, spans)
def test_open_starts_are_those_that_no_minute_speaks_against(situation, rules, span):
    starts = open_starts(**situation, rules=rules, span=span)

    assert list(starts) == starts_left_open(**situation, rules=rules, span=span)


@given(with_sessions(), rules, spans, lengths_of_a_minute)
def test_open_starts_are_the_same_however_long_a_minute_lasts(situation, rules, span, seconds):
    starts = open_starts(**lengthened(situation, seconds), **lengthened_terms(rules, span, seconds))

    assert starts == tuple(start * seconds for start in open_starts(**situation, rules=rules, span=span))


@given(st.lists(busy_stretches, max_size=5), many, rules, spans)
def test_keys_of_busy_time_change_nothing(busy, windows, rules, span):
    keyless = [(one.start, one.end) for one in busy]

    with_keys = open_on_one_day(windows, busy=busy, rules=rules, span=span)

    assert with_keys == open_on_one_day(windows, busy=keyless, rules=rules, span=span)


def test_the_last_start_is_the_one_that_ends_when_hours_close():
    assert open_on_one_day() == (540, 600, 660, 720, 780, 840, 900, 960)


def test_a_busy_quarter_of_an_hour_does_not_shift_the_later_starts():
    """A5."""
    assert open_on_one_day(busy=[(605, 620)]) == (540, 660, 720, 780, 840, 900, 960)


def test_the_interval_of_the_grid_may_be_shorter_than_the_duration():
    """A5."""
    rules = SlotRules(duration=60, interval=20)

    assert open_on_one_day([(540, 640)], rules=rules) == (540, 560, 580)


def test_the_interval_of_the_grid_may_be_longer_than_the_duration():
    """A5."""
    rules = SlotRules(duration=30, interval=90)

    assert open_on_one_day([(540, 750)], rules=rules) == (540, 630, 720)


def test_touching_windows_join_but_each_keeps_its_own_grid():
    rules = SlotRules(duration=60, interval=40)

    assert open_on_one_day([(540, 630), (630, 720)], rules=rules) == (540, 580, 620, 630)


def test_overlapping_windows_offer_a_shared_start_once():
    assert open_on_one_day([(540, 720), (600, 780)]) == (540, 600, 660, 720)


def test_what_ends_when_a_start_begins_does_not_block_it():
    assert open_on_one_day([(540, 720)], busy=[(480, 540), (600, 660)]) == (540, 660)


def test_busy_time_without_length_never_blocks():
    starts = open_on_one_day([(540, 660)], busy=[Busy(570, 570)], taken=[Taken(570, 570, 30, 30)])

    assert starts == (540, 600)


@pytest.mark.parametrize(("its_after", "our_before", "first"), [(20, 5, 620), (5, 20, 620), (20, 20, 620), (0, 0, 600)])
def test_after_an_appointment_the_larger_of_both_buffers_stays_free(its_after, our_before, first):
    """A4."""
    rules = SlotRules(duration=30, interval=5, buffer_before=our_before)

    starts = open_on_one_day([(540, 720)], taken=[Taken(540, 600, 0, its_after)], rules=rules)

    assert starts[0] == first


@pytest.mark.parametrize(("its_before", "our_after", "last"), [(20, 5, 610), (5, 20, 610), (20, 20, 610), (0, 0, 630)])
def test_before_an_appointment_the_larger_of_both_buffers_stays_free(its_before, our_after, last):
    """A4."""
    rules = SlotRules(duration=30, interval=5, buffer_after=our_after)

    starts = open_on_one_day([(540, 720)], taken=[Taken(660, 720, its_before, 0)], rules=rules)

    assert starts[-1] == last


def test_the_buffers_of_the_other_side_do_not_count():
    """A4: what an appointment wants before itself says nothing about what comes after it."""
    rules = SlotRules(duration=30, interval=5, buffer_after=50)

    starts = open_on_one_day([(540, 720)], taken=[Taken(540, 600, 50, 0)], rules=rules)

    assert starts[0] == 600


def test_external_busy_time_is_kept_away_by_the_calendars_own_buffers():
    """A4."""
    rules = SlotRules(duration=30, interval=5, buffer_before=10, buffer_after=20)

    starts = open_on_one_day([(540, 720)], busy=[(610, 640)], rules=rules)

    assert starts == (540, 545, 550, 555, 560, *range(650, 691, 5))


def test_buffers_need_not_fit_into_the_hours():
    rules = SlotRules(duration=60, interval=60, buffer_before=30, buffer_after=30)

    assert open_on_one_day([(540, 600)], rules=rules) == (540,)


def test_a_start_belongs_to_the_span_in_which_it_begins():
    assert open_on_one_day([(540, 720)], span=Interval(600, 661)) == (600, 660)


def test_a_night_past_midnight_is_offered_on_both_its_dates():
    """A3."""
    zone, sunday = ZoneInfo("Europe/Berlin"), date(2031, 3, 30)
    night = [DayHours(weekday, 22 * 60, 2 * 60) for weekday in (5, 6)]
    rules = SlotRules(duration=3600, interval=3600)
    span = day_span(sunday, zone)

    starts = open_starts(
        windows=windows_around(night, zone, span, duration=rules.duration),
        taken=(),
        busy=(),
        rules=rules,
        span=span,
    )

    local = [moment(start).astimezone(zone).strftime("%H:%M") for start in starts]
    assert local == ["00:00", "01:00", "22:00", "23:00"]


def test_both_passes_of_a_doubled_hour_are_on_offer_with_their_offsets():
    """A7."""
    zone = ZoneInfo("Europe/Berlin")
    span = day_span(date(2031, 10, 26), zone)
    rules = SlotRules(duration=1800, interval=1800)
    hours = [DayHours(6, 60, 180)]

    windows = windows_around(hours, zone, span, duration=rules.duration)

    starts = open_starts(windows=windows, taken=(), busy=(), rules=rules, span=span)

    assert [moment(start).astimezone(zone).strftime("%H:%M%z") for start in starts] == [
        "01:00+0200",
        "01:30+0200",
        "02:00+0200",
        "02:30+0200",
        "02:00+0100",
        "02:30+0100",
    ]


def test_a_closure_takes_its_own_time_and_no_buffer():
    """A2."""
    rules = SlotRules(duration=30, interval=30, buffer_before=60, buffer_after=60)

    starts = open_on_one_day([(540, 720)], closed=[(600, 630)], rules=rules)

    assert starts == (540, 570, 630, 660, 690)


def test_the_start_of_a_session_stays_on_offer_and_what_overlaps_it_does_not():
    """T2."""
    rules = SlotRules(duration=60, interval=30)

    starts = open_on_one_day([(540, 720)], taken=[Taken(600, 660, joins=True)], rules=rules)

    assert starts == (540, 600, 660)


def test_a_session_keeps_its_buffers_from_other_starts_but_not_from_who_joins_it():
    """T2, A4."""
    rules = SlotRules(duration=60, interval=30, buffer_after=30)

    starts = open_on_one_day([(540, 780)], taken=[Taken(630, 690, 0, 30, joins=True)], rules=rules)

    assert starts == (540, 630, 720)


def test_a_session_of_another_length_than_the_class_has_now_cannot_be_joined():
    """T2."""
    rules = SlotRules(duration=60, interval=30)

    starts = open_on_one_day([(540, 720)], taken=[Taken(600, 645, joins=True)], rules=rules)

    assert starts == (540, 660)


@pytest.mark.parametrize(
    "in_the_way", [{"taken": [Taken(650, 700)]}, {"busy": [Busy(650, 700)]}, {"closed": [(650, 700)]}]
)
def test_nobody_can_join_a_session_that_something_else_has_come_over(in_the_way):
    """T2."""
    rules = SlotRules(duration=60, interval=60)
    taken = [Taken(600, 660, joins=True), *in_the_way.get("taken", ())]

    starts = open_on_one_day([(540, 720)], **in_the_way | {"taken": taken}, rules=rules)

    assert starts == (540,)


@given(st.sets(st.integers(-20, 80)).map(sorted), many)
def test_what_is_left_without_some_stretches_lies_in_none_of_them(starts, stretches):
    left = without(starts, [one for one in stretches if one[0] < one[1]])

    assert list(left) == [start for start in starts if start not in minutes_of(stretches)]


@pytest.mark.parametrize("wrong", [{"duration": 0}, {"interval": 0}, {"buffer_before": -1}, {"buffer_after": -1}])
def test_rules_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"positive|negative"):
        SlotRules(**({"duration": 60, "interval": 60} | wrong))
