from datetime import date

import pytest

from bookings.core.five_weeks import Part, Tide, page_for, part_of_day, tide

TODAY = date(2026, 11, 18)  # a Wednesday
THIS_WEEK = date(2026, 11, 16)
LAST = date(2027, 1, 17)


def _page(asked=None, day=None, first=TODAY):
    return page_for(first=first, last=LAST, asked=asked, day=day)


def test_the_page_begins_with_this_week():
    assert _page() == (THIS_WEEK, None, date(2026, 12, 21))


def test_it_begins_later_when_nothing_can_be_booked_before():
    assert _page(first=date(2026, 12, 30)) == (date(2026, 12, 28), None, None)


def test_it_shows_thirty_five_days():
    days = list(_page().days)

    assert (days[0], days[-1], len(days)) == (THIS_WEEK, date(2026, 12, 20), 35)


def test_any_day_of_a_week_asks_for_the_page_that_begins_with_it():
    assert _page(asked=date(2026, 12, 24)).first == date(2026, 12, 21)


def test_the_page_before_never_begins_before_this_week():
    assert _page(asked=date(2026, 12, 7)).earlier == THIS_WEEK


def test_there_is_no_page_after_the_last_day():
    assert _page(asked=date(2026, 12, 21)).later is None


@pytest.mark.parametrize(
    ("asked", "first"),
    [(date.min, THIS_WEEK), (date(2026, 11, 1), THIS_WEEK), (date.max, date(2027, 1, 11))],
)
def test_what_is_out_of_reach_becomes_the_nearest_page(asked, first):
    assert _page(asked=asked).first == first


def test_a_day_of_the_first_page_is_shown_there():
    assert _page(day=date(2026, 12, 20)).first == THIS_WEEK


def test_a_later_day_is_shown_on_the_page_that_begins_with_its_week():
    assert _page(day=date(2026, 12, 30)).first == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("free", "expected"),
    [(0, Tide.NONE), (1, Tide.FEW), (3, Tide.FEW), (4, Tide.SOME), (9, Tide.SOME), (10, Tide.MANY)],
)
def test_the_tide_mark_grows_with_what_is_free(free, expected):
    assert tide(free) == expected


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, Part.NIGHT), (5, Part.NIGHT), (6, Part.MORNING), (12, Part.AFTERNOON), (17, Part.EVENING)],
)
def test_parts_of_the_day(hour, part):
    assert part_of_day(hour) == part
