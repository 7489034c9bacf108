"""Our appointment written into an object in which the host, a phone and a server have been at work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.ports import WantedEvent
from integrations.providers.caldav.composing import compose
from integrations.providers.caldav.rewriting import rewrite

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
WRITTEN = WantedEvent("our-uid", TEN, TEN + HOUR, "Haircut: Ada", "Phone: 030 1234\nBring; a, towel", "Room 1")
LATER = replace(WRITTEN, starts_at=TEN + HOUR, ends_at=TEN + 2 * HOUR, sequence=1)

HOSTS_LINES = (
    "COLOR:turquoise",
    "CATEGORIES:Work,Hair",
    "ATTACH;FMTTYPE=image/png;ENCODING=BASE64;VALUE=BINARY:iVBORw0KGgo=",
    'X-PLACE;X-TITLE="Main street 1:2; door";VALUE=URI:geo:52.5,13.4',
    "X-MOOD;X-FROM=phone:good\\, really",
    "RELATED-TO;RELTYPE=X-CALENDARSERVER-RECURRENCE-SET:abc",
    "LAST-MODIFIED:20261101T000000Z",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "DESCRIPTION:Soon",
    "SUMMARY:Alarm",
    "TRIGGER:-PT15M",
    "END:VALARM",
    "BEGIN:X-CHECKLIST",
    "SUMMARY:Scissors",
    "END:X-CHECKLIST",
)
ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Office",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0100",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def lines_of(content: bytes) -> list[str]:
    return content.replace(b"\r\n ", b"").decode().splitlines()


def content_of(*lines: str) -> bytes:
    return "\r\n".join([*lines, ""]).encode()


def with_lines(content: bytes, *lines: str, above: tuple[str, ...] = ()) -> bytes:
    text = content.replace(b"END:VEVENT\r\n", content_of(*lines, "END:VEVENT"))
    return text.replace(b"BEGIN:VEVENT\r\n", content_of(*above, "BEGIN:VEVENT"), 1)


def value(content: bytes, name: str) -> str:
    (line,) = [line for line in lines_of(content) if line.startswith(f"{name}:")]
    return line.removeprefix(f"{name}:")


def test_every_line_of_the_hosts_is_still_there_as_it_was() -> None:
    there = with_lines(compose(WRITTEN), *HOSTS_LINES, above=ZONE)

    lines = lines_of(rewrite(there, LATER, written=WRITTEN))

    assert [line for line in lines if line in HOSTS_LINES] == list(HOSTS_LINES)
    assert "\n".join(ZONE) in "\n".join(lines)
    assert "DTSTART:20261201T110000Z" in lines
    assert "DTEND:20261201T120000Z" in lines


def test_time_and_state_are_ours_whatever_the_host_made_of_them() -> None:
    there = content_of(
        "BEGIN:VCALENDAR",
        "METHOD:REQUEST",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        "uid : our-uid ",
        "DTSTAMP:20261101T000000Z",
        "DTSTAMP:20261101T000001Z",
        "DTSTART;TZID=Office:20261224T180000",
        "DURATION:PT8H",
        "RRULE:FREQ=DAILY",
        "EXDATE:20261225T170000Z",
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "SEQUENCE:7",
        "ORGANIZER:mailto:ada@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:eve@example.com",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:our-uid",
        "RECURRENCE-ID:20261226T170000Z",
        "DTSTART:20261226T190000Z",
        "END:VEVENT",
        "END:VCALENDAR",
    ).replace(b"uid : our-uid ", b"UID:our-uid ")

    lines = lines_of(rewrite(there, LATER, written=WRITTEN))

    names = [line.partition(":")[0].partition(";")[0] for line in lines]
    assert {"DURATION", "RRULE", "EXDATE", "ORGANIZER", "ATTENDEE", "METHOD", "RECURRENCE-ID"}.isdisjoint(names)
    assert all(names.count(name) == 1 for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "STATUS", "TRANSP"))
    assert {"TRANSP:OPAQUE", "STATUS:CONFIRMED", "SEQUENCE:7", "DTEND:20261201T120000Z"} <= set(lines)
    assert names.count("BEGIN") == 2


@given(
    hosts=st.lists(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), max_size=90), max_size=4),
    title=st.text(max_size=30),
    known=st.booleans(),
)
def test_rewriting_twice_is_rewriting_once(hosts: list[str], title: str, known: bool) -> None:
    written = WRITTEN if known else None
    there = with_lines(compose(WRITTEN), *(f"X-NOTE:{text}" for text in hosts), f"COMMENT:{'ü' * 80}")

    once = rewrite(there, replace(LATER, title=title), written=written)

    assert rewrite(once, replace(LATER, title=title), written=written) == once
    assert all(len(line) <= 75 for line in once.split(b"\r\n"))
    assert all(f"X-NOTE:{text}".encode() in once.replace(b"\r\n ", b"") for text in hosts)
    once.decode()


def test_words_of_the_host_survive_a_push_that_only_moves_the_appointment() -> None:
    there = (
        compose(WRITTEN)
        .replace(b"SUMMARY:Haircut: Ada", b"SUMMARY;LANGUAGE=en:Ada\\, with dog")
        .replace(b"DESCRIPTION:", b"DESCRIPTION:My note\\n")
        .replace(b"LOCATION:Room 1\r\n", b"")
    )

    moved = rewrite(there, LATER, written=WRITTEN)

    assert value(moved, "SUMMARY") == "Ada\\, with dog"
    assert value(moved, "DESCRIPTION") == "My note\\nPhone: 030 1234\\nBring\\; a\\, towel"
    assert b"LOCATION" not in moved


def test_what_changed_with_us_is_ours_again_and_the_notes_stay() -> None:
    there = compose(WRITTEN).replace(b"Haircut: Ada", b"Ada").replace(b"a\\, towel", b"a\\, towel\\n\\nCall back")

    moved = rewrite(there, replace(LATER, title="Beard: Ada", description="Phone: 040 99"), written=WRITTEN)

    assert value(moved, "SUMMARY") == "Beard: Ada"
    assert value(moved, "DESCRIPTION") == "Phone: 040 99\\n\\nCall back"


def test_character_that_a_server_folded_in_its_middle_is_not_spoilt() -> None:
    there = compose(WRITTEN).replace(b"END:VEVENT", "X-NOTE:Köln\r\nEND:VEVENT".encode())
    folded = there.replace("ö".encode(), b"\xc3\r\n \xb6")

    assert "X-NOTE:Köln" in lines_of(rewrite(folded, LATER))


@pytest.mark.parametrize(
    "there",
    [
        b"",
        b"<html>",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:our-uid\r\n",
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:another\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" * 2,
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\n" * 5000,
        b"END:\r\n",
    ],
)
def test_object_that_is_not_ours_to_read_is_written_anew(there: bytes) -> None:
    assert rewrite(there, LATER) == compose(LATER)
