"""A week as it is drawn, counted and summed up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.hours import DayHours, Opening
from availability.core.week_picture import (
    DAY_MINUTES,
    STEP,
    WEEK_MINUTES,
    alike,
    draw_week,
    length,
    overlapping,
    times_of,
    week_minutes,
)

NINE, FIVE, TEN_PM, TWO = 9 * 60, 17 * 60, 22 * 60, 2 * 60
hours = st.builds(DayHours, st.integers(0, 6), st.integers(0, DAY_MINUTES - 1), st.integers(0, DAY_MINUTES))


def drawn(*openings):
    return [[(piece.start, piece.end) for piece in day] for day in draw_week([DayHours(*one) for one in openings])]


def test_each_day_shows_its_own_openings_in_order():
    week = drawn((0, 13 * 60, FIVE), (0, NINE, 12 * 60), (2, NINE, FIVE))

    assert week == [[(NINE, 12 * 60), (13 * 60, FIVE)], [], [(NINE, FIVE)], [], [], [], []]


def test_hours_past_midnight_are_drawn_into_the_next_day_and_say_so():
    friday, saturday = draw_week([DayHours(4, TEN_PM, TWO)])[4:6]

    assert [(piece.start, piece.end, piece.ends_next_day, piece.began_day_before) for piece in friday] == [
        (TEN_PM, DAY_MINUTES, True, False)
    ]
    assert [(piece.start, piece.end, piece.ends_next_day, piece.began_day_before) for piece in saturday] == [
        (0, TWO, False, True)
    ]


def test_sunday_night_is_drawn_into_monday():
    assert drawn((6, TEN_PM, TWO))[0] == [(0, TWO)]


@pytest.mark.parametrize("closes", [0, DAY_MINUTES])
def test_closing_at_midnight_stays_on_its_day(closes):
    assert drawn((0, TEN_PM, closes)) == [[(TEN_PM, DAY_MINUTES)], [], [], [], [], [], []]


def test_a_day_open_all_round_fills_its_bar():
    assert drawn((0, 0, 0))[0] == [(0, DAY_MINUTES)]
    assert drawn((0, NINE, NINE))[:2] == [[(NINE, DAY_MINUTES)], [(0, NINE)]]


def test_places_are_rounded_outwards_to_steps_of_the_stylesheet():
    assert drawn((0, 541, 1019))[0] == [(540, 1020)]
    assert drawn((0, 1381, 1))[:2] == [[(1380, DAY_MINUTES)], [(0, 5)]]


@given(st.lists(hours, max_size=12))
def test_nothing_open_is_left_undrawn_and_nothing_lies_off_the_clock(week):
    open_minutes = {
        (one.weekday * DAY_MINUTES + one.opens + passed) % WEEK_MINUTES
        for one in week
        for passed in range(length(Opening(one.opens, one.closes)))
    }
    pieces = [(number, piece) for number, day in enumerate(draw_week(week)) for piece in day]
    shown = {number * DAY_MINUTES + at for number, piece in pieces for at in range(piece.start, piece.end)}

    assert open_minutes <= shown
    assert all(0 <= piece.start < piece.end <= DAY_MINUTES for _number, piece in pieces)
    assert all(piece.start % STEP == piece.end % STEP == 0 for _number, piece in pieces)


def test_a_week_is_as_long_as_its_openings():
    assert week_minutes([DayHours(day, NINE, FIVE) for day in range(5)]) == 40 * 60
    assert week_minutes([DayHours(4, TEN_PM, TWO)]) == 4 * 60
    assert week_minutes([DayHours(0, 0, 0)]) == DAY_MINUTES


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, NINE, FIVE), (0, 16 * 60, 18 * 60)),
        ((0, NINE, FIVE), (0, 10 * 60, 11 * 60)),
        ((4, TEN_PM, TWO), (5, 60, 3 * 60)),
        ((6, TEN_PM, TWO), (0, 60, 3 * 60)),
        ((0, NINE, NINE), (1, 8 * 60, 10 * 60)),
        ((0, NINE, FIVE), (0, NINE, FIVE)),
    ],
)
def test_hours_that_share_time_are_found_whichever_stands_first(first, second):
    one, other = DayHours(*first), DayHours(*second)

    assert list(overlapping([one, other])) == [(0, 1)]
    assert [sorted(pair) for pair in overlapping([other, one])] == [[0, 1]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, NINE, 12 * 60), (0, 12 * 60, FIVE)),
        ((4, TEN_PM, TWO), (5, TWO, NINE)),
        ((6, TEN_PM, 0), (0, 0, NINE)),
        ((0, NINE, FIVE), (1, NINE, FIVE)),
    ],
)
def test_hours_that_only_touch_do_not_overlap(first, second):
    assert list(overlapping([DayHours(*first), DayHours(*second)])) == []


@given(st.lists(hours, max_size=8))
def test_overlaps_are_those_of_sets_of_minutes(week):
    minutes = [
        {
            (one.weekday * DAY_MINUTES + one.opens + passed) % WEEK_MINUTES
            for passed in range(length(Opening(one.opens, one.closes)))
        }
        for one in week
    ]
    expected = {(a, b) for a in range(len(week)) for b in range(a + 1, len(week)) if minutes[a] & minutes[b]}

    found = [tuple(sorted(pair)) for pair in overlapping(week)]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_days_in_a_row_with_the_same_hours_are_one_line():
    week = [DayHours(day, NINE, FIVE) for day in (0, 1, 2, 4)] + [DayHours(5, 10 * 60, 12 * 60)]

    assert alike(week) == (
        (0, 2, (Opening(NINE, FIVE),)),
        (4, 4, (Opening(NINE, FIVE),)),
        (5, 5, (Opening(10 * 60, 12 * 60),)),
    )


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        ((540, 1020), "09:00–17:00"),
        ((1320, 120), "22:00–02:00"),
        ((0, 0), "00:00–24:00"),
        ((1080, 1440), "18:00–24:00"),
    ],
)
def test_an_opening_is_said_by_the_clock(opening, words):
    assert times_of(Opening(*opening)) == words
