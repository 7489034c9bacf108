"""Writing down what the sync decided (Y14): one row a decision, within the transaction that carries it out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from integrations.models import Connection, Decision, JournalEntry, RemoteCalendar


def note(
    decision: Decision,
    *,
    now: datetime,
    connection: Connection,
    remote: RemoteCalendar | None = None,
    item: UUID | None = None,
    retry_at: datetime | None = None,
    **facts: Any,
) -> None:
    """``facts``: plain JSON values, such as counts, reasons and times as ISO text; no titles, no secrets."""
    JournalEntry.objects.create(
        user_id=connection.user_id,
        connection=connection,
        remote_calendar=remote,
        calendar_name=remote.name if remote else "",
        decision=decision,
        item_uid=item,
        facts=facts,
        at=now,
        retry_at=retry_at,
    )
