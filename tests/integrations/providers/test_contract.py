"""The port's contract: one suite for the adapter in memory and for CalDAV against ours, Radicale and Xandikos."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from integrations.ports import (
    AccessLost,
    AlreadyExists,
    Capability,
    ChangedMeanwhile,
    CursorExpired,
    FetchedEvent,
    Gone,
    ListedObject,
    LoginRefused,
    SeenCopy,
    WantedEvent,
    Written,
)
from integrations.providers.caldav.hrefs import key_of
from tests.integrations.providers.conftest import PASSWORD, USERNAME
from tests.integrations.providers.remotes import (
    Remote,
    fault_http_remote,
    fault_remote,
    memory_remote,
    radicale_remote,
    xandikos_remote,
)

BERLIN = ZoneInfo("Europe/Berlin")
TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=["memory", "fault", "fault over http", "radicale", "xandikos"])
def remote(request: pytest.FixtureRequest) -> Iterator[Remote]:
    if request.param == "memory":
        yield from memory_remote()
    elif request.param == "fault":
        yield from fault_remote()
    elif request.param == "fault over http":
        yield from fault_http_remote()
    elif request.param == "radicale":
        yield from radicale_remote(request.getfixturevalue("radicale"), USERNAME, PASSWORD)
    else:
        yield from xandikos_remote(request.getfixturevalue("xandikos"))


def wanted(**changes: object) -> WantedEvent:
    event = WantedEvent(
        uid=f"{uuid4()}",
        starts_at=TEN,
        ends_at=TEN + HOUR,
        title="Haircut: Ada Lovelace",
        description="Phone: 030 1234\nBring: a towel; and, please, time",
        changed_at=TEN - timedelta(days=1),
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def ics(uid: str, *lines: str) -> str:
    body = "\r\n".join(lines or ("DTSTART:20261201T100000Z", "DTEND:20261201T110000Z"))
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//phone//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n{body}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def spans(remote: Remote, event: FetchedEvent | None) -> list[tuple[datetime, datetime]]:
    assert event is not None
    found = remote.provider.expand(event.reduced, start=TEN - 30 * 24 * HOUR, end=TEN + 30 * 24 * HOUR, zone=BERLIN)
    return [(one.start, one.end) for one in found]


def test_home_lists_a_calendar_that_can_be_written(remote: Remote) -> None:
    listed = remote.provider.list_calendars(remote.provider.find_home())

    work = next(calendar for calendar in listed if calendar.url == remote.calendar_url)

    assert work.capability is Capability.WRITE
    assert work.key == key_of(remote.calendar_url)
    assert work.name


def test_home_tells_which_calendars_take_no_events_of_ours(remote: Remote) -> None:
    if not remote.read_only_url:
        pytest.skip("this server has one calendar that takes everything")
    listed = remote.provider.list_calendars(remote.provider.find_home())

    capabilities = {calendar.url: calendar.capability for calendar in listed}

    assert capabilities == {
        remote.calendar_url: Capability.WRITE,
        remote.read_only_url: Capability.READ_ONLY,
        remote.task_list_url: Capability.NO_EVENTS,
    }


def test_token_of_a_calendar_changes_when_an_object_does(remote: Remote) -> None:
    home = remote.provider.find_home()

    def token() -> str:
        listed = remote.provider.list_calendars(home)
        return next(calendar.token for calendar in listed if calendar.url == remote.calendar_url)

    before, again = token(), token()
    remote.phone.put("a.ics", ics("a"))

    assert before == again != token()


def test_wrong_password_is_a_refused_login(remote: Remote) -> None:
    if remote.stranger is None:
        pytest.skip("this server asks nobody for a password")
    with pytest.raises(LoginRefused):
        remote.stranger.find_home()


def test_empty_calendar_is_listed_completely(remote: Remote) -> None:
    changes = remote.provider.list_changes(remote.calendar_url, since="")

    assert (changes.present, changes.gone, changes.complete) == ((), (), True)


def test_first_listing_names_everything(remote: Remote) -> None:
    urls = {remote.phone.put(f"{name}.ics", ics(name)) for name in ("a", "b")}

    changes = remote.provider.list_changes(remote.calendar_url, since="")

    assert {listed.key for listed in changes.present} == {key_of(url) for url in urls}
    assert all(listed.etag for listed in changes.present)
    assert changes.complete


def test_later_listing_names_only_what_moved(remote: Remote) -> None:
    stays, goes, changes_url = (remote.phone.put(f"{name}.ics", ics(name)) for name in ("stays", "goes", "changes"))
    first = remote.provider.list_changes(remote.calendar_url, since="")
    remote.phone.remove(goes)
    remote.phone.put("changes.ics", ics("changes", "DTSTART:20261202T100000Z", "DTEND:20261202T110000Z"))
    comes = remote.phone.put("comes.ics", ics("comes"))

    later = remote.provider.list_changes(remote.calendar_url, since=first.cursor)

    assert {listed.key for listed in later.present} == {key_of(comes), key_of(changes_url)}
    assert later.gone == (key_of(goes),)
    assert not later.complete
    assert key_of(stays) in {listed.key for listed in first.present}


def test_nothing_moved_since_the_last_cursor(remote: Remote) -> None:
    remote.phone.put("a.ics", ics("a"))
    first = remote.provider.list_changes(remote.calendar_url, since="")

    later = remote.provider.list_changes(remote.calendar_url, since=first.cursor)

    assert (later.present, later.gone, later.complete) == ((), (), False)


def test_unknown_cursor_has_expired(remote: Remote) -> None:
    with pytest.raises(CursorExpired):
        remote.provider.list_changes(remote.calendar_url, since="http://example.com/never/given")


def test_calendar_that_is_not_there_is_gone(remote: Remote) -> None:
    with pytest.raises(Gone):
        remote.provider.list_changes(remote.calendar_url.rstrip("/") + "-not/", since="")


def test_names_in_any_spelling_are_fetched_under_the_key_they_are_listed_with(remote: Remote) -> None:
    for name in ("a%40b.ics", "with%20space.ics", "%C3%BCmlaut.ics", "plus+sign.ics"):
        remote.phone.put(name, ics(name.replace("%", "")))
    listed = remote.provider.list_changes(remote.calendar_url, since="").present

    fetched = remote.provider.fetch(remote.calendar_url, listed)

    folder = key_of(remote.calendar_url)
    assert {event.key for event in fetched.events} == {
        f"{folder}/{name}" for name in ("a@b.ics", "with space.ics", "ümlaut.ics", "plus+sign.ics")
    }
    assert fetched.missing == ()


def test_objects_are_fetched_with_identity_etag_and_time(remote: Remote) -> None:
    remote.phone.put("a.ics", ics("uid-of-a"))
    listed = remote.provider.list_changes(remote.calendar_url, since="").present

    (event,) = remote.provider.fetch(remote.calendar_url, listed).events

    assert (event.uid, event.etag, event.unreadable) == ("uid-of-a", listed[0].etag, "")
    assert spans(remote, event) == [(TEN, TEN + HOUR)]


def test_more_objects_than_one_batch_are_all_fetched(remote: Remote) -> None:
    for number in range(61):
        remote.phone.put(f"{number}.ics", ics(f"uid-{number}"))
    listed = remote.provider.list_changes(remote.calendar_url, since="").present

    fetched = remote.provider.fetch(remote.calendar_url, listed)

    assert {event.uid for event in fetched.events} == {f"uid-{number}" for number in range(61)}


def test_object_that_went_meanwhile_is_missing_and_its_neighbour_is_not(remote: Remote) -> None:
    gone_url = remote.phone.put("gone.ics", ics("gone"))
    remote.phone.put("there.ics", ics("there"))
    listed = remote.provider.list_changes(remote.calendar_url, since="").present
    remote.phone.remove(gone_url)

    fetched = remote.provider.fetch(remote.calendar_url, listed)

    assert [event.uid for event in fetched.events] == ["there"]
    assert fetched.missing == (key_of(gone_url),)


def test_recurring_event_is_expanded_within_the_span_asked_for(remote: Remote) -> None:
    lines = ("DTSTART:20261201T100000Z", "DTEND:20261201T110000Z", "RRULE:FREQ=WEEKLY;COUNT=3")
    event = remote.provider.read(remote.phone.put("weekly.ics", ics("weekly", *lines)))

    week = 7 * 24 * HOUR
    assert spans(remote, event) == [(TEN + n * week, TEN + n * week + HOUR) for n in range(3)]


def test_event_that_repeats_every_second_is_reported_and_blocks_the_day_it_starts(remote: Remote) -> None:
    lines = ("DTSTART:20261201T100000Z", "DTEND:20261201T100001Z", "RRULE:FREQ=SECONDLY;BYDAY=TU;BYSECOND=1,2")
    event = remote.provider.read(remote.phone.put("bomb.ics", ics("bomb", *lines)))

    midnight = datetime(2026, 12, 1, tzinfo=BERLIN).astimezone(UTC)
    assert event is not None
    assert event.unreadable
    assert spans(remote, event) == [(midnight, midnight + 24 * HOUR)]


def test_created_event_lies_where_it_is_looked_for(remote: Remote) -> None:
    event = wanted()

    written = remote.provider.create(remote.calendar_url, event)

    found = remote.provider.find(remote.calendar_url, event.uid)
    assert found is not None
    assert (found.url, found.etag, found.uid) == (written.url, written.etag, event.uid)
    assert spans(remote, found) == [(TEN, TEN + HOUR)]


def test_created_event_names_no_guest_and_always_an_end(remote: Remote) -> None:
    event = wanted(title="Ada\r\nATTENDEE:mailto:eve@example.com\x00", location="Room 1", tentative=True)

    text = remote.phone.text(remote.provider.create(remote.calendar_url, event).url)

    lines = text.replace("\r\n ", "").splitlines()
    names = {line.partition(":")[0].partition(";")[0] for line in lines}
    assert "SUMMARY:Ada ATTENDEE:mailto:eve@example.com" in lines
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "STATUS", "SEQUENCE", "LOCATION"} <= names
    assert names.isdisjoint({"ATTENDEE", "ORGANIZER", "METHOD"})


def test_second_creation_finds_the_first(remote: Remote) -> None:
    event = wanted()
    remote.provider.create(remote.calendar_url, event)

    with pytest.raises(AlreadyExists):
        remote.provider.create(remote.calendar_url, event)


def test_identity_that_is_taken_under_another_name_already_exists(remote: Remote) -> None:
    event = wanted()
    remote.phone.put("elsewhere.ics", ics(event.uid))

    with pytest.raises(AlreadyExists):
        remote.provider.create(remote.calendar_url, event)


def test_replaced_event_has_the_new_time_and_keeps_what_the_host_added(remote: Remote) -> None:
    event = wanted()
    written = remote.provider.create(remote.calendar_url, event)
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n"
    text = remote.phone.text(written.url).replace("END:VEVENT", f"COLOR:red\r\n{alarm}END:VEVENT")
    remote.phone.put(written.url.rpartition("/")[2], text)
    current = remote.provider.read(written.url)
    assert current is not None

    later = replace(event, starts_at=TEN + HOUR, ends_at=TEN + 2 * HOUR, sequence=1)
    again = remote.provider.replace(written.url, later, etag=current.etag)

    read = remote.provider.read(written.url)
    assert spans(remote, read) == [(TEN + HOUR, TEN + 2 * HOUR)]
    assert read is not None
    assert read.etag == again.etag != current.etag
    assert "TRIGGER:-PT15M" in remote.phone.text(written.url)
    assert "COLOR:red" in remote.phone.text(written.url)


def test_words_and_notes_of_the_host_survive_what_we_write_later(remote: Remote) -> None:
    event = wanted(location="Room 1")
    first = remote.provider.create(remote.calendar_url, event)
    text = remote.phone.text(first.url).replace("SUMMARY:Haircut", "SUMMARY:Dog; haircut".replace(";", "\\;"))
    remote.phone.put(first.url.rpartition("/")[2], text.replace("DESCRIPTION:", "DESCRIPTION:My note\\n"))

    later = replace(event, starts_at=TEN + HOUR, ends_at=TEN + 2 * HOUR, description="Phone: 040 99")
    for before in (event, later):
        current = remote.provider.read(first.url)
        assert current is not None
        remote.provider.replace(first.url, later, etag=current.etag, written=before)

    lines = remote.phone.text(first.url).replace("\r\n ", "").splitlines()
    assert "SUMMARY:Dog\\; haircut: Ada Lovelace" in lines
    assert "DESCRIPTION:My note\\nPhone: 040 99" in lines
    assert "LOCATION:Room 1" in lines


def test_copy_is_described_as_it_stands_there(remote: Remote) -> None:
    event = wanted()
    written = remote.provider.create(remote.calendar_url, event)

    ours = remote.provider.read(written.url)
    text = remote.phone.text(written.url).replace("END:VEVENT", "RRULE:FREQ=DAILY;COUNT=2\r\nEND:VEVENT")
    remote.phone.put(written.url.rpartition("/")[2], text.replace("20261201T11", "20261201T12"))
    changed = remote.provider.read(written.url)

    assert ours is not None
    assert changed is not None
    plain = SeenCopy(TEN, TEN + HOUR, all_day=False, recurs=False, transparent=False, cancelled=False)
    assert remote.provider.describe(ours.reduced, uid=event.uid, zone=BERLIN) == plain
    seen = remote.provider.describe(changed.reduced, uid=event.uid, zone=BERLIN)
    assert seen == replace(plain, ends_at=TEN + 2 * HOUR, recurs=True)


def test_copy_is_found_by_its_uid_wherever_it_lies_in_the_calendar(remote: Remote) -> None:
    event = wanted()
    moved = remote.phone.put("moved-by-the-phone.ics", ics(event.uid))
    remote.phone.put("other.ics", ics("other"))

    def look(uid: str, day: datetime) -> FetchedEvent | None:
        return remote.provider.find_uid(remote.calendar_url, uid, start=day, end=day + 24 * HOUR)

    found = look(event.uid, TEN - HOUR)
    assert found is not None
    assert (found.key, found.uid) == (key_of(moved), event.uid)
    assert look("never-written", TEN - HOUR) is None
    assert look(event.uid, TEN + 48 * HOUR) is None


def test_calendar_that_is_not_there_cannot_be_searched(remote: Remote) -> None:
    with pytest.raises(Gone):
        remote.provider.find_uid(remote.calendar_url.rstrip("/") + "-not/", "uid", start=TEN, end=TEN + HOUR)


def test_nothing_is_created_in_a_calendar_that_is_not_there(remote: Remote) -> None:
    with pytest.raises(Gone):
        remote.provider.create(remote.calendar_url.rstrip("/") + "-not/", wanted())


@pytest.fixture
def overtaken(remote: Remote) -> tuple[WantedEvent, Written]:
    """Our event, changed by the phone since we know it."""
    event = wanted()
    written = remote.provider.create(remote.calendar_url, event)
    text = remote.phone.text(written.url)
    remote.phone.put(written.url.rpartition("/")[2], text.replace("Haircut", "Beard"))
    return event, written


def test_nothing_is_written_over_a_version_we_do_not_know(
    remote: Remote, overtaken: tuple[WantedEvent, Written]
) -> None:
    event, written = overtaken

    with pytest.raises(ChangedMeanwhile):
        remote.provider.replace(written.url, replace(event, title="Ours"), etag=written.etag)

    assert "Beard" in remote.phone.text(written.url)


def test_version_we_do_not_know_is_not_deleted(remote: Remote, overtaken: tuple[WantedEvent, Written]) -> None:
    _, written = overtaken

    with pytest.raises(ChangedMeanwhile):
        remote.provider.delete(written.url, etag=written.etag)

    assert "Beard" in remote.phone.text(written.url)


def test_deleted_event_is_gone(remote: Remote) -> None:
    event = wanted()
    written = remote.provider.create(remote.calendar_url, event)

    remote.provider.delete(written.url, etag=written.etag)

    assert remote.provider.find(remote.calendar_url, event.uid) is None
    assert remote.provider.read(written.url) is None
    with pytest.raises(Gone):
        remote.provider.delete(written.url, etag=written.etag)
    with pytest.raises(Gone):
        remote.provider.replace(written.url, event, etag=written.etag)


def test_nothing_is_written_to_a_calendar_that_may_only_be_read(remote: Remote) -> None:
    if not remote.read_only_url:
        pytest.skip("this server has one calendar that takes everything")
    with pytest.raises(AccessLost):
        remote.provider.create(remote.read_only_url, wanted())


def test_object_that_never_was_is_missing(remote: Remote) -> None:
    nowhere = ListedObject(key_of(remote.calendar_url + "no.ics"), remote.calendar_url + "no.ics", "")

    fetched = remote.provider.fetch(remote.calendar_url, [nowhere])

    assert (fetched.events, fetched.missing) == ((), (nowhere.key,))
