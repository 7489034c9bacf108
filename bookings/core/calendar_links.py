"""Links that open somebody's web calendar with an appointment filled in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
_OFFICE = "https://outlook.office.com/calendar/0/deeplink/compose"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """An appointment as its customer keeps it. Instants are aware; ``page`` is where it can be looked up."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    page: str = ""


def google_calendar(entry: CalendarEntry) -> str:
    dates = "/".join(moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for moment in (entry.starts_at, entry.ends_at))
    asked = {"action": "TEMPLATE", "text": entry.title, "dates": dates, "details": entry.page, "location": entry.place}
    return _link(_GOOGLE, asked)


def outlook(entry: CalendarEntry) -> str:
    """Outlook.com, for private people."""
    return _link(_OUTLOOK, _asked_of_outlook(entry))


def office_365(entry: CalendarEntry) -> str:
    """Outlook of a business or a school."""
    return _link(_OFFICE, _asked_of_outlook(entry))


def _asked_of_outlook(entry: CalendarEntry) -> dict[str, str]:
    return {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": entry.title,
        "startdt": _instant(entry.starts_at),
        "enddt": _instant(entry.ends_at),
        "body": entry.page,
        "location": entry.place,
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _link(address: str, asked: dict[str, str]) -> str:
    # Outlook shows a plus as a plus, so a space is %20
    return f"{address}?{urlencode({name: value for name, value in asked.items() if value}, quote_via=quote, safe='')}"
