"""A calendar provider in memory that keeps the port's contract, with hooks to interleave and to fail."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from integrations.ports import (
    AccessLost,
    AlreadyExists,
    Capability,
    Changes,
    Credentials,
    CursorExpired,
    Fetched,
    FetchedEvent,
    Gone,
    Home,
    ListedCalendar,
    ListedObject,
    LoginRefused,
    Occurrence,
    ProviderError,
    SeenCopy,
    WantedEvent,
    Written,
)
from integrations.providers.caldav import describing, expanding
from integrations.providers.caldav.composing import compose
from integrations.providers.caldav.hrefs import as_folder, key_of
from integrations.providers.caldav.reading import reduce_object
from integrations.providers.caldav.rewriting import rewrite
from integrations.providers.caldav.writing import demand_version

ORIGIN = "https://calendars.example.com"
LOGIN = Credentials(f"{ORIGIN}/", "ada@example.com", "abcd-efgh-ijkl-mnop")

Answer = TypeVar("Answer")

_UTC = ZoneInfo("UTC")
_UID = re.compile(r"^UID:(.*)$", re.MULTILINE)


@dataclass
class _Object:
    text: bytes
    etag: str


@dataclass
class _Calendar:
    url: str
    name: str
    capability: Capability
    colour: str
    objects: dict[str, _Object] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)


class MemoryServer:
    """Calendars and objects. Its own methods are what other clients do; nothing stops or counts them."""

    def __init__(self, credentials: Credentials = LOGIN) -> None:
        self.credentials = credentials
        self.offers_sync = True
        # as iCloud does: a UID that lies in any calendar of the login is refused in the others
        self.takes_a_uid_once = False
        # as some servers do: no object has an etag
        self.tells_etags = True
        self.addresses: tuple[str, ...] = ()
        self._calendars: dict[str, _Calendar] = {}
        self._versions = 0
        self._cursor_line = 1

    @property
    def home(self) -> Home:
        return Home(f"{ORIGIN}/ada/", self.addresses)

    def add_calendar(self, name: str, *, capability: Capability = Capability.WRITE, colour: str = "#3366cc") -> str:
        """Returns its URL."""
        url = f"{self.home.url}{quote(name.lower().replace(' ', '-'))}/"
        self._calendars[url] = _Calendar(url, name, capability, colour)
        return url

    def remove_calendar(self, calendar_url: str) -> None:
        del self._calendars[as_folder(calendar_url)]

    def set_capability(self, calendar_url: str, capability: Capability) -> None:
        self.calendar(calendar_url).capability = capability

    def put(self, calendar_url: str, text: str | bytes, *, name: str) -> str:
        """Store an object under a name (as in a URL), whatever was there. Returns its URL."""
        url = as_folder(calendar_url) + name
        self.store(url, text.encode() if isinstance(text, str) else text)
        return url

    def remove(self, url: str) -> None:
        calendar = self._calendar_of(url)
        del calendar.objects[url]
        calendar.moved.append(url)

    def text(self, url: str) -> str | None:
        stored = self._calendar_of(url).objects.get(url)
        return None if stored is None else stored.text.decode()

    def objects(self, calendar_url: str) -> dict[str, str]:
        """Texts by URL."""
        stored = self.calendar(calendar_url).objects
        return {url: one.text.decode() for url, one in stored.items()}

    def forget_cursors(self) -> None:
        """Every cursor handed out so far is too old from now on."""
        self._cursor_line += 1

    def calendar(self, calendar_url: str) -> _Calendar:
        try:
            return self._calendars[as_folder(calendar_url)]
        except KeyError:
            raise Gone("The server has nothing at this place.") from None

    def calendars(self) -> Collection[_Calendar]:
        return self._calendars.values()

    def store(self, url: str, text: bytes) -> str:
        self._versions += 1
        calendar = self._calendar_of(url)
        calendar.objects[url] = _Object(text, f'"{self._versions}"' if self.tells_etags else "")
        calendar.moved.append(url)
        return calendar.objects[url].etag

    def stored(self, url: str) -> _Object | None:
        return self._calendar_of(url).objects.get(url)

    def writable(self, url: str) -> _Calendar:
        calendar = self._calendar_of(url)
        if calendar.capability is not Capability.WRITE:
            raise AccessLost("The server does not let this login write here.")
        return calendar

    def uids_near(self, calendar: _Calendar) -> dict[str, str]:
        """The UIDs that a new object must not have, and where they lie."""
        near = self._calendars.values() if self.takes_a_uid_once else (calendar,)
        return {_uid(stored.text): url for one in near for url, stored in one.objects.items()}

    def cursor_of(self, calendar: _Calendar) -> str:
        return f"{self._cursor_line}/{len(calendar.moved)}" if self.offers_sync else ""

    def moved_since(self, calendar: _Calendar, cursor: str) -> list[str]:
        line, _, seen = cursor.partition("/")
        if line != str(self._cursor_line) or not seen.isdecimal() or int(seen) > len(calendar.moved):
            raise CursorExpired("The server no longer knows how far we have read.")
        return list(dict.fromkeys(calendar.moved[int(seen) :]))

    def _calendar_of(self, url: str) -> _Calendar:
        return self.calendar(url.rpartition("/")[0])


@dataclass(frozen=True)
class _Fault:
    error: ProviderError
    applied: bool


class MemoryProvider:
    """``during_…`` run while a request is on its way: what they do, the server has done before it. ``calls`` counts."""

    def __init__(
        self,
        server: MemoryServer,
        credentials: Credentials | None = None,
        *,
        during_create: Callable[[], object] | None = None,
        during_replace: Callable[[], object] | None = None,
        during_delete: Callable[[], object] | None = None,
        during_fetch: Callable[[], object] | None = None,
    ) -> None:
        self.server = server
        self.calls: defaultdict[str, int] = defaultdict(int)
        self.closed = False
        self._credentials = credentials or server.credentials
        self._hooks = {
            "create": during_create,
            "replace": during_replace,
            "delete": during_delete,
            "fetch": during_fetch,
        }
        self._faults: defaultdict[str, list[_Fault]] = defaultdict(list)

    def fail(self, method: str, error: ProviderError, *, applied: bool = False, times: int = 1) -> None:
        """The next calls of a method end with this error; with ``applied`` the server did what was asked."""
        self._faults[method].extend([_Fault(error, applied)] * times)

    def find_home(self) -> Home:
        return self._ask("find_home", lambda: self.server.home)

    def list_calendars(self, home: Home) -> tuple[ListedCalendar, ...]:
        return self._ask("list_calendars", lambda: tuple(map(self._listed, self.server.calendars())))

    def list_changes(self, calendar_url: str, *, since: str) -> Changes:
        return self._ask("list_changes", lambda: self._changes(calendar_url, since))

    def fetch(self, calendar_url: str, objects: Collection[ListedObject]) -> Fetched:
        return self._ask("fetch", lambda: self._fetched(objects))

    def expand(self, reduced: str, *, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Occurrence, ...]:
        return expanding.expand(reduced, start=start, end=end, zone=zone)

    def describe(self, reduced: str, *, uid: str, zone: ZoneInfo) -> SeenCopy:
        return describing.describe(reduced, uid=uid, zone=zone)

    def create(self, calendar_url: str, wanted: WantedEvent) -> Written:
        return self._ask("create", lambda: self._create(calendar_url, wanted))

    def replace(self, url: str, wanted: WantedEvent, *, etag: str, written: WantedEvent | None = None) -> Written:
        return self._ask("replace", lambda: self._replace(url, wanted, etag, written))

    def delete(self, url: str, *, etag: str, written: WantedEvent | None = None) -> None:
        self._ask("delete", lambda: self._delete(url, etag, written))

    def find(self, calendar_url: str, uid: str) -> FetchedEvent | None:
        return self._ask("find", lambda: self._event(_url_of(calendar_url, uid)))

    def find_uid(self, calendar_url: str, uid: str, *, start: datetime, end: datetime) -> FetchedEvent | None:
        return self._ask("find_uid", lambda: self._find_uid(calendar_url, uid, start, end))

    def read(self, url: str) -> FetchedEvent | None:
        return self._ask("read", lambda: self._event(url))

    def close(self) -> None:
        self.closed = True

    def _ask(self, method: str, act: Callable[[], Answer]) -> Answer:
        self.calls[method] += 1
        hook = self._hooks.get(method)
        if hook is not None:
            hook()
        if self._credentials != self.server.credentials:
            raise LoginRefused("The server does not accept this user name and password.")
        fault = self._faults[method].pop(0) if self._faults[method] else None
        if fault is None:
            return act()
        if fault.applied:
            act()
        raise fault.error

    def _listed(self, calendar: _Calendar) -> ListedCalendar:
        return ListedCalendar(
            key=key_of(calendar.url),
            url=calendar.url,
            name=calendar.name,
            capability=calendar.capability,
            colour=calendar.colour,
            token=f"{len(calendar.moved)}",
        )

    def _changes(self, calendar_url: str, since: str) -> Changes:
        calendar = self.server.calendar(calendar_url)
        cursor = self.server.cursor_of(calendar)
        moved = self.server.moved_since(calendar, since) if since else list(calendar.objects)
        present = tuple(
            ListedObject(key_of(url), url, calendar.objects[url].etag) for url in moved if url in calendar.objects
        )
        gone = tuple(key_of(url) for url in moved if url not in calendar.objects)
        return Changes(present, gone, cursor, complete=not since)

    def _fetched(self, objects: Collection[ListedObject]) -> Fetched:
        events = {listed.key: self._event(listed.url) for listed in objects}
        return Fetched(
            tuple(event for event in events.values() if event is not None),
            tuple(key for key, event in events.items() if event is None),
        )

    def _event(self, url: str) -> FetchedEvent | None:
        stored = self.server.stored(url)
        if stored is None:
            return None
        reduced = reduce_object(stored.text, addresses=frozenset({self._credentials.username}))
        key = key_of(url)
        uid = reduced.uid or ("" if reduced.unreadable else key)
        return FetchedEvent(key, url, stored.etag, uid, reduced.text, reduced.unreadable)

    def _find_uid(self, calendar_url: str, uid: str, start: datetime, end: datetime) -> FetchedEvent | None:
        events = (self._event(url) for url in self.server.calendar(calendar_url).objects)
        found = next((event for event in events if event is not None and event.uid == uid), None)
        in_time = found is not None and expanding.expand(found.reduced, start=start, end=end, zone=_UTC)
        return found if in_time else None

    def _create(self, calendar_url: str, wanted: WantedEvent) -> Written:
        url = _url_of(calendar_url, wanted.uid)
        calendar = self.server.writable(url)
        if url in calendar.objects:
            raise AlreadyExists("Something lies in the event's place already.")
        if elsewhere := self.server.uids_near(calendar).get(wanted.uid):
            raise AlreadyExists("The server has an event with this identity elsewhere.", url=elsewhere)
        return Written(url, self.server.store(url, compose(wanted)))

    def _replace(self, url: str, wanted: WantedEvent, etag: str, written: WantedEvent | None) -> Written:
        stored = self._demand_version(url, etag, written if written is not None or etag else wanted)
        return Written(url, self.server.store(url, rewrite(stored.text, wanted, written=written)))

    def _delete(self, url: str, etag: str, written: WantedEvent | None) -> None:
        self._demand_version(url, etag, written)
        self.server.remove(url)

    def _demand_version(self, url: str, etag: str, written: WantedEvent | None) -> _Object:
        stored = self.server.writable(url).objects.get(url)
        if stored is None:
            raise Gone("The server has nothing at this place.")
        demand_version(stored.text, stored.etag, etag=etag, written=written)
        return stored


def _url_of(calendar_url: str, uid: str) -> str:
    return f"{as_folder(calendar_url)}{quote(uid)}.ics"


def _uid(text: bytes) -> str:
    found = _UID.search(text.decode("utf-8", "replace"))
    return found[1].strip() if found else ""
