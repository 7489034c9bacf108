"""Who took what."""

from bookings.models.appointment import Appointment, Status
from bookings.models.contact import Contact
from bookings.models.idempotency import IdempotencyKey
from bookings.models.own_item import OwnItem, OwnItemKind

__all__ = ["Appointment", "Contact", "IdempotencyKey", "OwnItem", "OwnItemKind", "Status"]
