"""Waits between tries."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from integrations.ports import TemporarilyUnavailable
from integrations.sync.backoff import FIRST_LOOK, LONGEST, pause_asked_for, wait_after, wait_for

SECONDS = st.integers(min_value=-(10**9), max_value=10**9)


@given(st.integers(min_value=0, max_value=10**6))
def test_a_wait_is_never_shorter_than_the_first_nor_longer_than_two_hours(attempts: int) -> None:
    assert FIRST_LOOK <= wait_after(attempts, first=FIRST_LOOK) <= LONGEST


@given(SECONDS)
def test_what_a_server_asks_for_is_kept_to_between_a_minute_and_two_hours(seconds: int) -> None:
    asked = timedelta(seconds=seconds)
    wait = wait_for(TemporarilyUnavailable("Slow down.", retry_after=asked), 1)

    assert timedelta(minutes=1) <= wait <= timedelta(hours=2)
    assert wait >= min(asked, timedelta(hours=2))


def test_a_server_that_asks_for_nothing_gets_no_pause() -> None:
    assert pause_asked_for(TemporarilyUnavailable("No answer.")) is None
