"""How a connection takes part in sync (Y12a): what becomes of changes made outside, and what is shown."""

from dataclasses import dataclass
from datetime import datetime

from availability.services.busy import lock_host
from availability.services.retry import durable
from bookings.queries.wanted import coming_own_uids
from integrations.models import Connection, Decision, Direction, WhenDeleted
from integrations.services.nudge import nudge_expansion
from integrations.sync.expansion import ask_for_expansion
from integrations.sync.journal import note
from integrations.sync.outbox import ask_for_push


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """The three in the middle count for ``CUSTOM``, and are kept for when it is chosen again.

    ``pushed_kinds``: values of the kinds of own items that are written to the primary calendar (Y11, Y12).
    """

    direction: Direction
    follows_moves: bool
    when_deleted: WhenDeleted
    shows_events: bool
    pushed_kinds: tuple[str, ...]


def change_sync_settings(connection: Connection, settings: SyncSettings, *, now: datetime) -> bool:
    """They count from the next change outside on. Whether anything was different."""
    chosen: dict[str, object] = {name: getattr(settings, name) for name in SyncSettings.__slots__}
    chosen["pushed_kinds"] = list(settings.pushed_kinds)
    if all(getattr(connection, name) == value for name, value in chosen.items()):
        return False

    def change() -> None:
        lock_host(connection.user_id)
        # whoever works by the old settings stops; nothing is looked at sooner for it
        ask_for_expansion(connection, now=now)
        Connection.objects.filter(pk=connection.pk).update(**chosen)
        if chosen["pushed_kinds"] != connection.pushed_kinds:
            _push_own_items(connection, now=now)
        note(Decision.SETTINGS, now=now, connection=connection, direction=settings.direction.value)
        nudge_expansion(connection.pk)

    durable(change)
    return True


def _push_own_items(connection: Connection, *, now: datetime) -> None:
    """Those that are to lie there now, and those that are not any more."""
    for uid in coming_own_uids(connection.user, now=now):
        ask_for_push(uid, now=now)
