"""The same faults byte by byte, through the guarded transport; the S numbers are those of docs/sync.md."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from integrations.ports import (
    AlreadyExists,
    Credentials,
    NotACalendarServer,
    ProviderError,
    TemporarilyUnavailable,
    Unreachable,
)
from integrations.providers.caldav.adapter import CalDAVProvider
from integrations.providers.transport.connection import AnswerTooLarge, ConnectionLost
from integrations.providers.transport.policy import ServerPolicy
from integrations.providers.transport.session import GuardedSession
from tests.integrations.providers.trial import WANTED, Trial
from tests.servers.fault_caldav import Ending, Fault, HttpFront, faults

Connect = Callable[..., HttpFront]


@pytest.fixture
def connect(trial: Trial) -> Iterator[Connect]:
    """Puts the trial's server on loopback and its provider in front of it."""
    with ExitStack() as stack:

        def connected(*, altogether: float | None = None) -> HttpFront:
            front = stack.enter_context(HttpFront(trial.server))
            total = None if altogether is None else timedelta(seconds=altogether)
            policy = ServerPolicy(allowed_private=(front.netloc,), altogether=total)
            credentials = Credentials(front.url, trial.login.username, trial.login.password)
            trial.provider = CalDAVProvider(credentials, GuardedSession(front.url, policy))
            stack.callback(trial.provider.close)
            return front

        trial.put("a.ics")
        yield connected


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.lost_before(), ConnectionLost),
        (faults.ends(Ending.CUT_IN_HEAD), ConnectionLost),
        (faults.ends(Ending.CUT_IN_BODY), ConnectionLost),
        (faults.html(), NotACalendarServer),
        (faults.empty_body(), NotACalendarServer),
        (faults.nothing_listed(), NotACalendarServer),
        (faults.truncated(), NotACalendarServer),
        (faults.compressed(), NotACalendarServer),
        (faults.deep(), NotACalendarServer),
    ],
    ids=str,
)
def test_calendar_is_never_taken_for_empty_because_its_answer_is_broken(
    fault: Fault, error: type[ProviderError], trial: Trial, connect: Connect
) -> None:
    """S47, S48, S49, S51."""
    connect()
    trial.server.faults = faults.always(fault)

    with pytest.raises(error):
        trial.changes()

    trial.server.faults = lambda _request: None
    assert [listed.key for listed in trial.changes().present] == trial.keys("a.ics")


@pytest.mark.parametrize("ending", [Ending.DRIP, Ending.SILENCE], ids=str)
def test_server_that_keeps_us_waiting_is_left_when_the_time_is_up(
    ending: Ending, trial: Trial, connect: Connect
) -> None:
    """S51: however many bytes it sends meanwhile."""
    connect(altogether=0.5)
    trial.server.faults = faults.always(faults.ends(ending))

    with pytest.raises(Unreachable):
        trial.changes()


def test_answer_of_fifty_megabytes_is_cut_off(trial: Trial, connect: Connect) -> None:
    """S51."""
    connect()
    trial.server.faults = faults.always(faults.huge())

    with pytest.raises(AnswerTooLarge):
        trial.changes()


def test_connection_closed_without_a_word_is_opened_again_for_the_next_question(trial: Trial, connect: Connect) -> None:
    """S47: kept connections end at any time."""
    front = connect()
    trial.server.faults = faults.always(faults.ends(Ending.GOODBYE))

    for _ in range(5):
        assert len(trial.changes().present) == 1

    assert front.connections == len(trial.server.log) == 5


def test_writing_whose_answer_is_cut_is_not_sent_again_by_the_transport(trial: Trial, connect: Connect) -> None:
    """S25."""
    connect()
    trial.changes()
    trial.server.faults = faults.on("PUT", faults.ends(Ending.CUT_IN_HEAD))

    with pytest.raises(TemporarilyUnavailable):
        trial.provider.create(trial.url, WANTED)
    assert trial.server.counts["PUT"] == 1
    with pytest.raises(AlreadyExists):
        trial.provider.create(trial.url, WANTED)


def test_one_connection_serves_all_questions_of_an_honest_server(trial: Trial, connect: Connect) -> None:
    """The other half of S47."""
    front = connect()

    trial.provider.list_calendars(trial.provider.find_home())
    trial.fetch(*(listed.key.rpartition("/")[2] for listed in trial.changes().present))

    assert front.connections == 1
    assert trial.server.max_inflight == {trial.login.username: 1}
