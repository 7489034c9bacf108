"""What servers make of an object that was put: each takes the text and gives the one it stores instead."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_EVENT = re.compile(r"(?<=BEGIN:VEVENT\r\n).*?(?=END:VEVENT)", re.DOTALL)
_PROPERTY = re.compile(r"[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*")
_UTC_TIME = re.compile(r"^(DTSTART|DTEND):(\d{8}T\d{6})Z\r\n", re.MULTILINE)
_EXTENSION = re.compile(r"^X-[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.MULTILINE)


def other_order(text: str) -> str:
    """The properties of an event backwards; events with components inside stay as they are."""

    def backwards(event: re.Match[str]) -> str:
        lines = _PROPERTY.findall(event[0])
        return event[0] if "BEGIN:" in event[0] else "".join(reversed(lines))

    return _EVENT.sub(backwards, text)


def into_zone(name: str) -> Callable[[str], str]:
    """UTC times of the start and the end as wall-clock time of a zone, named but not described."""
    zone = ZoneInfo(name)

    def local(stamp: re.Match[str]) -> str:
        moment = datetime.strptime(stamp[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).astimezone(zone)
        return f"{stamp[1]};TZID={name}:{moment:%Y%m%dT%H%M%S}\r\n"

    return lambda text: _UTC_TIME.sub(local, text)


def without_extensions(text: str) -> str:
    """No property whose name begins with X-."""
    return _EXTENSION.sub("", text)


def stamped(text: str) -> str:
    """With what servers add of their own."""
    return text.replace("END:VEVENT", "CREATED:20260101T000000Z\r\nX-SERVER-SAW:yes\r\nEND:VEVENT")
