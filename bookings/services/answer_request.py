"""Answer a request that waits for approval (B8): confirm it, decline it, or let it expire unanswered."""

from datetime import datetime
from functools import partial

from availability.services.retry import durable
from bookings.models import Appointment, ChangeKind
from bookings.services.cancel import close
from bookings.services.history import SYSTEM, Author, note_change
from bookings.services.standing import (
    AlreadyClosed,
    AlreadyOver,
    ChangedMeanwhile,
    NotPending,
    kept_still,
    refuse_closed,
    refuse_moved,
    refuse_run_out,
)

__all__ = [
    "AlreadyClosed",
    "AlreadyOver",
    "ChangedMeanwhile",
    "NotPending",
    "confirm_appointment",
    "decline_appointment",
    "expire_requests",
]


def confirm_appointment(
    appointment: Appointment, *, now: datetime, by: Author, stands_at: datetime | None = None
) -> None:
    """The request becomes an appointment. Confirming again changes nothing.

    ``stands_at``: where it is seen to stand; ChangedMeanwhile if it was moved. Raises AlreadyClosed (declined,
    cancelled or expired), AlreadyOver.
    """

    def confirm() -> None:
        standing = kept_still(appointment)
        if standing.confirmed_at and standing.is_active:
            return
        refuse_closed(standing, now)
        refuse_run_out(standing, now)
        refuse_moved(standing, stands_at)
        standing.confirmed_at = standing.changed_at = now
        standing.expires_at = None
        standing.sequence += 1
        standing.save()
        note_change(standing, ChangeKind.CONFIRMED, by=by, now=now)

    durable(confirm)
    appointment.refresh_from_db()


def decline_appointment(
    appointment: Appointment, *, now: datetime, by: Author, reason: str = "", stands_at: datetime | None = None
) -> None:
    """The request is refused, and its time becomes free. Declining again changes nothing.

    ``stands_at`` as in ``confirm_appointment``. Raises NotPending once it is confirmed, AlreadyClosed (cancelled or
    expired), AlreadyOver.
    """

    def decline() -> None:
        standing = kept_still(appointment)
        if standing.declined_at:
            return
        refuse_closed(standing, now)
        if standing.confirmed_at:
            raise NotPending
        refuse_run_out(standing, now)
        refuse_moved(standing, stands_at)
        close(standing, ChangeKind.DECLINED, by=by, now=now, reason=reason)

    # whether a COMMIT whose answer was lost went through shows: what is closed stays so
    durable(decline, finds_itself=True)
    appointment.refresh_from_db()


def expire_requests(*, now: datetime) -> int:
    """Close every request whose time to be answered is over; how many there were. Each is a transaction of its own."""
    waiting = Appointment.objects.pending().filter(expires_at__lte=now).order_by("expires_at", "pk")
    return sum(durable(partial(_expire, appointment, now)) for appointment in waiting)


def _expire(appointment: Appointment, now: datetime) -> bool:
    standing = kept_still(appointment)
    if not standing.has_run_out(now):
        return False
    close(standing, ChangeKind.EXPIRED, by=SYSTEM, now=now)
    return True
