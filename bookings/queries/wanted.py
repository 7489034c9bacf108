"""What should stand in the outside calendars: plain values for whoever writes them there."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Member
from availability.models import CalendarType
from bookings.models import Appointment, Status


@dataclass(frozen=True, slots=True)
class WantedItem:
    """An item as it should stand in its host's calendar now. Instants are aware and in UTC.

    ``looks_outside`` is False for items that take no part in calendar sync.
    """

    uid: UUID
    member: Member
    starts_at: datetime
    ends_at: datetime
    title: str = field(repr=False)
    description: str = field(repr=False)
    location: str
    tentative: bool
    sequence: int
    changed_at: datetime
    looks_outside: bool


def wanted_item(uid: UUID) -> WantedItem | None:
    """None: must not exist outside, because it is unknown or cancelled."""
    appointment = (
        Appointment.objects.active()
        .select_related("calendar__account", "contact", "host__user", "host__account")
        .filter(uid=uid)
        .first()
    )
    return _wanted(appointment) if appointment else None


def coming_uids(member: Member, *, now: datetime) -> list[UUID]:
    """Appointments of this host that are not over, not cancelled, and take part in calendar sync."""
    coming = Appointment.objects.active().filter(host=member, ends_at__gt=now)
    synced = coming.exclude(calendar__type=CalendarType.SIMPLE)
    return list(synced.order_by("starts_at").values_list("uid", flat=True))


def known_uids(uids: Collection[UUID]) -> set[UUID]:
    """Those of ``uids`` that are ours, cancelled ones too."""
    return set(Appointment.objects.filter(uid__in=uids).values_list("uid", flat=True))


def _wanted(appointment: Appointment) -> WantedItem:
    with translation.override(appointment.host.user.locale):
        return WantedItem(
            uid=appointment.uid,
            member=appointment.host,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            title=f"{appointment.calendar.name}: {appointment.customer_name}",
            description=_description(appointment),
            location=appointment.place,
            tentative=appointment.status == Status.PENDING,
            sequence=appointment.sequence,
            changed_at=appointment.changed_at,
            looks_outside=appointment.calendar.looks_outside,
        )


def _description(appointment: Appointment) -> str:
    page = settings.PUBLIC_BASE_URL + reverse("bookings:appointment", args=[appointment.uid])
    lines = [
        appointment.customer_name,
        appointment.contact.email,
        appointment.customer_phone,
        appointment.note and "\n" + appointment.note + "\n",
        _("In Holdfast: %(page)s") % {"page": page},
    ]
    return "\n".join(line for line in lines if line)
