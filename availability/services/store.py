"""Compute slots ahead of their readers and store them with the versions they were computed from (A11).

Versions are read first, then what the slots are made of: what changes in between makes the stored day stale at once,
never wrong. So no snapshot is needed, and two workers at the same calendar do no harm.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from availability.core.intervals import Interval, instant
from availability.core.packing import pack
from availability.models import Calendar, HostDay, StoredDay
from availability.models.calendar import LONGEST_HORIZON_DAYS
from availability.queries.live import ENGINE, Reading, read, utc_days
from availability.queries.settings import reach_of
from availability.queries.slots import Starts, compute_days

# the end of a rolling date range moves on; what it reaches until the next night is there already
_ROLLS_ON = 2 * 86_400
# a fixed range may end later, but changes are made known no further than somewhat beyond this
_FURTHEST = LONGEST_HORIZON_DAYS * 86_400
# a version may go when no stored day can reach it any more
_VERSIONS_KEPT = timedelta(days=30)
_STORE = """
    INSERT INTO availability_storedday (calendar_id, day, epoch, versions, starts, computed_at)
    VALUES (%s, %s, %s, %s, %s, statement_timestamp())
    ON CONFLICT (calendar_id, day) DO UPDATE SET epoch = EXCLUDED.epoch, versions = EXCLUDED.versions,
        starts = EXCLUDED.starts, computed_at = EXCLUDED.computed_at
"""


def store_slots(calendar: Calendar, *, now: datetime) -> int:
    """Store every coming day of the calendar that is not stored or not current; how many there were."""
    span = _coming(calendar, now)
    if calendar.switched_off_at or span is None:
        return 0
    reading = read(calendar, span, now=now)
    wanted = [day for day in utc_days(span) if not (day in reading.stored and reading.stored[day].is_current)]
    _write(calendar, reading, compute_days(calendar, wanted))
    return len(wanted)


def forget_past_days(*, now: datetime) -> int:
    """Delete what was stored for days that are over; how many rows there were."""
    today = now.astimezone(UTC).date()
    HostDay.objects.filter(day__lt=today - _VERSIONS_KEPT).delete()
    return StoredDay.objects.filter(day__lt=today).delete()[0]


def _coming(calendar: Calendar, now: datetime) -> Interval | None:
    reach = reach_of(calendar, now)
    start, end = max(instant(now), reach.first), min(reach.latest, instant(now) + _FURTHEST) + _ROLLS_ON
    return Interval(start, end) if start < end else None


def _write(calendar: Calendar, reading: Reading, days: Mapping[date, Starts]) -> None:
    # the epoch that was read with the settings, not the one of now
    rows: list[tuple[Any, ...]] = [
        (calendar.pk, day, calendar.epoch ^ ENGINE, reading.versions[day], pack(starts)) for day, starts in days.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_STORE, rows)
