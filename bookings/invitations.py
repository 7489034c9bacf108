"""Appointments as iCalendar objects: invitations that go with mails (RFC 5546), and the file to download."""

from datetime import UTC
from email.utils import parseaddr
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress

from availability.models import CustomerDetail
from bookings.core.calendar_links import CalendarEntry
from bookings.core.plain_text import one_line
from bookings.models import Appointment, AppointmentChange, ChangeKind, Status
from bookings.queries.calendar_entry import customer_entry, mailed_entry
from bookings.queries.place_words import place_for_host
from bookings.queries.wanted import title_outside

_PRODUCT = "-//Holdfast//Holdfast//EN"
_OFF = frozenset((ChangeKind.CANCELLED, ChangeKind.DECLINED, ChangeKind.EXPIRED))
_STATUS = {
    Status.PENDING: "TENTATIVE",
    Status.CANCELLED: "CANCELLED",
    Status.DECLINED: "CANCELLED",
    Status.EXPIRED: "CANCELLED",
}


def invitation(
    appointment: Appointment, step: AppointmentChange, *, told: ChangeKind, recipient: str, for_host: bool
) -> tuple[bytes, str]:
    """The object and its METHOD. ``appointment`` as the recipient is to know it, ``told`` what the step is to them."""
    entry = _host_entry(appointment) if for_host else mailed_entry(appointment)
    is_off = told in _OFF
    method = "CANCEL" if is_off else "REQUEST"
    event = _event(entry, appointment)
    event.add("DTSTAMP", step.at.astimezone(UTC))
    event.add("SEQUENCE", step.sequence)
    event.add("STATUS", "CANCELLED" if is_off else _status(appointment))
    event.add("ORGANIZER", _organizer(appointment))
    event.add("ATTENDEE", _attendee(recipient))
    return _object(event, method), method


def download(appointment: Appointment) -> bytes:
    """The file behind "Add to calendar", for whoever has opened the page of the appointment."""
    event = _event(customer_entry(appointment), appointment)
    event.add("DTSTAMP", appointment.changed_at.astimezone(UTC))
    event.add("SEQUENCE", appointment.sequence)
    event.add("STATUS", _status(appointment))
    return _object(event)


def invitation_uid(uid: UUID) -> str:
    """The same name as the copy in the host's calendar bears, so that nobody sees the appointment twice."""
    return f"{uid}@holdfast"


def _host_entry(appointment: Appointment) -> CalendarEntry:
    """Named as in the host's own calendar, with no more of the customer than is to go there."""
    calendar = appointment.calendar
    customer = "" if calendar.customer_detail == CustomerDetail.NOTHING else appointment.customer_name
    names_customer = calendar.customer_detail == CustomerDetail.EVERYTHING
    return CalendarEntry(
        title=one_line(title_outside(calendar, customer)),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        place=one_line(place_for_host(appointment, names_customer=names_customer)),
    )


def _event(entry: CalendarEntry, appointment: Appointment) -> Event:
    event = Event()
    event.add("UID", invitation_uid(appointment.uid))
    event.add("DTSTART", entry.starts_at.astimezone(UTC))
    event.add("DTEND", entry.ends_at.astimezone(UTC))
    event.add("SUMMARY", entry.title)
    if entry.place:
        event.add("LOCATION", entry.place)
    if entry.page:
        event.add("URL", entry.page)
    return event


def _status(appointment: Appointment) -> str:
    return _STATUS.get(appointment.status, "CONFIRMED")


def _organizer(appointment: Appointment) -> vCalAddress:
    organizer = _address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    organizer.params["CN"] = one_line(appointment.calendar.account.name)
    return organizer


def _attendee(recipient: str) -> vCalAddress:
    """They have said yes by booking; nobody waits for an answer that no mailbox reads."""
    attendee = _address(recipient)
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _address(email: str) -> vCalAddress:
    return vCalAddress(f"mailto:{quote(email, safe='@+!$*=~')}")


def _object(event: Event, method: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    if method:
        calendar.add("METHOD", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
