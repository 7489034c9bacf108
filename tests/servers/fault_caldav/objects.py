"""GET, PUT and DELETE of one object, with the preconditions of RFC 9110 13.1 and RFC 4791 5.3.2.1."""

import re

from tests.servers.fault_caldav.exchange import Answer, Request
from tests.servers.fault_caldav.places import Place, Site
from tests.servers.fault_caldav.quirks import Etags, UidScope
from tests.servers.fault_caldav.store import Calendar, Stored, uids_in
from tests.servers.fault_caldav.wording import CALDAV, DAV, href, refusal

_COMPONENT = re.compile(rb"^BEGIN:(VEVENT|VTODO|VJOURNAL)\s*$", re.MULTILINE)
_END = re.compile(rb"^(DTEND|DURATION)[;:]", re.MULTILINE)


def get(site: Site, _request: Request, place: Place) -> Answer:
    calendar = place.calendar
    if calendar is None or not place.name:
        return Answer(405)
    if not calendar.readable:
        return refusal(403, f"{DAV}need-privileges")
    stored = calendar.read(place.name)
    if stored is None:
        return Answer(404)
    return Answer(200, stored.text, {"Content-Type": "text/calendar; charset=utf-8", **_etag(site, stored)})


def put(site: Site, request: Request, place: Place) -> Answer:
    calendar, name = place.calendar, place.name
    if calendar is None or not name:
        return Answer(405)
    refused = _may_not_write(site, request, calendar, name) or _wrong_object(site, request.body, calendar, name)
    if refused is not None:
        return refused
    quirks = site.quirks
    existed = name in calendar.objects
    if quirks.renames is not None and not existed:
        name = quirks.renames(name)
    text = request.body if quirks.rewrite is None else quirks.rewrite(request.body.decode()).encode()
    stored = calendar.store(name, text, stale_reads=quirks.stale_reads)
    headers = _etag(site, stored) if quirks.etag_after_put and text == request.body else {}
    if name != place.name:
        headers = {"Location": site.href(calendar.path + name)}
    return Answer(204 if existed else 201, b"", headers)


def delete(site: Site, request: Request, place: Place) -> Answer:
    calendar, name = place.calendar, place.name
    if calendar is None or not name:
        return refusal(403)
    if calendar.writable and name not in calendar.objects:
        return Answer(404)
    refused = _may_not_write(site, request, calendar, name)
    if refused is not None:
        return refused
    calendar.drop(name)
    return Answer(204)


def _may_not_write(site: Site, request: Request, calendar: Calendar, name: str) -> Answer | None:
    if not calendar.writable or calendar.subscribed:
        return refusal(403, f"{DAV}need-privileges")
    if not site.quirks.heeds_conditions:
        return None
    stored = calendar.objects.get(name)
    if_match = request.headers.get("if-match")
    if if_match is not None and not (stored is not None and _matches(if_match, site.etag_of(stored))):
        return Answer(412)
    if stored is not None and request.headers.get("if-none-match") == "*":
        return Answer(412)
    return None


def _matches(named: str, etag: str) -> bool:
    """Strongly: a weak etag matches nothing, not even itself (RFC 9110 8.8.3.2)."""
    return named.strip() == "*" or etag in {one.strip() for one in named.split(",") if not one.strip().startswith("W/")}


def _wrong_object(site: Site, body: bytes, calendar: Calendar, name: str) -> Answer | None:
    kinds = {match.decode() for match in _COMPONENT.findall(body)}
    if not body.lstrip().startswith(b"BEGIN:VCALENDAR") or not body.rstrip().endswith(b"END:VCALENDAR"):
        return refusal(403, f"{CALDAV}valid-calendar-data")
    if len(kinds) != 1 or len(uids_in(body)) != 1 or b"\nMETHOD:" in body:
        return refusal(403, f"{CALDAV}valid-calendar-object-resource")
    if not kinds <= set(calendar.components):
        return refusal(403, f"{CALDAV}supported-calendar-component")
    if site.quirks.demands_end and not _END.search(body):
        return refusal(403, f"{CALDAV}valid-calendar-data")
    return _uid_conflict(site, uids_in(body)[0], calendar, name)


def _uid_conflict(site: Site, uid: str, calendar: Calendar, name: str) -> Answer | None:
    holder = (calendar, calendar.uids[uid]) if uid in calendar.uids else None
    if site.quirks.uid_scope is UidScope.LOGIN:
        holder = calendar.login.holder_of(uid)
    known = calendar.objects.get(name)
    if holder is None and known is not None and known.uid != uid:
        holder = (calendar, name)
    if holder is None or (holder == (calendar, name) and (known is None or known.uid == uid)):
        return None
    inner = href(site.href(holder[0].path + holder[1]))
    return refusal(site.quirks.uid_conflict_status, f"{CALDAV}no-uid-conflict", inner)


def _etag(site: Site, stored: Stored) -> dict[str, str]:
    return {} if site.quirks.etags is Etags.NONE else {"ETag": site.etag_of(stored)}
