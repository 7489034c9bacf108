"""What happens in bookings and must be known outside: an item changed, so its copies may be behind."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bookings.signals import item_changed
from integrations.sync.outbox import ask_for_push


def connect() -> None:
    """Called once, when the apps are ready."""
    item_changed.connect(_ask_for_push, dispatch_uid="integrations.ask_for_push")


def _ask_for_push(*, uid: UUID, now: datetime, **_rest: Any) -> None:
    ask_for_push(uid, now=now)
