"""An appointment in every way it can stand for its customer, and its addresses."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.urls import reverse

from bookings.models import Appointment, AppointmentChange, BookingTerms
from bookings.services.answer_request import decline_appointment, expire_requests
from bookings.services.attendance import note_attendance
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import staff
from bookings.tokens import manage_token
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW

ACTIONS = ("manage", "manage-reschedule", "manage-cancel", "manage-ics")


def url(appointment: Appointment, name: str = "manage") -> str:
    return reverse(f"bookings:{name}", args=[manage_token(appointment)])


def all_rows(appointment: Appointment) -> tuple[object, ...]:
    """Everything a page could have changed."""
    changes = AppointmentChange.objects.filter(appointment=appointment).order_by("pk")
    return Appointment.objects.filter(pk=appointment.pk).values_list().get(), list(changes.values_list())


def terms_of(calendar, **given) -> BookingTerms:
    return BookingTerms.objects.update_or_create(calendar=calendar, defaults=given)[0]


def confirmed(calendar) -> tuple[Appointment, datetime]:
    return book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW), NOW


def pending(calendar) -> tuple[Appointment, datetime]:
    terms_of(calendar, needs_approval=True)
    return confirmed(calendar)


def begun(calendar) -> tuple[Appointment, datetime]:
    return confirmed(calendar)[0], TEN


def over(calendar) -> tuple[Appointment, datetime]:
    appointment, _now = confirmed(calendar)
    return appointment, appointment.ends_at


def showed(calendar) -> tuple[Appointment, datetime]:
    return _attended(calendar, came=True)


def no_show(calendar) -> tuple[Appointment, datetime]:
    return _attended(calendar, came=False)


def cancelled(calendar) -> tuple[Appointment, datetime]:
    appointment, _now = confirmed(calendar)
    cancel_appointment(appointment, now=NOW, reason="A cold")
    return appointment, NOW


def declined(calendar) -> tuple[Appointment, datetime]:
    appointment, _now = pending(calendar)
    decline_appointment(appointment, now=NOW, by=staff(appointment.host), reason="We are full")
    return appointment, NOW


def expired(calendar) -> tuple[Appointment, datetime]:
    appointment, _now = pending(calendar)
    expire_requests(now=TEN)
    appointment.refresh_from_db()
    return appointment, TEN


def run_out(calendar) -> tuple[Appointment, datetime]:
    """A request nobody answered in time, before a worker has said so."""
    appointment, _now = pending(calendar)
    Appointment.objects.update(expires_at=NOW + timedelta(minutes=1))
    appointment.refresh_from_db()
    return appointment, NOW + timedelta(minutes=1)


def too_late(calendar) -> tuple[Appointment, datetime]:
    terms_of(calendar, change_notice=timedelta(hours=2))
    return confirmed(calendar)


def switched_off(calendar) -> tuple[Appointment, datetime]:
    terms_of(calendar, may_reschedule=False, may_cancel=False)
    return confirmed(calendar)


def _attended(calendar, *, came: bool) -> tuple[Appointment, datetime]:
    appointment, _now = confirmed(calendar)
    note_attendance(appointment, came=came, now=TEN, by=staff(appointment.host))
    return appointment, TEN


Arrange = Callable[..., tuple[Appointment, datetime]]
# each with the words its page begins with
STAGES: dict[Arrange, str] = {
    pending: "You have asked for Monday, Ada Lovelace.",
    confirmed: "See you on Monday, Ada Lovelace.",
    begun: "This appointment has begun.",
    over: "This appointment is over.",
    showed: "This appointment is over.",
    no_show: "This appointment is over.",
    cancelled: "This appointment is cancelled.",
    declined: "This time could not be confirmed.",
    expired: "Nobody answered in time.",
    run_out: "Nobody answered in time.",
}
# each with what its pages say instead of doing it, and how a POST is refused
REFUSED: dict[Arrange, tuple[str, int]] = {
    begun: ("This appointment has begun.", 409),
    over: ("This appointment is over.", 409),
    showed: ("This appointment is over.", 409),
    no_show: ("This appointment is over.", 409),
    declined: ("This time could not be confirmed.", 409),
    expired: ("Nobody answered in time.", 409),
    run_out: ("Nobody answered in time.", 409),
    too_late: ("It is too late to ", 409),
    switched_off: ("This appointment is not ", 403),
}
