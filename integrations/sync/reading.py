"""Reading one remote calendar: list what changed, fetch only that, store it, and advance the cursor last."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from django.conf import settings

from availability.services.busy import lock_host
from availability.services.retry import durable
from availability.services.sources import mark_read
from integrations.models import RemoteCalendar
from integrations.ports import Changes, CursorExpired, ListedObject
from integrations.sync.claims import keep_claim
from integrations.sync.comparing import Plan, compare, confirms, is_suspicious
from integrations.sync.mirror import Mirror

# rows a transaction: short enough that a booking does not wait for it
BATCH = 250
# rounds for which an object that is listed but not handed out holds the cursor
MOST_MISSING_ROUNDS = 3

Item = TypeVar("Item")


def needs_reading(mirror: Mirror, token: str) -> bool:
    """Whether anything moved, was never read, or a full listing is due. Without tokens there is no telling."""
    remote = mirror.remote
    if not token or token[:500] != remote.token or remote.source is None or remote.source.read_at is None:
        return True
    return confirms(remote.held_back_at, now=mirror.now) or _full_listing_is_due(mirror)


def read_calendar(mirror: Mirror, token: str) -> None:
    """``token``: what the home listing said. Killed anywhere, a redo fetches only what is not stored yet."""
    changes = _list(mirror)
    known = mirror.known_etags(None if changes.complete else _keys(changes))
    plan = compare(known, changes)
    missing = _store(mirror, plan)
    held_back = _is_held_back(mirror, plan, changes)
    if not held_back:
        for keys in _batches(plan.gone):
            mirror.remove(keys)
    held_by_missing = bool(missing) and mirror.remote.missing_rounds < MOST_MISSING_ROUNDS
    if missing and not held_by_missing:
        for objects in _batches(missing):
            mirror.note_missing(objects)
    _finish(mirror, changes, token, held_back=held_back, held_by_missing=held_by_missing)


def mark_unchanged(mirror: Mirror) -> None:
    """The home says nothing moved: what is stored is as good as read now."""
    if mirror.remote.source is not None:
        mark_read(mirror.remote.source, now=mirror.now)


def _list(mirror: Mirror) -> Changes:
    keep = mirror.remote.held_back_at
    in_full = _full_listing_is_due(mirror) or confirms(keep, now=mirror.now)
    since = "" if in_full else mirror.remote.cursor
    durable(lambda: keep_claim(mirror.claim))
    try:
        return mirror.provider.list_changes(mirror.remote.url, since=since)
    except CursorExpired:
        return mirror.provider.list_changes(mirror.remote.url, since="")


def _full_listing_is_due(mirror: Mirror) -> bool:
    listed_at = mirror.remote.listed_in_full_at
    pause = timedelta(seconds=settings.SYNC_FULL_LISTING_SECONDS)
    return listed_at is None or mirror.now - listed_at >= pause


def _keys(changes: Changes) -> list[str]:
    return [*(listed.key for listed in changes.present), *changes.gone]


def _store(mirror: Mirror, plan: Plan) -> list[ListedObject]:
    """Fetch and store in batches; what the server did not hand out."""
    missing: list[ListedObject] = []
    for batch in _batches(plan.fetch):
        durable(lambda: keep_claim(mirror.claim))
        fetched = mirror.provider.fetch(mirror.remote.url, batch)
        mirror.store(fetched.events)
        handed_out = {event.key for event in fetched.events}
        missing += [listed for listed in batch if listed.key not in handed_out]
    return missing


def _is_held_back(mirror: Mirror, plan: Plan, changes: Changes) -> bool:
    """The brake: one answer that removes a great deal is believed when a complete, later one agrees."""
    if changes.complete and confirms(mirror.remote.held_back_at, now=mirror.now):
        return False
    held = mirror.remote.events.count() if plan.gone else 0
    listed_nothing = changes.complete and not changes.present
    return is_suspicious(plan.gone, held=held, listed_nothing=listed_nothing)


def _finish(mirror: Mirror, changes: Changes, token: str, *, held_back: bool, held_by_missing: bool) -> None:
    """The cursor and the token go last: a read that died half-way is then simply done again."""
    remote, now = mirror.remote, mirror.now
    facts: dict[str, object] = {
        "problem": "",
        "held_back_at": (remote.held_back_at or now) if held_back else None,
        "missing_rounds": remote.missing_rounds + 1 if held_by_missing else 0,
    }
    if not (held_back or held_by_missing):
        facts |= {"cursor": changes.cursor[:500], "token": token[:500]}
        if changes.complete:
            facts["listed_in_full_at"] = now
    if remote.expanded_at is None:
        facts |= {"expanded_at": now, "expanded_zone": str(mirror.zone)}

    def finish() -> None:
        lock_host(mirror.claim.user_id)
        keep_claim(mirror.claim)
        RemoteCalendar.objects.filter(pk=remote.pk).update(**facts)
        if remote.source is not None:
            mark_read(remote.source, now=now)

    durable(finish)


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
