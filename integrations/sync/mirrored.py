"""Mirrored objects as plain values, and their rows, many in one statement: models would cost more than the rest."""

import json
from collections.abc import Collection
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from integrations.models import RemoteCalendar, RemoteEvent

_POSITION: Final = "url = excluded.url, etag = excluded.etag, uid = excluded.uid, item_uid = excluded.item_uid"
# the encrypted text is plain ASCII
_UPSERT: Final = """
    INSERT INTO integrations_remoteevent (remote_calendar_id, key, url, etag, uid, item_uid, reduced, unreadable)
    SELECT %s, one.key, one.url, one.etag, one.uid, one.item_uid, convert_to(one.reduced, 'UTF8'), one.unreadable
    FROM json_to_recordset(%s::json)
        AS one (key text, url text, etag text, uid text, item_uid uuid, reduced text, unreadable text)
    ON CONFLICT (remote_calendar_id, key) DO UPDATE SET {changed}, unreadable = excluded.unreadable
"""
_WHOLLY: Final = _UPSERT.format(changed=f"{_POSITION}, reduced = excluded.reduced")
_BUT_FOR_CONTENT: Final = _UPSERT.format(changed=_POSITION)


class Mirrored(NamedTuple):
    """One object of a remote calendar, as a row of RemoteEvent names it."""

    key: str
    url: str
    etag: str = ""
    uid: str = ""
    item_uid: UUID | None = None
    reduced: str = ""
    unreadable: str = ""


def upsert(remote: RemoteCalendar, rows: Collection[Mirrored], *, keeps_content: bool = False) -> None:
    """Rows of the same key become these. ``keeps_content``: what is stored of their content stays."""
    if not rows:
        return
    values = json.dumps([_values(row) for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(_BUT_FOR_CONTENT if keeps_content else _WHOLLY, [remote.pk, values])


def _values(row: Mirrored) -> dict[str, str | None]:
    sealed = RemoteEvent._meta.get_field("reduced").get_db_prep_save(row.reduced, connection)
    item_uid = None if row.item_uid is None else str(row.item_uid)
    return {**row._asdict(), "item_uid": item_uid, "reduced": bytes(sealed.obj).decode("ascii")}
