"""A copy while it is settled: of what, whose, and its row, which is written only if nobody else wrote it meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accounts.models import Member
from bookings.queries.wanted import WantedItem, wanted_item
from integrations.models import CalendarConfiguration, Connection, PendingPush, RemoteCalendar, RemoteCopy
from integrations.ports import CalendarProvider, FetchedEvent, SeenCopy, WantedEvent
from integrations.sync.deciding import Situation, Span, stands_as
from integrations.sync.standing import subject_of
from integrations.sync.written import loaded, tried_in


class Hand(NamedTuple):
    """Who settles: a look or a push, and the claim it holds. ``keep`` raises ClaimLost within a transaction."""

    connection: Connection
    provider: CalendarProvider
    zone: ZoneInfo
    now: datetime
    keep: Callable[[], None]


class There(NamedTuple):
    """What was seen: where, in which version, and how it stands."""

    url: str
    etag: str
    seen: SeenCopy


@dataclass(frozen=True, slots=True)
class CopyAtHand:
    """``item``: None when it is no more, or shall not lie here any more. ``member``: whose copy it is, if anybody's."""

    copy: RemoteCopy
    item: WantedItem | None
    member: Member | None

    @property
    def remote(self) -> RemoteCalendar:
        return self.copy.remote_calendar

    @property
    def subject(self) -> str:
        return subject_of(self.copy.uid, self.remote)

    @property
    def wanted(self) -> Span | None:
        return None if self.item is None else span_of(self.item, self._zone)

    @property
    def is_own_item(self) -> bool:
        return self.item is not None and bool(self.item.kind)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(str(self.remote.connection.user.time_zone))

    @property
    def written(self) -> WantedEvent | None:
        return loaded(self.copy.written)

    @property
    def last_span(self) -> Span | None:
        """When it stood as we wrote it last."""
        written = self.written
        return None if written is None else span_of(written, self._zone)

    @property
    def leads(self) -> bool:
        """Only the copy of who answers for the item may move or cancel it (T8)."""
        return self.item is not None and self.member == self.item.members[0]

    def is_over(self, now: datetime) -> bool:
        return self.item is not None and self.item.ends_at <= now

    def situation(self, seen: SeenCopy, *, connection: Connection, now: datetime, is_session: bool) -> Situation:
        behind = PendingPush.objects.filter(uid=self.copy.uid, remote_calendar=self.remote, parked_at__isnull=True)
        return Situation(
            seen=seen,
            wanted=self.wanted,
            written=self.last_span,
            tried=tuple(span_of(one, self._zone) for one in tried_in(self.copy.written)),
            now=now,
            may_move=connection.takes_moves,
            leads=self.leads,
            is_session=is_session,
            is_own=self.is_own_item,
            is_behind=behind.exists(),
        )

    def changed(self, **facts: object) -> bool:
        """Within a transaction: write the row, unless it was written since it was read. Locks it."""
        same = RemoteCopy.objects.select_for_update().filter(
            pk=self.copy.pk, etag=self.copy.etag, url=self.copy.url, written_at=self.copy.written_at
        )
        row = same.first()
        if row is None or row.written != self.copy.written:
            return False
        RemoteCopy.objects.filter(pk=self.copy.pk).update(**facts)
        return True


def at_hand(copy: RemoteCopy) -> CopyAtHand:
    """``copy`` with its remote calendar loaded."""
    item = wanted_item(copy.uid)
    if item is None or not is_wanted_in(copy.remote_calendar, item, copy):
        return CopyAtHand(copy, None, None)
    member = member_at(item, copy.remote_calendar)
    return CopyAtHand(copy, item if member else None, member)


def is_wanted_in(remote: RemoteCalendar, item: WantedItem, copy: RemoteCopy | None) -> bool:
    """Whether this is where a copy shall lie: a host's primary calendar, or the one its owner moved it to instead."""
    if not item.looks_outside or (item.kind and item.kind not in remote.connection.pushed_kinds):
        return False
    places = {remote.pk, copy.stands_in_for_id if copy else None} - {None}
    return CalendarConfiguration.objects.filter(member__in=item.members, primary__in=places).exists()


def span_of(event: WantedItem | WantedEvent, zone: ZoneInfo) -> Span:
    """When it should stand, as it would be seen; whole days are read in the owner's zone."""
    if event.days is None:
        return Span(event.starts_at, event.ends_at, event.free)
    first, after = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in event.days)
    return Span(first, after, event.free, all_day=True)


def left_as(copy: RemoteCopy, seen: SeenCopy, zone: ZoneInfo) -> WantedEvent | None:
    """Which of what we wrote, or tried to write, it stands as; None when somebody else changed it."""
    left = (loaded(copy.written), *tried_in(copy.written))
    return next((one for one in left if one is not None and stands_as(seen, span_of(one, zone))), None)


def there(found: FetchedEvent, copy: RemoteCopy, hand: Hand) -> There:
    seen = hand.provider.describe(found.reduced, uid=copy.remote_uid, zone=hand.zone)
    return There(found.url, found.etag, seen)


def member_at(item: WantedItem | None, remote: RemoteCalendar) -> Member | None:
    """Whose copy of the item lies, or would lie, on this calendar."""
    if item is None:
        return None
    return next((one for one in item.members if one.user_id == remote.connection.user_id), None)
