"""Our own items among what was read: recognised, and marked to be looked at where they are not as we left them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from bookings.queries.wanted import known_uids, wanted_item
from integrations.models import Connection, PendingPush, RemoteCalendar, RemoteCopy, RemoteEvent
from integrations.ports import FetchedEvent
from integrations.sync.mirrored import Mirrored
from integrations.sync.ours import item_uid_of


def own_items(events: Collection[FetchedEvent], *, remote: RemoteCalendar, claim: Connection) -> dict[str, UUID]:
    """Key → our item, for copies that belong to this user; another user's copy is an event like any."""
    named = {event.key: uid for event in events if (uid := item_uid_of(event.uid)) is not None}
    named |= _unreadable_in_our_place(events, remote)
    if not named:
        return {}
    copies = RemoteCopy.objects.filter(uid__in=named.values(), remote_calendar__connection__user=claim.user_id)
    copied = set(copies.values_list("uid", flat=True))
    others = known_uids(set(named.values()) - copied)
    ours = copied | {uid for uid in others if _is_of(claim.user_id, uid)}
    return {key: uid for key, uid in named.items() if uid in ours}


def mark_seen(remote: RemoteCalendar, rows: Collection[Mirrored], *, now: datetime) -> None:
    """Within the transaction that stores ``rows``: copies in another version than we wrote are looked at."""
    own = {row.item_uid: row for row in rows if row.item_uid is not None}
    if not own:
        return
    copies = list(RemoteCopy.objects.filter(remote_calendar=remote, uid__in=own))
    changed = [copy.pk for copy in copies if not _is_as_written(copy, own[copy.uid])]
    RemoteCopy.objects.filter(pk__in=changed).update(check_at=now, left_out_at=None)
    ghosts = {uid for uid in set(own) - {copy.uid for copy in copies} if wanted_item(uid) is None}
    if ghosts and remote.can_be_written:
        _adopt_ghosts(remote, [own[uid] for uid in ghosts], now=now)


def mark_gone(remote: RemoteCalendar, keys: Collection[str], *, now: datetime) -> None:
    """Within the transaction that forgets these objects, before it does: our copies among them are looked for."""
    gone = remote.events.filter(key__in=keys, item_uid__isnull=False).values("item_uid")
    RemoteCopy.objects.filter(remote_calendar=remote, uid__in=gone, check_at__isnull=True).update(check_at=now)


def mark_never_seen(remote: RemoteCalendar, *, now: datetime) -> None:
    """Within the transaction that ends a read: what we wrote there and did not find is looked for.

    It may have been deleted before it was ever read; then no listing says so.
    """
    found = remote.events.filter(item_uid__isnull=False).values("item_uid")
    written = RemoteCopy.objects.filter(remote_calendar=remote, missing_since__isnull=True, left_out_at__isnull=True)
    unseen = written.filter(check_at__isnull=True).exclude(url="").exclude(uid__in=found)
    unseen.update(check_at=now)


def adopt_carried(uid: UUID, remote: RemoteCalendar, *, now: datetime) -> None:
    """Within the transaction that forgets the copy there: one that its owner carried off before goes as well.

    Where a copy is known, or about to be written, it stays.
    """
    rows = (RemoteCopy.objects.filter(uid=uid), PendingPush.objects.filter(uid=uid))
    known = {key for row in rows for key in row.values_list("remote_calendar__key", flat=True)}
    events = RemoteEvent.objects.filter(item_uid=uid, remote_calendar__connection__user=remote.connection.user_id)
    carried = events.exclude(remote_calendar__key__in={*known, remote.key}).select_related("remote_calendar")
    for event in carried.order_by("pk"):
        if event.uid and event.remote_calendar.can_be_written:
            _adopt_ghosts(event.remote_calendar, [event], now=now)


def _unreadable_in_our_place(events: Collection[FetchedEvent], remote: RemoteCalendar) -> dict[str, UUID]:
    """What cannot be read has no identity but its place."""
    urls = {event.url: event.key for event in events if not event.uid}
    if not urls:
        return {}
    copies = RemoteCopy.objects.filter(remote_calendar=remote, url__in=urls)
    return {urls[url]: uid for url, uid in copies.values_list("url", "uid")}


def _is_of(user_id: int, uid: UUID) -> bool:
    item = wanted_item(uid)
    return item is None or any(member.user_id == user_id for member in item.members)


def _is_as_written(copy: RemoteCopy, row: Mirrored) -> bool:
    known = bool(row.etag) and row.etag == copy.etag and copy.url != ""
    return known and copy.missing_since is None and copy.left_out_at is None


def _adopt_ghosts(remote: RemoteCalendar, rows: Collection[Mirrored | RemoteEvent], *, now: datetime) -> None:
    """Copies of what is no more, there without a row of ours: known again, so that they are taken away."""
    copies = [
        RemoteCopy(
            uid=row.item_uid, remote_calendar=remote, remote_uid=row.uid, url=row.url, etag=row.etag, check_at=now
        )
        for row in rows
        if row.uid and row.item_uid is not None
    ]
    RemoteCopy.objects.bulk_create(copies, ignore_conflicts=True)
