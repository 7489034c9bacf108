"""How the adapter takes what servers make of what we write; the S numbers are those of docs/sync.md."""

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from integrations.ports import (
    AccessLost,
    AlreadyExists,
    ChangedMeanwhile,
    FetchedEvent,
    Gone,
    Refused,
    TemporarilyUnavailable,
    Written,
)
from tests.integrations.providers.trial import HOUR, TEN, WANTED, Trial, event
from tests.servers.fault_caldav import Etags, Fault, UidScope, faults
from tests.servers.fault_caldav.rewriting import into_zone, other_order, stamped, without_extensions

OURS = "our-uid.ics"
LATER = replace(WANTED, starts_at=TEN + HOUR, ends_at=TEN + 2 * HOUR, sequence=1)


@pytest.fixture
def written(trial: Trial) -> Written:
    return trial.provider.create(trial.url, WANTED)


def ours(trial: Trial) -> FetchedEvent:
    found = trial.provider.find(trial.url, WANTED.uid)
    assert found is not None
    return found


def stands_at(trial: Trial) -> list[object]:
    """From when to when our event lasts, as it is read back."""
    seen = trial.provider.describe(ours(trial).reduced, uid=WANTED.uid, zone=ZoneInfo("Europe/Berlin"))
    return [seen.starts_at, seen.ends_at]


def etag_there(trial: Trial) -> str:
    return trial.calendar.objects[OURS].etag


def test_etag_that_is_not_told_after_writing_is_not_made_up_and_comes_with_the_event_when_it_is_read(
    trial: Trial,
) -> None:
    """S23: what lies there by now may be somebody else's version already."""
    trial.quirks.etag_after_put = False

    first = trial.provider.create(trial.url, WANTED)
    second = trial.provider.replace(first.url, LATER, etag=ours(trial).etag, written=WANTED)

    assert (first.etag, second.etag) == ("", "")
    assert stands_at(trial) == [LATER.starts_at, LATER.ends_at]
    assert ours(trial).etag == etag_there(trial)


def test_server_that_never_tells_an_etag_can_still_be_written_to(trial: Trial) -> None:
    """S23: then the event must stand as we wrote it."""
    trial.quirks.etags = Etags.NONE
    first = trial.provider.create(trial.url, WANTED)

    trial.provider.replace(first.url, LATER, etag=first.etag, written=WANTED)
    assert stands_at(trial) == [LATER.starts_at, LATER.ends_at]
    with pytest.raises(ChangedMeanwhile):
        trial.provider.replace(first.url, WANTED, etag="", written=WANTED)

    assert stands_at(trial) == [LATER.starts_at, LATER.ends_at]


@pytest.mark.parametrize("rewrite", [other_order, into_zone("Europe/Berlin"), without_extensions, stamped])
def test_event_the_server_rewrote_still_stands_as_we_want_it_and_can_be_written_again(
    rewrite: Callable[[str], str], trial: Trial
) -> None:
    """S24: against the etag of what the server made of it."""
    trial.quirks.rewrite = rewrite

    first = trial.provider.create(trial.url, WANTED)
    assert stands_at(trial) == [WANTED.starts_at, WANTED.ends_at]
    trial.provider.replace(first.url, LATER, etag=ours(trial).etag, written=WANTED)

    assert stands_at(trial) == [LATER.starts_at, LATER.ends_at]
    assert ours(trial).etag == etag_there(trial)


@pytest.mark.parametrize(
    "fault",
    [faults.lost_after(), faults.timed_out(), *(faults.says(status, applied=True) for status in (500, 502, 503, 504))],
    ids=lambda fault: fault.name,
)
def test_event_that_was_stored_although_nobody_said_so_is_found_by_the_second_try(fault: Fault, trial: Trial) -> None:
    """S25."""
    trial.server.faults = faults.on("PUT", fault)
    with pytest.raises(TemporarilyUnavailable):
        trial.provider.create(trial.url, WANTED)

    with pytest.raises(AlreadyExists):
        trial.provider.create(trial.url, WANTED)

    assert stands_at(trial) == [WANTED.starts_at, WANTED.ends_at]
    assert list(trial.calendar.objects) == [OURS]


