"""On which terms a calendar is booked, and what a customer may still change."""

from dataclasses import dataclass
from datetime import datetime

from availability.models import Calendar
from bookings.models import Appointment, BookingTerms


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the customer may do with their appointment now. ``until``: up to when; None where nothing is allowed at all.

    ``is_too_late``: it was allowed until then.
    """

    reschedule: bool
    cancel: bool
    until: datetime | None

    @property
    def is_too_late(self) -> bool:
        return self.until is not None and not (self.reschedule or self.cancel)


def terms_of(calendar: Calendar) -> BookingTerms:
    """The calendar's terms; the defaults, unsaved, where it has none of its own."""
    return BookingTerms.objects.filter(calendar=calendar).first() or BookingTerms(calendar=calendar)


def allowed_to_customer(appointment: Appointment, terms: BookingTerms, *, now: datetime) -> Allowed:
    """An appointment that is closed or has begun is not changed by its customer."""
    may_ever = terms.may_reschedule or terms.may_cancel
    until = appointment.starts_at - terms.change_notice if may_ever and appointment.is_active else None
    in_time = until is not None and now < until
    return Allowed(in_time and terms.may_reschedule, in_time and terms.may_cancel, until)
