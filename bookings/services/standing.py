"""The appointment as it stands, kept still to the end of the transaction; and why something cannot be done to it."""

from datetime import datetime

from bookings.models import Appointment


class AlreadyOver(Exception):
    """The appointment has ended; what has been is not changed any more."""


class AlreadyClosed(Exception):
    """The appointment was cancelled, declined or has expired; its time may belong to somebody else by now."""


class ChangedMeanwhile(Exception):
    """The appointment does not stand any more where whoever asks has seen it."""


class NotPending(Exception):
    """The appointment does not wait for an answer any more."""


def kept_still(appointment: Appointment) -> Appointment:
    """Waits for whoever changes the same appointment."""
    # the bare row first: one that was waited for may have another host than it was found with
    Appointment.objects.select_for_update().get(pk=appointment.pk)
    related = ("calendar__account", "contact", "host__user")
    return Appointment.objects.select_related(*related).get(pk=appointment.pk)


def refuse_closed(standing: Appointment, now: datetime) -> None:
    """Raises AlreadyClosed or AlreadyOver."""
    if standing.closed_at:
        raise AlreadyClosed
    if standing.ends_at <= now:
        raise AlreadyOver


def refuse_moved(standing: Appointment, stands_at: datetime | None) -> None:
    """Raises ChangedMeanwhile if it was to start at ``stands_at``, and does not."""
    if stands_at is not None and standing.starts_at != stands_at:
        raise ChangedMeanwhile


def refuse_run_out(standing: Appointment, now: datetime) -> None:
    """Raises AlreadyClosed for a request nobody answered in time."""
    if standing.has_run_out(now):
        raise AlreadyClosed
