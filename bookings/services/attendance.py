"""Whether the customer came (B9)."""

from datetime import datetime

from availability.services.retry import durable
from bookings.models import Appointment, ChangeKind
from bookings.services.history import Author, note_change
from bookings.services.standing import AlreadyClosed, kept_still

__all__ = ["AlreadyClosed", "NotBegun", "NotConfirmed", "note_attendance"]


class NotBegun(Exception):
    """Nobody can have come yet."""


class NotConfirmed(Exception):
    """A request that nobody confirmed is attended by nobody."""


def note_attendance(appointment: Appointment, *, came: bool | None, now: datetime, by: Author) -> None:
    """``came``: True or False; None takes the mark back. The same mark again changes nothing.

    Raises NotBegun, NotConfirmed, AlreadyClosed.
    """

    def note() -> None:
        standing = kept_still(appointment)
        _refuse(standing, now)
        if came is _mark_of(standing):
            return
        standing.showed_at = now if came else None
        standing.no_show_at = now if came is False else None
        standing.save(update_fields=("showed_at", "no_show_at"))
        note_change(standing, _KINDS[came], by=by, now=now)

    durable(note)
    appointment.refresh_from_db()


_KINDS = {True: ChangeKind.SHOWED, False: ChangeKind.NO_SHOW, None: ChangeKind.ATTENDANCE_OPEN}


def _refuse(standing: Appointment, now: datetime) -> None:
    if standing.closed_at:
        raise AlreadyClosed
    if not standing.confirmed_at:
        raise NotConfirmed
    if now < standing.starts_at:
        raise NotBegun


def _mark_of(standing: Appointment) -> bool | None:
    if standing.showed_at:
        return True
    return False if standing.no_show_at else None
