"""Creating, replacing and deleting objects: never blindly, each only over the version that is known."""

import re
from hashlib import sha256
from urllib.parse import quote
from zoneinfo import ZoneInfo

from integrations.ports import (
    AlreadyExists,
    ChangedMeanwhile,
    Gone,
    NotACalendarServer,
    WantedEvent,
    Written,
)
from integrations.providers.caldav.changes import etag_of
from integrations.providers.caldav.composing import compose
from integrations.providers.caldav.describing import describe
from integrations.providers.caldav.hrefs import as_folder
from integrations.providers.caldav.multistatus import DAV, rows_of
from integrations.providers.caldav.reading import is_whole, looks_like_a_calendar, reduce_object
from integrations.providers.caldav.refusals import demand_success, place_named_in, reasons_in
from integrations.providers.caldav.rewriting import rewrite
from integrations.providers.caldav.wire import Wire
from integrations.providers.transport.session import Reply

_ETAG = '<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>'
_CALENDAR_TYPE = {"Content-Type": "text/calendar; charset=utf-8"}
_PLAIN_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]{0,120}")
_UTC = ZoneInfo("UTC")


def url_of(calendar_url: str, uid: str) -> str:
    """Where our object with this UID lies: fixed before the first try, so that a second try finds the first."""
    name = uid if _PLAIN_UID.fullmatch(uid) else sha256(uid.encode()).hexdigest()
    return f"{as_folder(calendar_url)}{quote(name)}.ics"


def create(wire: Wire, calendar_url: str, wanted: WantedEvent) -> Written:
    url = url_of(calendar_url, wanted.uid)
    reply = wire.send("PUT", url, compose(wanted), {**_CALENDAR_TYPE, "If-None-Match": "*"})
    if reply.status_code == 412:
        place = place_named_in(wire, reply)
        raise AlreadyExists("Something lies in the event's place already.", url=place)
    if reply.status_code == 409 and not reasons_in(reply):
        _demand_place(wire, calendar_url)
    return _written(wire, url, reply)


def replace(wire: Wire, url: str, wanted: WantedEvent, *, etag: str, written: WantedEvent | None = None) -> Written:
    """Keeps what the host added to the object that lies there."""
    content, current = _read_version(wire, url)
    # With neither an etag nor a memory of what we wrote, only an object that stands as wanted may be touched.
    believed = written if written is not None or etag else wanted
    condition = demand_version(content, current, etag=etag, written=believed)
    reply = wire.send("PUT", url, rewrite(content, wanted, written=written), {**_CALENDAR_TYPE, **condition})
    if reply.status_code == 412:
        raise ChangedMeanwhile("The event was changed meanwhile.")
    return _written(wire, url, reply)


def delete(wire: Wire, url: str, *, etag: str, written: WantedEvent | None = None) -> None:
    condition = {"If-Match": etag} if _is_strong(etag) else {}
    if not condition and (etag or written is not None):
        condition = demand_version(*_read_version(wire, url), etag=etag, written=written)
    reply = wire.send("DELETE", url, headers=condition)
    if reply.status_code == 412:
        raise ChangedMeanwhile("The event was changed meanwhile.")
    _demand_done(wire, reply)


def demand_version(content: bytes, current: str, *, etag: str, written: WantedEvent | None) -> dict[str, str]:
    """The header that holds the server to the version named. Raises ChangedMeanwhile when another one lies there.

    A weak etag may not be sent (RFC 9110 13.1.1), but it can be compared; then, and where there is none, the object
    must still have the times that were written. If-Match is never "*": iCloud reads it the wrong way round.
    """
    if etag and current and _opaque(etag) != _opaque(current):
        raise ChangedMeanwhile("The event was changed meanwhile.")
    if not _is_strong(etag) and written is not None and not _stands_as(content, written):
        raise ChangedMeanwhile("The event was changed meanwhile.")
    condition = next((one for one in (etag, current) if _is_strong(one)), "")
    return {"If-Match": condition} if condition else {}


def _stands_as(content: bytes, written: WantedEvent) -> bool:
    seen = describe(reduce_object(content, addresses=()).text, uid=written.uid, zone=_UTC)
    if seen.recurs or seen.starts_at is None or seen.ends_at is None or seen.all_day != (written.days is not None):
        return False
    if written.days is not None:
        return (seen.starts_at.date(), seen.ends_at.date()) == written.days
    return (seen.starts_at, seen.ends_at) == (written.starts_at, written.ends_at)


def _read_version(wire: Wire, url: str) -> tuple[bytes, str]:
    """The object and its etag; empty where the server has none."""
    reply = _read(wire, url)
    etag = etag_of(reply.headers.get("etag", ""))
    if not etag and (etag := _ask_etag(wire, url)):
        # An etag that is asked for apart must be the older of the two: then If-Match fails if there was a change.
        reply = _read(wire, url)
    return reply.content, etag


def _read(wire: Wire, url: str) -> Reply:
    reply = _get(wire, url)
    # What has no end may have been cut on its way, and the host's part with it: only a second answer can tell.
    return reply if is_whole(reply.content) else _get(wire, url)


def _get(wire: Wire, url: str) -> Reply:
    reply = wire.send("GET", url)
    demand_success(wire, reply)
    if not looks_like_a_calendar(reply.content):
        raise NotACalendarServer("What answered is not a calendar server.")
    return reply


def _demand_done(wire: Wire, reply: Reply) -> None:
    """A page with 200 is somebody's on the way, who carried nothing out; with 201 it is a server's own notice."""
    demand_success(wire, reply)
    if reply.status_code == 200 and "html" in reply.headers.get("content-type", "").lower():
        raise NotACalendarServer("What answered is not a calendar server.")


def _written(wire: Wire, url: str, reply: Reply) -> Written:
    _demand_done(wire, reply)
    # Without an etag something else than we sent may lie there by now (RFC 4791 5.3.4): whoever asks must look.
    return Written(url, etag_of(reply.headers.get("etag", "")))


def _ask_etag(wire: Wire, url: str) -> str:
    told = wire.ask("PROPFIND", url, _ETAG, depth=0)
    if told.status != 207:
        return ""
    return next((etag_of(row.text(f"{DAV}getetag")) for row in rows_of(told.tree)), "")


def _demand_place(wire: Wire, calendar_url: str) -> None:
    """409 is what some say when the calendar itself is missing (RFC 4918 9.7.1), and others about the object."""
    told = wire.ask("PROPFIND", as_folder(calendar_url), _ETAG, depth=0)
    # Some say within a multistatus that the calendar itself is not there.
    statuses = {told.status, *(row.status for row in rows_of(told.tree))} if told.status == 207 else {told.status}
    if statuses & {404, 410}:
        raise Gone("The server has nothing at this place.")


def _is_strong(etag: str) -> bool:
    return etag.startswith('"')


def _opaque(etag: str) -> str:
    return etag.removeprefix("W/")
