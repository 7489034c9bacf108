"""The contacts of an account (U11): who may see whom (P2), how they are found, and what they have booked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Count,
    F,
    Func,
    IntegerField,
    OrderBy,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, Concat

from accounts.models import Member
from availability.queries.calendars import calendars_of
from bookings.core.folding import ACCENTS, digits, folded
from bookings.models import Appointment, Contact
from bookings.models.appointment import AppointmentQuerySet
from bookings.queries.team import given_by

PAGE_SIZE = 50
SORTS = ("name", "email", "phone", "last", "next", "number")
# fewer digits are found in almost every number
_FEWEST_DIGITS = 3
_COLUMNS = {"name": "sorted_name", "last": "last_at", "next": "next_at"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """``sort``: one of ``SORTS``, the other way round with "-" in front."""

    search: str = ""
    sort: str = "name"


def contacts_of(member: Member, wanted: Wanted, *, now: datetime) -> QuerySet[Contact]:
    """All of the account for those who manage it, else those who have or had an appointment with the member.

    Each has ``last_at``, ``next_at`` and ``number``, of the appointments the member may see. Contacts whose personal
    data was deleted are left out.
    """
    found = seen_by((member,)).filter(account=member.account)
    found = _found(with_personal_data(found), wanted.search)
    standing = _standing(member, now).filter(contact=OuterRef("pk"))
    over = standing.filter(ends_at__lte=now).order_by("-starts_at")
    coming = standing.filter(ends_at__gt=now).order_by("starts_at")
    counted = standing.order_by().values("contact").annotate(number=Count("pk"))
    return found.annotate(
        sorted_name=_Folded("name"),
        last_at=Subquery(over.values("starts_at")[:1]),
        next_at=Subquery(coming.values("starts_at")[:1]),
        number=Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0),
    ).order_by(_order(wanted.sort), "sorted_name", "pk")


def contact_for(members: Collection[Member], pk: int) -> Contact | None:
    """The contact, if one of the reader's places lets them see it; None equals that there is none."""
    return seen_by(members).filter(pk=pk).select_related("account").first()


def seen_by(members: Collection[Member]) -> QuerySet[Contact]:
    managed = Q(account__in=[member.account_id for member in members if member.manages])
    mine = Appointment.objects.filter(given_by(Member.objects.filter(pk__in=[member.pk for member in members])))
    return Contact.objects.filter(managed | Q(pk__in=mine.values("contact")))


def with_personal_data(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    return contacts.exclude(email__endswith=Contact.NOBODY)


def appointments_of(contact: Contact, *, reader: Member) -> AppointmentQuerySet:
    """Those the reader may see, with what a list of them shows."""
    further = Prefetch("further_hosts", queryset=Member.objects.select_related("user").order_by("user__name", "pk"))
    found = _visible(reader).filter(contact=contact)
    return found.select_related("calendar__account", "host__user").prefetch_related(further)


def coming_of(contact: Contact, *, reader: Member, now: datetime) -> AppointmentQuerySet:
    """The soonest first."""
    return standing(appointments_of(contact, reader=reader), now).filter(ends_at__gt=now).order_by("starts_at", "pk")


def earlier_of(contact: Contact, *, reader: Member, now: datetime) -> AppointmentQuerySet:
    """What is over or was called off, the latest first."""
    seen = appointments_of(contact, reader=reader)
    coming = standing(Appointment.objects.filter(contact=contact), now).filter(ends_at__gt=now)
    return seen.exclude(pk__in=coming.values("pk")).order_by("-starts_at", "-pk")


def standing(appointments: AppointmentQuerySet, now: datetime) -> AppointmentQuerySet:
    """Neither ended in any way nor asked for in vain."""
    return appointments.active().exclude(confirmed_at__isnull=True, expires_at__lte=now)


def last_to_repeat(contact: Contact, *, reader: Member) -> Appointment | None:
    """The last appointment on a calendar the reader may book on, so that it can be booked again."""
    open_ones = [calendar.pk for calendar in calendars_of(reader) if calendar.is_open]
    seen = _visible(reader).filter(contact=contact, calendar__in=open_ones)
    return seen.select_related("calendar").order_by("-starts_at", "-pk").first()


class _Folded(Func):
    """As ``folded`` does it, by PostgreSQL alone; taken apart first, so that it does not hang on its locale."""

    template = (
        f"lower(replace(replace(regexp_replace(normalize(%(expressions)s, NFKD), '{ACCENTS}', '', 'g'),"
        " 'ß', 'ss'), 'ẞ', 'ss'))"
    )
    output_field = TextField()


class _Digits(Func):
    template = "regexp_replace(%(expressions)s, '[^0-9]', '', 'g')"
    output_field = TextField()


def _standing(member: Member, now: datetime) -> AppointmentQuerySet:
    return standing(_visible(member), now)


def _visible(reader: Member) -> AppointmentQuerySet:
    """Of an account, for one of its members (P2)."""
    found = Appointment.objects.filter(calendar__account=reader.account_id)
    return found if reader.manages else found.filter(given_by((reader,)))


def _found(contacts: QuerySet[Contact], search: str) -> QuerySet[Contact]:
    """Each word must be in the name or the address; or the digits in the number."""
    words = folded(search).split()
    if not words:
        return contacts
    number = digits(search)
    contacts = contacts.alias(words=_Folded(_joined("name", "email")), phone_digits=_Digits("phone"))
    named = Q(*(("words__contains", word) for word in words))
    is_number = len(number) >= _FEWEST_DIGITS and not any(letter.isalpha() for letter in search)
    return contacts.filter(named | Q(phone_digits__contains=number) if is_number else named)


def _joined(*names: str) -> Concat:
    return Concat(names[0], Value(" "), *names[1:], output_field=TextField())


def _order(sort: str) -> OrderBy:
    name = sort.removeprefix("-")
    column = F(_COLUMNS.get(name, name))
    if sort.startswith("-"):
        return column.desc(nulls_last=True)
    return column.asc(nulls_last=True)
