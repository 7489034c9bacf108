"""Book: a customer takes a slot."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db.models import Value
from django.db.models.functions import Lower

from accounts.models import Account, Member
from availability.models import Calendar
from availability.services.reserve import SlotTaken, reserve_time
from availability.services.retry import durable
from bookings.models import Appointment, Contact, IdempotencyKey
from bookings.queries.place_words import place_to_keep
from bookings.signals import item_changed

__all__ = ["Customer", "KeyUsedDifferently", "SlotTaken", "book_appointment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who books, as they name themselves. ``time_zone`` is an IANA name, ``locale`` one of the site's languages.

    ``place``: their answer where the calendar asks for the place.
    """

    name: str
    email: str
    time_zone: str
    locale: str
    phone: str = ""
    note: str = ""
    place: str = ""


class KeyUsedDifferently(Exception):
    """This idempotency key has booked before, and what was asked for then was something else."""


def book_appointment(
    calendar: Calendar,
    *,
    starts_at: datetime,
    customer: Customer,
    now: datetime,
    host: Member | None = None,
    key: str = "",
) -> Appointment:
    """Book the slot, or find what the same request with the same ``key`` booked before.

    Raises SlotTaken with the reasons, KeyUsedDifferently when ``key`` was used for another request; nothing is
    stored then. Two requests with one key at the same time are one appointment: the second waits for the first.
    """
    uid = uuid4()
    digest = _digest(starts_at, customer, host)

    def book() -> Appointment:
        earlier = _claim(calendar, key, digest, uid) if key else None
        return earlier or _take(calendar, starts_at=starts_at, customer=customer, now=now, host=host, uid=uid)

    return durable(book)


def _digest(starts_at: datetime, customer: Customer, host: Member | None) -> str:
    """What makes two requests the same. The language is not in it: it comes from the reader, not the request."""
    asked = (
        starts_at.astimezone(UTC).isoformat(),
        host.pk if host else None,
        customer.name,
        customer.email,
        customer.phone,
        customer.note,
        customer.place,
        customer.time_zone,
    )
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _claim(calendar: Calendar, key: str, digest: str, uid: UUID) -> Appointment | None:
    """Make the key ours, or give the appointment it has booked. Waits for an unfinished request with this key."""
    claim = IdempotencyKey(calendar=calendar, key=key, digest=digest, appointment_id=uid)
    IdempotencyKey.objects.bulk_create([claim], ignore_conflicts=True)
    standing = IdempotencyKey.objects.get(calendar=calendar, key=key)
    if standing.appointment_id == uid:
        return None
    if standing.digest != digest:
        raise KeyUsedDifferently
    return Appointment.objects.select_related("calendar__account", "contact", "host__user").get(
        uid=standing.appointment_id
    )


def _take(
    calendar: Calendar, *, starts_at: datetime, customer: Customer, now: datetime, host: Member | None, uid: UUID
) -> Appointment:
    reserved = reserve_time(calendar, starts_at=starts_at, uid=uid, now=now, host=host)
    appointment = Appointment.objects.create(
        uid=uid,
        calendar=calendar,
        contact=_contact(calendar.account, customer),
        host=reserved.member,
        session_uid=reserved.session_uid,
        customer_name=customer.name,
        customer_phone=customer.phone,
        starts_at=reserved.starts_at,
        ends_at=reserved.ends_at,
        time_zone=customer.time_zone,
        place=place_to_keep(calendar, phone=customer.phone, answer=customer.place),
        note=customer.note,
        booked_at=now,
        changed_at=now,
        confirmed_at=now,
    )
    if further := reserved.members[1:]:
        appointment.further_hosts.add(*further)
    # what stands in the hosts' calendars is the session, not the seat
    item_changed.send(Appointment, uid=reserved.session_uid or uid, now=now)
    return appointment


def _contact(account: Account, customer: Customer) -> Contact:
    """Found again by e-mail address. A known contact is left as it is: nobody has proved to own the address."""
    email = customer.email.strip().lower()
    new = Contact(
        account=account,
        name=customer.name,
        email=email,
        phone=customer.phone,
        time_zone=customer.time_zone,
        locale=customer.locale,
    )
    Contact.objects.bulk_create([new], ignore_conflicts=True)
    # compared as the constraint compares: "iexact" takes some letters for the same that are two contacts
    return Contact.objects.alias(spelled=Lower("email")).get(account=account, spelled=Lower(Value(email)))
