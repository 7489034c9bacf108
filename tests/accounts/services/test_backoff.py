"""Waits between tries."""

from datetime import timedelta

from accounts.services.backoff import wait_after

FIRST, LONGEST = timedelta(seconds=15), timedelta(hours=1)


def test_waits_double_up_to_the_longest_and_are_never_in_step():
    first, second, last = (
        {wait_after(tries, first=FIRST, longest=LONGEST) for _again in range(50)} for tries in (1, 2, 80)
    )

    assert timedelta(seconds=15) <= min(first) < max(first) <= timedelta(seconds=18)
    assert timedelta(seconds=30) <= min(second) < max(second) <= timedelta(seconds=36)
    assert last == {LONGEST}
