"""The port, spoken in CalDAV."""

from collections.abc import Collection
from datetime import datetime
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from integrations.ports import (
    Changes,
    Credentials,
    Fetched,
    FetchedEvent,
    Home,
    ListedCalendar,
    ListedObject,
    Occurrence,
    SeenCopy,
    WantedEvent,
    Written,
)
from integrations.providers.caldav import (
    calendars,
    changes,
    describing,
    discovery,
    expanding,
    fetching,
    finding,
    writing,
)
from integrations.providers.caldav.hrefs import as_folder, key_of
from integrations.providers.caldav.wire import Wire
from integrations.providers.transport.session import Session


class CalDAVProvider:
    """One login at one server, asked through ``session``.

    ``addresses``: further e-mail addresses of its owner, to find answers to invitations.
    """

    def __init__(self, credentials: Credentials, session: Session, *, addresses: Collection[str] = ()) -> None:
        self._server_url = credentials.server_url
        self._wire = Wire(credentials, session)
        self._addresses = frozenset(text.casefold() for text in (*addresses, credentials.username) if "@" in text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def find_home(self) -> Home:
        return discovery.find_home(self._wire, self._server_url)

    def list_calendars(self, home: Home) -> tuple[ListedCalendar, ...]:
        return calendars.list_calendars(self._wire, home)

    def list_changes(self, calendar_url: str, *, since: str) -> Changes:
        return changes.list_changes(self._wire, as_folder(calendar_url), since=since)

    def fetch(self, calendar_url: str, objects: Collection[ListedObject]) -> Fetched:
        return fetching.fetch(self._wire, as_folder(calendar_url), objects, addresses=self._addresses)

    def expand(self, reduced: str, *, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Occurrence, ...]:
        return expanding.expand(reduced, start=start, end=end, zone=zone)

    def describe(self, reduced: str, *, uid: str, zone: ZoneInfo) -> SeenCopy:
        return describing.describe(reduced, uid=uid, zone=zone)

    def create(self, calendar_url: str, wanted: WantedEvent) -> Written:
        return writing.create(self._wire, calendar_url, wanted)

    def replace(self, url: str, wanted: WantedEvent, *, etag: str, written: WantedEvent | None = None) -> Written:
        return writing.replace(self._wire, url, wanted, etag=etag, written=written)

    def delete(self, url: str, *, etag: str, written: WantedEvent | None = None) -> None:
        writing.delete(self._wire, url, etag=etag, written=written)

    def find(self, calendar_url: str, uid: str) -> FetchedEvent | None:
        return self.read(writing.url_of(calendar_url, uid))

    def find_uid(self, calendar_url: str, uid: str, *, start: datetime, end: datetime) -> FetchedEvent | None:
        folder = as_folder(calendar_url)
        return finding.find_uid(self._wire, folder, uid, start=start, end=end, addresses=self._addresses)

    def read(self, url: str) -> FetchedEvent | None:
        listed = ListedObject(key=key_of(url), url=url, etag="")
        return fetching.get(self._wire, listed, addresses=self._addresses)

    def close(self) -> None:
        self._wire.close()
