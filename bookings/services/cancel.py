"""Cancel: an appointment will not take place, and its time becomes free."""

from datetime import datetime

from availability.services.release import release_time
from availability.services.retry import durable
from bookings.models import Appointment, ChangeKind
from bookings.services.history import CUSTOMER, Author, note_change
from bookings.services.standing import (
    AlreadyClosed,
    AlreadyOver,
    ChangedMeanwhile,
    kept_still,
    refuse_closed,
    refuse_moved,
)

__all__ = ["AlreadyClosed", "AlreadyOver", "ChangedMeanwhile", "cancel_appointment", "cancel_within"]


def cancel_appointment(
    appointment: Appointment,
    *,
    now: datetime,
    by: Author = CUSTOMER,
    reason: str = "",
    stands_at: datetime | None = None,
) -> None:
    """Cancel and give the time back. Cancelling again changes nothing.

    ``stands_at``: where it is seen to stand; ChangedMeanwhile if it was moved. Raises AlreadyClosed when it was
    declined or has expired, AlreadyOver once it has ended.
    """

    def cancel() -> None:
        cancel_within(appointment, now=now, by=by, reason=reason, stands_at=stands_at)

    # whether a COMMIT whose answer was lost went through shows: what is closed stays so
    durable(cancel, finds_itself=True)
    appointment.refresh_from_db()


def cancel_within(
    appointment: Appointment, *, now: datetime, by: Author, reason: str = "", stands_at: datetime | None = None
) -> None:
    """The same as a part of the caller's transaction."""
    standing = kept_still(appointment)
    if standing.cancelled_at:
        return
    refuse_closed(standing, now)
    refuse_moved(standing, stands_at)
    close(standing, ChangeKind.CANCELLED, by=by, now=now, reason=reason)


def close(standing: Appointment, kind: ChangeKind, *, by: Author, now: datetime, reason: str = "") -> None:
    """Under the appointment's lock: end it in this way (cancelled, declined, expired) and free its time."""
    setattr(standing, f"{kind.value}_at", now)
    standing.showed_at = standing.no_show_at = None
    standing.changed_at = now
    standing.sequence += 1
    standing.save()
    release_time(standing.uid, now=now)
    note_change(standing, kind, by=by, now=now, reason=reason)
