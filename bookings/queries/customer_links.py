"""The addresses a customer gets: their own appointment, and the page to book at."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from availability.models import Calendar
from bookings.models import Appointment
from bookings.tokens import manage_token


@dataclass(frozen=True, slots=True)
class CustomerLinks:
    """Whole addresses. ``page`` shows the appointment; the others are where it is moved and cancelled."""

    page: str
    reschedule: str
    cancel: str


def customer_links(appointment: Appointment) -> CustomerLinks:
    token = manage_token(appointment)
    names = ("manage", "manage-reschedule", "manage-cancel")
    return CustomerLinks(*(_whole(reverse(f"bookings:{name}", kwargs={"token": token})) for name in names))


def booking_page(calendar: Calendar) -> str:
    """Where the calendar can be booked; empty while there is no page."""
    if calendar.switched_off_at:
        return ""
    return _whole(reverse("bookings:book", args=[calendar.account.slug, calendar.slug]))


def _whole(path: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{path}"
