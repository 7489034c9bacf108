"""Hidden starts: always the same ones, as many as asked for (A9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.look_busy import hides
from availability.core.rules import ReasonCode

QUARTERS_OF_A_YEAR = range(1_924_992_000, 1_924_992_000 + 365 * 86_400, 900)
calendars = st.integers(1, 2**31)
starts = st.integers(0, 2**32)


@pytest.mark.parametrize("percent", [5, 30, 50, 90])
@pytest.mark.parametrize("calendar", [1, 2, 4711])
def test_about_the_share_asked_for_is_hidden(calendar, percent):
    hidden = sum(hides(calendar, start, percent) for start in QUARTERS_OF_A_YEAR)

    assert hidden / len(QUARTERS_OF_A_YEAR) == pytest.approx(percent / 100, abs=0.01)


def test_what_is_hidden_is_the_same_in_every_process_and_release():
    """Another hash would reshuffle every page. Worked out with ``printf 1:1924992000 | b2sum -l 64`` modulo 100."""
    day = QUARTERS_OF_A_YEAR[:96]

    hidden = [day.index(start) for start in day if hides(1, start, 10)]

    assert hidden == [0, 2, 16, 35, 40, 45, 49, 54, 70, 90, 92]


def test_two_calendars_hide_different_starts():
    day = QUARTERS_OF_A_YEAR[:96]

    assert [start for start in day if hides(1, start, 50)] != [start for start in day if hides(2, start, 50)]


@given(calendars, starts)
def test_nothing_is_hidden_at_nought_per_cent_and_everything_at_a_hundred(calendar, start):
    assert (hides(calendar, start, 0), hides(calendar, start, 100)) == (False, True)


@given(calendars, starts, st.integers(0, 100), st.integers(0, 100))
def test_what_a_small_share_hides_a_larger_one_hides_as_well(calendar, start, some, more):
    assert hides(calendar, start, min(some, more)) <= hides(calendar, start, max(some, more))


def test_look_busy_hides_and_does_not_forbid():
    """A10: LOOK_BUSY."""
    assert not ReasonCode.LOOK_BUSY.forbids
