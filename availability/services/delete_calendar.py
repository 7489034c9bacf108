"""Deleting a calendar on which nothing was ever booked."""

from django.db.models import ProtectedError

from availability.models import Calendar, CalendarMember
from availability.services.locks import lock_calendar
from availability.services.retry import durable


class WasBooked(Exception):
    """Somebody booked on it, perhaps just now: it can be switched off, not deleted."""


def delete_calendar(calendar: Calendar) -> None:
    """Raises WasBooked."""

    def delete() -> None:
        lock_calendar(calendar)
        CalendarMember.objects.filter(calendar=calendar).delete()
        # from here on nothing can refer to it any more: neither a booking nor a day that a worker stores
        for locked in Calendar.objects.select_for_update().filter(pk=calendar.pk):
            locked.delete()

    try:
        durable(delete)
    except ProtectedError as error:
        raise WasBooked from error
