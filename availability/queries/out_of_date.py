"""Which busy sources have not been read for a while."""

from collections.abc import Collection
from datetime import timedelta

from availability.models import Calendar
from availability.queries.rows import rows

_OLDER = """
    SELECT blocking.member_id, blocking.source_id
      FROM availability_calendarmember place
      JOIN availability_blockingsource blocking ON blocking.member_id = place.member_id
      JOIN availability_busysource source ON source.id = blocking.source_id
     WHERE place.calendar_id = %(calendar)s AND NOT source.is_own
       AND (source.read_at IS NULL OR source.read_at < statement_timestamp() - %(age)s)
"""


def sources_older_than(age: timedelta, calendar: Calendar) -> Collection[tuple[int, int]]:
    """Pairs of a member of the calendar and a source that counts for them; one query, by the database's clock."""
    return [(member, source) for member, source in rows(_OLDER, {"calendar": calendar.pk, "age": age})]
