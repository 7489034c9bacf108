"""Who took what."""

from bookings.models.appointment import Appointment, Status
from bookings.models.change import AppointmentChange, ChangeKind, Who
from bookings.models.contact import Contact
from bookings.models.hold import Hold
from bookings.models.idempotency import IdempotencyKey
from bookings.models.own_item import OwnItem, OwnItemKind
from bookings.models.question import Question, QuestionKind
from bookings.models.terms import BookingTerms

__all__ = [
    "Appointment",
    "AppointmentChange",
    "BookingTerms",
    "ChangeKind",
    "Contact",
    "Hold",
    "IdempotencyKey",
    "OwnItem",
    "OwnItemKind",
    "Question",
    "QuestionKind",
    "Status",
    "Who",
]
