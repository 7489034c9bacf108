"""REPORT: sync-collection (RFC 6578), calendar-multiget and calendar-query (RFC 4791 7.8, 7.9)."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from itertools import islice

from tests.servers.fault_caldav.exchange import Answer, Request, path_of
from tests.servers.fault_caldav.places import Place, Site
from tests.servers.fault_caldav.properties import CALENDAR_DATA, GETETAG, object_row, rows_of_objects
from tests.servers.fault_caldav.querying import matcher_of
from tests.servers.fault_caldav.quirks import Forgotten, Withheld
from tests.servers.fault_caldav.store import Calendar
from tests.servers.fault_caldav.wording import (
    CALDAV,
    DAV,
    element,
    multistatus,
    parsed,
    refusal,
    row,
    status_row,
    wanted_props,
)

_NOT_KNOWN = {
    Forgotten.PRECONDITION_403: 403,
    Forgotten.PRECONDITION_409: 409,
    Forgotten.PRECONDITION_412: 412,
}
_WITHOUT_A_WORD = {Forgotten.BARE_403: 403, Forgotten.BARE_410: 410, Forgotten.BARE_500: 500}


def report(site: Site, request: Request, place: Place) -> Answer:
    question = parsed(request.body)
    calendar = place.calendar
    if question is None or calendar is None or place.name:
        return refusal(400)
    if not calendar.readable:
        return refusal(403, f"{DAV}need-privileges")
    if calendar.subscribed:
        return multistatus([])
    kinds = {f"{CALDAV}calendar-query": _query}
    if site.quirks.knows_sync:
        kinds[f"{DAV}sync-collection"] = _sync
    if site.quirks.knows_multiget:
        kinds[f"{CALDAV}calendar-multiget"] = _multiget
    answer = kinds.get(question.tag)
    return refusal(403, f"{DAV}supported-report") if answer is None else answer(site, calendar, question)


def _sync(site: Site, calendar: Calendar, question: ET.Element) -> Answer:
    token = (question.findtext(f"{DAV}sync-token") or "").strip()
    wanted = wanted_props(question)
    since = calendar.revision_of(token) if token else 0
    if since is None:
        return _token_not_known(site, calendar, wanted)
    if site.quirks.page is not None:
        return _page(site, calendar, wanted, since=since, token=token)
    rows: list[str | bytes] = list(_oddities(site, calendar, first=not token))
    if token:
        rows += _changed_rows(site, calendar, calendar.changes_after(since), wanted)
    elif site.quirks.failing_members:
        rows += _changed_rows(site, calendar, calendar.moved.items(), wanted, first=True)
    else:
        rows.append(rows_of_objects(site, calendar, wanted))
    if site.quirks.repeats:
        rows *= 2
    return multistatus(rows, token=calendar.token)


def _token_not_known(site: Site, calendar: Calendar, wanted: tuple[str, ...]) -> Answer:
    way = site.quirks.unknown_token
    if way in _NOT_KNOWN:
        return refusal(_NOT_KNOWN[way], f"{DAV}valid-sync-token")
    if way in _WITHOUT_A_WORD:
        return Answer(_WITHOUT_A_WORD[way])
    rows = [rows_of_objects(site, calendar, wanted)] if way is Forgotten.EVERYTHING else []
    return multistatus(rows, token=calendar.token)


def _page(site: Site, calendar: Calendar, wanted: tuple[str, ...], *, since: int, token: str) -> Answer:
    """The oldest changes; a 507 for the collection says that there are more (RFC 6578 3.6)."""
    changes = list(islice(calendar.changes_after(since), (site.quirks.page or 0) + 1))
    page = changes[: site.quirks.page]
    rows = list(_changed_rows(site, calendar, page, wanted, first=not token))
    if len(page) == len(changes):
        return multistatus(rows, token=calendar.token)
    rows.append(status_row(site.href(calendar.path), 507))
    stays = token or calendar.token_at(0)
    return multistatus(rows, token=stays if site.quirks.page_never_moves else calendar.token_at(page[-1][1]))


def _changed_rows(
    site: Site, calendar: Calendar, changes: Iterable[tuple[str, int]], wanted: tuple[str, ...], *, first: bool = False
) -> Iterator[str]:
    for name, _ in changes:
        stored = calendar.objects.get(name)
        href = site.href(calendar.path + name)
        if name in site.quirks.overlooked and not first:
            continue
        if name in site.quirks.failing_members:
            yield status_row(href, 507)
        elif stored is not None:
            yield object_row(site, calendar, name, stored, wanted)
        elif not first:
            yield status_row(href, 404)


def _oddities(site: Site, calendar: Calendar, *, first: bool) -> Iterator[str]:
    if not first:
        yield from (status_row(site.href(calendar.path + name), 404) for name in site.quirks.phantoms)
    if site.quirks.names_collection:
        yield row(site.href(calendar.path), {GETETAG: '"collection"'}, (GETETAG,))
    if first:
        yield from (status_row(site.href(calendar.path + name), 404) for name in site.quirks.ghosts)


def _multiget(site: Site, calendar: Calendar, question: ET.Element) -> Answer:
    wanted = wanted_props(question)
    hrefs = [(element.text or "").strip() for element in question.iterfind(f"{DAV}href")]
    names = {href: path_of(href).removeprefix(calendar.path) for href in hrefs}
    ways = {site.quirks.withheld.get(name) for name in names.values()}
    if Withheld.FAILS_ALL in ways:
        return Answer(500)
    if Withheld.TOO_LARGE in ways:
        return Answer(413)
    rows = (_multiget_row(site, calendar, href, name, wanted) for href, name in names.items())
    return multistatus(rows)


def _multiget_row(site: Site, calendar: Calendar, href: str, name: str, wanted: tuple[str, ...]) -> str:
    way = site.quirks.withheld.get(name)
    stored = calendar.read(name)
    if way is Withheld.LEFT_OUT:
        return ""
    if stored is None or way is Withheld.NOT_FOUND:
        return status_row(site.href(path_of(href)), 404)
    if way is Withheld.WITHOUT_DATA:
        return object_row(site, calendar, name, stored, tuple(one for one in wanted if one != CALENDAR_DATA))
    text = object_row(site, calendar, name, stored, wanted)
    if way is Withheld.EMPTY:
        head, _, rest = text.partition("<c:calendar-data>")
        return head + element(CALENDAR_DATA) + rest.partition("</c:calendar-data>")[2]
    return text


def _query(site: Site, calendar: Calendar, question: ET.Element) -> Answer:
    matches = matcher_of(question)
    if matches is None:
        return refusal(403, f"{CALDAV}supported-filter")
    wanted = wanted_props(question)
    found = ((name, stored) for name, stored in calendar.objects.items() if matches(stored.text))
    return multistatus(object_row(site, calendar, name, stored, wanted) for name, stored in found)
