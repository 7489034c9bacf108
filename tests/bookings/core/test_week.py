from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.core.week import (
    DAY_MINUTES,
    LEAST_HEIGHT,
    Piece,
    axis,
    clock,
    closed,
    days_touched,
    hours_elsewhere,
    lay,
    month_around,
    months_later,
    pieces,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 24)


def _pieces(start, end, zone=BERLIN):
    found = pieces("entry", start, end, zone, first=date.min, last=date.max)
    return [(piece.day, clock(piece.start), clock(piece.end)) for piece in found]


def _at(hour, minute=0, second=0, day=DAY, fold=0):
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=BERLIN, fold=fold)


def _lanes(*stretches):
    laid = lay([Piece(DAY, start, end, None) for start, end in stretches])
    return [(one.piece.start, one.lane, one.lanes) for one in laid]


def test_times_are_rounded_outwards_to_five_minutes():
    assert _pieces(_at(9, 59, 30), _at(10, 1)) == [(DAY, "09:55", "10:05")]


def test_times_on_the_grid_stay_as_they_are():
    assert _pieces(_at(9, 35), _at(10, 20)) == [(DAY, "09:35", "10:20")]


def test_an_entry_over_midnight_is_clipped_to_both_days():
    following = DAY + timedelta(days=1)

    assert _pieces(_at(22, 30), _at(1, 15, day=following)) == [
        (DAY, "22:30", "24:00"),
        (following, "00:00", "01:15"),
    ]


def test_an_entry_that_ends_at_midnight_does_not_touch_the_next_day():
    assert _pieces(_at(22), _at(0, day=DAY + timedelta(days=1))) == [(DAY, "22:00", "24:00")]


def test_an_event_without_length_is_drawn():
    assert _pieces(_at(9), _at(9)) == [(DAY, "09:00", "09:05")]


def test_an_entry_lies_on_the_days_of_the_readers_zone():
    start = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)

    assert _pieces(start, start + timedelta(minutes=30), ZoneInfo("Asia/Kathmandu")) == [
        (date(2026, 11, 25), "03:45", "04:15")
    ]


def test_the_gap_in_spring_is_drawn_by_the_clock_on_the_wall():
    day = date(2026, 3, 29)

    assert _pieces(_at(1, 30, day=day), _at(3, 30, day=day)) == [(day, "01:30", "03:30")]


def test_an_entry_into_the_second_pass_in_autumn_is_drawn_as_long_as_it_lasts():
    day = date(2026, 10, 25)
    start, end = _at(2, 30, day=day), _at(2, 15, day=day, fold=1)

    assert _pieces(start, end) == [(day, "02:30", "03:15")]


def test_entries_that_follow_each_other_take_the_whole_width():
    assert _lanes((540, 570), (570, 600)) == [(540, 1, 1), (570, 1, 1)]


def test_two_that_overlap_stand_side_by_side():
    assert _lanes((540, 600), (570, 630), (630, 660)) == [(540, 1, 2), (570, 2, 2), (630, 1, 1)]


def test_a_lane_is_used_again_within_a_cluster():
    assert _lanes((540, 700), (540, 570), (600, 630)) == [(540, 1, 2), (540, 2, 2), (600, 2, 2)]


def test_the_fourth_at_once_has_no_room():
    assert _lanes((540, 600), (541, 600), (542, 600), (543, 600)) == [
        (540, 1, 3),
        (541, 2, 3),
        (542, 3, 3),
        (543, 0, 3),
    ]


def test_lanes_are_reckoned_with_the_height_that_is_drawn():
    assert _lanes((540, 545), (550, 600)) == [(540, 1, 2), (550, 2, 2)]


STRETCHES = st.lists(
    st.tuples(st.integers(0, 280), st.integers(1, 30)).map(
        lambda pair: (pair[0] * 5, min((pair[0] + pair[1]) * 5, DAY_MINUTES))
    ),
    max_size=25,
)


@given(STRETCHES)
def test_no_two_in_one_lane_overlap_and_nothing_gets_lost(stretches):
    laid = lay([Piece(DAY, start, end, number) for number, (start, end) in enumerate(stretches)])

    assert sorted(one.piece.shown for one in laid) == list(range(len(stretches)))
    drawn = [(one.lane, one.piece.start, max(one.piece.end, one.piece.start + LEAST_HEIGHT)) for one in laid]
    for number, (lane, start, end) in enumerate(drawn):
        assert 0 <= lane <= laid[number].lanes <= 3
        for other_lane, other_start, other_end in drawn[:number]:
            assert not (lane == other_lane != 0 and start < other_end and other_start < end)


