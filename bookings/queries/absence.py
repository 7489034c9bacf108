"""What stands in the calendar of somebody who cannot come, and what can become of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Member
from availability.models import Calendar, CalendarType
from availability.queries.taking_part import places_of
from bookings.models import Appointment
from bookings.queries.colleagues import colleagues_for, could_give
from bookings.queries.team import given_by

# what one page can show, and one form can send
MOST = 200
_DAY = timedelta(days=1)


class Alone(Enum):
    """Why nobody else can take an appointment."""

    NEEDED = "needed"
    NO_COLLEAGUE = "no_colleague"
    NOBODY_FREE = "nobody_free"


@dataclass(frozen=True, slots=True)
class Affected:
    """An appointment, who is free to take it (whoever would be chosen first), or why nobody can."""

    appointment: Appointment
    colleagues: tuple[Member, ...]
    alone: Alone | None


@dataclass(frozen=True, slots=True)
class Absence:
    """``[starts_at, ends_at)``: from a midnight, or for today from now; to a midnight of ``zone``."""

    starts_at: datetime
    ends_at: datetime
    all_day: bool


def absence_between(
    first: date, last: date, *, zone: ZoneInfo, now: datetime, since: datetime | None = None
) -> Absence:
    """From the first day to the end of the last; what of the first is over already is left out.

    ``since``: the beginning that was shown before, where it lies between the first midnight and now.
    """
    midnight = datetime.combine(first, time(), zone)
    begins = max(midnight, now.replace(second=0, microsecond=0))
    if since and midnight <= since <= begins:
        begins = since
    return Absence(begins, datetime.combine(last + _DAY, time(), zone), all_day=begins == midnight)


def absent_choices(reader: Member) -> Sequence[Member]:
    """Who may be said to be absent by ``reader``, that one first: for managers anybody who is there (P2)."""
    if not reader.manages:
        return (reader,)
    members = Member.objects.present().filter(account=reader.account).select_related("user", "account")
    return sorted(members, key=lambda one: (one.pk != reader.pk, str(one.user).casefold(), one.pk))


def appointments_of(
    absent: Member, *, now: datetime, starts_at: datetime | None = None, ends_at: datetime | None = None
) -> QuerySet[Appointment]:
    """Those of ``absent`` in this account that still have their time and are not over, in order."""
    found = Appointment.objects.active().filter(given_by([absent]), calendar__account=absent.account_id)
    found = found.filter(ends_at__gt=max(now, starts_at) if starts_at else now)
    found = found.exclude(confirmed_at__isnull=True, expires_at__lte=now)
    if ends_at:
        found = found.filter(starts_at__lt=ends_at)
    related = ("calendar__account", "contact", "host__user")
    return found.select_related(*related).prefetch_related("further_hosts__user").order_by("starts_at", "pk")


def with_colleagues(appointments: Collection[Appointment], *, absent: Member, now: datetime) -> tuple[Affected, ...]:
    """Each with who could take it; a handful of queries for each calendar, whatever the number of appointments."""
    by_calendar: dict[Calendar, list[Appointment]] = defaultdict(list)
    for one in appointments:
        by_calendar[one.calendar].append(one)
    found: dict[int, tuple[Member, ...]] = {}
    alone: dict[int, Alone] = {}
    for calendar, theirs in by_calendar.items():
        alone[calendar.pk] = _why_alone(calendar, absent)
        led = [one for one in theirs if one.host_id == absent.pk]
        if alone[calendar.pk] is Alone.NOBODY_FREE:
            found |= colleagues_for(calendar, led, absent=absent, now=now)
    return tuple(_affected(one, found, alone[one.calendar_id], absent) for one in appointments)


def was_with(absent: Member, uids: Collection[UUID]) -> Mapping[UUID, Appointment]:
    """Those of these appointments that are, or once were, with ``absent``; nobody else's can be asked for."""
    theirs = Q(given_by([absent])) | Q(pk__in=Appointment.objects.filter(changes__host=absent).values("pk"))
    found = Appointment.objects.filter(theirs, uid__in=uids, calendar__account=absent.account_id)
    related = ("calendar__account", "contact", "host__user", "host__account")
    return {one.uid: one for one in found.select_related(*related).prefetch_related("further_hosts__user")}


def _why_alone(calendar: Calendar, absent: Member) -> Alone:
    """NOBODY_FREE where there are colleagues: whether one is free depends on the time."""
    places = places_of(calendar)
    mine = [place for place in places if place.member_id == absent.pk]
    is_needed = calendar.type == CalendarType.COLLECTIVE
    if is_needed or any(place.is_fixed and calendar.type == CalendarType.ROUND_ROBIN for place in mine):
        return Alone.NEEDED
    return Alone.NOBODY_FREE if could_give(calendar, places, absent) else Alone.NO_COLLEAGUE


def _affected(one: Appointment, found: Mapping[int, tuple[Member, ...]], alone: Alone, absent: Member) -> Affected:
    colleagues = found.get(one.pk, ())
    if colleagues:
        return Affected(one, colleagues, None)
    # where somebody else answers for it, this one is among those who must take part
    return Affected(one, (), alone if one.host_id == absent.pk else Alone.NEEDED)
