"""What Holdfast asks of the outside, in Holdfast's words: one port, implemented once per provider.

Values here are plain and frozen. An adapter never sees a model, a setting or the clock; whoever calls it hands
in what it needs. Every method may raise a :class:`ProviderError`; which class says whether another try is worth it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo


class Capability(StrEnum):
    """What may be done with a remote calendar."""

    WRITE = "write"
    READ_ONLY = "read_only"
    SUBSCRIBED = "subscribed"
    NO_EVENTS = "no_events"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signs in at a server. Never logged: ``repr`` hides the password."""

    server_url: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Home:
    """Where the calendars of a login live. ``url`` is absolute: iCloud names another server than the one asked.

    ``addresses``: the e-mail addresses the server knows its owner by, lower-case; empty where it says nothing.
    """

    url: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedCalendar:
    """One calendar as the home lists it.

    ``key`` is the host-less, percent-decoded path (one resource, one key, however the server spells it);
    ``token`` changes when something in the calendar did (sync-token or ctag; empty where the server has neither).
    """

    key: str
    url: str
    name: str
    capability: Capability
    colour: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object in a listing. ``etag`` is empty where the server gives none: such an object is fetched each time."""

    key: str
    url: str
    etag: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What moved in a remote calendar since a cursor.

    ``complete``: ``present`` is everything there is, so silence means deletion. Otherwise only ``gone`` was deleted.
    ``cursor`` is opaque; empty where the server offers none (the next look lists in full).
    """

    present: tuple[ListedObject, ...]
    gone: tuple[str, ...]
    cursor: str
    complete: bool


@dataclass(frozen=True, slots=True)
class FetchedEvent:
    """One object, reduced to what busy time needs. ``reduced`` is text only the adapter that made it can read.

    ``unreadable`` says why (in English, without content) when not all of the object could be read; ``uid`` is empty
    where that was part of it. ``reduced`` still holds what could be: its readable parts, and of the rest the local day
    of its start.
    An object without events (a task) is readable and has no occurrences.
    """

    key: str
    url: str
    etag: str
    uid: str
    reduced: str = field(repr=False)
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """``missing``: keys that were asked for and that the server did not hand out."""

    events: tuple[FetchedEvent, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One stretch of time an event covers: half-open, aware, in UTC. ``key`` is unique within its object.

    ``transparent``: marked free. ``status``: "confirmed", "tentative" or "cancelled". ``answer``: what the login's
    owner said to an invitation, "declined", "tentative" or "needs_action"; empty when accepted or not invited.
    """

    key: str
    start: datetime
    end: datetime
    title: str = field(repr=False)
    transparent: bool
    status: str
    all_day: bool
    answer: str = ""


@dataclass(frozen=True, slots=True)
class WantedEvent:
    """An item as it should stand in the primary calendar. Instants are aware and in UTC.

    ``free``: marked as free. ``days``: a whole-day event, from its first day to the day after its last.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    description: str = ""
    location: str = ""
    tentative: bool = False
    sequence: int = 0
    changed_at: datetime | None = None
    free: bool = False
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class SeenCopy:
    """How an object of ours stands there. Instants are aware and in UTC.

    They are None when they cannot be read or cover no time; of an event that ``recurs``, the first occurrence's.
    ``transparent``: marked free.
    """

    starts_at: datetime | None
    ends_at: datetime | None
    all_day: bool
    recurs: bool
    transparent: bool
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Written:
    """Where an object lies now. ``etag`` is empty where the server would not say."""

    url: str
    etag: str


class CalendarProvider(Protocol):
    """One login at one provider. Open one per job; close it after."""

    def find_home(self) -> Home:
        """Sign in and find the home of the login's calendars."""

    def list_calendars(self, home: Home) -> tuple[ListedCalendar, ...]:
        """All calendars of the home, in one request; also those that cannot be used, with their capability."""

    def list_changes(self, calendar_url: str, *, since: str) -> Changes:
        """What changed since ``since`` (empty: list in full). Raises CursorExpired when ``since`` is too old."""

    def fetch(self, calendar_url: str, objects: Collection[ListedObject]) -> Fetched:
        """The named objects, in batches."""

    def expand(self, reduced: str, *, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Occurrence, ...]:
        """Occurrences of a reduced event that overlap ``[start, end)``; floating and all-day times are in ``zone``.

        What is beyond the budget covers the day of its start. Raises Unreadable when nothing can be said at all.
        """

    def describe(self, reduced: str, *, uid: str, zone: ZoneInfo) -> SeenCopy:
        """How the event with this UID stands in a reduced object. Asks nobody and never raises."""

    def create(self, calendar_url: str, wanted: WantedEvent) -> Written:
        """Write a new object that must not exist yet. Raises AlreadyExists."""

    def replace(self, url: str, wanted: WantedEvent, *, etag: str, written: WantedEvent | None = None) -> Written:
        """Write over the version named by ``etag``, keeping what the host added. Raises ChangedMeanwhile or Gone.

        ``written``: what we wrote there last, if known: it tells the host's words from ours, and where no server
        can be held to an etag, the object must still have its times.
        """

    def delete(self, url: str, *, etag: str, written: WantedEvent | None = None) -> None:
        """Delete the version named by ``etag`` (empty: whatever is there). Raises ChangedMeanwhile or Gone.

        ``written``: as for ``replace``.
        """

    def find(self, calendar_url: str, uid: str) -> FetchedEvent | None:
        """Our object with this UID, looked for where ``create`` would have put it."""

    def find_uid(self, calendar_url: str, uid: str, *, start: datetime, end: datetime) -> FetchedEvent | None:
        """The object with this UID among those of a calendar that touch ``[start, end)``, wherever it lies.

        Raises NotACalendarServer or TemporarilyUnavailable when the server would not search: None says "not there".
        """

    def read(self, url: str) -> FetchedEvent | None:
        """One object, or None when the server says it is not there (404, 410)."""

    def close(self) -> None:
        """Give the network connection back."""


class ProviderError(Exception):
    """Something the outside did. The text is ours, safe to log and to show: no answer, URL part or secret in it."""


class LoginRefused(ProviderError):
    """401: the user name or password is not accepted. Nobody tries again before the user acts."""


class NotAllowed(ProviderError):
    """The address may not be connected to: private network, foreign server, credentials in the URL, plain http."""


class NotACalendarServer(ProviderError):
    """Something answered, but it does not speak the provider's protocol, or answered nonsense."""


class AccessLost(ProviderError):
    """403 on a calendar or object: it can no longer be read, or not be written."""


class Gone(ProviderError):
    """404 or 410: what was named is not there."""


class AlreadyExists(ProviderError):
    """Create found something in its place, or the server has the UID elsewhere: at ``url``, if it said so."""

    def __init__(self, message: str, *, url: str = "") -> None:
        super().__init__(message)
        self.url = url


class ChangedMeanwhile(ProviderError):
    """412: the version named is no longer the one on the server."""


class CursorExpired(ProviderError):
    """The server no longer knows the cursor: list in full."""


class Refused(ProviderError):
    """The server will not take this object as it is (413, 415, 422, 507 and their like)."""


class Unreadable(ProviderError):
    """An object's content cannot be understood within the budget. Its neighbours are not harmed."""


class TemporarilyUnavailable(ProviderError):
    """Worth another try, not before ``retry_after`` if the server named one."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreachable(TemporarilyUnavailable):
    """No answer: refused, name not found, timed out."""


class TlsFailed(TemporarilyUnavailable):
    """The server's certificate could not be verified."""