def test_creation_that_never_arrived_succeeds_the_second_time(trial: Trial) -> None:
    """S25: the other half."""
    trial.server.faults = faults.on("PUT", faults.lost_before())
    with pytest.raises(TemporarilyUnavailable):
        trial.provider.create(trial.url, WANTED)

    trial.provider.create(trial.url, WANTED)

    assert list(trial.calendar.objects) == [OURS]


def test_place_that_is_taken_is_never_written_over(trial: Trial) -> None:
    """S26: by another event too."""
    trial.server.put(trial.calendar, OURS, event("theirs"))

    with pytest.raises(AlreadyExists):
        trial.provider.create(trial.url, WANTED)

    assert trial.calendar.objects[OURS].text.decode() == event("theirs")
    assert ours(trial).uid == "theirs"


@pytest.mark.parametrize("status", [403, 409, 412])
@pytest.mark.parametrize("scope", [UidScope.CALENDAR, UidScope.LOGIN], ids=str)
def test_identity_the_server_has_elsewhere_is_named_with_its_place(scope: UidScope, status: int, trial: Trial) -> None:
    """S27."""
    other = trial.server.add_calendar(trial.login, "Private")
    holder = trial.calendar if scope is UidScope.CALENDAR else other
    trial.server.put(holder, "a name of its own.ics", event(WANTED.uid))
    trial.quirks.uid_scope, trial.quirks.uid_conflict_status = scope, status

    with pytest.raises(AlreadyExists) as raised:
        trial.provider.create(trial.url, WANTED)

    assert raised.value.url == trial.server.url_of(holder) + "a%20name%20of%20its%20own.ics"
    found = trial.provider.read(raised.value.url)
    assert found is not None
    assert found.uid == WANTED.uid
    assert OURS not in trial.calendar.objects


def test_event_changed_between_our_reading_and_our_writing_is_not_written_over(trial: Trial, written: Written) -> None:
    """S28: the server holds us to the version we know."""
    edit = faults.meanwhile(lambda: trial.server.move(WANTED.uid, TEN - HOUR, TEN))
    trial.server.faults = faults.on("PUT", edit)

    with pytest.raises(ChangedMeanwhile):
        trial.provider.replace(written.url, LATER, etag=written.etag, written=WANTED)

    assert stands_at(trial) == [TEN - HOUR, TEN]


def test_event_changed_before_our_reading_is_not_written_over(trial: Trial, written: Written) -> None:
    """S28."""
    trial.server.move(WANTED.uid, TEN - HOUR, TEN)

    with pytest.raises(ChangedMeanwhile):
        trial.provider.replace(written.url, LATER, etag=written.etag, written=WANTED)

    assert stands_at(trial) == [TEN - HOUR, TEN]


def test_update_that_was_stored_although_nobody_said_so_is_not_blindly_repeated(trial: Trial, written: Written) -> None:
    """S28: the second try learns that something changed, and reading shows that it was us."""
    trial.server.faults = faults.on("PUT", faults.lost_after())
    with pytest.raises(TemporarilyUnavailable):
        trial.provider.replace(written.url, LATER, etag=written.etag, written=WANTED)

    with pytest.raises(ChangedMeanwhile):
        trial.provider.replace(written.url, LATER, etag=written.etag, written=WANTED)

    assert stands_at(trial) == [LATER.starts_at, LATER.ends_at]


def test_event_that_was_deleted_there_is_not_made_again_by_an_update(trial: Trial, written: Written) -> None:
    """S29."""
    trial.server.delete(WANTED.uid)

    with pytest.raises(Gone):
        trial.provider.replace(written.url, LATER, etag=written.etag, written=WANTED)

    assert trial.calendar.objects == {}


def test_event_deleted_between_our_reading_and_our_writing_is_not_made_again(trial: Trial, written: Written) -> None:
    """S29."""
    trial.server.faults = faults.on("PUT", faults.meanwhile(lambda: trial.server.delete(WANTED.uid)))

    with pytest.raises((ChangedMeanwhile, Gone)):
        trial.provider.replace(written.url, LATER, etag=written.etag, written=WANTED)

    assert trial.calendar.objects == {}


@pytest.mark.parametrize("status", [404, 410])
def test_deleting_what_is_not_there_says_so(status: int, trial: Trial, written: Written) -> None:
    """S30: which is as good as deleted."""
    trial.server.faults = faults.on("DELETE", faults.says(status))

    with pytest.raises(Gone):
        trial.provider.delete(written.url, etag=written.etag)


