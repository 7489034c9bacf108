"""How the adapter takes what servers do about logins, homes and waiting; the S numbers are those of docs/sync.md."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from integrations.ports import (
    AccessLost,
    Capability,
    CursorExpired,
    Gone,
    Home,
    LoginRefused,
    NotACalendarServer,
    NotAllowed,
    TemporarilyUnavailable,
    Unreachable,
)
from integrations.providers.transport.connection import ConnectionLost
from tests.integrations.providers.trial import WANTED, Trial
from tests.servers.fault_caldav import Ending, Fault, faults

Ask = Callable[[Trial], object]

PARTITION = "https://p42-calendars.example.com"

QUESTIONS: dict[str, Ask] = {
    "find_home": lambda trial: trial.provider.find_home(),
    "list_calendars": lambda trial: trial.provider.list_calendars(home_of(trial)),
    "list_changes": lambda trial: trial.changes(),
    "list_changes since": lambda trial: trial.changes(since=trial.calendar.token),
    "fetch": lambda trial: trial.fetch("a.ics"),
    "read": lambda trial: trial.provider.read(f"{trial.url}a.ics"),
}
WRITES: dict[str, Ask] = {
    "create": lambda trial: trial.provider.create(trial.url, WANTED),
    "delete": lambda trial: trial.provider.delete(f"{trial.url}a.ics", etag=trial.calendar.objects["a.ics"].etag),
}
EVERYTHING_ASKED = pytest.mark.parametrize("ask", [pytest.param(ask, id=name) for name, ask in QUESTIONS.items()])
EVERYTHING = pytest.mark.parametrize(
    "ask", [pytest.param(ask, id=name) for name, ask in {**QUESTIONS, **WRITES}.items()]
)


def home_of(trial: Trial) -> Home:
    return Home(trial.server.origin + trial.server.href(trial.login.home))


@pytest.fixture
def trial(trial: Trial) -> Trial:
    trial.put("a.ics")
    return trial


@EVERYTHING
def test_refused_login_is_said_at_once_and_never_repeated(ask: Ask, trial: Trial) -> None:
    """S1."""
    trial.login.password = "another one now"

    with pytest.raises(LoginRefused):
        ask(trial)

    assert len(trial.server.log) == 1


@EVERYTHING
def test_login_refused_once_works_when_it_is_asked_again(ask: Ask, trial: Trial) -> None:
    """S2: the adapter remembers nothing; whether to ask again is decided elsewhere."""
    trial.server.faults = faults.one_by_one([faults.says(401)])
    with pytest.raises(LoginRefused):
        ask(trial)

    ask(trial)


@pytest.mark.parametrize("since", ["", "old"])
def test_calendar_that_may_no_longer_be_read_concerns_this_calendar_alone(since: str, trial: Trial) -> None:
    """S3."""
    other = trial.server.add_calendar(trial.login, "Private")
    trial.calendar.readable = False

    with pytest.raises(AccessLost):
        trial.changes(since)

    assert trial.provider.list_changes(trial.server.url_of(other), since="").complete
    assert len(trial.provider.list_calendars(home_of(trial))) == 2


def test_deleted_calendar_is_gone_while_the_home_lists_the_others(trial: Trial) -> None:
    """S34."""
    since = trial.changes().cursor
    trial.server.add_calendar(trial.login, "Private")
    trial.server.remove_calendar(trial.calendar)

    for token in (since, ""):
        with pytest.raises(Gone):
            trial.changes(token)

    assert [one.name for one in trial.provider.list_calendars(home_of(trial))] == ["Private"]


def test_home_that_moved_is_gone_and_found_again(trial: Trial) -> None:
    """S35: from the entrance, with the same calendars in it."""
    old = trial.provider.find_home()
    trial.server.move_home(trial.login, "/other/partition/")

    with pytest.raises(Gone):
        trial.provider.list_calendars(old)
    new = trial.provider.find_home()

    assert new.url == f"{trial.server.origin}/other/partition/"
    assert [one.name for one in trial.provider.list_calendars(new)] == ["Work"]


def test_renamed_and_recoloured_calendar_has_the_same_key(trial: Trial) -> None:
    """S43."""
    (before,) = trial.provider.list_calendars(home_of(trial))
    trial.calendar.title, trial.calendar.colour = "Salon <2> & more", "#FF0000FF"

    (after,) = trial.provider.list_calendars(home_of(trial))

    assert (after.key, after.url, after.token) == (before.key, before.url, before.token)
    assert (after.name, after.colour) == ("Salon <2> & more", "#ff0000")


def test_calendar_made_again_at_its_old_place_does_not_go_on_from_the_old_cursor(trial: Trial) -> None:
    """S44."""
    since = trial.changes().cursor
    trial.server.remove_calendar(trial.calendar)
    trial.calendar = trial.server.add_calendar(trial.login, "Work")
    trial.put("new.ics")

    with pytest.raises(CursorExpired):
        trial.changes(since)

    fresh = trial.changes()
    assert ([listed.key for listed in fresh.present], fresh.complete) == (trial.keys("new.ics"), True)


def test_calendar_that_became_a_subscription_says_so(trial: Trial) -> None:
    """S45: asking it for its events would look like an empty calendar."""
    trial.calendar.subscribed = True

    (listed,) = trial.provider.list_calendars(home_of(trial))

    assert listed.capability is Capability.SUBSCRIBED


def test_calendar_that_takes_no_events_any_more_says_so(trial: Trial) -> None:
    """S45."""
    trial.calendar.components = ("VTODO",)

    (listed,) = trial.provider.list_calendars(home_of(trial))

    assert listed.capability is Capability.NO_EVENTS


def test_server_silent_about_privileges_may_be_written_to_until_it_refuses(trial: Trial) -> None:
    """S54."""
    trial.quirks.tells_privileges = False
    trial.calendar.writable = False

    (listed,) = trial.provider.list_calendars(home_of(trial))

    assert listed.capability is Capability.WRITE
    with pytest.raises(AccessLost):
        trial.provider.create(trial.url, WANTED)


@pytest.mark.parametrize(
    ("named", "date", "wait"),
    [
        ("90", "", timedelta(seconds=90)),
        ("0", "", timedelta(0)),
        ("Tue, 01 Dec 2026 10:05:00 GMT", "Tue, 01 Dec 2026 10:00:00 GMT", timedelta(minutes=5)),
        ("Tue, 01 Dec 2026 09:00:00 GMT", "Tue, 01 Dec 2026 10:00:00 GMT", None),
        ("999999999999999999999", "", timedelta(days=1)),
        ("-60", "", None),
        ("1e3", "", None),
        ("soon", "", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
@EVERYTHING
def test_server_that_wants_to_be_left_alone_says_for_how_long(
    ask: Ask, status: int, named: str, date: str, wait: timedelta | None, trial: Trial
) -> None:
    """S46: within a day; the pause for the whole login is clamped by who schedules."""
    trial.server.faults = faults.always(faults.busy(named, status=status, date=date))

    with pytest.raises(TemporarilyUnavailable) as raised:
        ask(trial)

    assert raised.value.retry_after == wait
    assert len(trial.server.log) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 502, 503, 504])
@EVERYTHING
def test_failure_without_a_word_about_waiting_is_worth_another_try(ask: Ask, status: int, trial: Trial) -> None:
    """S47."""
    trial.server.faults = faults.always(faults.says(status))

    with pytest.raises(TemporarilyUnavailable) as raised:
        ask(trial)

    assert raised.value.retry_after is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.lost_before(), ConnectionLost),
        (faults.lost_after(), ConnectionLost),
        (faults.ends(Ending.CUT_IN_HEAD), ConnectionLost),
        (faults.ends(Ending.CUT_IN_BODY), ConnectionLost),
        (faults.timed_out(), Unreachable),
        (faults.ends(Ending.DRIP), Unreachable),
    ],
    ids=str,
)
@EVERYTHING
def test_answer_that_does_not_arrive_whole_is_none(
    ask: Ask, fault: Fault, error: type[TemporarilyUnavailable], trial: Trial
) -> None:
    """S47."""
    trial.server.faults = faults.always(fault)

    with pytest.raises(error):
        ask(trial)


@pytest.mark.parametrize(
    "fault",
    [
        faults.html(),
        faults.empty_body(),
        faults.empty_body(200),
        faults.truncated(),
        faults.wrong_namespace(),
        faults.compressed(),
    ],
    ids=lambda fault: fault.name,
)
@pytest.mark.parametrize("ask", [pytest.param(ask, id=name) for name, ask in QUESTIONS.items() if name != "read"])
def test_answer_that_is_not_one_is_never_read_as_no_events(ask: Ask, fault: Fault, trial: Trial) -> None:
    """S48: a captive page, a notice of maintenance, half an answer."""
    trial.server.faults = faults.always(fault)

    with pytest.raises(NotACalendarServer):
        ask(trial)


@pytest.mark.parametrize("name", ["find_home", "list_calendars", "list_changes", "list_changes since"])
def test_listing_with_bytes_of_no_encoding_is_none(name: str, trial: Trial) -> None:
    """S48: a place of which a byte is lost is another place."""
    trial.server.faults = faults.always(faults.bad_bytes())

    with pytest.raises(NotACalendarServer):
        QUESTIONS[name](trial)


def test_page_in_the_place_of_an_object_does_not_mean_that_it_is_gone(trial: Trial) -> None:
    """S48."""
    trial.server.faults = faults.always(faults.html())

    with pytest.raises(NotACalendarServer):
        trial.provider.read(f"{trial.url}a.ics")


def test_home_on_a_foreign_server_is_refused_before_it_sees_the_credentials(trial: Trial) -> None:
    """S50."""
    trial.login.home_server = "https://calendars.example.net"

    with pytest.raises(NotAllowed):
        trial.provider.find_home()

    asked = [logged.path for logged in trial.server.log]
    assert asked == ["/", trial.server.href(trial.login.principal)]


def test_home_on_a_sister_server_is_used(trial: Trial) -> None:
    """S50: the other half, as iCloud names a partition."""
    trial.also_at(PARTITION)
    trial.login.home_server = PARTITION

    home = trial.provider.find_home()

    (listed,) = trial.provider.list_calendars(home)
    assert listed.url.startswith(PARTITION)
    assert len(trial.provider.list_changes(listed.url, since="").present) == 1
