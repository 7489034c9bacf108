"""What should stand in the outside calendars: plain values for whoever writes them there.

An appointment is one item, in the calendars of all its hosts; a class session is one, whoever has a seat.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Member, User
from availability.models import Calendar, CalendarType, ClassSession, CustomerDetail
from availability.queries.sessions import session_of
from bookings.core.event_title import USUAL, event_title
from bookings.models import Appointment, OwnItem, OwnItemKind, Status
from bookings.queries.place_words import place_for_host
from bookings.queries.team import given_by, hosts_of


@dataclass(frozen=True, slots=True)
class WantedItem:
    """An item as it should stand in its hosts' calendars now. Instants are aware and in UTC.

    ``members``: in whose calendars, the one who answers for it first. ``looks_outside`` is False for items that
    take no part in calendar sync. ``kind``: of an own item; empty where a customer is concerned. ``days``: of an item
    of whole days, from the first to the day after the last.
    """

    uid: UUID
    members: tuple[Member, ...]
    starts_at: datetime
    ends_at: datetime
    title: str = field(repr=False)
    description: str = field(repr=False)
    location: str = field(repr=False)
    tentative: bool
    sequence: int
    changed_at: datetime
    looks_outside: bool
    kind: str = ""
    free: bool = False
    days: tuple[date, date] | None = None


def wanted_item(uid: UUID) -> WantedItem | None:
    """None: must not exist outside, because it is unknown, cancelled, empty, or a seat of a session."""
    related = ("calendar__account", "contact", "host__user", "host__account")
    standing = Appointment.objects.active().select_related(*related)
    appointment = standing.filter(uid=uid, session_uid__isnull=True).first()
    if appointment:
        with translation.override(appointment.host.user.locale):
            return _appointment(appointment)
    if own := OwnItem.objects.standing().filter(uid=uid).first():
        return _own_item(own)
    session = session_of(uid)
    seats = list(standing.filter(session_uid=uid).order_by("booked_at", "pk")) if session else []
    if session is None or not seats:
        return None
    with translation.override(seats[0].host.user.locale):
        return _session(session, seats)


def coming_uids(member: Member, *, now: datetime) -> list[UUID]:
    """Items of this host that are not over, not cancelled, and take part in calendar sync."""
    coming = Appointment.objects.active().filter(given_by((member,)), ends_at__gt=now)
    synced = coming.exclude(calendar__type=CalendarType.SIMPLE).order_by("starts_at", "pk")
    own = OwnItem.objects.standing().filter(assignees=member, ends_at__gt=now).order_by("starts_at", "pk")
    uids = chain(synced.values_list(Coalesce("session_uid", "uid"), flat=True), own.values_list("uid", flat=True))
    return list(dict.fromkeys(uids))


def coming_own_uids(user: User, *, now: datetime) -> list[UUID]:
    """Own items of this user, in all their accounts, that are not over."""
    own = OwnItem.objects.standing().filter(assignees__user=user, ends_at__gt=now)
    return list(own.order_by("starts_at", "pk").values_list("uid", flat=True).distinct())


def known_uids(uids: Collection[UUID]) -> set[UUID]:
    """Those of ``uids`` that are ours, cancelled ones too."""
    found = Appointment.objects.filter(Q(uid__in=uids) | Q(session_uid__in=uids))
    own = OwnItem.objects.filter(uid__in=uids).values_list("uid", flat=True)
    return set(uids).intersection(chain(chain.from_iterable(found.values_list("uid", "session_uid")), own))


def _own_item(item: OwnItem) -> WantedItem | None:
    """None when nobody has it any more. Its title is its members' own, so that it may be shown to them."""
    members = tuple(item.assignees.select_related("user", "account").order_by("pk"))
    if not members:
        return None
    with translation.override(members[0].user.locale):
        title = item.title or str(OwnItemKind(item.kind).label)
    return WantedItem(
        uid=item.uid,
        members=members,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        title=title,
        description=item.note,
        location=item.place,
        tentative=False,
        sequence=item.sequence,
        changed_at=item.changed_at,
        looks_outside=True,
        kind=item.kind,
        free=not item.blocks,
        days=_days(item, ZoneInfo(str(members[0].user.time_zone))) if item.all_day else None,
    )


