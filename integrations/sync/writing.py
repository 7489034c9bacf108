"""Making one remote copy equal to what is wanted, whatever lies there: talks to the provider, knows no rows."""

from typing import NamedTuple

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


class Place(NamedTuple):
    """Where a copy lies and in which version; no ``url``: nowhere that we know of."""

    url: str = ""
    etag: str = ""


def write(
    wanted: WantedEvent, place: Place, *, calendar_url: str, provider: CalendarProvider, read_back: bool
) -> Place:
    """Write ``wanted``; the place it lies at now.

    Raises LiesElsewhere. ``read_back``: an earlier try may have been carried out unseen, so it is looked for before
    anything is created. What is found in our place is ours by UID and written over in the version found, never
    blindly.
    """
    if not place.url and read_back:
        place = _find(wanted.uid, calendar_url, provider)
    for _round in range(ROUNDS):
        try:
            written = (
                provider.replace(place.url, wanted, etag=place.etag)
                if place.url
                else provider.create(calendar_url, wanted)
            )
        except AlreadyExists:
            place = _find(wanted.uid, calendar_url, provider)
            if not place.url:
                raise LiesElsewhere(_ELSEWHERE) from None
        except ChangedMeanwhile:
            place = _place(provider.read(place.url))
        except Gone:
            if not place.url:
                raise TemporarilyUnavailable(_NOT_FOUND) from None
            place = Place()
        else:
            return _with_etag(Place(written.url, written.etag), provider)
    raise TemporarilyUnavailable(_RESTLESS)


def remove(uid: str, place: Place, *, calendar_url: str, provider: CalendarProvider) -> None:
    """Delete the copy. That it is gone already is fine."""
    if not place.url:
        place = _find(uid, calendar_url, provider)
    for _round in range(ROUNDS):
        if not place.url:
            return
        try:
            provider.delete(place.url, etag=place.etag)
        except ChangedMeanwhile:
            place = _place(provider.read(place.url))
        except Gone:
            return
        else:
            return
    raise TemporarilyUnavailable(_RESTLESS_WHEN_DELETED)


def _find(uid: str, calendar_url: str, provider: CalendarProvider) -> Place:
    found = provider.find(calendar_url, uid)
    # an object in our place whose content cannot be read has no UID to go by
    return _place(found) if found and found.uid in (uid, "") else Place()


def _place(found: FetchedEvent | None) -> Place:
    return Place(found.url, found.etag) if found else Place()


def _with_etag(place: Place, provider: CalendarProvider) -> Place:
    """Servers may keep the new version's etag to themselves until asked."""
    if place.etag:
        return place
    found = provider.read(place.url)
    return place if found is None else Place(place.url, found.etag)
