"""Appointments in My Calendar: each once, and a class session once for all its customers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Member
from availability.models import CalendarType, PlaceKind
from bookings.models import Appointment
from bookings.queries.entries.entry import Entry, Looking

_FIELDS = (
    "pk", "uid", "session_uid", "starts_at", "ends_at", "customer_name", "customer_phone", "place", "expires_at",
    "confirmed_at", "cancelled_at", "declined_at", "expired_at",
    "host__user_id", "calendar__name", "calendar__type", "calendar__account_id", "calendar__place_kind",
)  # fmt: skip


class _Taken(NamedTuple):
    pk: int
    uid: UUID
    session_uid: UUID | None
    starts_at: datetime
    ends_at: datetime
    customer: str
    phone: str
    place: str
    expires_at: datetime | None
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    declined_at: datetime | None
    expired_at: datetime | None
    host: int
    calendar: str
    type: str
    account: int
    place_kind: str

    def is_active(self, now: datetime) -> bool:
        """A request nobody answered in time is as good as expired, even before it is swept."""
        if self.cancelled_at or self.declined_at or self.expired_at:
            return False
        return self.confirmed_at is not None or self.expires_at is None or self.expires_at > now


def appointments(looking: Looking, *, start: datetime, end: datetime, now: datetime) -> Iterator[Entry]:
    """Three queries. Of an account the reader does not manage, a colleague's are only busy time."""
    members = list(Member.objects.filter(user__in=looking.users).values_list("pk", flat=True))
    further = _further_hosts(members, start, end)
    theirs = Q(host__in=members) | Q(pk__in=further)
    rows = Appointment.objects.filter(theirs).overlapping(start, end).order_by("starts_at", "pk")
    together: dict[UUID, list[_Taken]] = {}
    for one in map(_Taken._make, rows.values_list(*_FIELDS)):
        if looking.wants(one.account):
            together.setdefault(one.session_uid or one.uid, []).append(one)
    for seats in together.values():
        entry = _entry(seats, further, looking, now)
        if entry:
            yield entry


def _further_hosts(members: Sequence[int], start: datetime, end: datetime) -> Mapping[int, Sequence[int]]:
    """By appointment: who of these members takes part without answering for it, as users."""
    rows = Appointment.further_hosts.through.objects.filter(
        member__in=members, appointment__ends_at__gt=start, appointment__starts_at__lt=end
    )
    further: dict[int, list[int]] = defaultdict(list)
    for appointment, user in rows.values_list("appointment_id", "member__user_id"):
        further[appointment].append(user)
    return further


def _entry(
    seats: Sequence[_Taken], further: Mapping[int, Sequence[int]], looking: Looking, now: datetime
) -> Entry | None:
    standing = [seat for seat in seats if seat.is_active(now)]
    one = (standing or seats)[0]
    whose = tuple(user for user in looking.users if user == one.host or user in further.get(one.pk, ()))
    is_over = one.ends_at <= now
    if not looking.knows(whose, one.account):
        return Entry("event", one.starts_at, one.ends_at, whose, is_past=is_over) if standing else None
    return Entry(
        kind="pending" if any(not seat.confirmed_at for seat in standing) else "appointment",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        whose=whose,
        title=one.calendar if one.session_uid else one.customer,
        detail=_number(len(standing)) if one.session_uid else one.calendar,
        sort="session" if one.session_uid else "",
        uid=one.session_uid or one.uid,
        page="bookings:session" if one.session_uid else "bookings:appointment",
        moves=bool(standing) and not is_over and one.session_uid is None,
        is_cancelled=not standing,
        is_past=is_over,
        account=looking.name_elsewhere(one.account),
        place=_place(one),
        phone="" if one.session_uid else one.phone,
        checked_in=one.account if standing and not is_over and one.type != CalendarType.SIMPLE else 0,
    )


def _number(customers: int) -> str:
    return ngettext("%(count)d customer", "%(count)d customers", customers) % {"count": customers}


def _place(one: _Taken) -> str:
    """Where to go. The number that is rung is shown anyway."""
    if one.place_kind == PlaceKind.WE_CALL or (one.place and one.place == one.phone):
        return _("By phone")
    if one.place_kind == PlaceKind.THEY_CALL:
        return _("By phone: the customer calls %(number)s") % {"number": one.place}
    return one.place