def _days(item: OwnItem, zone: ZoneInfo) -> tuple[date, date]:
    """They begin and end at midnights of whoever made the item: half a day off is the same day all the same."""
    begins, ends = ((at + timedelta(hours=12)).astimezone(zone).date() for at in (item.starts_at, item.ends_at))
    return begins, max(ends, begins + timedelta(days=1))


def _appointment(appointment: Appointment) -> WantedItem:
    calendar, hosts = appointment.calendar, hosts_of(appointment)
    page = reverse("bookings:appointment", args=[appointment.uid])
    customer = "" if calendar.customer_detail == CustomerDetail.NOTHING else appointment.customer_name
    return WantedItem(
        uid=appointment.uid,
        members=hosts,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        title=title_outside(calendar, customer),
        description="\n".join((*_about(appointment), *_colleagues(hosts), _in_holdfast(page))),
        location=_location((appointment,)),
        tentative=appointment.status == Status.PENDING,
        sequence=appointment.sequence,
        changed_at=appointment.changed_at,
        looks_outside=calendar.looks_outside,
    )


def _session(session: ClassSession, seats: Sequence[Appointment]) -> WantedItem:
    taken = _("%(taken)d of %(seats)d") % {"taken": len(seats), "seats": session.seats}
    page = reverse("bookings:session", args=[session.uid])
    changes = Appointment.objects.filter(session_uid=session.uid).values_list("sequence", "changed_at")
    return WantedItem(
        uid=session.uid,
        members=(seats[0].host,),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=title_outside(session.calendar, taken)
        if session.calendar.title_template
        else f"{session.calendar.name} ({taken})",
        description="\n".join((*(line for seat in seats for line in _about(seat)), _in_holdfast(page))),
        location=_location(seats),
        tentative=all(seat.status == Status.PENDING for seat in seats),
        # every seat that came or went counts
        sequence=sum(sequence + 1 for sequence, _changed_at in changes),
        changed_at=max(changed_at for _sequence, changed_at in changes),
        looks_outside=session.calendar.looks_outside,
    )


def title_outside(calendar: Calendar, customer: str) -> str:
    """Where nobody is to be named, the calendar alone or, in a template, a word that fits anybody."""
    if not calendar.title_template and not customer:
        return calendar.name
    return event_title(calendar.title_template or USUAL, calendar=calendar.name, customer=customer or _("Customer"))


def _about(appointment: Appointment) -> Iterator[str]:
    """What goes into the event of the customer, a line each."""
    detail = appointment.calendar.customer_detail
    if detail == CustomerDetail.NOTHING:
        return
    yield appointment.customer_name
    if detail == CustomerDetail.NAME:
        return
    yield appointment.contact.email
    if appointment.customer_phone:
        yield appointment.customer_phone
    if appointment.note:
        yield f"\n{appointment.note}"
    if appointment.answers:
        yield ""
    yield from (_told(question, answer) for question, answer in appointment.answers)
    yield ""


def _told(question: str, answer: str) -> str:
    return f"{question} {answer}" if question.endswith(("?", ":", ".", "!")) else f"{question}: {answer}"


def _colleagues(hosts: Sequence[Member]) -> Iterator[str]:
    if len(hosts) > 1:
        yield _("With: %(names)s") % {"names": ", ".join(host.user.name for host in hosts)}


def _location(appointments: Iterable[Appointment]) -> str:
    """Nothing where each customer named a place of their own."""
    places = {
        place_for_host(one, names_customer=one.calendar.customer_detail == CustomerDetail.EVERYTHING)
        for one in appointments
    }
    return places.pop() if len(places) == 1 else ""


def _in_holdfast(page: str) -> str:
    return _("In Holdfast: %(page)s") % {"page": settings.PUBLIC_BASE_URL + page}
