"""From the URL somebody typed to the home of their calendars (RFC 5397, 6764, 4791 6.2.1)."""

import re
from urllib.parse import unquote, urljoin

from integrations.ports import Home, NotACalendarServer, NotAllowed
from integrations.providers.caldav.hrefs import as_folder, is_absolute, url_on
from integrations.providers.caldav.multistatus import CALDAV, DAV, Row, rows_of
from integrations.providers.caldav.wire import Told, Wire

MOST_REDIRECTS = 5
MOST_ADDRESSES = 20

_WHO_AM_I = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop>'
    "<d:current-user-principal/><c:calendar-home-set/><c:calendar-user-address-set/><d:resourcetype/>"
    "</d:prop></d:propfind>"
)
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,189}")
_NOT_FOUND = "No calendars were found at this address."


def find_home(wire: Wire, server_url: str) -> Home:
    """Sign in and find the calendars' home, at the given URL or at the well-known one.

    A server that names no home may still have a calendar at the very place that was typed: it is its own home.
    """
    calendar: Home | None = None
    for start in (server_url, urljoin(server_url, "/.well-known/caldav")):
        found = _look(wire, start)
        if found is None:
            continue
        home = _home_in(wire, *found) or _home_of_principal(wire, *found)
        if home:
            return home
        calendar = calendar or _calendar_itself(*found)
    if calendar is None:
        raise NotACalendarServer(_NOT_FOUND)
    return calendar


def _calendar_itself(url: str, row: Row) -> Home | None:
    is_calendar = f"{CALDAV}calendar" in row.children(f"{DAV}resourcetype")
    return Home(as_folder(url), _addresses_in(row)) if is_calendar else None


def _home_of_principal(wire: Wire, url: str, row: Row) -> Home | None:
    principal = row.href_in(f"{DAV}current-user-principal")
    if not principal:
        return None
    found = _look(wire, _allowed(wire, url, principal))
    return _home_in(wire, *found) if found else None


def _home_in(wire: Wire, url: str, row: Row) -> Home | None:
    home = row.href_in(f"{CALDAV}calendar-home-set")
    return Home(as_folder(_allowed(wire, url, home)), _addresses_in(row)) if home else None


def _addresses_in(row: Row) -> tuple[str, ...]:
    """The owner's e-mail addresses (RFC 6638 2.4.1), beside which servers name paths and identifiers."""
    element = row.props.get(f"{CALDAV}calendar-user-address-set")
    named = () if element is None else element.iterdescendants(f"{DAV}href")
    texts = (unquote((href.text or "").strip()).lower() for href in named)
    mails = (text.removeprefix("mailto:").strip() for text in texts if text.startswith("mailto:"))
    return tuple(dict.fromkeys(mail for mail in mails if _ADDRESS.fullmatch(mail)))[:MOST_ADDRESSES]


def _look(wire: Wire, url: str) -> tuple[str, Row] | None:
    """The resource at a URL and where it really is; None when there is no such thing."""
    for _ in range(MOST_REDIRECTS):
        told = wire.ask("PROPFIND", url, _WHO_AM_I, depth=0)
        if not 300 <= told.status < 400:
            return _first_row(told)
        if not told.url:
            return None
        url = _allowed(wire, url, told.url)
    raise NotACalendarServer("The server sends us round in circles.")


def _first_row(told: Told) -> tuple[str, Row] | None:
    if told.status != 207 or told.tree is None:
        return None
    row = next((row for row in rows_of(told.tree) if row.status < 300), None)
    return None if row is None else (told.url, row)


def _allowed(wire: Wire, base: str, href: str) -> str:
    """An absolute URL may name another server of the same login; any other server is refused, unasked."""
    if not is_absolute(href):
        return url_on(base, href)
    if not wire.allows(href):
        raise NotAllowed("The server refers to another server, which may not be asked.")
    return url_on(href, href)
