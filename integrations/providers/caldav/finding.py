"""Looking for one of our objects in a calendar that is not read: by time, then by UID."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from integrations.ports import FetchedEvent, ListedObject, NotACalendarServer
from integrations.providers.caldav.calendars import demand_listing
from integrations.providers.caldav.changes import etag_of
from integrations.providers.caldav.fetching import as_event, fetch
from integrations.providers.caldav.hrefs import key_of, url_on
from integrations.providers.caldav.multistatus import CALDAV, DAV, Row, rows_of
from integrations.providers.caldav.wire import Told, Wire

# iCloud refuses a query without exactly one inner comp-filter, and its searches for texts cannot be relied on.
_QUERY = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<d:prop><d:getetag/><c:calendar-data/></d:prop>"
    '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
    '<c:time-range start="{start:%Y%m%dT%H%M%SZ}" end="{end:%Y%m%dT%H%M%SZ}"/>'
    "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
)
_NOT_SEARCHED = "The server does not search this calendar."


def find_uid(
    wire: Wire, calendar_url: str, uid: str, *, start: datetime, end: datetime, addresses: Collection[str]
) -> FetchedEvent | None:
    """The event with this UID among those that touch ``[start, end)``; None when it is not among them."""
    query = _QUERY.format(start=start.astimezone(UTC), end=end.astimezone(UTC))
    told = wire.ask("REPORT", calendar_url, query, depth=1)
    _demand_answer(told)
    rows = tuple(_rows_of_objects(wire, calendar_url, told))
    events = (_event(calendar_url, row, addresses) for row in rows if _content(row))
    found = next((event for event in events if event.uid == uid), None)
    if found is not None:
        return found
    without_content = [_listed(calendar_url, row) for row in rows if not _content(row)]
    fetched = fetch(wire, calendar_url, without_content, addresses=addresses)
    found = next((event for event in fetched.events if event.uid == uid), None)
    if found is None and fetched.missing:
        raise NotACalendarServer(_NOT_SEARCHED)
    return found


def _demand_answer(told: Told) -> None:
    about_the_query = told.status == 403 and told.preconditions and f"{DAV}need-privileges" not in told.preconditions
    if about_the_query:
        raise NotACalendarServer(_NOT_SEARCHED)
    demand_listing(told)


def _rows_of_objects(wire: Wire, calendar_url: str, told: Told) -> Iterator[Row]:
    """Raises when a row says that it was not handed out: it could have been the one."""
    for row in rows_of(told.tree):
        if row.status >= 400 and row.status not in {404, 410}:
            raise NotACalendarServer(_NOT_SEARCHED)
        if row.status < 400 and wire.serves(row.href) and key_of(row.href) != key_of(calendar_url):
            yield row


def _event(calendar_url: str, row: Row, addresses: Collection[str]) -> FetchedEvent:
    listed = _listed(calendar_url, row)
    return as_event(listed, _content(row), listed.etag, addresses)


def _listed(calendar_url: str, row: Row) -> ListedObject:
    return ListedObject(key_of(row.href), url_on(calendar_url, row.href), etag_of(row.text(f"{DAV}getetag")))


def _content(row: Row) -> str:
    return row.text(f"{CALDAV}calendar-data")
