"""Deleting a calendar on which nothing was ever booked."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from availability.models import Calendar


class WasBooked(Exception):
    """Somebody booked on it, perhaps just now: it can be switched off, not deleted."""


def delete_calendar(calendar: Calendar) -> None:
    """Raises WasBooked."""
    try:
        with transaction.atomic(durable=True):
            Calendar.objects.filter(pk=calendar.pk).delete()
    except (ProtectedError, IntegrityError) as error:
        raise WasBooked from error
