"""An appointment as it stands in its customer's own calendar."""

from django.utils.translation import gettext as _

from availability.models import PlaceKind
from bookings.core.calendar_links import CalendarEntry
from bookings.core.plain_text import is_number_to_call, one_line
from bookings.models import Appointment
from bookings.queries.customer_links import customer_links
from bookings.queries.place_words import PlaceInWords, place_for_customer


def customer_entry(appointment: Appointment) -> CalendarEntry:
    """For those who have opened the page of the appointment."""
    return _entry(appointment, place_for_customer(appointment))


def mailed_entry(appointment: Appointment) -> CalendarEntry:
    """For whoever reads the mail."""
    return _entry(appointment, place_in_mail(appointment))


def place_in_mail(appointment: Appointment) -> PlaceInWords:
    """Nobody has proved to own the address: what was typed into the form is not mailed to it."""
    place = appointment.place
    if appointment.calendar.place_kind == PlaceKind.ASK:
        return PlaceInWords(_("At the place that was named when booking") if place else "")
    if place and place == appointment.customer_phone and not is_number_to_call(place):
        return PlaceInWords(_("By phone: we call you"))
    return place_for_customer(appointment)


def _entry(appointment: Appointment, place: PlaceInWords) -> CalendarEntry:
    calendar = appointment.calendar
    return CalendarEntry(
        title=one_line(f"{calendar.name} – {calendar.account.name}"),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        place=one_line(place.words),
        page=customer_links(appointment).page,
    )
