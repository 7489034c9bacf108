"""Keep what a source reports."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from availability.models import BusySource
from availability.services.locks import lock_host
from availability.services.versions import raise_versions

__all__ = ["Stretch", "lock_host", "record_busy_times"]

_FORGET = """
    DELETE FROM availability_busytime USING json_array_elements_text(%s::json) AS named
    WHERE source_id = %s AND "group" = named RETURNING start, "end", blocks
"""
# a first read brings thousands: no faster way leads into a table
_RECORD = """
    COPY availability_busytime (source_id, user_id, "group", key, start, "end", blocks, all_day, label) FROM STDIN
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One occurrence as a source reports it: ``[start, end)``, aware, in UTC; ``key`` is unique within its group."""

    key: str
    start: datetime
    end: datetime
    blocks: bool
    all_day: bool = False
    label: str = ""


def record_busy_times(source: BusySource, groups: Mapping[str, Sequence[Stretch]], *, now: datetime) -> None:
    """Make the busy times of each named group exactly these; an empty sequence removes it. Other groups stay.

    Within the caller's transaction, under the user's host lock: a booking sees all of it or none, and never
    commits past it unseen. Only days whose blocked time really changes are computed anew.
    """
    if not groups:
        return
    lock_host(source.user_id)
    before = _forget(source, groups)
    rows = [(group, stretch) for group, stretches in groups.items() for stretch in stretches]
    _record(source, rows)
    after = {(stretch.start, stretch.end) for _group, stretch in rows if stretch.blocks}
    raise_versions(source.user_id, before ^ after, now=now)


def _forget(source: BusySource, groups: Iterable[str]) -> set[tuple[datetime, datetime]]:
    """What of it blocked."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [json.dumps(list(groups)), source.pk])
        return {(start, end) for start, end, blocks in cursor.fetchall() if blocks}


def _record(source: BusySource, rows: Sequence[tuple[str, Stretch]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_RECORD) as copy:
        for group, one in rows:
            of = (source.pk, source.user_id, group, one.key)
            copy.write_row((*of, one.start, one.end, one.blocks, one.all_day, one.label[:200]))
