"""Who took what."""

from bookings.models.appointment import Appointment, Status
from bookings.models.contact import Contact
from bookings.models.idempotency import IdempotencyKey

__all__ = ["Appointment", "Contact", "IdempotencyKey", "Status"]
