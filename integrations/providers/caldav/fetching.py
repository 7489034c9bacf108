"""Fetching objects: calendar-multiget (RFC 4791 7.9) in batches, smaller ones and single GETs where that fails."""

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from integrations.ports import (
    AccessLost,
    Fetched,
    FetchedEvent,
    Gone,
    ListedObject,
    NotACalendarServer,
    TemporarilyUnavailable,
)
from integrations.providers.caldav.changes import etag_of
from integrations.providers.caldav.hrefs import key_of
from integrations.providers.caldav.multistatus import CALDAV, DAV, rows_of
from integrations.providers.caldav.reading import is_whole, looks_like_a_calendar, reduce_object
from integrations.providers.caldav.wire import Garbled, ServerFault, Told, Wire
from integrations.providers.transport.connection import AnswerTooLarge

BATCH = 50
# A server that fails over this many objects in a row is ill; a calendar with some bad objects is not.
MOST_FAULTS_IN_A_ROW = 5

_MULTIGET = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<c:calendar-multiget xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<d:prop><d:getetag/><c:calendar-data/></d:prop>{hrefs}</c:calendar-multiget>"
)
_SMALLER_PLEASE = frozenset({413, 414, 507})


def fetch(wire: Wire, calendar_url: str, objects: Collection[ListedObject], *, addresses: Collection[str]) -> Fetched:
    """The named objects as they are now; those the server does not hand out are named as missing."""
    fetching = _Fetching(wire, calendar_url, addresses)
    ordered = tuple({listed.key: listed for listed in objects}.values())
    for at in range(0, len(ordered), BATCH):
        fetching.batch(ordered[at : at + BATCH])
    found = fetching.found
    return Fetched(
        tuple(found[one.key] for one in ordered if one.key in found),
        tuple(one.key for one in ordered if one.key not in found),
    )


class CutShort(NotACalendarServer):
    """What was handed out has no end. Whether that is the object or its answer, only a second answer can tell."""


def get(
    wire: Wire, listed: ListedObject, *, addresses: Collection[str], demands_end: bool = True
) -> FetchedEvent | None:
    """One object, or None when it is not there. Raises CutShort."""
    reply = wire.send("GET", listed.url)
    if reply.status_code in {404, 410}:
        return None
    if reply.status_code == 403:
        raise AccessLost("The server does not let this login read here.")
    if reply.status_code != 200 or not looks_like_a_calendar(reply.content):
        raise NotACalendarServer("What answered is not a calendar server.")
    if demands_end and not is_whole(reply.content):
        raise CutShort("The server's answer ends before the appointment is complete.")
    return as_event(listed, reply.content, etag_of(reply.headers.get("etag", "")), addresses)


def as_event(listed: ListedObject, content: str | bytes, etag: str, addresses: Collection[str]) -> FetchedEvent:
    reduced = reduce_object(content, addresses=addresses)
    if reduced.unreadable and not is_whole(content):
        # what may have been cut on its way is fetched again whenever it is listed
        return FetchedEvent(listed.key, listed.url, "", "", reduced.text, reduced.unreadable)
    return FetchedEvent(
        key=listed.key,
        url=listed.url,
        etag=etag or listed.etag,
        # Feeds leave the UID out; the place is then the identity.
        uid=reduced.uid or ("" if reduced.unreadable else listed.key),
        reduced=reduced.text,
        unreadable=reduced.unreadable,
    )


class _Fetching:
    def __init__(self, wire: Wire, calendar_url: str, addresses: Collection[str]) -> None:
        self._wire = wire
        self._url = calendar_url
        self._addresses = addresses
        self._faults_in_a_row = 0
        self.found: dict[str, FetchedEvent] = {}

    def batch(self, objects: Sequence[ListedObject]) -> None:
        told = self._ask(objects)
        if told is None or told.status in _SMALLER_PLEASE:
            self._halve(objects)
        elif told.status == 207:
            self._take(told, objects)
        elif told.status == 200:
            # A page in the place of the answer: the objects are not missing, nobody has looked.
            raise NotACalendarServer("What answered is not a calendar server.")
        elif told.status == 403 and f"{DAV}supported-report" not in told.preconditions:
            raise AccessLost("The server does not let this login read here.")
        elif told.status in {404, 410}:
            raise Gone("The server has nothing at this place.")
        else:
            self._one_by_one(objects)

    def _ask(self, objects: Sequence[ListedObject]) -> Told | None:
        hrefs = "".join(f"<d:href>{escape(urlsplit(listed.url).path)}</d:href>" for listed in objects)
        try:
            return self._wire.ask("REPORT", self._url, _MULTIGET.format(hrefs=hrefs), depth=None)
        except (ServerFault, AnswerTooLarge, Garbled):
            return None

    def _halve(self, objects: Sequence[ListedObject]) -> None:
        if len(objects) == 1:
            self._one_by_one(objects)
            return
        middle = len(objects) // 2
        self.batch(objects[:middle])
        self.batch(objects[middle:])

    def _take(self, told: Told, objects: Sequence[ListedObject]) -> None:
        asked = {listed.key: listed for listed in objects}
        empty = []
        for row in rows_of(told.tree):
            listed = asked.get(key_of(row.href))
            if listed is None or row.status >= 400 or listed.key in self.found:
                continue
            content = row.text(f"{CALDAV}calendar-data")
            if content:
                etag = etag_of(row.text(f"{DAV}getetag"))
                self.found[listed.key] = as_event(listed, content, etag, self._addresses)
            elif f"{DAV}getetag" in row.props:
                empty.append(listed)
        self._one_by_one(empty)

    def _one_by_one(self, objects: Sequence[ListedObject]) -> None:
        for listed in objects:
            try:
                event = self._single(listed)
            except (ServerFault, AnswerTooLarge):
                self._count_fault()
                continue
            except (AccessLost, NotACalendarServer):
                continue
            self._faults_in_a_row = 0
            if event is not None:
                self.found[listed.key] = event

    def _single(self, listed: ListedObject) -> FetchedEvent | None:
        try:
            return get(self._wire, listed, addresses=self._addresses)
        except CutShort:
            return get(self._wire, listed, addresses=self._addresses, demands_end=False)

    def _count_fault(self) -> None:
        self._faults_in_a_row += 1
        if self._faults_in_a_row >= MOST_FAULTS_IN_A_ROW:
            raise TemporarilyUnavailable("The server fails over every object.")
