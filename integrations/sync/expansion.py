"""From stored events to busy times: occurrences from 31 days back to 400 days ahead, in the user's time zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from availability.services.busy import Stretch, lock_host, record_busy_times
from availability.services.retry import durable
from integrations.models import Connection, RemoteCalendar, RemoteEvent
from integrations.ports import CalendarProvider, Occurrence, Unreadable
from integrations.sync.claims import keep_claim
from integrations.sync.ours import item_uid_of
from integrations.sync.text import storable

BACK = timedelta(days=31)
AHEAD = timedelta(days=400)
EXPANDED_FOR = timedelta(days=1)
BATCH = 250


@dataclass(frozen=True, slots=True)
class Policy:
    """What its owner wants of a remote calendar (Y5): what blocks beside ordinary events."""

    free_blocks: bool = False
    tentative_blocks: bool = True
    unanswered_blocks: bool = True
    declined_blocks: bool = False

    def blocks(self, occurrence: Occurrence) -> bool:
        """One answer decides: a declined event is the owner's to count, whatever its organiser marked it as."""
        if occurrence.answer == "declined":
            return self.declined_blocks
        if occurrence.transparent and not self.free_blocks:
            return False
        if occurrence.answer == "needs_action":
            return self.unanswered_blocks
        return self.tentative_blocks or "tentative" not in {occurrence.status, occurrence.answer}


def policy_of(remote: RemoteCalendar) -> Policy:
    return Policy(
        free_blocks=remote.free_blocks,
        tentative_blocks=remote.tentative_blocks,
        unanswered_blocks=remote.unanswered_blocks,
        declined_blocks=remote.declined_blocks,
    )


def stretches_of(
    reduced: str, *, uid: str, policy: Policy, provider: CalendarProvider, zone: ZoneInfo, now: datetime
) -> tuple[Stretch, ...]:
    """Busy times of one event; cancelled ones are none. Raises Unreadable.

    A copy of somebody else's appointment is nameless here: its customer is theirs.
    """
    occurrences = provider.expand(reduced, start=now - BACK, end=now + AHEAD, zone=zone)
    named = item_uid_of(uid) is None
    return tuple(
        _stretch(occurrence, blocks=policy.blocks(occurrence), named=named)
        for occurrence in occurrences
        if occurrence.status != "cancelled"
    )


def needs_expansion(remote: RemoteCalendar, *, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the window's far end, the zone or the owner's policy has moved since the stored events were expanded."""
    if remote.expanded_at is None:
        return False
    return remote.expanded_zone != str(zone) or now - remote.expanded_at >= EXPANDED_FOR


def expand_stored(
    remote: RemoteCalendar, *, claim: Connection, provider: CalendarProvider, zone: ZoneInfo, now: datetime
) -> None:
    """Expand everything stored anew, without asking the server. An event that cannot be expanded keeps its times."""
    last = 0
    while batch := list(remote.events.filter(pk__gt=last, item_uid__isnull=True).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        _record(remote, batch, claim=claim, provider=provider, zone=zone, now=now)

    def finish() -> None:
        lock_host(claim.user_id)
        # whoever changes the policy takes the claim away: what was expanded by the old one is never marked as done
        keep_claim(claim, news=True)
        RemoteCalendar.objects.filter(pk=remote.pk).update(expanded_at=now, expanded_zone=str(zone))

    durable(finish)


def ask_for_expansion(connection: Connection, *, now: datetime) -> None:
    """The owner wants other events to block: what is stored of this login is expanded anew, whoever is at it stops.

    Within the caller's transaction, under the host lock, before the calendars themselves are changed.
    """
    Connection.objects.filter(pk=connection.pk).update(fence=F("fence") + 1, claimed_until=None)
    read = RemoteCalendar.objects.filter(connection=connection, source__isnull=False)
    # a first read that is not through has stored some already
    read.update(expanded_zone="", expanded_at=Coalesce("expanded_at", Value(now)))


def _record(
    remote: RemoteCalendar,
    batch: list[RemoteEvent],
    *,
    claim: Connection,
    provider: CalendarProvider,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    groups: dict[str, tuple[Stretch, ...]] = {}
    policy = policy_of(remote)
    for event in batch:
        if event.reduced:
            try:
                groups[event.key] = stretches_of(
                    event.reduced, uid=event.uid, policy=policy, provider=provider, zone=zone, now=now
                )
            except Unreadable:
                continue

    def record() -> None:
        lock_host(claim.user_id)
        keep_claim(claim)
        if remote.source is not None:
            record_busy_times(remote.source, groups, now=now)

    durable(record)


def _stretch(occurrence: Occurrence, *, blocks: bool, named: bool) -> Stretch:
    return Stretch(
        key=occurrence.key,
        start=occurrence.start,
        end=occurrence.end,
        blocks=blocks,
        all_day=occurrence.all_day,
        label=storable(occurrence.title, 200) if named else "",
    )
