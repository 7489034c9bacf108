"""A month as it is drawn."""

from datetime import date

import pytest

from availability.core.hours import DayHours, Opening
from availability.core.month_picture import draw_month

DECEMBER = date(2026, 12, 1)
CHRISTMAS_EVE = date(2026, 12, 24)
OFFICE = [DayHours(day, 9 * 60, 17 * 60) for day in range(5)]


def days(hours=OFFICE, overrides=None):
    return {one.day: one for week in draw_month(DECEMBER, hours=hours, overrides=overrides or {}) for one in week}


def test_whole_weeks_hold_the_month():
    weeks = draw_month(DECEMBER, hours=(), overrides={})

    assert (weeks[0][0].day, weeks[-1][-1].day) == (date(2026, 11, 30), date(2027, 1, 3))
    assert {len(week) for week in weeks} == {7}


def test_a_day_opens_by_the_week_unless_other_hours_take_its_place():
    drawn = days(overrides={CHRISTMAS_EVE: (Opening(9 * 60, 12 * 60),), date(2026, 12, 25): ()})

    assert drawn[date(2026, 12, 23)][1:] == ((Opening(9 * 60, 17 * 60),), False)
    assert drawn[CHRISTMAS_EVE][1:] == ((Opening(9 * 60, 12 * 60),), True)
    assert drawn[date(2026, 12, 25)][1:] == ((), True)
    assert drawn[date(2026, 12, 26)][1:] == ((), False)


@pytest.mark.parametrize(
    ("opening", "tide"),
    [((540, 541), "few"), ((540, 779), "few"), ((540, 780), "some"), ((540, 1020), "many"), ((1320, 120), "some")],
)
def test_the_tide_mark_grows_with_the_hours(opening, tide):
    assert days(overrides={CHRISTMAS_EVE: (Opening(*opening),)})[CHRISTMAS_EVE].tide == tide


def test_a_closed_day_has_no_tide_mark():
    assert days(hours=())[CHRISTMAS_EVE].tide == ""