def test_deletion_whose_answer_was_lost_says_gone_the_second_time(trial: Trial, written: Written) -> None:
    """S30."""
    trial.server.faults = faults.on("DELETE", faults.lost_after())
    with pytest.raises(TemporarilyUnavailable):
        trial.provider.delete(written.url, etag=written.etag)

    with pytest.raises(Gone):
        trial.provider.delete(written.url, etag=written.etag)


def test_event_changed_before_we_delete_it_stays_until_its_new_version_is_named(trial: Trial, written: Written) -> None:
    """S31."""
    trial.server.edit(WANTED.uid, lambda text: text.replace("Haircut", "Beard"))
    with pytest.raises(ChangedMeanwhile):
        trial.provider.delete(written.url, etag=written.etag)

    trial.provider.delete(written.url, etag=ours(trial).etag)

    assert trial.calendar.objects == {}


def test_calendar_that_may_only_be_read_now_says_so_and_keeps_what_is_there(trial: Trial, written: Written) -> None:
    """S32: to every kind of writing."""
    trial.calendar.writable = False

    with pytest.raises(AccessLost):
        trial.provider.create(trial.url, replace(WANTED, uid="another"))
    with pytest.raises(AccessLost):
        trial.provider.replace(written.url, LATER, etag=written.etag, written=WANTED)
    with pytest.raises(AccessLost):
        trial.provider.delete(written.url, etag=written.etag)

    assert stands_at(trial) == [WANTED.starts_at, WANTED.ends_at]


@pytest.mark.parametrize("status", [404, 409])
def test_writing_into_a_calendar_that_is_gone_says_so(status: int, trial: Trial) -> None:
    """S33: not that the event is refused."""
    trial.server.remove_calendar(trial.calendar)
    trial.quirks.missing_calendar_status = status

    with pytest.raises(Gone):
        trial.provider.create(trial.url, WANTED)


@pytest.mark.parametrize("status", [413, 507])
def test_event_there_is_no_room_for_is_refused(status: int, trial: Trial) -> None:
    """S10 and S19, as an answer to writing."""
    trial.server.faults = faults.on("PUT", faults.says(status))

    with pytest.raises(Refused):
        trial.provider.create(trial.url, WANTED)


def test_weak_etag_is_never_sent_and_holds_us_to_what_stands_there_all_the_same(trial: Trial) -> None:
    """S22."""
    trial.quirks.etags = Etags.WEAK
    first = trial.provider.create(trial.url, WANTED)
    trial.server.move(WANTED.uid, TEN - HOUR, TEN)

    with pytest.raises(ChangedMeanwhile):
        trial.provider.replace(first.url, LATER, etag=first.etag, written=WANTED)
    with pytest.raises(ChangedMeanwhile):
        trial.provider.delete(first.url, etag=first.etag, written=WANTED)

    assert stands_at(trial) == [TEN - HOUR, TEN]
    assert not any("if-match" in logged.headers for logged in trial.server.log)


def test_reading_that_lags_behind_our_writing_never_leads_to_writing_over_it(trial: Trial, written: Written) -> None:
    """S16 and S28, for a server whose reads are stale for a while."""
    trial.quirks.stale_reads = 1
    second = trial.provider.replace(written.url, LATER, etag=written.etag, written=WANTED)

    with pytest.raises(ChangedMeanwhile):
        trial.provider.replace(second.url, WANTED, etag=second.etag, written=LATER)
    trial.provider.replace(second.url, WANTED, etag=second.etag, written=LATER)

    assert trial.calendar.objects[OURS].text.count(b"DTSTART:20261201T100000Z") == 1


def test_event_moved_to_another_calendar_is_found_there_by_its_identity(trial: Trial, written: Written) -> None:
    """S40."""
    other = trial.server.add_calendar(trial.login, "Private")
    trial.server.move_to(WANTED.uid, other)

    assert trial.provider.read(written.url) is None
    found = trial.provider.find_uid(trial.server.url_of(other), WANTED.uid, start=TEN - HOUR, end=TEN + HOUR)
    assert found is not None
    assert found.uid == WANTED.uid
