"""Our appointment as an iCalendar object (RFC 5545), and the lines it is made of."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from integrations.ports import WantedEvent

PRODUCT = "-//Holdfast//Holdfast//EN"

_LONGEST_LINE = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def compose(wanted: WantedEvent) -> bytes:
    """A new object. It names no guest: servers would send them mail of their own."""
    texts = {name: escaped(text) for name, text in texts_of(wanted).items() if text}
    event = [*(f"{name}{value}" for name, value in properties_of(wanted).items()), *_text_lines(texts)]
    head = ["BEGIN:VCALENDAR", f"PRODID:{PRODUCT}", "VERSION:2.0", "BEGIN:VEVENT"]
    return folded([*head, *event, "END:VEVENT", "END:VCALENDAR"])


def properties_of(wanted: WantedEvent) -> Mapping[str, str]:
    """What is always ours: name → what follows it on its line. Always an end: iCloud takes no event without."""
    begins, ends = wanted.days or (wanted.starts_at, wanted.ends_at)
    return {
        "UID": f":{wanted.uid}",
        "DTSTAMP": _time(wanted.changed_at or wanted.starts_at),
        "DTSTART": _time(begins),
        "DTEND": _time(ends),
        "STATUS": ":TENTATIVE" if wanted.tentative else ":CONFIRMED",
        "TRANSP": ":TRANSPARENT" if wanted.free else ":OPAQUE",
        "SEQUENCE": f":{wanted.sequence}",
    }


def texts_of(wanted: WantedEvent) -> Mapping[str, str]:
    """What the host may have words of their own about, by name, not yet escaped."""
    return {
        "SUMMARY": _clean(wanted.title).replace("\n", " "),
        "DESCRIPTION": _clean(wanted.description),
        "LOCATION": _clean(wanted.location).replace("\n", " "),
    }


def _clean(text: str) -> str:
    """Without what no calendar shows and some choke on."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}).strip()


def escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def folded(lines: Iterable[str]) -> bytes:
    """Lines of at most 75 octets, none of them broken within a character (RFC 5545 3.1)."""
    return b"".join(_folded(line.encode("utf-8", "surrogateescape")) for line in lines)


def _folded(line: bytes) -> bytes:
    pieces = []
    start, room = 0, _LONGEST_LINE
    while len(line) - start > room:
        end = start + room
        while end > start + 1 and line[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(line[start:end])
        start, room = end, _LONGEST_LINE - 1
    pieces.append(line[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def _text_lines(texts: Mapping[str, str]) -> Iterable[str]:
    return (f"{name}:{text}" for name, text in texts.items())


def _time(at: date | datetime) -> str:
    if isinstance(at, datetime):
        return f":{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";VALUE=DATE:{at:%Y%m%d}"