@given(STRETCHES)
def test_those_that_overlap_share_the_width_alike(stretches):
    laid = lay([Piece(DAY, start, end, None) for start, end in stretches])

    for one in laid:
        for other in laid:
            if one.piece.start < other.piece.end and other.piece.start < one.piece.end:
                assert one.lanes == other.lanes


@given(STRETCHES)
def test_something_is_left_out_only_when_three_others_are_there_at_its_start(stretches):
    laid = lay([Piece(DAY, start, end, None) for start, end in stretches])

    for one in laid:
        at = one.piece.start
        beside = {
            other.lane
            for other in laid
            if other.piece.start <= at < max(other.piece.end, other.piece.start + LEAST_HEIGHT) and other is not one
        }
        assert one.lane or beside >= {1, 2, 3}


def test_an_empty_week_shows_office_hours():
    assert axis([]) == (8 * 60, 18 * 60)


def test_the_axis_is_widened_to_whole_hours_that_hold_every_entry():
    assert axis([(7 * 60 + 35, 8 * 60), (19 * 60, 20 * 60 + 5)]) == (7 * 60, 21 * 60)


@given(STRETCHES)
def test_the_axis_holds_everything(stretches):
    first, last = axis(stretches)

    assert first % 60 == last % 60 == 0
    assert all(first <= start and end <= last for start, end in stretches)


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ([], [(480, 1080)]),
        ([(540, 1020)], [(480, 540), (1020, 1080)]),
        ([(480, 1080)], []),
        ([(540, 720), (780, 1020)], [(480, 540), (720, 780), (1020, 1080)]),
        ([(540, 720), (600, 660)], [(480, 540), (720, 1080)]),
        ([(300, 400)], [(480, 1080)]),
        ([(1100, 1200)], [(480, 1080)]),
    ],
)
def test_closed_is_what_of_the_axis_lies_outside_the_hours(opened, expected):
    assert closed(opened, first=480, last=1080) == expected


def test_of_a_long_entry_only_the_days_asked_for_are_drawn():
    start, end = _at(12, day=DAY - timedelta(days=900)), _at(12, day=DAY + timedelta(days=900))

    found = list(pieces("entry", start, end, BERLIN, first=DAY, last=DAY + timedelta(days=1)))

    assert [(piece.day, piece.start, piece.end) for piece in found] == [
        (DAY, 0, DAY_MINUTES),
        (DAY + timedelta(days=1), 0, DAY_MINUTES),
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (_at(9), _at(10), [24]),
        (_at(9), _at(9), [24]),
        (_at(22), _at(0, day=DAY + timedelta(days=1)), [24]),
        (_at(22), _at(1, day=DAY + timedelta(days=1)), [24, 25]),
        (_at(0, day=DAY - timedelta(days=400)), _at(0, day=DAY + timedelta(days=400)), [23, 24, 25]),
        (_at(9, day=DAY - timedelta(days=2)), _at(9, day=DAY - timedelta(days=2)), []),
        (_at(9, day=DAY + timedelta(days=2)), _at(9, day=DAY + timedelta(days=3)), []),
    ],
)
def test_the_days_an_entry_lies_on(start, end, expected):
    first, last = DAY - timedelta(days=1), DAY + timedelta(days=1)

    assert [day.day for day in days_touched(start, end, BERLIN, first=first, last=last)] == expected


def test_the_days_are_those_of_the_zone():
    start = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)

    touched = days_touched(start, start + timedelta(hours=1), ZoneInfo("Asia/Kathmandu"), first=DAY, last=DAY)

    assert touched == [DAY]
    assert days_touched(start, start + timedelta(hours=1), ZoneInfo("Asia/Tokyo"), first=DAY, last=DAY) == []


def test_another_clock_is_shown_for_every_hour():
    assert hours_elsewhere(range(540, 720, 60), DAY, BERLIN, ZoneInfo("Asia/Kathmandu")) == ["13:45", "14:45", "15:45"]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), -1, date(2025, 12, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 1)),
    ],
)
def test_months_later(day, months, expected):
    assert months_later(day, months) == expected


def test_a_month_is_shown_in_whole_weeks():
    weeks = month_around(date(2026, 11, 18))

    assert weeks[0][0] == date(2026, 10, 26)
    assert weeks[-1][-1] == date(2026, 12, 6)
    assert [len(week) for week in weeks] == [7] * 6


def test_a_month_that_is_four_weeks_has_four():
    assert len(month_around(date(2027, 2, 10))) == 4
