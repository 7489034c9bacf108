"""Reasons at one host that do not move with the clock: each by name, and all of them against the fast fold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.hours import Shut
from availability.core.intervals import Interval
from availability.core.rules import HostTimes, Reason, ReasonCode, reasons_against
from availability.core.slots import Busy, Closed, SlotRules, Taken, open_starts

from .by_minutes import keeps_its_distance, minutes_of, rules, situations, spans, stretches, with_sessions

HALF_HOUR = SlotRules(duration=30, interval=15, buffer_before=10, buffer_after=10)
NINE_TO_FIVE = ((540, 1020),)
MONDAY = date(2031, 3, 31)
replaced_hours = st.builds(lambda one, holiday: Shut(*one, MONDAY, holiday), stretches, st.text("gh", max_size=1))


def reasons(start, *, windows=NINE_TO_FIVE, **times):
    """The reasons against a start of a day in minutes, with hours from 9 to 17 unless told otherwise."""
    return reasons_against(start, times=HostTimes(windows=windows, **times), rules=HALF_HOUR)


@given(with_sessions(), rules, spans)
def test_open_starts_are_exactly_the_candidates_without_a_reason(situation, rules, span):
    times = HostTimes(**situation)

    found = times.open_starts(rules, span)

    candidates = open_starts(windows=times.windows, taken=(), busy=(), rules=rules, span=span)
    assert found == tuple(start for start in candidates if not reasons_against(start, times=times, rules=rules))


@given(with_sessions(), rules, spans)
def test_open_starts_are_exactly_the_instants_of_the_span_without_a_reason(situation, rules, span):
    times = HostTimes(**situation)

    found = times.open_starts(rules, span)

    assert found == tuple(start for start in range(*span) if not reasons_against(start, times=times, rules=rules))


@given(situations, st.lists(replaced_hours, max_size=3), rules, st.integers(-20, 90))
def test_every_reason_is_named_that_minutes_speak_for_and_no_other(situation, shut, rules, start):
    times = HostTimes(**situation, shut=tuple(shut))

    given_reasons = reasons_against(start, times=times, rules=rules)

    assert [(reason.code, reason.source) for reason in given_reasons] == [
        *codes_of_the_hours(start, times, rules),
        *codes_of_closures(start, times.closed, rules),
        *codes_of_appointments(start, times.taken, rules),
        *codes_of_busy_time(start, times.busy, rules),
    ]


@given(situations, st.lists(replaced_hours, max_size=3), rules, spans)
def test_candidates_are_the_points_of_every_grid_that_of_replaced_hours_too(situation, shut, rules, span):
    times = HostTimes(**situation, shut=tuple(shut))

    found = set(times.candidates(rules, span))

    assert found == {
        start
        for start in range(*span)
        if ReasonCode.HOURS not in {code for code, _ in codes_of_the_hours(start, times, rules)}
    }


def codes_of_the_hours(start, times, rules):
    if any(start in range(*window, rules.interval) for window in times.windows):
        fits = set(range(start, start + rules.duration)) <= minutes_of(times.windows)
        return [] if fits else [(ReasonCode.DURATION, None)]
    replaced = [shut for shut in times.shut if start in range(shut.start, shut.end, rules.interval)]
    named = [(ReasonCode.HOLIDAY, one.holiday) if one.holiday else (ReasonCode.OVERRIDE, one.day) for one in replaced]
    return named or [(ReasonCode.HOURS, None)]


def codes_of_closures(start, closed, rules):
    wanted = set(range(start, start + rules.duration))
    return [(ReasonCode.CLOSED, one.key) for one in closed if wanted & minutes_of([one])]


def codes_of_appointments(start, taken, rules):
    wanted = set(range(start, start + rules.duration))
    for one in taken:
        if wanted & minutes_of([one]):
            yield ReasonCode.BOOKED, one.key
        elif not keeps_its_distance(start, one, rules):
            yield ReasonCode.BUFFER, one.key


def codes_of_busy_time(start, busy, rules):
    wanted = set(range(start, start + rules.duration))
    with_buffers = set(range(start - rules.buffer_before, start + rules.duration + rules.buffer_after))
    for one in busy:
        if wanted & minutes_of([one]):
            yield (ReasonCode.BLOCKED if one.own else ReasonCode.EVENT), one.key
        elif with_buffers & minutes_of([one]):
            yield ReasonCode.BUFFER, one.key


def test_a_start_that_nothing_speaks_against_has_no_reasons():
    assert reasons(600) == ()


@pytest.mark.parametrize("start", [525, 1020, 605])
def test_a_start_outside_the_hours_or_between_two_points_of_the_grid_is_out_of_hours(start):
    assert reasons(start) == (Reason(ReasonCode.HOURS),)


def test_a_start_that_would_end_after_hours_is_too_long():
    assert reasons(1005) == (Reason(ReasonCode.DURATION, interval=Interval(540, 1020)),)


def test_a_start_that_runs_on_into_a_touching_window_is_not_too_long():
    assert reasons(1005, windows=((540, 1020), (1020, 1060))) == ()


def test_time_of_an_appointment_is_booked():
    """A10: the reason names what is behind it."""
    taken = (Taken(615, 645, key="appointment 7"),)

    assert reasons(600, taken=taken) == (Reason(ReasonCode.BOOKED, "appointment 7", Interval(615, 645)),)


def test_busy_time_from_outside_is_an_event():
    busy = (Busy(615, 645, key="dentist"),)

    assert reasons(600, busy=busy) == (Reason(ReasonCode.EVENT, "dentist", Interval(615, 645)),)


def test_time_blocked_by_hand_is_told_apart_from_an_event():
    busy = (Busy(615, 645, key="lunch", own=True),)

    assert reasons(600, busy=busy) == (Reason(ReasonCode.BLOCKED, "lunch", Interval(615, 645)),)


def test_time_in_which_the_account_is_closed_names_the_closure():
    closed = (Closed(615, 2000, key="inventory"),)

    assert reasons(600, closed=closed) == (Reason(ReasonCode.CLOSED, "inventory", Interval(615, 2000)),)


def test_hours_that_an_override_replaced_name_its_date():
    shut = (Shut(540, 1020, MONDAY),)

    assert reasons(600, windows=(), shut=shut) == (Reason(ReasonCode.OVERRIDE, MONDAY, Interval(540, 1020)),)


def test_hours_that_a_public_holiday_replaced_name_the_holiday():
    shut = (Shut(540, 1020, MONDAY, "Easter Monday"),)

    assert reasons(600, windows=(), shut=shut) == (Reason(ReasonCode.HOLIDAY, "Easter Monday", Interval(540, 1020)),)


def test_a_start_that_the_override_itself_opens_has_no_reason_against_it():
    assert reasons(600, windows=((600, 720),), shut=(Shut(540, 1020, MONDAY),)) == ()


def test_busy_time_within_the_buffer_alone_violates_the_buffer():
    busy = (
        Busy(630, 645, key="dentist"),
        Busy(640, 650, key="far enough"),
    )

    assert reasons(600, busy=busy) == (Reason(ReasonCode.BUFFER, "dentist", Interval(630, 645)),)


def test_an_appointment_within_its_own_larger_buffer_violates_the_buffer():
    taken = (Taken(530, 560, buffer_after=45, key="massage"),)

    assert reasons(600, taken=taken) == (Reason(ReasonCode.BUFFER, "massage", Interval(530, 560)),)


def test_all_reasons_are_given_at_once():
    found = reasons(
        1005,
        closed=(Closed(1015, 1016, key="x"),),
        taken=(Taken(1010, 1020, key="a"), Taken(1000, 1030, key="b")),
        busy=(Busy(990, 1000, key="c"), Busy(900, 1100, key="d"), Busy(1010, 1011, key="e", own=True)),
    )

    assert [(reason.code, reason.source) for reason in found] == [
        (ReasonCode.DURATION, None),
        (ReasonCode.CLOSED, "x"),
        (ReasonCode.BOOKED, "a"),
        (ReasonCode.BOOKED, "b"),
        (ReasonCode.BUFFER, "c"),
        (ReasonCode.EVENT, "d"),
        (ReasonCode.BLOCKED, "e"),
    ]


def test_the_codes_are_those_of_the_specification_and_only_look_busy_does_not_forbid():
    """A10."""
    forbidding = (
        "PAST NOTICE HORIZON HOURS OVERRIDE CLOSED HOLIDAY DURATION BOOKED EVENT BLOCKED BUFFER DAY_LIMIT "
        "WEEK_LIMIT HOST_LIMIT SEATS ROUND_ROBIN_LEAD COLLECTIVE NO_HOST INACTIVE STALE HELD"
    )

    assert [code.value for code in ReasonCode if code.forbids] == forbidding.split()
    assert [code.value for code in ReasonCode if not code.forbids] == ["LOOK_BUSY"]
