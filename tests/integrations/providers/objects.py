"""iCalendar objects in few words, read as the adapter reads them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.ports import Occurrence
from integrations.providers.caldav.expanding import expand
from integrations.providers.caldav.reading import Reduced, reduce_object

BERLIN = ZoneInfo("Europe/Berlin")
JULY = datetime(2026, 7, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


def vevent(*lines: str, uid: str = "u") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def vcalendar(*components: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *components, "END:VCALENDAR", ""])


def reduced(text: str | bytes) -> Reduced:
    return reduce_object(text, addresses=frozenset({"ada@example.com"}))


def occurrences(text: str | bytes) -> tuple[Occurrence, ...]:
    return expand(reduced(text).text, start=JULY - YEAR, end=JULY + YEAR, zone=BERLIN)


def spans(*lines: str) -> list[str]:
    return [f"{one.start:%m%dT%H%M}/{one.end:%m%dT%H%M}" for one in occurrences(vcalendar(vevent(*lines)))]
