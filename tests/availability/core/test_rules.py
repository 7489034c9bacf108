"""Reasons: each by name, and all of them against the fast fold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.intervals import Interval
from availability.core.rules import Reason, ReasonCode, reasons_against
from availability.core.slots import Busy, SlotRules, Taken, grid, open_starts

from .by_minutes import keeps_its_distance, minutes_of, situations, spans

HALF_HOUR = SlotRules(duration=30, interval=15, buffer_before=10, buffer_after=10, horizon=10_000)


def reasons(start, *, windows=((540, 1020),), taken=(), busy=(), now=0, earliest=0, latest=10_000):
    """The reasons against a start of a day in minutes, with hours from 9 to 17 unless told otherwise."""
    return reasons_against(
        start,
        windows=windows,
        taken=taken,
        busy=busy,
        rules=HALF_HOUR,
        now=now,
        earliest=earliest,
        latest=latest,
    )


@given(situations, spans, st.integers(-20, 60))
def test_open_starts_are_exactly_the_candidates_without_a_reason(situation, span, now):
    rules = situation["rules"]
    clock = {"earliest": rules.earliest(now), "latest": rules.latest(now)}

    found = open_starts(**situation, **clock, span=span)

    candidates = grid(situation["windows"], rules, span)
    assert found == tuple(start for start in candidates if not reasons_against(start, **situation, **clock, now=now))


@given(situations, spans, st.integers(-20, 60))
def test_open_starts_are_exactly_the_instants_of_the_span_without_a_reason(situation, span, now):
    rules = situation["rules"]
    clock = {"earliest": rules.earliest(now), "latest": rules.latest(now)}

    found = open_starts(**situation, **clock, span=span)

    assert found == tuple(start for start in range(*span) if not reasons_against(start, **situation, **clock, now=now))


@given(situations, st.integers(-20, 90), st.integers(-20, 60))
def test_every_reason_is_named_that_minutes_speak_for_and_no_other(situation, start, now):
    rules = situation["rules"]
    earliest, latest = rules.earliest(now), rules.latest(now)

    given_reasons = reasons_against(start, **situation, now=now, earliest=earliest, latest=latest)

    of_the_clock = {
        ReasonCode.PAST: start < now,
        ReasonCode.NOTICE: now <= start < earliest,
        ReasonCode.HORIZON: start >= latest,
    }
    assert [(reason.code, reason.source) for reason in given_reasons] == [
        *((code, None) for code, holds in of_the_clock.items() if holds),
        *((code, None) for code in codes_of_the_hours(start, situation["windows"], rules)),
        *codes_of_appointments(start, situation["taken"], rules),
        *codes_of_busy_time(start, situation["busy"], rules),
    ]


def codes_of_the_hours(start, windows, rules):
    if not any(start in range(*window, rules.interval) for window in windows):
        return [ReasonCode.HOURS]
    fits = set(range(start, start + rules.duration)) <= minutes_of(windows)
    return [] if fits else [ReasonCode.DURATION]


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
            yield ReasonCode.EVENT, one.key
        elif with_buffers & minutes_of([one]):
            yield ReasonCode.BUFFER, one.key


def test_a_start_that_nothing_speaks_against_has_no_reasons():
    assert reasons(600) == ()


def test_a_start_before_now_is_past():
    assert reasons(600, now=601, earliest=700) == (Reason(ReasonCode.PAST),)


def test_a_start_from_now_on_but_too_soon_wants_more_notice():
    assert reasons(600, now=600, earliest=601) == (Reason(ReasonCode.NOTICE),)


def test_a_start_at_the_latest_instant_is_beyond_the_horizon():
    assert reasons(600, latest=600) == (Reason(ReasonCode.HORIZON),)


@pytest.mark.parametrize("start", [525, 1020, 605])
def test_a_start_outside_the_hours_or_between_two_points_of_the_grid_is_out_of_hours(start):
    assert reasons(start) == (Reason(ReasonCode.HOURS),)


def test_a_start_that_would_end_after_hours_is_too_long():
    assert reasons(1005) == (Reason(ReasonCode.DURATION, interval=Interval(540, 1020)),)


def test_a_start_that_runs_on_into_a_touching_window_is_not_too_long():
    assert reasons(1005, windows=[(540, 1020), (1020, 1060)]) == ()


def test_time_of_an_appointment_is_booked():
    """A10: the reason names what is behind it."""
    taken = [Taken(615, 645, key="appointment 7")]

    assert reasons(600, taken=taken) == (Reason(ReasonCode.BOOKED, "appointment 7", Interval(615, 645)),)


def test_busy_time_from_outside_is_an_event():
    busy = [Busy(615, 645, key="dentist")]

    assert reasons(600, busy=busy) == (Reason(ReasonCode.EVENT, "dentist", Interval(615, 645)),)


def test_busy_time_within_the_buffer_alone_violates_the_buffer():
    busy = [Busy(630, 645, key="dentist"), Busy(640, 650, key="far enough")]

    assert reasons(600, busy=busy) == (Reason(ReasonCode.BUFFER, "dentist", Interval(630, 645)),)


def test_an_appointment_within_its_own_larger_buffer_violates_the_buffer():
    taken = [Taken(530, 560, buffer_after=45, key="massage")]

    assert reasons(600, taken=taken) == (Reason(ReasonCode.BUFFER, "massage", Interval(530, 560)),)


def test_all_reasons_are_given_at_once():
    found = reasons(
        1005,
        taken=[Taken(1010, 1020, key="a"), Taken(1000, 1030, key="b")],
        busy=[Busy(990, 1000, key="c"), Busy(900, 1100, key="d")],
        now=1100,
        earliest=1100,
        latest=1000,
    )

    assert [(reason.code, reason.source) for reason in found] == [
        (ReasonCode.PAST, None),
        (ReasonCode.HORIZON, None),
        (ReasonCode.DURATION, None),
        (ReasonCode.BOOKED, "a"),
        (ReasonCode.BOOKED, "b"),
        (ReasonCode.BUFFER, "c"),
        (ReasonCode.EVENT, "d"),
    ]


def test_the_codes_are_those_of_the_specification_and_only_look_busy_does_not_forbid():
    """A10."""
    forbidding = (
        "PAST NOTICE HORIZON HOURS OVERRIDE CLOSED HOLIDAY DURATION BOOKED EVENT BLOCKED BUFFER DAY_LIMIT "
        "WEEK_LIMIT HOST_LIMIT SEATS ROUND_ROBIN_LEAD COLLECTIVE NO_HOST INACTIVE STALE HELD"
    )

    assert [code.value for code in ReasonCode if code.forbids] == forbidding.split()
    assert [code.value for code in ReasonCode if not code.forbids] == ["LOOK_BUSY"]
