"""What moved in a calendar: sync-collection (RFC 6578) where it works, a listing of etags where it does not."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from integrations.ports import AccessLost, Changes, CursorExpired, Gone, ListedObject, NotACalendarServer
from integrations.providers.caldav.calendars import demand_listing
from integrations.providers.caldav.hrefs import key_of, url_on
from integrations.providers.caldav.multistatus import DAV, Row, rows_of, sync_token_of
from integrations.providers.caldav.wire import ServerFault, Told, Wire

MOST_PAGES = 2000

_SYNC = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<d:sync-collection xmlns:d="DAV:"><d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level>'
    "<d:prop><d:getetag/></d:prop></d:sync-collection>"
)
_ETAGS = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/><d:resourcetype/></d:prop></d:propfind>'
)


class _NoSync(Exception):
    """sync-collection gave nothing that can be used."""


def list_changes(wire: Wire, calendar_url: str, *, since: str) -> Changes:
    """Raises CursorExpired when the server will not go on from ``since``."""
    try:
        changes = _Pages(wire, calendar_url, since).read()
    except _NoSync:
        if since:
            _demand_calendar(wire, calendar_url)
            raise CursorExpired("The server no longer knows how far we have read.") from None
        return _list_etags(wire, calendar_url)
    if since or changes.present:
        return changes
    # Some servers answer a REPORT they do not support with an empty multistatus: silence needs a second witness.
    listed = _list_etags(wire, calendar_url)
    return listed if listed.present else changes


def etag_of(text: str) -> str:
    """One spelling, so that what a header says and what a property says can be compared."""
    text = text.strip()
    return text if not text or text.endswith('"') else f'"{text}"'


class _Pages:
    """Reads sync-collection page by page (RFC 6578 3.6)."""

    def __init__(self, wire: Wire, calendar_url: str, since: str) -> None:
        self._wire = wire
        self._url = calendar_url
        self._since = since
        self._key = key_of(calendar_url)
        self._present: dict[str, ListedObject] = {}
        self._gone: dict[str, None] = {}

    def read(self) -> Changes:
        token = self._since
        for _ in range(MOST_PAGES):
            told = self._ask(token)
            more = self._take(rows_of(told.tree))
            following = sync_token_of(told.tree)
            if self._since and not following and not self._present and not self._gone:
                # Neither a change nor a new cursor: the question was not understood.
                break
            if not more:
                return self._changes(following)
            if following in {"", token}:
                break
            token = following
        raise _NoSync

    def _ask(self, token: str) -> Told:
        try:
            told = self._wire.ask("REPORT", self._url, _SYNC.format(token=escape(token)), depth=0)
        except ServerFault:
            raise _NoSync from None
        if told.status == 200:
            raise NotACalendarServer("What answered is not a calendar server.")
        if told.status != 207:
            raise _NoSync
        return told

    def _take(self, rows: Iterable[Row]) -> bool:
        """Sort one page's rows. True when the server says that there is more."""
        more = False
        for row in rows:
            if _is_collection(row, self._key):
                if row.status in {403, 404, 410}:
                    raise _NoSync
                more = more or row.status == 507
            elif not self._wire.serves(row.href):
                continue
            elif row.status in {404, 410}:
                self._gone[key_of(row.href)] = None
            else:
                self._add(row)
        return more

    def _add(self, row: Row) -> None:
        listed = _listed(self._url, row)
        known = self._present.get(listed.key)
        if known is None or listed.etag:
            self._present[listed.key] = listed

    def _changes(self, cursor: str) -> Changes:
        # Named as changed and as gone: the entry with an etag wins. In a first listing nothing can be gone.
        gone = () if not self._since else tuple(key for key in self._gone if key not in self._present)
        return Changes(tuple(self._present.values()), gone, cursor, complete=not self._since)


def _list_etags(wire: Wire, calendar_url: str) -> Changes:
    told = wire.ask("PROPFIND", calendar_url, _ETAGS, depth=1)
    demand_listing(told)
    rows = tuple(rows_of(told.tree))
    if not rows:
        raise NotACalendarServer("The server's listing does not even name the calendar itself.")
    calendar_key = key_of(calendar_url)
    _demand_row_of_calendar(rows, calendar_key)
    present: dict[str, ListedObject] = {}
    for row in rows:
        if row.status in {404, 410} or _is_collection(row, calendar_key):
            continue
        if wire.serves(row.href):
            listed = _listed(calendar_url, row)
            present.setdefault(listed.key, listed)
    return Changes(tuple(present.values()), (), "", complete=True)


def _demand_calendar(wire: Wire, calendar_url: str) -> None:
    """A calendar that can still be looked at has only forgotten the cursor (RFC 6578 3.2, and a bare 403)."""
    told = wire.ask("PROPFIND", calendar_url, _ETAGS, depth=0)
    demand_listing(told)
    _demand_row_of_calendar(rows_of(told.tree), key_of(calendar_url))


def _demand_row_of_calendar(rows: Iterable[Row], calendar_key: str) -> None:
    """Some servers say within a multistatus that the calendar itself is not there."""
    row = next((row for row in rows if key_of(row.href) == calendar_key), None)
    if row is not None and row.status in {404, 410}:
        raise Gone("The server has nothing at this place.")
    if row is not None and row.status == 403:
        raise AccessLost("The server does not let this login read here.")


def _is_collection(row: Row, calendar_key: str) -> bool:
    return (
        key_of(row.href) == calendar_key
        or row.href.endswith("/")
        or f"{DAV}collection" in row.children(f"{DAV}resourcetype")
    )


def _listed(calendar_url: str, row: Row) -> ListedObject:
    # A row without an etag is fetched each time; also one whose status says that only its reading failed.
    return ListedObject(
        key=key_of(row.href),
        url=url_on(calendar_url, row.href),
        etag=etag_of(row.text(f"{DAV}getetag")),
    )
