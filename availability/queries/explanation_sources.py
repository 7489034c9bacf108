"""What stands behind reasons, as far as a reader may know it (P2, P4): hours, appointments, busy time, closures."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from accounts.models import Member
from availability.core.rules import Reason, ReasonCode
from availability.models import (
    BlockingSource,
    BusyTime,
    Calendar,
    CalendarMember,
    Closure,
    HostTime,
    HostTimeKind,
    Schedule,
)

_OF_APPOINTMENTS = (ReasonCode.BOOKED, ReasonCode.HELD, ReasonCode.BUFFER)
_OF_BUSY_TIME = (ReasonCode.EVENT, ReasonCode.BLOCKED, ReasonCode.BUFFER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The schedule that counts for a host. ``pk`` is None where there is none.

    A colleague's, which the reader may not see, has no name and no limits.
    """

    pk: int | None = None
    name: str = ""
    day_limit: int | None = None
    week_limit: int | None = None
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A host. ``is_reader``: the page is theirs, and they see what their own calendars say."""

    pk: int
    name: str
    slug: str
    is_reader: bool
    is_active: bool
    priority: int
    hours: Hours

    @property
    def is_open(self) -> bool:
        """Whether the reader may see their day as theirs: staff see their own alone, managers everybody's."""
        return self.hours.may_change


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment, a session or a hold. Where the reader may know nothing of it, as of another account's: "Busy".

    ``calendar``: its name. ``uid``: what the reader may open. ``kept_until``: the end of a hold.
    """

    calendar: str = ""
    uid: UUID | None = None
    is_session: bool = False
    kept_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Busy time. Only its owner sees the title, and the page of the source it comes from (P4).

    ``is_own_item``: kept free in My Calendar; without a source, as for a colleague, there is nothing more to know.
    """

    title: str = ""
    source: str = ""
    page_url: str = ""
    is_own_item: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A source that cannot be trusted now; named only to its owner. ``patience``: how old its word may be."""

    name: str = ""
    page_url: str = ""
    was_read: bool = False
    patience: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Sources:
    """By the keys that reasons bear. What has gone in the meantime is missing, and reads like a stranger's."""

    people: Mapping[int, Person]
    bookings: Mapping[str, Booking]
    busy: Mapping[int, Outside]
    closures: Mapping[int, str]
    unread: Mapping[int, Unread]

    def behind(self, source: object) -> Booking | Outside:
        """The appointment or the busy time with this key."""
        if isinstance(source, str):
            return self.bookings.get(source, Booking())
        return self.busy.get(source, Outside()) if isinstance(source, int) else Outside()


def people_of(calendar: Calendar, *, reader: Member) -> dict[int, Person]:
    """By member, in team order: everybody who serves the calendar, also those who cannot sign in any more.

    Two queries.
    """
    here = CalendarMember.objects.filter(calendar=calendar, member__left_at__isnull=True)
    places = here.select_related("member__user", "schedule")
    usual = Schedule.objects.filter(member__calendar_members__calendar=calendar, is_default=True)
    defaults = {schedule.member_id: schedule for schedule in usual}
    return {
        place.member_id: Person(
            pk=place.member_id,
            name=str(place.member.user),
            slug=place.member.slug,
            is_reader=place.member.user_id == reader.user_id,
            is_active=place.member.user.is_active,
            priority=place.priority,
            hours=_hours(place.schedule or defaults.get(place.member_id), place.member, reader),
        )
        for place in places.order_by("position", "pk")
    }


def sources_behind(reasons: Iterable[Reason], *, people: Mapping[int, Person], reader: Member) -> Sources:
    """Four queries at most, however many reasons; a kind of source that none of them names is not asked for."""
    found: dict[ReasonCode, set[object]] = defaultdict(set)
    for reason in reasons:
        found[reason.code].add(reason.source)
    uids = {key for code in _OF_APPOINTMENTS for key in found[code] if isinstance(key, str)}
    closed = Closure.objects.filter(pk__in=_numbers(found, (ReasonCode.CLOSED,)))
    return Sources(
        people=people,
        bookings=_bookings(uids, reader),
        busy=_busy(_numbers(found, _OF_BUSY_TIME), reader),
        closures=dict(closed.values_list("pk", "name")),
        unread=_unread(_numbers(found, (ReasonCode.STALE,)), reader),
    )


def _numbers(found: Mapping[ReasonCode, Collection[object]], codes: Iterable[ReasonCode]) -> set[int]:
    return {key for code in codes for key in found[code] if isinstance(key, int)}


def _hours(schedule: Schedule | None, member: Member, reader: Member) -> Hours:
    may_change = reader.manages or member.user_id == reader.user_id
    if schedule is None:
        return Hours(may_change=may_change)
    if not may_change:
        return Hours(pk=schedule.pk)
    return Hours(
        pk=schedule.pk,
        name=schedule.name,
        day_limit=schedule.day_limit,
        week_limit=schedule.week_limit,
        may_change=True,
    )


def _bookings(uids: Collection[str], reader: Member) -> dict[str, Booking]:
    """Those of the reader's account; managers may open all of them, staff those they give time to.

    Staff learn of a colleague's on the calendars they serve themselves, and of no other.
    """
    times = HostTime.objects.filter(uid__in=uids, calendar__account=reader.account_id).select_related("calendar")
    if not reader.manages:
        own = HostTime.objects.filter(uid__in=uids, user=reader.user_id)
        served = CalendarMember.objects.filter(member=reader)
        times = times.filter(Q(uid__in=own.values("uid")) | Q(calendar__in=served.values("calendar")))
    seen = {time.uid for time in times if reader.manages or time.user_id == reader.user_id}
    return {
        str(time.uid): Booking(
            calendar=time.calendar.name,
            uid=time.uid if time.uid in seen and time.kind != HostTimeKind.HOLD else None,
            is_session=time.kind == HostTimeKind.SESSION,
            kept_until=time.expires_at,
        )
        for time in times
    }


def _busy(keys: Collection[int], reader: Member) -> dict[int, Outside]:
    """The reader's own alone: of a colleague's nothing is even loaded."""
    times = BusyTime.objects.filter(pk__in=keys, user=reader.user_id).select_related("source")
    return {
        time.pk: Outside(is_own_item=True)
        if time.source.is_own
        else Outside(title=time.label, source=time.source.name, page_url=time.source.page_url)
        for time in times
    }


def _unread(keys: Collection[int], reader: Member) -> dict[int, Unread]:
    blocking = BlockingSource.objects.filter(source__in=keys, member=reader).select_related("source")
    return {
        one.source_id: Unread(
            name=one.source.name,
            page_url=one.source.page_url,
            was_read=one.source.read_at is not None,
            patience=one.stale_after,
        )
        for one in blocking
    }
