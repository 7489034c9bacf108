"""Hand an appointment over: the same time with a colleague, because its host cannot come."""

from datetime import datetime

from accounts.models import Member
from availability.services.retry import durable
from bookings.models import Appointment
from bookings.queries.colleagues import passable
from bookings.services.cancel import cancel_within
from bookings.services.history import Author
from bookings.services.reschedule import SlotTaken, reschedule_appointment
from bookings.services.standing import AlreadyClosed, AlreadyOver, ChangedMeanwhile, kept_still

__all__ = ["AlreadyClosed", "AlreadyOver", "ChangedMeanwhile", "SlotTaken", "cancel_for_absent", "hand_over"]


def hand_over(
    appointment: Appointment,
    *,
    absent: Member,
    to: Member,
    stands_at: datetime,
    now: datetime,
    by: Author,
    reason: str = "",
) -> None:
    """Give the appointment of ``absent`` to ``to`` at the time it has. Handing it over again changes nothing.

    Notice, date range and limits of the calendar do not count: it was booked in time and is counted already. Raises
    SlotTaken where the colleague is not free, ChangedMeanwhile if it stands elsewhere than ``stands_at`` or is with
    somebody else by now, AlreadyClosed, AlreadyOver; nothing is changed then.
    """
    appointment.refresh_from_db()
    if appointment.host_id not in {absent.pk, to.pk} or appointment.starts_at != stands_at:
        raise ChangedMeanwhile
    try:
        _move(appointment, to=to, stands_at=stands_at, now=now, by=by, reason=reason)
    except SlotTaken:
        seen = passable(appointment, to, now=now)
        if seen is None:
            raise
        # whatever else came up since then raises SlotTaken
        _move(appointment, to=to, stands_at=stands_at, now=now, by=by, reason=reason, seen=seen)


def cancel_for_absent(
    appointment: Appointment, *, absent: Member, stands_at: datetime, now: datetime, by: Author, reason: str = ""
) -> None:
    """Cancel it unless somebody has taken it over: ChangedMeanwhile then. Cancelling again changes nothing.

    Raises AlreadyClosed and AlreadyOver as well.
    """

    def cancel() -> None:
        standing = kept_still(appointment)
        takes_part = standing.host_id == absent.pk or standing.further_hosts.filter(pk=absent.pk).exists()
        if standing.cancelled_at is None and not takes_part:
            raise ChangedMeanwhile
        cancel_within(standing, now=now, by=by, reason=reason, stands_at=stands_at)

    durable(cancel, finds_itself=True)
    appointment.refresh_from_db()


def _move(
    appointment: Appointment,
    *,
    to: Member,
    stands_at: datetime,
    now: datetime,
    by: Author,
    reason: str,
    seen: str = "",
) -> None:
    reschedule_appointment(
        appointment,
        starts_at=stands_at,
        stands_at=stands_at,
        host=to,
        now=now,
        by=by,
        reason=reason,
        overbook=bool(seen),
        seen=seen,
    )
