"""From stored events to busy times: occurrences from 31 days back to 400 days ahead, in the user's time zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from availability.services.busy import Stretch, lock_host, record_busy_times
from availability.services.retry import durable
from integrations.models import Connection, RemoteCalendar, RemoteEvent
from integrations.ports import CalendarProvider, Occurrence, Unreadable
from integrations.sync.claims import keep_claim
from integrations.sync.text import storable

BACK = timedelta(days=31)
AHEAD = timedelta(days=400)
EXPANDED_FOR = timedelta(days=1)
BATCH = 250


def stretches_of(reduced: str, *, provider: CalendarProvider, zone: ZoneInfo, now: datetime) -> tuple[Stretch, ...]:
    """Busy times of one event; free and declined ones do not block, cancelled ones are none. Raises Unreadable."""
    occurrences = provider.expand(reduced, start=now - BACK, end=now + AHEAD, zone=zone)
    return tuple(_stretch(occurrence) for occurrence in occurrences if occurrence.status != "cancelled")


def needs_expansion(remote: RemoteCalendar, *, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the far end of the window, or the zone, has moved since the stored events were expanded."""
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
    RemoteCalendar.objects.filter(pk=remote.pk).update(expanded_at=now, expanded_zone=str(zone))


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
    for event in batch:
        if event.reduced:
            try:
                groups[event.key] = stretches_of(event.reduced, provider=provider, zone=zone, now=now)
            except Unreadable:
                continue

    def record() -> None:
        lock_host(claim.user_id)
        keep_claim(claim)
        if remote.source is not None:
            record_busy_times(remote.source, groups, now=now)

    durable(record)


def _stretch(occurrence: Occurrence) -> Stretch:
    return Stretch(
        key=occurrence.key,
        start=occurrence.start,
        end=occurrence.end,
        blocks=not occurrence.transparent and occurrence.answer != "declined",
        all_day=occurrence.all_day,
        label=storable(occurrence.title, 200),
    )
