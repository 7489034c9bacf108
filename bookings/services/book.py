"""Book: a customer takes a slot, or staff take it for them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

from django.db.models import Value
from django.db.models.functions import Lower

from accounts.models import Account, Member
from availability.models import Calendar
from availability.services.freshen import freshen
from availability.services.overbook import overbook_time
from availability.services.reserve import Reserved, SlotTaken, reserve_time
from availability.services.retry import durable
from bookings.models import Appointment, ChangeKind, Contact, Hold, IdempotencyKey
from bookings.models.terms import ANSWERED_WITHIN
from bookings.queries.place_words import place_to_keep
from bookings.queries.terms import terms_of
from bookings.services.history import CUSTOMER, Author, note_change

__all__ = ["Customer", "KeyUsedDifferently", "SlotTaken", "answer_wanted_until", "book_appointment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who books, as they name themselves. ``time_zone`` is an IANA name, ``locale`` one of the site's languages.

    ``place``: their answer where the calendar asks for the place. ``answers``: pairs of a question, as it was asked,
    and its answer.
    """

    name: str
    email: str
    time_zone: str
    locale: str
    phone: str = ""
    note: str = ""
    place: str = ""
    answers: tuple[tuple[str, str], ...] = ()


class KeyUsedDifferently(Exception):
    """This idempotency key has booked before, and what was asked for then was something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is asked for, by whom."""

    calendar: Calendar
    starts_at: datetime
    customer: Customer
    now: datetime
    host: Member | None
    hold: Hold | None
    key: str
    by: Author
    overbook: bool
    seen: str

    def preferred(self) -> Member | None:
        """Whoever is kept for the customer already."""
        return self.hold.host if self.hold and self.hold.starts_at == self.starts_at else None


def book_appointment(
    calendar: Calendar,
    *,
    starts_at: datetime,
    customer: Customer,
    now: datetime,
    host: Member | None = None,
    key: str = "",
    hold: Hold | None = None,
    by: Author = CUSTOMER,
    overbook: bool = False,
    seen: str = "",
) -> Appointment:
    """Book the slot, or find what the same request with the same ``key`` booked before.

    ``hold``: the customer's own, which is given up; its host is preferred. ``by``: staff need no approval, and may
    ``overbook`` whatever stands against it; ``seen`` as in ``overbook_time``. Raises SlotTaken with the reasons,
    KeyUsedDifferently when ``key`` was used for another request; nothing is stored then. Two requests with one key at
    the same time are one appointment: the second waits for the first.
    """
    order = _Order(
        calendar=calendar,
        starts_at=starts_at,
        customer=customer,
        now=now,
        host=host,
        hold=hold,
        key=key,
        by=by,
        overbook=overbook,
        seen=seen,
    )
    if not overbook:
        kept = hold.uid if hold else None
        freshen(calendar, starts_at=starts_at, now=now, host=host, prefer=order.preferred(), hold=kept)
    # whether a COMMIT whose answer was lost went through, the key knows
    return durable(partial(_book, order), finds_itself=bool(key))


def answer_wanted_until(starts_at: datetime, now: datetime) -> datetime:
    """When a request that nobody answers expires: a day from now, or at its start."""
    return min(now + ANSWERED_WITHIN, starts_at)


def _book(order: _Order) -> Appointment:
    # a uid of its own each time it is run: the one before may have got through
    uid = uuid4()
    earlier = _claim(order, uid) if order.key else None
    return earlier or _take(order, uid)


def _digest(order: _Order) -> str:
    """What makes two requests the same. The language is not in it: it comes from the reader, not the request."""
    customer = order.customer
    asked = (
        order.starts_at.astimezone(UTC).isoformat(),
        order.host.pk if order.host else None,
        customer.name,
        customer.email,
        customer.phone,
        customer.note,
        customer.place,
        customer.time_zone,
        *customer.answers,
    )
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _claim(order: _Order, uid: UUID) -> Appointment | None:
    """Make the key ours, or give the appointment it has booked. Waits for an unfinished request with this key."""
    calendar, key, digest = order.calendar, order.key, _digest(order)
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


def _take(order: _Order, uid: UUID) -> Appointment:
    reserved = _reserved(order, uid)
    customer, now = order.customer, order.now
    is_pending = order.by == CUSTOMER and terms_of(order.calendar).needs_approval
    appointment = Appointment.objects.create(
        uid=uid,
        calendar=order.calendar,
        contact=_contact(order.calendar.account, customer),
        host=reserved.member,
        session_uid=reserved.session_uid,
        customer_name=customer.name,
        customer_phone=customer.phone,
        starts_at=reserved.starts_at,
        ends_at=reserved.ends_at,
        time_zone=customer.time_zone,
        locale=customer.locale,
        place=place_to_keep(order.calendar, phone=customer.phone, answer=customer.place),
        note=customer.note,
        answers=[list(pair) for pair in customer.answers],
        is_overbooked=order.overbook,
        booked_at=now,
        changed_at=now,
        confirmed_at=None if is_pending else now,
        expires_at=answer_wanted_until(reserved.starts_at, now) if is_pending else None,
    )
    if further := reserved.members[1:]:
        appointment.further_hosts.add(*further)
    kind = ChangeKind.REQUESTED if is_pending else ChangeKind.BOOKED
    note_change(appointment, kind, by=order.by, now=now)
    return appointment


def _reserved(order: _Order, uid: UUID) -> Reserved:
    if order.overbook:
        return overbook_time(
            order.calendar,
            starts_at=order.starts_at,
            uid=uid,
            now=order.now,
            host=order.host,
            seen=order.seen,
        )
    hold = order.hold
    reserved = reserve_time(
        order.calendar,
        starts_at=order.starts_at,
        uid=uid,
        now=order.now,
        host=order.host,
        prefer=order.preferred(),
        hold=hold.uid if hold else None,
    )
    if hold:
        Hold.objects.filter(pk=hold.pk).delete()
    return reserved


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
