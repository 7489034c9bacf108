"""How a connection takes part in sync (Y12a): what becomes of changes made outside, and what is shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from availability.services.busy import lock_host
from availability.services.retry import durable
from availability.services.sources import show_sources
from bookings.models import OwnItem
from bookings.queries.wanted import coming_own_uids
from integrations.models import Connection, Decision, Direction, RemoteCalendar, WhenDeleted
from integrations.services.nudge import nudge_expansion
from integrations.sync.expansion import ask_for_expansion
from integrations.sync.journal import note
from integrations.sync.outbox import ask_for_push


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """``follows_moves`` and ``when_deleted`` count for ``CUSTOM``, and are kept for when it is chosen again.

    ``pushed_kinds``: values of the kinds of own items that are written to the primary calendar (Y11, Y12).
    ``shows_events`` and the days around today: what My Calendar shows; all of it blocks.
    """

    direction: Direction
    follows_moves: bool
    when_deleted: WhenDeleted
    shows_events: bool
    shown_days_before: int
    shown_days_after: int
    pushed_kinds: tuple[str, ...]


def change_sync_settings(connection: Connection, settings: SyncSettings, *, now: datetime) -> bool:
    """They count from the next change outside on. Whether anything was different."""

    def change() -> bool:
        lock_host(connection.user_id)
        return set_sync_settings(connection, settings, now=now)

    return durable(change)


def set_sync_settings(connection: Connection, settings: SyncSettings, *, now: datetime) -> bool:
    """As :func:`change_sync_settings`, within the caller's transaction, under the host lock."""
    chosen: dict[str, object] = {name: getattr(settings, name) for name in SyncSettings.__slots__}
    chosen["pushed_kinds"] = list(settings.pushed_kinds)
    before = Connection.objects.values(*chosen).get(pk=connection.pk)
    if before == chosen:
        return False
    # whoever works by the old settings stops; nothing is looked at sooner for it
    ask_for_expansion(connection, now=now)
    Connection.objects.filter(pk=connection.pk).update(**chosen)
    _show(connection, settings)
    other_kinds = {*before["pushed_kinds"]} ^ {*settings.pushed_kinds}
    _push_own_items(connection, other_kinds, now=now)
    note(Decision.SETTINGS, now=now, connection=connection, direction=settings.direction.value)
    nudge_expansion(connection.pk)
    return True


def _show(connection: Connection, settings: SyncSettings) -> None:
    read = RemoteCalendar.objects.filter(connection=connection, source__isnull=False)
    show_sources(
        [pk for pk in read.values_list("source", flat=True) if pk is not None],
        is_shown=settings.shows_events,
        days_before=settings.shown_days_before,
        days_after=settings.shown_days_after,
    )


def _push_own_items(connection: Connection, kinds: Collection[str], *, now: datetime) -> None:
    """Those that are to lie there now, and those that are not any more."""
    if not kinds:
        return
    coming = coming_own_uids(connection.user, now=now)
    for uid in OwnItem.objects.filter(uid__in=coming, kind__in=kinds).order_by("pk").values_list("uid", flat=True):
        ask_for_push(uid, now=now)
