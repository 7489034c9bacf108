"""Questions about the journal (Y14): whose entries, which of them, in pages, and what each was about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Member, User
from availability.core.hours import midnight
from availability.core.intervals import moment
from bookings.models import Appointment
from bookings.queries.team import given_by
from integrations.models import JournalEntry, RemoteCalendar
from integrations.models.journal import JournalQuerySet

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; None: all. ``since`` and ``until`` are days of the reader, both included."""

    connection: int | None = None
    calendar: int | None = None
    decision: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What of ours an entry was about: the customer, or for a class session its calendar, and when it is."""

    name: str
    starts_at: datetime
    uid: UUID
    is_session: bool


@dataclass(frozen=True, slots=True)
class Line:
    """``item`` is None where the entry is about none, or about one the reader may not see."""

    entry: JournalEntry
    item: Item | None


@dataclass(frozen=True, slots=True)
class Page:
    """``older``: the entry after which the next page begins; None on the last one."""

    lines: Sequence[Line]
    older: int | None


def entries_of(user: User, wanted: Filter, *, zone: ZoneInfo) -> JournalQuerySet:
    """The user's own, newest first."""
    found = JournalEntry.objects.of(user).select_related("connection", "remote_calendar")
    found = found.defer("connection__credential")
    if wanted.connection:
        found = found.filter(connection=wanted.connection)
    if wanted.calendar:
        found = found.filter(remote_calendar=wanted.calendar)
    if wanted.decision:
        found = found.filter(decision=wanted.decision)
    if wanted.since:
        found = found.filter(at__gte=moment(midnight(wanted.since, zone)))
    if wanted.until:
        found = found.filter(at__lt=moment(midnight(wanted.until + timedelta(days=1), zone)))
    return found.order_by("-at", "-pk")


def page_of(entries: JournalQuerySet, *, members: Collection[Member], after: int | None = None) -> Page:
    """At most PAGE_SIZE, from below the entry ``after`` on; three queries at most. ``members``: the reader's places."""
    if after is not None:
        entries = _below(entries, after)
    found = list(entries[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    items = items_of({entry.item_uid for entry in shown if entry.item_uid}, members=members)
    lines = [Line(entry, items.get(entry.item_uid) if entry.item_uid else None) for entry in shown]
    return Page(lines, shown[-1].pk if len(found) > PAGE_SIZE else None)


def items_of(uids: Collection[UUID], *, members: Collection[Member]) -> Mapping[UUID, Item]:
    """Those of ``uids`` that one of the reader's places lets them see (P2)."""
    if not uids:
        return {}
    about = Q(uid__in=uids) | Q(session_uid__in=uids)
    found = Appointment.objects.filter(about).filter(_seen_by(members)).select_related("calendar").order_by("pk")
    return {one.session_uid or one.uid: _item(one) for one in found}


def calendars_in_journal(user: User) -> Sequence[RemoteCalendar]:
    """What the entries can be narrowed to: calendars in use, and those that were."""
    owned = RemoteCalendar.objects.filter(connection__user=user)
    named = owned.filter(Q(source__isnull=False) | Q(journal__isnull=False)).distinct()
    return list(
        named.select_related("connection")
        .defer("connection__credential")
        .order_by("connection__created_at", "connection", "name")
    )


def _below(entries: JournalQuerySet, after: int) -> JournalQuerySet:
    """An entry that was forgotten meanwhile was among the oldest: nothing is below it."""
    last = JournalEntry.objects.filter(pk=after).values_list("at", flat=True).first()
    if last is None:
        return entries.none()
    return entries.filter(Q(at__lt=last) | Q(at=last, pk__lt=after))


def _seen_by(members: Iterable[Member]) -> Q:
    places = list(members)
    mine = given_by(Member.objects.present().filter(user__in={member.user_id for member in places}))
    return mine | Q(calendar__account__in={member.account_id for member in places if member.manages})


def _item(one: Appointment) -> Item:
    is_session = one.session_uid is not None
    return Item(
        name=one.calendar.name if is_session else one.customer_name,
        starts_at=one.starts_at,
        uid=one.session_uid or one.uid,
        is_session=is_session,
    )
