"""What the journal says of reading: written where something was decided, and not again while nothing has changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from availability.services.busy import Stretch
from integrations.models import Connection, ConnectionState, Decision, JournalEntry, RemoteCalendar
from integrations.ports import Changes, ListedObject
from integrations.sync.comparing import CONFIRM_AFTER, Plan
from integrations.sync.journal import note
from integrations.sync.mirrored import Mirrored

NEVER_HANDED_OUT = gettext_noop("The server lists this object but does not hand it out.")
# a failure that goes on is written down so often, and when its reason changes
REPEATED_AFTER = timedelta(hours=1)
# unreadable events of a batch that are named one by one; the others are counted
NAMED = 10


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing meant. ``why_in_full``: "first", "nightly", "expired" or "confirming"; empty otherwise."""

    new: int
    changed: int
    gone: int
    listed: int
    why_in_full: str = ""

    @classmethod
    def of(
        cls,
        plan: Plan,
        known: Mapping[str, str],
        changes: Changes,
        *,
        missing: Collection[ListedObject],
        why_in_full: str,
    ) -> "Listing":
        """Objects without an etag are fetched each time; that alone is no change."""
        left_out = {listed.key for listed in missing}
        fetched = [listed for listed in plan.fetch if listed.key not in left_out]
        new = sum(listed.key not in known for listed in fetched)
        changed = sum(listed.key in known and bool(listed.etag) for listed in fetched)
        return cls(new, changed, len(plan.gone), len(changes.present), why_in_full)


def note_reading(
    listing: Listing, *, held_back: bool, is_whole: bool, claim: Connection, remote: RemoteCalendar, now: datetime
) -> None:
    """Within the transaction that ends a read. ``is_whole``: the next one begins where this one ends."""
    counts: dict[str, Any] = {"new": listing.new, "changed": listing.changed}
    gone = 0 if held_back else listing.gone
    if listing.why_in_full and is_whole:
        facts: dict[str, Any] = {"why": listing.why_in_full, "listed": listing.listed}
        note(Decision.LISTED_IN_FULL, now=now, connection=claim, remote=remote, **facts)
    if any((*counts.values(), gone)):
        note(Decision.READ, now=now, connection=claim, remote=remote, **counts, gone=gone)
    if held_back and remote.held_back_at is None:
        again = now + CONFIRM_AFTER
        note(Decision.HELD_BACK, now=now, connection=claim, remote=remote, retry_at=again, gone=listing.gone)


def note_unreadable(
    rows: Collection[Mirrored],
    groups: Mapping[str, Sequence[Stretch]],
    *,
    claim: Connection,
    remote: RemoteCalendar,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Within the transaction that stores ``rows`` with the busy times of ``groups``, before it does."""
    unreadable = {row.key: row for row in rows if row.unreadable}
    if not unreadable:
        return
    before = remote.events.filter(key__in=unreadable).exclude(unreadable="")
    known = set(before.values_list("key", flat=True))
    new = [row for key, row in unreadable.items() if key not in known]
    for decision in (Decision.UNREADABLE, Decision.NOT_HANDED_OUT):
        found = [row for row in new if (row.unreadable == NEVER_HANDED_OUT) == (decision == Decision.NOT_HANDED_OUT)]
        if found:
            events = [{"reason": row.unreadable, "day": _day(groups.get(row.key), zone)} for row in found[:NAMED]]
            note(decision, now=now, connection=claim, remote=remote, number=len(found), events=events)


def _day(kept_busy: Sequence[Stretch] | None, zone: ZoneInfo) -> str:
    return str(kept_busy[0].start.astimezone(zone).date()) if kept_busy else ""


def note_trouble(
    decision: Decision,
    *,
    is_new: bool,
    reason: str,
    claim: Connection,
    now: datetime,
    remote: RemoteCalendar | None = None,
    retry_at: datetime | None = None,
) -> None:
    """``is_new``: all was well until now. Trouble that goes on is written down for each reason, once in an hour."""
    same = JournalEntry.objects.filter(
        user_id=claim.user_id, connection=claim, remote_calendar=remote, decision=decision, facts__reason=reason
    )
    if is_new or not same.filter(at__gt=now - REPEATED_AFTER).exists():
        note(decision, now=now, connection=claim, remote=remote, retry_at=retry_at, reason=reason)


def note_mended(claim: Connection, *, now: datetime) -> None:
    """With a look that went well, if the one before did not."""
    if claim.failures or claim.refused_at or claim.state != ConnectionState.CONNECTED:
        note(Decision.MENDED, now=now, connection=claim)
