"""How the adapter takes what servers hand out of what they listed; the S numbers are those of docs/sync.md."""

import pytest

from integrations.ports import NotACalendarServer, TemporarilyUnavailable
from tests.integrations.providers.trial import TEN, WANTED, Trial, event
from tests.servers.fault_caldav import Withheld, faults

NAMES = ("a.ics", "b.ics", "c.ics", "d.ics")


@pytest.fixture
def trial(trial: Trial) -> Trial:
    trial.put(*NAMES)
    return trial


@pytest.mark.parametrize("way", [Withheld.NOT_FOUND, Withheld.LEFT_OUT], ids=str)
def test_object_that_was_listed_and_is_not_handed_out_is_missing_and_the_others_are_not(
    way: Withheld, trial: Trial
) -> None:
    """S16, S17: how long the cursor is held for it is decided elsewhere."""
    trial.quirks.withheld["b.ics"] = way

    fetched = trial.fetch(*NAMES)

    assert [found.key for found in fetched.events] == trial.keys("a.ics", "c.ics", "d.ics")
    assert fetched.missing == (trial.key("b.ics"),)


def test_object_the_server_cannot_read_yet_is_handed_out_later(trial: Trial) -> None:
    """S16: what was put just now is listed before it can be read."""
    trial.quirks.stale_reads = 1
    trial.provider.create(trial.url, WANTED)

    assert trial.fetch("our-uid.ics").missing == (trial.key("our-uid.ics"),)
    assert [found.uid for found in trial.fetch("our-uid.ics").events] == ["our-uid"]


@pytest.mark.parametrize("way", [Withheld.EMPTY, Withheld.WITHOUT_DATA], ids=str)
def test_object_handed_out_empty_is_asked_for_once_by_itself(way: Withheld, trial: Trial) -> None:
    """S18."""
    trial.quirks.withheld["b.ics"] = way

    fetched = trial.fetch(*NAMES)

    assert [found.key for found in fetched.events] == trial.keys(*NAMES)
    assert trial.methods() == ["REPORT", "GET"]


def test_object_handed_out_empty_and_not_found_by_itself_is_missing(trial: Trial) -> None:
    """S18."""
    trial.quirks.withheld["b.ics"] = Withheld.EMPTY
    trial.server.faults = faults.on("GET", faults.says(404))

    assert trial.fetch(*NAMES).missing == (trial.key("b.ics"),)


@pytest.mark.parametrize("way", [Withheld.FAILS_ALL, Withheld.TOO_LARGE], ids=str)
def test_batch_that_fails_is_halved_until_the_rest_is_there(way: Withheld, trial: Trial) -> None:
    """S19: the object that fails every batch is got by itself."""
    trial.quirks.withheld["b.ics"] = way

    fetched = trial.fetch(*NAMES)

    assert [found.key for found in fetched.events] == trial.keys(*NAMES)
    assert trial.methods() == ["REPORT", "REPORT", "REPORT", "REPORT", "GET", "REPORT"]


def test_object_that_fails_by_itself_too_is_missing_alone(trial: Trial) -> None:
    """S19."""
    trial.quirks.withheld["b.ics"] = Withheld.FAILS_ALL
    trial.server.faults = faults.always(faults.says(500), method="GET")

    fetched = trial.fetch(*NAMES)

    assert [found.key for found in fetched.events] == trial.keys("a.ics", "c.ics", "d.ics")
    assert fetched.missing == (trial.key("b.ics"),)


def test_server_that_fails_over_everything_is_left_after_a_few_tries(trial: Trial) -> None:
    """S19: no event is called missing for it."""
    names = [f"{number}.ics" for number in range(50)]
    trial.put(*names)
    trial.server.faults = faults.always(faults.says(500))

    with pytest.raises(TemporarilyUnavailable):
        trial.fetch(*names)

    assert len(trial.server.log) < 30


def test_server_without_multiget_is_asked_for_each_object(trial: Trial) -> None:
    """S19: its 403 is about the question, not about the calendar."""
    trial.quirks.knows_multiget = False

    fetched = trial.fetch(*NAMES)

    assert [found.key for found in fetched.events] == trial.keys(*NAMES)


def test_second_batch_that_fails_for_now_ends_the_fetching(trial: Trial) -> None:
    """S47: what was not asked for is not missing."""
    names = [f"{number}.ics" for number in range(60)]
    trial.put(*names)
    trial.server.faults = faults.on("REPORT", None, faults.busy("60"))

    with pytest.raises(TemporarilyUnavailable):
        trial.fetch(*names)


@pytest.mark.parametrize("fault", [faults.html(), faults.truncated(), faults.empty_body()], ids=lambda one: one.name)
def test_second_batch_that_is_no_answer_ends_the_fetching(fault: faults.Fault, trial: Trial) -> None:
    """S48."""
    names = [f"{number}.ics" for number in range(60)]
    trial.put(*names)
    trial.server.faults = faults.on("REPORT", None, fault)

    with pytest.raises(NotACalendarServer):
        trial.fetch(*names)


@pytest.mark.parametrize(
    "poison",
    [
        "not a calendar at all",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n",
        event("x", "DTSTART:yesterday"),
        event("x", "SUMMARY:No start"),
        event("x", "DTSTART:20261201T100000Z", "RRULE:FREQ=NEVER"),
    ],
)
def test_one_unreadable_object_among_five_hundred_harms_none_of_them(poison: str, trial: Trial) -> None:
    """S52."""
    names = [f"{number}.ics" for number in range(499)]
    trial.put(*names)
    trial.server.put(trial.calendar, "poison.ics", poison)

    fetched = trial.fetch(*names[:250], "poison.ics", *names[250:])

    bad = [found.key for found in fetched.events if found.unreadable]
    assert (len(fetched.events), bad, fetched.missing) == (500, [trial.key("poison.ics")], ())


def test_event_with_a_megabyte_of_notes_is_read_without_them(trial: Trial) -> None:
    """S53."""
    notes = "DESCRIPTION:" + "\r\n ".join(["private words"] * 80_000)
    trial.server.put(
        trial.calendar, "large.ics", event("large", "DTSTART:20261201T100000Z", "DTEND:20261201T110000Z", notes)
    )

    (found,) = trial.fetch("large.ics").events

    assert (found.uid, found.unreadable) == ("large", "")
    assert f"{TEN:%Y%m%dT%H%M%SZ}" in found.reduced
    assert "private words" not in found.reduced


def test_event_of_ten_thousand_lines_is_read(trial: Trial) -> None:
    """S53."""
    lines = ("DTSTART:20261201T100000Z", "DTEND:20261201T110000Z", *(f"X-LINE-{n}:{n}" for n in range(10_000)))
    trial.server.put(trial.calendar, "long.ics", event("long", *lines))

    (found,) = trial.fetch("long.ics").events

    assert (found.uid, found.unreadable) == ("long", "")
