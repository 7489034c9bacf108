"""All calendars of a home in one request, each with what may be done with it."""

import re
import unicodedata

from integrations.ports import (
    AccessLost,
    Capability,
    Gone,
    Home,
    ListedCalendar,
    NotACalendarServer,
)
from integrations.providers.caldav.hrefs import as_folder, key_of, url_on
from integrations.providers.caldav.multistatus import (
    APPLE,
    CALDAV,
    CALENDAR_SERVER,
    DAV,
    Row,
    rows_of,
)
from integrations.providers.caldav.wire import Told, Wire

LONGEST_NAME = 200

_EVERYTHING_ABOUT_CALENDARS = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    ' xmlns:s="http://calendarserver.org/ns/" xmlns:a="http://apple.com/ns/ical/"><d:prop>'
    "<d:resourcetype/><d:displayname/><d:current-user-privilege-set/><d:sync-token/><s:getctag/>"
    "<a:calendar-color/><c:supported-calendar-component-set/></d:prop></d:propfind>"
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_WRITING = frozenset({f"{DAV}all", f"{DAV}write", f"{DAV}bind"})


def list_calendars(wire: Wire, home: Home) -> tuple[ListedCalendar, ...]:
    """Everything a person would call a calendar; not the inbox, the outbox or the home itself."""
    told = wire.ask("PROPFIND", home.url, _EVERYTHING_ABOUT_CALENDARS, depth=1)
    demand_listing(told)
    found: dict[str, ListedCalendar] = {}
    for row in rows_of(told.tree):
        if row.status < 300 and _is_calendar(row) and wire.serves(row.href):
            calendar = _listed(home, row)
            found.setdefault(calendar.key, calendar)
    return tuple(found.values())


def demand_listing(told: Told) -> None:
    """Raises unless the answer is a multistatus about something that is there and may be read."""
    if told.status == 403:
        raise AccessLost("The server does not let this login read here.")
    if told.status in {404, 410}:
        raise Gone("The server has nothing at this place.")
    if told.status != 207:
        raise NotACalendarServer("What answered is not a calendar server.")


def _is_calendar(row: Row) -> bool:
    types = row.children(f"{DAV}resourcetype")
    return f"{CALDAV}calendar" in types or f"{CALENDAR_SERVER}subscribed" in types


def _listed(home: Home, row: Row) -> ListedCalendar:
    key = key_of(row.href)
    colour = _COLOUR.match(row.text(f"{APPLE}calendar-color"))
    return ListedCalendar(
        key=key,
        url=as_folder(url_on(home.url, row.href)),
        name=_name(row) or key.rpartition("/")[2],
        capability=_capability(row),
        colour=colour[0].lower() if colour else "",
        token=row.text(f"{DAV}sync-token") or row.text(f"{CALENDAR_SERVER}getctag"),
    )


def _capability(row: Row) -> Capability:
    if f"{CALENDAR_SERVER}subscribed" in row.children(f"{DAV}resourcetype"):
        return Capability.SUBSCRIBED
    if not _takes_events(row):
        return Capability.NO_EVENTS
    # Who says nothing about privileges is believed to allow writing until it refuses (RFC 3744 is optional).
    said = f"{DAV}current-user-privilege-set" in row.props
    if said and not _WRITING & row.children(f"{DAV}current-user-privilege-set"):
        return Capability.READ_ONLY
    return Capability.WRITE


def _takes_events(row: Row) -> bool:
    components = row.props.get(f"{CALDAV}supported-calendar-component-set")
    if components is None:
        return True
    return any(part.get("name", "").upper() == "VEVENT" for part in components if isinstance(part.tag, str))


def _name(row: Row) -> str:
    text = row.text(f"{DAV}displayname")[:LONGEST_NAME]
    return "".join(char for char in text if unicodedata.category(char) != "Cc").strip()
