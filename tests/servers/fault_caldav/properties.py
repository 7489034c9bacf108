"""PROPFIND: the root, principals, homes, calendars and objects, and what each says of itself."""

from collections.abc import Iterator, Mapping

from tests.servers.fault_caldav.exchange import Answer, Request
from tests.servers.fault_caldav.places import Place, Site
from tests.servers.fault_caldav.quirks import Etags, quoted
from tests.servers.fault_caldav.store import Calendar, Login, Stored
from tests.servers.fault_caldav.wording import (
    APPLE,
    CALDAV,
    CALENDAR_SERVER,
    DAV,
    href,
    multistatus,
    parsed,
    refusal,
    row,
    wanted_props,
)

CALENDAR_DATA = f"{CALDAV}calendar-data"
GETETAG = f"{DAV}getetag"
_TYPE = f"{DAV}resourcetype"
_WRITING = ("read", "write", "write-content", "write-properties", "bind", "unbind")
_READING = ("read", "read-current-user-privilege-set")


def propfind(site: Site, request: Request, place: Place) -> Answer:
    question = parsed(request.body) if request.body else None
    if request.body and question is None:
        return refusal(400)
    wanted = wanted_props(question)
    deep = request.headers.get("depth", "infinity") != "0"
    if place.calendar is not None and not place.calendar.readable:
        return refusal(403, f"{DAV}need-privileges")
    if place.name:
        return _of_object(site, place, wanted)
    if place.calendar is not None:
        rows = _rows_of_calendar(site, place.calendar, wanted, deep=deep)
        return multistatus(rows)
    if place.is_home:
        return multistatus(_rows_of_home(site, place.login, wanted, deep=deep))
    entrance = {_TYPE: "<d:collection/>", **_who(place.login)}
    found = _of_principal(place.login) if place.path == place.login.principal else entrance
    return multistatus([row(site.href(place.path), found, wanted)])


def object_row(site: Site, calendar: Calendar, name: str, stored: Stored, wanted: tuple[str, ...]) -> str:
    return row(site.href(calendar.path + name), _of_stored(site, stored, wanted), wanted)


def rows_of_objects(site: Site, calendar: Calendar, wanted: tuple[str, ...]) -> bytes:
    """All of them, oldest change first; kept until something changes."""
    quirks = site.quirks
    key = (wanted, calendar.revision, calendar.path, quirks.etags, quirks.spell)
    known = calendar.listings.get("all")
    if known is None or known[0] != key:
        rows = (object_row(site, calendar, name, calendar.objects[name], wanted) for name in _in_order(calendar))
        known = (key, "".join(rows).encode())
        calendar.listings["all"] = known
    return known[1]


def _in_order(calendar: Calendar) -> Iterator[str]:
    return (name for name in calendar.moved if name in calendar.objects)


def _of_object(site: Site, place: Place, wanted: tuple[str, ...]) -> Answer:
    assert place.calendar is not None
    stored = place.calendar.read(place.name)
    if stored is None:
        return Answer(404)
    return multistatus([object_row(site, place.calendar, place.name, stored, wanted)])


def _rows_of_home(site: Site, login: Login, wanted: tuple[str, ...], *, deep: bool) -> Iterator[str]:
    folder = {_TYPE: "<d:collection/>", f"{DAV}displayname": "Calendars", **_who(login)}
    yield row(site.href(login.home), folder, wanted)
    if not deep:
        return
    for calendar in login.calendars.values():
        yield row(site.href(calendar.path), _in_home(site, calendar), wanted)
    for box in ("inbox", "outbox"):
        yield row(site.href(f"{login.home}{box}/"), {_TYPE: f"<d:collection/><c:schedule-{box}/>"}, wanted)


def _rows_of_calendar(site: Site, calendar: Calendar, wanted: tuple[str, ...], *, deep: bool) -> Iterator[str | bytes]:
    yield row(site.href(calendar.path), _of_calendar(site, calendar), wanted)
    if deep and not calendar.subscribed:
        yield rows_of_objects(site, calendar, wanted)


def _of_stored(site: Site, stored: Stored, wanted: tuple[str, ...]) -> Mapping[str, str]:
    found = {_TYPE: "", f"{DAV}getcontenttype": "text/calendar; charset=utf-8; component=VEVENT"}
    if site.quirks.etags is not Etags.NONE:
        found[GETETAG] = _escaped(site.etag_of(stored))
    if CALENDAR_DATA in wanted:
        found[CALENDAR_DATA] = _escaped(stored.text.decode("utf-8", "replace")).replace("\r", "&#13;")
    if f"{DAV}getcontentlength" in wanted:
        found[f"{DAV}getcontentlength"] = str(len(stored.text))
    return found


def _of_calendar(site: Site, calendar: Calendar) -> Mapping[str, str]:
    kind = "<s:subscribed/>" if calendar.subscribed else "<c:calendar/>"
    found = {
        _TYPE: f"<d:collection/>{kind}",
        f"{DAV}displayname": _escaped(calendar.title),
        f"{APPLE}calendar-color": calendar.colour,
        f"{CALDAV}supported-calendar-component-set": "".join(f'<c:comp name="{c}"/>' for c in calendar.components),
        **_who(calendar.login),
    }
    if site.quirks.knows_sync and not calendar.subscribed:
        found[f"{DAV}sync-token"] = calendar.token
    if site.quirks.tells_ctag and not calendar.subscribed:
        found[f"{CALENDAR_SERVER}getctag"] = f"{calendar.line}-{calendar.revision}"
    if site.quirks.tells_privileges:
        found[f"{DAV}current-user-privilege-set"] = _privileges(calendar)
    return found


def _in_home(site: Site, calendar: Calendar) -> Mapping[str, str]:
    said = dict(_of_calendar(site, calendar))
    frozen = site.quirks.home_token
    tokens = said.keys() & {f"{DAV}sync-token", f"{CALENDAR_SERVER}getctag"}
    return {**said, **dict.fromkeys(tokens, _escaped(frozen))} if frozen else said


def _of_principal(login: Login) -> Mapping[str, str]:
    return {
        _TYPE: "<d:collection/><d:principal/>",
        f"{DAV}displayname": _escaped(login.username),
        f"{CALDAV}calendar-home-set": href(login.home_server + quoted(login.home)),
        f"{CALDAV}calendar-user-address-set": href(f"mailto:{login.username}") if "@" in login.username else "",
        **_who(login),
    }


def _who(login: Login) -> Mapping[str, str]:
    principal = href(quoted(login.principal))
    return {f"{DAV}current-user-principal": principal, f"{DAV}owner": principal}


def _privileges(calendar: Calendar) -> str:
    names = _WRITING if calendar.writable and not calendar.subscribed else _READING
    return "".join(f"<d:privilege><d:{name}/></d:privilege>" for name in names)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
