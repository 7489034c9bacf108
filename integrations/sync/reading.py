"""Reading one remote calendar: list what changed, fetch only that, store it, and advance the cursor last."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from typing import TypeVar

from django.conf import settings

from availability.services.busy import lock_host
from availability.services.retry import durable
from availability.services.sources import mark_read
from integrations.models import Decision, RemoteCalendar
from integrations.ports import Changes, CursorExpired, ListedObject
from integrations.sync.ahead import fetched_ahead
from integrations.sync.claims import keep_claim
from integrations.sync.comparing import Plan, compare, confirms, is_suspicious
from integrations.sync.journal import note
from integrations.sync.mirror import Mirror
from integrations.sync.noting import Listing, note_reading
from integrations.sync.own_copies import mark_never_seen

# rows a transaction: short enough that a booking does not wait for it
BATCH = 250
# rounds for which an object that is listed but not handed out holds the cursor
MOST_MISSING_ROUNDS = 3

Item = TypeVar("Item")


def needs_reading(mirror: Mirror, token: str) -> bool:
    """Whether anything moved, was never read, or a full listing is due. Without tokens there is no telling."""
    remote = mirror.remote
    if not token or token != remote.token or remote.source is None or remote.source.read_at is None:
        return True
    return confirms(remote.held_back_at, now=mirror.now) or _full_listing_is_due(mirror)


def read_calendar(mirror: Mirror, token: str) -> None:
    """``token``: what the home listing said. Killed anywhere, a redo fetches only what is not stored yet."""
    changes, why_in_full = _list(mirror)
    known = mirror.known_etags(None if changes.complete else _keys(changes))
    plan = compare(known, changes)
    missing = _store(mirror, plan)
    held_back = _is_held_back(mirror, plan, changes)
    still_there = _still_there(mirror, plan) if changes.complete and not held_back else frozenset()
    plan = plan._replace(gone=tuple(key for key in plan.gone if key not in still_there))
    listing = Listing.of(plan, known, changes, missing=missing, why_in_full=why_in_full)
    if not held_back:
        for keys in _batches(plan.gone):
            mirror.remove(keys)
    held_by_missing = bool(missing or still_there) and mirror.remote.missing_rounds < MOST_MISSING_ROUNDS
    if missing and not held_by_missing:
        for objects in _batches(missing):
            mirror.note_missing(objects)
    _finish(mirror, changes, listing, token, held_back=held_back, held_by_missing=held_by_missing)


def mark_unchanged(mirror: Mirror) -> None:
    """The home says nothing moved: what is stored is as good as read now."""
    if mirror.remote.source is not None:
        mark_read(mirror.remote.source, now=mirror.now)


def _list(mirror: Mirror) -> tuple[Changes, str]:
    """The answer, and why everything was asked for; empty where only what changed was, or there is no cursor."""
    why_in_full = _why_in_full(mirror)
    since = "" if why_in_full else mirror.remote.cursor
    durable(lambda: keep_claim(mirror.claim))
    try:
        return mirror.provider.list_changes(mirror.remote.url, since=since), why_in_full
    except CursorExpired:
        return mirror.provider.list_changes(mirror.remote.url, since=""), "expired"


def _why_in_full(mirror: Mirror) -> str:
    if confirms(mirror.remote.held_back_at, now=mirror.now):
        return "confirming"
    if mirror.remote.listed_in_full_at is None:
        return "first"
    return "nightly" if _full_listing_is_due(mirror) else ""


def _full_listing_is_due(mirror: Mirror) -> bool:
    listed_at = mirror.remote.listed_in_full_at
    pause = timedelta(seconds=settings.SYNC_FULL_LISTING_SECONDS)
    return listed_at is None or mirror.now - listed_at >= pause


def _keys(changes: Changes) -> list[str]:
    return [*(listed.key for listed in changes.present), *changes.gone]


def _store(mirror: Mirror, plan: Plan) -> list[ListedObject]:
    """Fetch and store in batches; what the server did not hand out."""
    missing: list[ListedObject] = []
    batches = list(_batches(plan.fetch))
    with closing(fetched_ahead(mirror.provider, mirror.remote.url, batches)) as ahead:
        for batch, fetched in ahead:
            mirror.store(fetched.events)
            handed_out = {event.key for event in fetched.events}
            missing += [listed for listed in batch if listed.key not in handed_out]
    return missing


def _still_there(mirror: Mirror, plan: Plan) -> frozenset[str]:
    """What a listing leaves out is asked for before it is forgotten: the answer may have been cut without a word."""
    found: set[str] = set()
    for keys in _batches(plan.gone):
        urls = mirror.remote.events.filter(key__in=keys).values_list("key", "url")
        fetched = mirror.provider.fetch(mirror.remote.url, [ListedObject(key, url, etag="") for key, url in urls])
        mirror.store(fetched.events)
        found |= {event.key for event in fetched.events}
    return frozenset(found)


def _is_held_back(mirror: Mirror, plan: Plan, changes: Changes) -> bool:
    """The brake: one answer that removes a great deal is believed when a complete, later one agrees."""
    if changes.complete and confirms(mirror.remote.held_back_at, now=mirror.now):
        return False
    held = mirror.remote.events.count() if plan.gone else 0
    listed_nothing = changes.complete and not changes.present
    return is_suspicious(plan.gone, held=held, listed_nothing=listed_nothing)


def _finish(
    mirror: Mirror, changes: Changes, listing: Listing, token: str, *, held_back: bool, held_by_missing: bool
) -> None:
    """The cursor and the token go last: a read that died half-way is then simply done again."""
    remote, now = mirror.remote, mirror.now
    facts: dict[str, object] = {
        "problem": "",
        "held_back_at": (remote.held_back_at or now) if held_back else None,
        "missing_rounds": remote.missing_rounds + 1 if held_by_missing else 0,
    }
    if not (held_back or held_by_missing):
        facts |= {"cursor": changes.cursor, "token": token}
        if changes.complete:
            facts["listed_in_full_at"] = now
    if remote.expanded_at is None:
        facts |= {"expanded_at": now, "expanded_zone": str(mirror.zone)}

    def finish() -> None:
        lock_host(mirror.claim.user_id)
        keep_claim(mirror.claim)
        RemoteCalendar.objects.filter(pk=remote.pk).update(**facts)
        mark_never_seen(remote, now=now)
        if remote.problem:
            note(Decision.MENDED, now=now, connection=mirror.claim, remote=remote)
        note_reading(
            listing,
            claim=mirror.claim,
            remote=remote,
            now=now,
            held_back=held_back,
            is_whole=not (held_back or held_by_missing),
        )
        # a first read that did not get everything says too little to offer times by
        if remote.source is not None and not (held_by_missing and remote.listed_in_full_at is None):
            mark_read(remote.source, now=now)

    durable(finish)


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
