"""Appointments and sessions that an event outside lies on: which came later than they, or was overlooked knowingly."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from accounts.models import User
from availability.models import HostTimeKind
from availability.models.calendar import CalendarType

# one row for each item and object outside: its first occurrence that overlaps
_OVERLAPPING = """
    SELECT DISTINCT ON (taken.uid, event.source_id, event."group")
        taken.uid, place.id, taken.starts_at, taken.ends_at,
        event.source_id, source.name, event."group", event.start, event."end", event.label
    FROM availability_hosttime AS taken
    JOIN availability_calendar AS calendar ON calendar.id = taken.calendar_id
    JOIN accounts_member AS place ON place.account_id = calendar.account_id AND place.user_id = taken.user_id
    JOIN availability_blockingsource AS counts ON counts.member_id = place.id
    JOIN availability_busysource AS source ON source.id = counts.source_id AND NOT source.is_own
    JOIN availability_busytime AS event ON event.source_id = source.id AND event.user_id = taken.user_id
        AND event.blocks AND event."end" > taken.starts_at AND event.start < taken.ends_at
    WHERE taken.user_id = %(user)s AND taken.kind <> %(hold)s AND taken.ends_at > %(now)s
        AND calendar.type <> %(simple)s
    ORDER BY taken.uid, event.source_id, event."group", event.start
"""


class Conflict(NamedTuple):
    """``member_id``: the host's place in the account of the item. Times are aware; ``label`` may be empty."""

    item_uid: UUID
    member_id: int
    starts_at: datetime
    ends_at: datetime
    source_id: int
    source_name: str
    group: str
    event_starts_at: datetime
    event_ends_at: datetime
    label: str


def conflicts_of(user: User, *, now: datetime) -> list[Conflict]:
    """Of what is not over, with events of the sources that count for it; one statement."""
    values: dict[str, Any] = {
        "user": user.pk,
        "now": now,
        "hold": HostTimeKind.HOLD.value,
        "simple": CalendarType.SIMPLE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPPING, values)
        return [Conflict(*row) for row in cursor.fetchall()]
