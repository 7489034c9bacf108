"""How the adapter takes what servers say about what moved; the S numbers are those of docs/sync.md."""

import pytest

from integrations.ports import CursorExpired, NotACalendarServer
from tests.integrations.providers.trial import Trial
from tests.servers.fault_caldav import Etags, faults
from tests.servers.fault_caldav.quirks import Spelling, absolute, doubled_slash, encoded_otherwise, without_encoding

PARTITION = "https://p42-calendars.example.com"


@pytest.mark.parametrize("first", [True, False])
def test_object_the_server_has_no_room_to_tell_of_is_fetched_and_its_neighbours_are_as_ever(
    first: bool, trial: Trial
) -> None:
    """S10."""
    since = trial.changes().cursor
    trial.put("a.ics", "large.ics")
    trial.quirks.failing_members = frozenset({"large.ics"})

    changes = trial.changes("" if first else since)

    assert {listed.key: listed.etag for listed in changes.present} == {
        trial.key("a.ics"): trial.calendar.objects["a.ics"].etag,
        trial.key("large.ics"): "",
    }


def test_no_listing_is_ever_asked_to_stop_short(trial: Trial) -> None:
    """S11: a server told a limit may cut its answer without saying so."""
    asked: list[bytes] = []
    trial.server.faults = lambda request: asked.append(request.body)

    trial.changes(trial.changes().cursor)

    assert len(asked) > 1
    assert not any(b"limit" in body or b"nresults" in body for body in asked)


def test_listing_that_was_cut_without_a_word_is_healed_by_the_next(trial: Trial) -> None:
    """S11."""
    trial.put("a.ics", "b.ics")
    before = trial.changes()
    trial.server.faults = faults.one_by_one([faults.only_first_rows(1)])

    assert len(trial.changes().present) == 1
    assert trial.changes().present == before.present


@pytest.mark.parametrize("first", [True, False])
def test_collection_and_repeated_rows_make_no_objects(first: bool, trial: Trial) -> None:
    """S12, S13."""
    trial.put("old.ics")
    since = trial.changes().cursor
    trial.put("a.ics")
    trial.server.remove(trial.calendar, "old.ics")
    trial.quirks.names_collection = trial.quirks.repeats = True

    changes = trial.changes("" if first else since)

    assert [listed.key for listed in changes.present] == trial.keys("a.ics")
    assert changes.gone == (() if first else tuple(trial.keys("old.ics")))


def test_object_named_as_changed_and_as_gone_is_there(trial: Trial) -> None:
    """S13."""
    since = trial.changes().cursor
    trial.put("a.ics")
    trial.server.faults = faults.always(faults.also_gone(trial.server.href(trial.calendar.path + "a.ics")))

    changes = trial.changes(since)

    assert ([listed.key for listed in changes.present], changes.gone) == (trial.keys("a.ics"), ())


def test_objects_a_first_listing_calls_gone_are_no_news(trial: Trial) -> None:
    """S14."""
    trial.put("a.ics")
    trial.quirks.ghosts = ("ghost.ics", "a.ics")

    changes = trial.changes()

    assert ([listed.key for listed in changes.present], changes.gone) == (trial.keys("a.ics"), ())


@pytest.mark.parametrize(
    "spell", [absolute("https://calendars.example.com"), doubled_slash, encoded_otherwise, without_encoding]
)
def test_object_is_the_same_however_its_place_is_spelled(spell: Spelling, trial: Trial) -> None:
    """S15: in listings and in what is fetched."""
    names = ("a@b.ics", "c d.ics", "ü+.ics", "50%.ics")
    trial.put(*names)
    before = trial.changes()
    trial.quirks.spell = spell

    after = trial.changes()
    fetched = trial.provider.fetch(trial.url, after.present)

    assert [(one.key, one.etag) for one in after.present] == [(one.key, one.etag) for one in before.present]
    assert [event.key for event in fetched.events] == trial.keys(*names)
    assert trial.provider.fetch(trial.url, before.present).missing == ()


def test_object_on_a_sister_server_is_the_same_and_one_on_a_foreign_server_is_none(trial: Trial) -> None:
    """S15."""
    trial.put("a.ics")
    before = trial.changes()

    trial.quirks.spell = absolute(PARTITION)
    foreign = trial.provider.list_changes(trial.url, since=trial.calendar.token_at(0))
    trial.also_at(PARTITION)
    sister = trial.changes()

    assert foreign.present == ()
    assert [(one.key, one.etag) for one in sister.present] == [(one.key, one.etag) for one in before.present]


def test_object_without_an_etag_is_listed_to_be_fetched_each_time(trial: Trial) -> None:
    """S21."""
    trial.put("a.ics")
    trial.quirks.etags = Etags.NONE

    (listed,) = trial.changes().present
    (event,) = trial.provider.fetch(trial.url, [listed]).events

    assert (listed.etag, event.etag, event.uid) == ("", "", "a")


def test_weak_etag_is_kept_as_it_is(trial: Trial) -> None:
    """S22: the same in a listing and with the object."""
    trial.put("a.ics")
    trial.quirks.etags = Etags.WEAK

    (listed,) = trial.changes().present
    (event,) = trial.provider.fetch(trial.url, [listed]).events
    read = trial.provider.read(listed.url)

    weak = f"W/{trial.calendar.objects['a.ics'].etag}"
    assert read is not None
    assert (listed.etag, event.etag, read.etag) == (weak, weak, weak)


def test_report_that_lists_nothing_is_not_believed_when_the_calendar_lists_something(trial: Trial) -> None:
    """S49."""
    trial.put("a.ics")
    trial.server.faults = faults.always(faults.nothing_listed(), method="REPORT")

    changes = trial.changes()

    assert ([listed.key for listed in changes.present], changes.complete) == (trial.keys("a.ics"), True)


def test_listing_that_names_nothing_at_all_is_nonsense(trial: Trial) -> None:
    """S49: an empty calendar would at least name itself."""
    trial.put("a.ics")
    trial.server.faults = faults.always(faults.nothing_listed())

    with pytest.raises(NotACalendarServer):
        trial.changes()


def test_answer_about_changes_without_changes_and_without_a_cursor_is_not_taken_for_silence(trial: Trial) -> None:
    """S49: what a server says that has not understood the question."""
    since = trial.changes().cursor
    trial.put("a.ics")
    trial.server.faults = faults.one_by_one([faults.nothing_listed()])

    with pytest.raises(CursorExpired):
        trial.changes(since)

    assert [listed.key for listed in trial.changes().present] == trial.keys("a.ics")


def test_calendar_that_is_empty_is_believed_when_both_ways_of_asking_agree(trial: Trial) -> None:
    """S49: the other half."""
    trial.put("a.ics")
    trial.server.remove(trial.calendar, "a.ics")

    changes = trial.changes()

    assert (changes.present, changes.complete, changes.cursor) == ((), True, trial.calendar.token)


def test_server_without_sync_tells_by_a_listing(trial: Trial) -> None:
    """The other half of S4: nothing to go on from."""
    trial.put("a.ics")
    trial.quirks.knows_sync = False

    changes = trial.changes()

    assert ([listed.key for listed in changes.present], changes.cursor) == (trial.keys("a.ics"), "")


def test_object_called_gone_by_mistake_can_still_be_read(trial: Trial) -> None:
    """S38: why a deletion of ours counts only when the object itself says so."""
    trial.put("a.ics")
    trial.quirks.phantoms = frozenset({"a.ics"})

    changes = trial.changes(trial.calendar.token)

    assert changes.gone == (trial.key("a.ics"),)
    assert trial.provider.read(f"{trial.url}a.ics") is not None
