"""Equal neighbours share a line, and a day lies on the clock on the wall, also where the clocks change."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from availability.core.hours import day_span
from availability.core.intervals import Interval
from availability.core.rules import HostTimes
from availability.core.slots import Busy, Closed, SlotRules, Taken
from availability.core.verdict_lines import Line, Piece, axis, bar_of, comes_twice, hours_on, in_lines, marks, piece_on

BERLIN = ZoneInfo("Europe/Berlin")
DAY = day_span(date(2026, 11, 23), BERLIN)
HOUR, MINUTE = 3600, 60


def at(hours, minutes=0, day=DAY):
    """That many hours of real time after the day's midnight."""
    return day.start + hours * HOUR + minutes * MINUTE


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_neighbours_that_are_told_alike_share_a_line():
    lines = in_lines([(0, "no"), (30, "no"), (60, "yes"), (90, "no")], interval=30)

    assert lines == (Line(0, 30, 2, "no"), Line(60, 60, 1, "yes"), Line(90, 90, 1, "no"))


def test_a_line_never_reaches_over_a_pause():
    assert in_lines([(0, "yes"), (30, "yes"), (120, "yes")], interval=30) == (
        Line(0, 30, 2, "yes"),
        Line(120, 120, 1, "yes"),
    )


def test_a_day_without_starts_has_no_lines():
    assert in_lines([], interval=30) == ()


def test_a_mark_reaches_to_the_next_start_and_no_further_than_the_interval():
    assert list(marks([0, 10, 100], interval=30)) == [(0, 10), (10, 40), (100, 130)]


# ── the clock on the wall ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stretch", "drawn"),
    [
        ((at(9), at(17)), Piece(540, 1020)),
        ((at(9, 7), at(9, 8)), Piece(545, 550)),
        ((at(-2), at(3)), Piece(0, 180)),
        ((at(22), at(27)), Piece(1320, 1440)),
        ((at(-2), at(27)), Piece(0, 1440)),
        ((at(-2), at(0)), None),
        ((at(24), at(25)), None),
        ((at(9), at(9)), None),
    ],
)
def test_a_stretch_is_drawn_as_far_as_it_lies_on_the_day_rounded_outwards(stretch, drawn):
    assert piece_on(DAY, stretch, BERLIN) == drawn


def test_where_the_clocks_go_forward_the_missing_hour_is_drawn_with_what_reaches_over_it():
    day = day_span(date(2026, 3, 29), BERLIN)

    assert piece_on(day, (at(1, day=day), at(3, day=day)), BERLIN) == Piece(60, 240)


def test_where_the_clocks_go_back_a_stretch_is_drawn_as_long_as_it_lasts():
    day = day_span(date(2026, 10, 25), BERLIN)
    twice = (at(2, 30, day=day), at(3, 30, day=day))

    assert piece_on(day, twice, BERLIN) == Piece(150, 210)
    assert piece_on(day, (at(2, day=day), at(5, day=day)), BERLIN) == Piece(120, 240)


def test_a_time_that_comes_twice_is_known_in_both_passes():
    day = day_span(date(2026, 10, 25), BERLIN)

    assert [comes_twice(at(hour, day=day), BERLIN) for hour in range(5)] == [False, False, True, True, False]


@pytest.mark.parametrize(
    ("pieces", "drawn"),
    [
        ([], Piece(480, 1080)),
        ([Piece(545, 1015)], Piece(540, 1020)),
        ([Piece(600, 660), Piece(1320, 1440)], Piece(600, 1440)),
    ],
)
def test_the_axis_is_whole_hours_that_hold_all_pieces(pieces, drawn):
    assert axis(pieces) == drawn


@pytest.mark.parametrize(
    ("drawn", "hours"),
    [
        (Piece(540, 720), [9, 10, 11, 12]),
        (Piece(540, 1020), [9, 11, 13, 15, 17]),
        (Piece(0, 1440), [0, 3, 6, 9, 12, 15, 18, 21, 24]),
    ],
)
def test_the_axis_is_labelled_as_densely_as_there_is_room(drawn, hours):
    assert [minute // 60 for minute in hours_on(drawn)] == hours


# ── bars ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_bar_shows_what_takes_time_with_the_larger_buffer_on_each_side():
    rules = SlotRules(duration=HOUR, interval=HOUR, buffer_before=10 * MINUTE, buffer_after=0)
    booked = Taken(at(10), at(11), 15 * MINUTE, 5 * MINUTE, "uid")
    bar = bar_of(HostTimes(windows=((at(9), at(12)), (at(12), at(17))), taken=(booked,)), (), rules, DAY, BERLIN)

    assert [(part.start, part.end) for part in bar.opened] == [(at(9), at(17))]
    assert [(part.kind, part.drawn) for part in bar.taken] == [
        ("buffer", Piece(585, 600)),
        ("appointment", Piece(600, 660)),
        ("buffer", Piece(660, 670)),
    ]


def test_a_bar_tells_kinds_apart_and_leaves_out_other_days():
    rules = SlotRules(duration=HOUR, interval=HOUR)
    times = HostTimes(
        busy=(Busy(at(8), at(9), 1), Busy(at(9), at(10), 2, own=True), Busy(at(30), at(31), 3)),
        closed=(Closed(at(-5), at(1), 4),),
    )
    bar = bar_of(times, (Taken(at(12), at(13), key="hold"),), rules, DAY, BERLIN)

    assert [(part.kind, part.start, part.end) for part in bar.taken] == [
        ("closure", at(0), at(1)),
        ("event", at(8), at(9)),
        ("block", at(9), at(10)),
        ("hold", at(12), at(13)),
    ]


def test_a_part_is_cut_to_the_day():
    bar = bar_of(HostTimes(windows=((at(-1), at(30)),)), (), SlotRules(duration=HOUR, interval=HOUR), DAY, BERLIN)

    (part,) = bar.opened
    assert Interval(part.start, part.end) == DAY
    assert part.drawn == Piece(0, 1440)
