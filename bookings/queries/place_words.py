"""Where an appointment takes place (T11): what is kept of it, and how it reads on pages and in calendars."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from availability.models import Calendar, PlaceKind
from bookings.models import Appointment

_OPENS = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class PlaceInWords:
    """``words`` to be read; ``url`` where they can be opened."""

    words: str
    url: str = ""


def place_on_offer(calendar: Calendar) -> str:
    """Before anybody has booked. A link is for those who have."""
    if calendar.place_kind == PlaceKind.WE_CALL:
        return _("By phone: we call you")
    if calendar.place_kind == PlaceKind.ASK:
        return _("Where you say")
    if calendar.place_kind == PlaceKind.THEY_CALL and calendar.place:
        return _("By phone: you call %(number)s") % {"number": calendar.place}
    if calendar.place_kind == PlaceKind.LINK and calendar.place:
        return _("Online: the link follows when you have booked")
    return calendar.place


def place_to_keep(calendar: Calendar, *, phone: str, answer: str) -> str:
    """What an appointment keeps: the customer's number or answer where they are asked, else the calendar's place."""
    if calendar.place_kind == PlaceKind.WE_CALL:
        return phone
    return answer if calendar.place_kind == PlaceKind.ASK else calendar.place


def place_for_customer(appointment: Appointment) -> PlaceInWords:
    place = appointment.place
    if _we_call(appointment):
        words = _("By phone: we call you on %(number)s") % {"number": place} if place else _("By phone: we call you")
        return PlaceInWords(words)
    if _they_call(appointment):
        return PlaceInWords(_("By phone: you call %(number)s") % {"number": place})
    return PlaceInWords(place, place if place.lower().startswith(_OPENS) else "")


def place_for_host(appointment: Appointment, *, names_customer: bool = True) -> str:
    """Without ``names_customer``, nothing the customer gave is told."""
    place = appointment.place
    if _we_call(appointment):
        known = place and names_customer
        return _("By phone: we call %(number)s") % {"number": place} if known else _("By phone: we call the customer")
    if _they_call(appointment):
        return _("By phone: the customer calls %(number)s") % {"number": place}
    return "" if appointment.calendar.place_kind == PlaceKind.ASK and not names_customer else place


def _we_call(appointment: Appointment) -> bool:
    """Whatever the calendar says by now: an appointment at the customer's own number is a call."""
    if appointment.place:
        return appointment.place == appointment.customer_phone
    return appointment.calendar.place_kind == PlaceKind.WE_CALL


def _they_call(appointment: Appointment) -> bool:
    calendar = appointment.calendar
    return calendar.place_kind == PlaceKind.THEY_CALL and appointment.place == calendar.place != ""
