"""Cancel: an appointment will not take place, and its time becomes free."""

from datetime import datetime

from availability.services.release import release_time
from availability.services.retry import durable
from bookings.models import Appointment, ChangeKind
from bookings.services.history import CUSTOMER, Author, note_change
from bookings.services.standing import AlreadyClosed, AlreadyOver, kept_still, refuse_closed

__all__ = ["AlreadyClosed", "AlreadyOver", "cancel_appointment"]


def cancel_appointment(appointment: Appointment, *, now: datetime, by: Author = CUSTOMER, reason: str = "") -> None:
    """Cancel and give the time back. Cancelling again changes nothing.

    Raises AlreadyClosed when it was declined or has expired, AlreadyOver once it has ended.
    """

    def cancel() -> None:
        standing = kept_still(appointment)
        if standing.cancelled_at:
            return
        refuse_closed(standing, now)
        close(standing, ChangeKind.CANCELLED, by=by, now=now, reason=reason)

    durable(cancel)
    appointment.refresh_from_db()


def close(standing: Appointment, kind: ChangeKind, *, by: Author, now: datetime, reason: str = "") -> None:
    """Under the appointment's lock: end it in this way (cancelled, declined, expired) and free its time."""
    setattr(standing, f"{kind.value}_at", now)
    standing.showed_at = standing.no_show_at = None
    standing.changed_at = now
    standing.sequence += 1
    standing.save()
    release_time(standing.uid, now=now)
    note_change(standing, kind, by=by, now=now, reason=reason)
