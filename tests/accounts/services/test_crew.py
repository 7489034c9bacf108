"""Threads for slow servers."""

import threading
from datetime import timedelta

import pytest

from accounts.services.crew import Crew, wait_for

LONG = timedelta(seconds=30)


def test_no_more_work_is_taken_than_there_are_threads() -> None:
    crew, go_on = Crew(2), threading.Event()
    threads = [crew.start(name, go_on.wait) for name in ("a", "b", "c")]
    free = crew.free()
    go_on.set()
    wait_for(threads, within=LONG)

    assert ([thread is not None for thread in threads], free, crew.free()) == ([True, True, False], 0, 2)


def test_the_same_work_is_not_started_twice() -> None:
    crew, go_on = Crew(2), threading.Event()
    threads = [crew.start("a", go_on.wait) for _twice in range(2)]
    go_on.set()
    wait_for(threads, within=LONG)

    assert [thread is not None for thread in threads] == [True, False]


def test_work_asked_for_while_it_is_done_is_done_once_more() -> None:
    crew, started, go_on = Crew(1), threading.Event(), threading.Event()
    done: list[int] = []

    def work() -> None:
        started.set()
        go_on.wait(30)
        done.append(1)

    first = crew.start_or_repeat("a", work)
    started.wait(30)
    again = [crew.start_or_repeat("a", work) for _thrice in range(3)]
    go_on.set()
    wait_for([first, *again], within=LONG)

    assert (len(done), crew.free()) == (2, 1)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_fails_makes_room() -> None:
    crew = Crew(1)

    def fails() -> None:
        raise ZeroDivisionError

    wait_for([crew.start("a", fails)], within=LONG)

    assert crew.free() == 1


def test_waiting_ends_though_the_work_goes_on() -> None:
    crew, go_on = Crew(1), threading.Event()
    thread = crew.start("a", go_on.wait)

    wait_for([thread], within=timedelta(milliseconds=10))

    assert crew.free() == 0
    go_on.set()
    wait_for([thread], within=LONG)
