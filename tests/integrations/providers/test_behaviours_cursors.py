"""How the adapter goes on from a cursor: tokens that die, and pages; the S numbers are those of docs/sync.md."""

import pytest

from integrations.ports import CursorExpired
from tests.integrations.providers.trial import Trial
from tests.servers.fault_caldav import Forgotten, faults


@pytest.mark.parametrize(
    "way", [Forgotten.PRECONDITION_403, Forgotten.PRECONDITION_409, Forgotten.PRECONDITION_412], ids=str
)
def test_token_that_died_by_the_book_is_followed_by_a_full_listing_with_the_same_etags(
    way: Forgotten, trial: Trial
) -> None:
    """S4: so that only what really changed needs fetching."""
    trial.put("a.ics", "b.ics")
    before = trial.changes()
    trial.put("b.ics")
    trial.quirks.unknown_token = way
    trial.server.forget_tokens(trial.calendar)

    with pytest.raises(CursorExpired):
        trial.changes(before.cursor)
    after = trial.changes()

    assert after.complete
    assert set(before.present) & set(after.present) == {one for one in before.present if one.key == trial.key("a.ics")}


@pytest.mark.parametrize("way", [Forgotten.BARE_403, Forgotten.BARE_410, Forgotten.BARE_500], ids=str)
def test_token_that_died_without_a_word_has_died_if_the_calendar_can_be_looked_at(way: Forgotten, trial: Trial) -> None:
    """S5."""
    since = trial.changes().cursor
    trial.quirks.unknown_token = way
    trial.server.forget_tokens(trial.calendar)
    trial.server.forget_log()

    with pytest.raises(CursorExpired):
        trial.changes(since)

    assert trial.methods() == ["REPORT", "PROPFIND"]


def test_dead_token_answered_with_everything_names_each_object_with_the_etag_it_had(trial: Trial) -> None:
    """S6: nothing is new, nothing is gone, and the next cursor works."""
    trial.put("a.ics", "b.ics")
    before = trial.changes()
    trial.quirks.unknown_token = Forgotten.EVERYTHING
    trial.server.forget_tokens(trial.calendar)

    after = trial.changes(before.cursor)

    assert (after.present, after.gone, after.complete) == (before.present, (), False)
    assert trial.changes(after.cursor).present == ()


def test_dead_token_answered_with_nothing_is_healed_by_a_full_listing_only(trial: Trial) -> None:
    """S7: why there is one every night."""
    trial.put("a.ics")
    since = trial.changes().cursor
    trial.put("b.ics")
    trial.quirks.unknown_token = Forgotten.NOTHING
    trial.server.forget_tokens(trial.calendar)

    blind = trial.changes(since)

    assert (blind.present, blind.gone) == ((), ())
    assert [listed.key for listed in trial.changes().present] == trial.keys("a.ics", "b.ics")


@pytest.mark.parametrize("pages", [1, 2, 5, 6, 7])
def test_pages_of_a_first_listing_are_read_to_the_last(pages: int, trial: Trial) -> None:
    """S8."""
    names = [f"{number}.ics" for number in range(6)]
    trial.put(*names)
    trial.quirks.page = pages

    changes = trial.changes()

    assert [listed.key for listed in changes.present] == trial.keys(*names)
    assert (changes.cursor, changes.complete) == (trial.calendar.token, True)


def test_pages_of_changes_are_read_to_the_last_with_what_is_gone_among_them(trial: Trial) -> None:
    """S8."""
    trial.put("a.ics", "b.ics", "c.ics")
    since = trial.changes().cursor
    trial.server.remove(trial.calendar, "a.ics")
    trial.put("c.ics", "d.ics")
    trial.server.remove(trial.calendar, "b.ics")
    trial.quirks.page = 1

    changes = trial.changes(since)

    assert [listed.key for listed in changes.present] == trial.keys("c.ics", "d.ics")
    assert changes.gone == tuple(trial.keys("a.ics", "b.ics"))


def test_object_that_changes_between_two_pages_is_named_once_as_it_is_last(trial: Trial) -> None:
    """S8."""
    trial.put("a.ics", "b.ics")
    trial.quirks.page = 1
    trial.server.faults = faults.on("REPORT", None, faults.meanwhile(lambda: trial.put("a.ics")))

    changes = trial.changes()

    assert {listed.key: listed.etag for listed in changes.present} == {
        trial.key(name): trial.calendar.objects[name].etag for name in ("a.ics", "b.ics")
    }


def test_pages_that_never_move_on_end_the_reading_of_changes(trial: Trial) -> None:
    """S9: nothing is taken as read; a listing without pages is what is left."""
    since = trial.changes().cursor
    trial.put("a.ics", "b.ics", "c.ics")
    trial.quirks.page, trial.quirks.page_never_moves = 1, True
    trial.server.forget_log()

    with pytest.raises(CursorExpired):
        trial.changes(since)
    first = trial.changes()

    assert ([listed.key for listed in first.present], first.cursor) == (trial.keys("a.ics", "b.ics", "c.ics"), "")
    assert len(trial.server.log) < 8


def test_change_a_server_keeps_to_itself_is_healed_by_a_full_listing_only(trial: Trial) -> None:
    """S7: the same as for a token it does not know."""
    trial.put("a.ics")
    since = trial.changes().cursor
    trial.put("b.ics")
    trial.quirks.overlooked = frozenset({"b.ics"})

    assert trial.changes(since).present == ()
    assert [listed.key for listed in trial.changes().present] == trial.keys("a.ics", "b.ics")
