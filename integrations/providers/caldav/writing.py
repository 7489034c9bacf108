"""Creating, replacing and deleting objects: never blindly, each only over the version that is known."""

import re
from hashlib import sha256
from urllib.parse import quote

from caldav.lib.error import parse_preconditions

from integrations.ports import (
    AccessLost,
    AlreadyExists,
    ChangedMeanwhile,
    Gone,
    NotACalendarServer,
    Refused,
    WantedEvent,
    Written,
)
from integrations.providers.caldav.changes import etag_of
from integrations.providers.caldav.composing import compose, rewrite
from integrations.providers.caldav.hrefs import as_folder
from integrations.providers.caldav.multistatus import CALDAV, DAV, rows_of
from integrations.providers.caldav.wire import Wire
from integrations.providers.transport.session import Reply

_ETAG = '<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>'
_CALENDAR_TYPE = {"Content-Type": "text/calendar; charset=utf-8"}
_PLAIN_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]{0,120}")
_TAKEN = f"{CALDAV}no-uid-conflict"


def url_of(calendar_url: str, uid: str) -> str:
    """Where our object with this UID lies: fixed before the first try, so that a second try finds the first."""
    name = uid if _PLAIN_UID.fullmatch(uid) else sha256(uid.encode()).hexdigest()
    return f"{as_folder(calendar_url)}{quote(name)}.ics"


def create(wire: Wire, calendar_url: str, wanted: WantedEvent) -> Written:
    url = url_of(calendar_url, wanted.uid)
    reply = wire.send("PUT", url, compose(wanted), {**_CALENDAR_TYPE, "If-None-Match": "*"})
    if reply.status_code == 412:
        raise AlreadyExists("Something lies in the event's place already.")
    return _written(wire, url, reply)


def replace(wire: Wire, url: str, wanted: WantedEvent, *, etag: str) -> Written:
    """Keeps what the host added to the object that lies there."""
    content, condition = _read_version(wire, url, etag)
    reply = wire.send("PUT", url, rewrite(content, wanted), {**_CALENDAR_TYPE, **condition})
    if reply.status_code == 412:
        raise ChangedMeanwhile("The event was changed meanwhile.")
    return _written(wire, url, reply)


def delete(wire: Wire, url: str, *, etag: str) -> None:
    condition = {"If-Match": etag} if _is_strong(etag) else {}
    if etag and not condition:
        # A weak etag may not be sent (RFC 9110 13.1.1), but it can be compared.
        _, condition = _read_version(wire, url, etag)
    reply = wire.send("DELETE", url, headers=condition)
    if reply.status_code == 412:
        raise ChangedMeanwhile("The event was changed meanwhile.")
    _demand_success(reply)


def _read_version(wire: Wire, url: str, etag: str) -> tuple[bytes, dict[str, str]]:
    """The object if it is still the version named, and the header that holds the server to it."""
    reply = wire.send("GET", url)
    _demand_success(reply)
    current = etag_of(reply.headers.get("etag", "")) or _ask_etag(wire, url)
    if etag and current and current != etag:
        raise ChangedMeanwhile("The event was changed meanwhile.")
    condition = etag or current
    return reply.content, {"If-Match": condition} if _is_strong(condition) else {}


def _written(wire: Wire, url: str, reply: Reply) -> Written:
    _demand_success(reply)
    # Without an etag the server may have stored something else than we sent (RFC 4791 5.3.4).
    return Written(url, etag_of(reply.headers.get("etag", "")) or _ask_etag(wire, url))


def _ask_etag(wire: Wire, url: str) -> str:
    told = wire.ask("PROPFIND", url, _ETAG, depth=0)
    if told.status != 207:
        return ""
    return next((etag_of(row.text(f"{DAV}getetag")) for row in rows_of(told.tree)), "")


def _demand_success(reply: Reply) -> None:
    status = reply.status_code
    if status in {200, 201, 202, 204}:
        return
    if status in {403, 409, 412} and _TAKEN in parse_preconditions(reply.content):
        raise AlreadyExists("The server has an event with this identity elsewhere.")
    if status == 403:
        raise AccessLost("The server does not let this login write here.")
    if status in {404, 410}:
        raise Gone("The server has nothing at this place.")
    if 300 <= status < 400:
        raise NotACalendarServer("The server sends us elsewhere.")
    raise Refused("The server does not take this event.")


def _is_strong(etag: str) -> bool:
    return etag.startswith('"')
