"""Cancel: an appointment will not take place, and its time becomes free."""

from datetime import datetime

from django.db.models import F

from availability.services.release import release_time
from availability.services.retry import durable
from bookings.models import Appointment
from bookings.signals import item_changed


class AlreadyOver(Exception):
    """The appointment has ended; what has been is not changed any more."""


def cancel_appointment(appointment: Appointment, *, now: datetime) -> None:
    """Cancel and give the time back. Cancelling again changes nothing; AlreadyOver once it has ended."""

    def cancel() -> None:
        standing = Appointment.objects.select_for_update().get(pk=appointment.pk)
        if standing.cancelled_at:
            return
        if standing.ends_at <= now:
            raise AlreadyOver
        Appointment.objects.filter(pk=appointment.pk).update(
            cancelled_at=now, changed_at=now, sequence=F("sequence") + 1
        )
        release_time(appointment.uid, now=now)
        item_changed.send(Appointment, uid=standing.session_uid or standing.uid, now=now)

    durable(cancel)
    appointment.refresh_from_db(fields=("cancelled_at", "changed_at", "sequence"))
