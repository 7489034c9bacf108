"""Making one remote copy equal to what is wanted, whatever lies there: talks to the provider, knows no rows."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_noop

from integrations.ports import (
    AlreadyExists,
    CalendarProvider,
    ChangedMeanwhile,
    FetchedEvent,
    Gone,
    TemporarilyUnavailable,
    WantedEvent,
)

ROUNDS = 3
_RESTLESS_WHEN_DELETED = gettext_noop("The appointment keeps changing on the server while it is being deleted.")
_RESTLESS = gettext_noop("The appointment keeps changing on the server while it is being written.")
_NOT_FOUND = gettext_noop("The calendar could not be written to: it was not found.")
_ELSEWHERE = gettext_noop("The server already has this appointment in another place.")


class LiesElsewhere(TemporarilyUnavailable):
    """The server has the UID in another place of this login, and takes it only once."""


class NotThere(Exception):
    """The copy is not where it was. Whether it was deleted is found out before anything is written."""


class StandsOtherwise(Exception):
    """The copy was changed there in what we own; ``found`` is how it stands now."""

    def __init__(self, found: FetchedEvent) -> None:
        super().__init__()
        self.found = found


class Place(NamedTuple):
    """Where a copy lies and in which version; no ``url``: nowhere that we know of. ``written``: as what of ours."""

    url: str = ""
    etag: str = ""
    written: WantedEvent | None = None


def write(
    wanted: WantedEvent,
    place: Place,
    *,
    calendar_url: str,
    provider: CalendarProvider,
    read_back: bool,
    left: Callable[[FetchedEvent], WantedEvent | None],
    holds: Callable[[FetchedEvent], bool],
) -> Place:
    """Write ``wanted``; the place it lies at now.

    Raises LiesElsewhere, NotThere or StandsOtherwise. ``read_back``: an earlier try may have been carried out unseen,
    so it is looked for before anything is created. ``left`` tells as what of ours a version stands, None when that is
    not known, and raises StandsOtherwise: it is written over in the version found, never blindly. ``holds`` tells
    whether a version is what is wanted.
    """
    if not place.url and read_back:
        place = _find(wanted.uid, calendar_url, provider, left)
    for _round in range(ROUNDS):
        try:
            done = (
                provider.replace(place.url, wanted, etag=place.etag, written=place.written)
                if place.url
                else provider.create(calendar_url, wanted)
            )
        except AlreadyExists as error:
            place = _find(wanted.uid, calendar_url, provider, left, named=error.url)
            if not place.url:
                raise LiesElsewhere(_ELSEWHERE) from None
        except ChangedMeanwhile:
            place = _as_left(provider.read(place.url), wanted.uid, left)
        except Gone:
            if place.url:
                raise NotThere from None
            raise TemporarilyUnavailable(_NOT_FOUND) from None
        else:
            return _with_etag(Place(done.url, done.etag), provider, holds)
    raise TemporarilyUnavailable(_RESTLESS)


def remove(uid: str, place: Place, *, calendar_url: str, provider: CalendarProvider) -> bool:
    """Delete the copy; whether it was there. That it is gone already is fine."""
    if not place.url:
        place = _find(uid, calendar_url, provider)
    for _round in range(ROUNDS):
        if not place.url:
            return False
        try:
            provider.delete(place.url, etag=place.etag)
        except ChangedMeanwhile:
            place = _place(provider.read(place.url))
        except Gone:
            return False
        else:
            return True
    raise TemporarilyUnavailable(_RESTLESS_WHEN_DELETED)


def _find(
    uid: str,
    calendar_url: str,
    provider: CalendarProvider,
    left: Callable[[FetchedEvent], WantedEvent | None] | None = None,
    *,
    named: str = "",
) -> Place:
    """``named``: where the server says it lies, if in this calendar. With ``left``, raises StandsOtherwise."""
    is_here = _path(named).startswith(_path(calendar_url))
    found = provider.read(named) if is_here else provider.find(calendar_url, uid)
    # an object in our place whose content cannot be read has no UID to go by
    if found is None or found.uid not in (uid, ""):
        return Place()
    return Place(found.url, found.etag, left(found) if left else None)


def _as_left(found: FetchedEvent | None, uid: str, left: Callable[[FetchedEvent], WantedEvent | None]) -> Place:
    if found is None or found.uid not in (uid, ""):
        raise NotThere
    return Place(found.url, found.etag, left(found))


def _path(url: str) -> str:
    return unquote(urlsplit(url).path)


def _place(found: FetchedEvent | None) -> Place:
    return Place(found.url, found.etag) if found else Place()


def _with_etag(place: Place, provider: CalendarProvider, holds: Callable[[FetchedEvent], bool]) -> Place:
    """Servers may keep the new version's etag to themselves until asked. It counts only if the version is ours."""
    if place.etag:
        return place
    found = provider.read(place.url)
    return Place(place.url, found.etag) if found is not None and holds(found) else place
