"""Our appointment as an iCalendar object, and as a change to the one that lies there."""

import unicodedata
from datetime import UTC

from icalendar import Calendar, Event

from integrations.ports import WantedEvent

PRODUCT = "-//Holdfast//Holdfast//EN"

# Host's alarms, colours and categories stay; what would repeat our event, or make a server mail guests, does not.
_NEVER_OURS = (
    "ATTENDEE",
    "ORGANIZER",
    "DURATION",
    "RRULE",
    "EXRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "REQUEST-STATUS",
)


def compose(wanted: WantedEvent) -> bytes:
    """A new object."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    event = Event()
    calendar.add_component(event)
    _write(event, wanted)
    return bytes(calendar.to_ical())


def rewrite(content: bytes, wanted: WantedEvent) -> bytes:
    """The object as it lies there with our properties in it; a new one when it cannot be understood."""
    try:
        calendar = Calendar.from_ical(content)
        event = next(one for one in calendar.events if str(one.get("UID", "")) == wanted.uid)
        calendar.pop("METHOD", None)
        others = [part for part in calendar.subcomponents if part.name != "VEVENT"]
        calendar.subcomponents = [*others, event]
        for name in _NEVER_OURS:
            event.pop(name, None)
        _write(event, wanted)
        return bytes(calendar.to_ical())
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, StopIteration):
        return compose(wanted)


def _write(event: Event, wanted: WantedEvent) -> None:
    changed_at = wanted.changed_at or wanted.starts_at
    values: dict[str, object] = {
        "UID": wanted.uid,
        "DTSTAMP": changed_at.astimezone(UTC),
        "DTSTART": wanted.starts_at.astimezone(UTC),
        "DTEND": wanted.ends_at.astimezone(UTC),
        "SUMMARY": _clean(wanted.title).replace("\n", " "),
        "STATUS": "TENTATIVE" if wanted.tentative else "CONFIRMED",
        "TRANSP": "OPAQUE",
        "SEQUENCE": max(wanted.sequence, _sequence(event)),
        "DESCRIPTION": _clean(wanted.description),
        "LOCATION": _clean(wanted.location).replace("\n", " "),
    }
    for name, value in values.items():
        event.pop(name, None)
        if value != "":
            event.add(name, value)


def _sequence(event: Event) -> int:
    """Never back: what lies there may have been counted up by the host's own device."""
    try:
        return int(event.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) != "Cc").strip()
