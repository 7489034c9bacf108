"""The filter of a calendar-query: one kind of component, and perhaps a stretch of time (RFC 4791 9.7, 9.9)."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime

import recurring_ical_events
from icalendar import Calendar

from tests.servers.fault_caldav.wording import CALDAV

Matcher = Callable[[bytes], bool]

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)


def matcher_of(question: ET.Element) -> Matcher | None:
    """None for a filter that does not ask for exactly one kind of component, or for more than this server knows."""
    outer = question.findall(f"{CALDAV}filter/{CALDAV}comp-filter")
    if len(outer) != 1 or outer[0].get("name") != "VCALENDAR" or len(outer[0]) != 1:
        return None
    (inner,) = outer[0]
    kind = inner.get("name", "")
    if inner.tag != f"{CALDAV}comp-filter" or any(part.tag != f"{CALDAV}time-range" for part in inner):
        return None
    begin = f"BEGIN:{kind}\r\n".encode()
    stretch = inner.find(f"{CALDAV}time-range")
    if stretch is None:
        return lambda text: begin in text
    start, end = _instant(stretch.get("start"), _FIRST), _instant(stretch.get("end"), _LAST)
    return lambda text: begin in text and _overlaps(text, start, end)


def _overlaps(text: bytes, start: datetime, end: datetime) -> bool:
    """What cannot be understood is handed out: better one too many than one too few."""
    try:
        return any(True for _ in recurring_ical_events.of(Calendar.from_ical(text)).between(start, end))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return True


def _instant(text: str | None, default: datetime) -> datetime:
    return default if text is None else datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
