"""What lies on a remote calendar, mirrored in rows: events and their busy times, a batch a transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from availability.services.busy import Stretch, lock_host, record_busy_times
from availability.services.retry import durable
from bookings.queries.wanted import known_uids, wanted_item
from integrations.models import Connection, RemoteCalendar, RemoteCopy, RemoteEvent
from integrations.ports import CalendarProvider, FetchedEvent, ListedObject, Unreadable
from integrations.sync.claims import keep_claim
from integrations.sync.expansion import stretches_of
from integrations.sync.ours import item_uid_of
from integrations.sync.text import storable

_NEVER_HANDED_OUT = gettext_noop("The server lists this object but does not hand it out.")
_POSITION = ("url", "etag", "uid", "item_uid", "unreadable")


@dataclass(frozen=True, slots=True)
class Mirror:
    """One remote calendar while a claimed connection is read."""

    remote: RemoteCalendar
    claim: Connection
    provider: CalendarProvider
    zone: ZoneInfo
    now: datetime

    def known_etags(self, keys: Collection[str] | None) -> dict[str, str]:
        """Key → etag of what is held: of these keys, or of everything."""
        events = self.remote.events.all() if keys is None else self.remote.events.filter(key__in=keys)
        return dict(events.values_list("key", "etag"))

    def store(self, events: Iterable[FetchedEvent]) -> None:
        """What was fetched replaces what was held. Our own copies are mirrored and never block."""
        fetched = {event.key: event for event in events}
        ours = self._own_items(fetched.values())
        readable_before = set(self.remote.events.filter(key__in=fetched, unreadable="").values_list("key", flat=True))
        rows, groups = [], {}
        for key, event in fetched.items():
            row, stretches = self._row(event, ours.get(event.uid), keeps_earlier=key in readable_before)
            rows.append(row)
            if stretches is not None:
                groups[key] = stretches
        self._write(rows, groups)

    def note_missing(self, objects: Collection[ListedObject]) -> None:
        """Listed for its owner; what was known of them stays. Without an etag they are fetched when listed again."""
        rows = [self._event(key=listed.key, url=listed.url, unreadable=_NEVER_HANDED_OUT) for listed in objects]
        self._write(rows, {})

    def remove(self, keys: Sequence[str]) -> None:
        def remove() -> None:
            lock_host(self.claim.user_id)
            keep_claim(self.claim)
            _forget(self.remote, keys, now=self.now)

        durable(remove)

    def _row(
        self, event: FetchedEvent, item_uid: UUID | None, *, keeps_earlier: bool
    ) -> tuple[RemoteEvent, Sequence[Stretch] | None]:
        """The row, and its busy times; None keeps those of an earlier, readable version.

        Without one, what the adapter made of an unreadable object counts: the local day of its start.
        """
        unreadable = event.unreadable
        stretches: Sequence[Stretch] | None = None
        if item_uid is not None:
            stretches = ()
        elif not unreadable or (event.reduced and not keeps_earlier):
            try:
                stretches = stretches_of(event.reduced, provider=self.provider, zone=self.zone, now=self.now)
            except Unreadable as error:
                unreadable = unreadable or str(error) or Unreadable.__name__
        row = self._event(
            key=event.key,
            url=event.url,
            etag=event.etag[:300],
            uid=storable(event.uid, 500),
            item_uid=item_uid,
            reduced=event.reduced,
            unreadable=unreadable[:300],
        )
        return row, stretches

    def _event(self, **facts: object) -> RemoteEvent:
        return RemoteEvent(remote_calendar=self.remote, **facts)

    def _own_items(self, events: Collection[FetchedEvent]) -> dict[str, UUID]:
        """UID there → our item, for copies that belong to this user; another user's copy is an event like any."""
        named = {event.uid: uid for event in events if (uid := item_uid_of(event.uid)) is not None}
        if not named:
            return {}
        copies = RemoteCopy.objects.filter(uid__in=named.values(), remote_calendar__connection__user=self.claim.user_id)
        copied = set(copies.values_list("uid", flat=True))
        others = known_uids(set(named.values()) - copied)
        ours = copied | {uid for uid in others if self._is_of_this_user(uid)}
        return {remote_uid: uid for remote_uid, uid in named.items() if uid in ours}

    def _is_of_this_user(self, uid: UUID) -> bool:
        item = wanted_item(uid)
        return item is None or any(member.user_id == self.claim.user_id for member in item.members)

    def _write(self, rows: Collection[RemoteEvent], groups: Mapping[str, Sequence[Stretch]]) -> None:
        expanded = [row for row in rows if not row.unreadable or row.key in groups]
        kept = [row for row in rows if row.unreadable and row.key not in groups]

        def write() -> None:
            lock_host(self.claim.user_id)
            keep_claim(self.claim)
            _upsert(expanded, (*_POSITION, "reduced"))
            # what could be read of an earlier version stays, so that it goes on being expanded
            _upsert(kept, _POSITION)
            if self.remote.source is not None:
                record_busy_times(self.remote.source, groups, now=self.now)

        durable(write)


def forget_events(remote: RemoteCalendar, *, now: datetime) -> None:
    """The calendar is gone, and what it said with it. Within the caller's transaction, under the host lock."""
    _forget(remote, list(remote.events.values_list("key", flat=True)), now=now)


def _forget(remote: RemoteCalendar, keys: Sequence[str], *, now: datetime) -> None:
    remote.events.filter(key__in=keys).delete()
    if remote.source is not None:
        record_busy_times(remote.source, dict.fromkeys(keys, ()), now=now)


def _upsert(rows: Collection[RemoteEvent], update_fields: Sequence[str]) -> None:
    RemoteEvent.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=("remote_calendar", "key"), update_fields=update_fields
    )
