"""What happens to calendars below: a duplicate asks what its original asks."""

from typing import Any

from availability.models import Calendar
from availability.signals import calendar_copied
from bookings.services.booking_form import copy_booking_form


def connect() -> None:
    """Called once, when the apps are ready."""
    calendar_copied.connect(_copy_booking_form, dispatch_uid="bookings.copy_booking_form")


def _copy_booking_form(*, original: Calendar, copy: Calendar, **_rest: Any) -> None:
    copy_booking_form(original, copy)
