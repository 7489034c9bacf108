"""What lies on a remote calendar, mirrored in rows: events and their busy times, a batch a transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from availability.services.busy import Stretch, lock_host, record_busy_times
from availability.services.retry import durable
from integrations.models import Connection, RemoteCalendar
from integrations.ports import CalendarProvider, FetchedEvent, ListedObject, Unreadable
from integrations.sync.claims import keep_claim
from integrations.sync.expansion import policy_of, stretches_of
from integrations.sync.mirrored import Mirrored, upsert
from integrations.sync.noting import NEVER_HANDED_OUT, note_unreadable
from integrations.sync.own_copies import mark_gone, mark_seen, own_items
from integrations.sync.text import storable


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
        self._write(*self.weighed(events))

    def weighed(self, events: Iterable[FetchedEvent]) -> tuple[list[Mirrored], dict[str, Sequence[Stretch]]]:
        """The rows of what was fetched, and its busy times; nothing is written."""
        fetched = {event.key: event for event in events}
        ours = own_items(list(fetched.values()), remote=self.remote, claim=self.claim)
        readable_before = self._readable_among([event.key for event in fetched.values() if event.unreadable])
        rows: list[Mirrored] = []
        groups: dict[str, Sequence[Stretch]] = {}
        for key, event in fetched.items():
            row, stretches = self._row(event, ours.get(key), keeps_earlier=key in readable_before)
            rows.append(row)
            if stretches is not None:
                groups[key] = stretches
        return rows, groups

    def note_missing(self, objects: Collection[ListedObject]) -> None:
        """Listed for its owner; what was known of them stays. Without an etag they are fetched when listed again."""
        rows = [Mirrored(key=listed.key, url=listed.url, unreadable=NEVER_HANDED_OUT) for listed in objects]
        self._write(rows, {})

    def remove(self, keys: Sequence[str]) -> None:
        def remove() -> None:
            lock_host(self.claim.user_id)
            keep_claim(self.claim, news=True)
            _forget(self.remote, keys, now=self.now)

        durable(remove)

    def _row(
        self, event: FetchedEvent, item_uid: UUID | None, *, keeps_earlier: bool
    ) -> tuple[Mirrored, Sequence[Stretch] | None]:
        """The row, and its busy times; None keeps those of an earlier, readable version.

        Without one, what the adapter made of an unreadable object counts: the local day of its start.
        """
        unreadable = event.unreadable
        stretches: Sequence[Stretch] | None = None
        if item_uid is not None:
            stretches = ()
        elif not unreadable or (event.reduced and not keeps_earlier):
            try:
                stretches = self._stretches(event)
            except Unreadable as error:
                unreadable = unreadable or str(error) or Unreadable.__name__
        row = Mirrored(
            key=event.key,
            url=event.url,
            etag=event.etag,
            uid=storable(event.uid, 500),
            item_uid=item_uid,
            reduced=event.reduced,
            unreadable=unreadable[:300],
        )
        return row, stretches

    def _stretches(self, event: FetchedEvent) -> Sequence[Stretch]:
        policy = policy_of(self.remote)
        return stretches_of(
            event.reduced, uid=event.uid, policy=policy, provider=self.provider, zone=self.zone, now=self.now
        )

    def _readable_among(self, keys: Collection[str]) -> set[str]:
        """Those of which a readable version is held."""
        if not keys:
            return set()
        return set(self.remote.events.filter(key__in=keys, unreadable="").values_list("key", flat=True))

    def _write(self, rows: Collection[Mirrored], groups: Mapping[str, Sequence[Stretch]]) -> None:
        expanded = [row for row in rows if not row.unreadable or row.key in groups]
        kept = [row for row in rows if row.unreadable and row.key not in groups]

        def write() -> None:
            lock_host(self.claim.user_id)
            keep_claim(self.claim, news=True)
            note_unreadable(rows, groups, claim=self.claim, remote=self.remote, zone=self.zone, now=self.now)
            upsert(self.remote, expanded)
            # what could be read of an earlier version stays, so that it goes on being expanded
            upsert(self.remote, kept, keeps_content=True)
            mark_seen(self.remote, rows, now=self.now)
            if self.remote.source is not None:
                record_busy_times(self.remote.source, groups, now=self.now)

        durable(write)


def forget_events(remote: RemoteCalendar, *, now: datetime) -> None:
    """The calendar is gone, and what it said with it. Within the caller's transaction, under the host lock."""
    _forget(remote, list(remote.events.values_list("key", flat=True)), now=now)


def _forget(remote: RemoteCalendar, keys: Sequence[str], *, now: datetime) -> None:
    mark_gone(remote, keys, now=now)
    remote.events.filter(key__in=keys).delete()
    if remote.source is not None:
        record_busy_times(remote.source, dict.fromkeys(keys, ()), now=now)
