"""Rows as tuples of plain values, for the questions where every object counts."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


class _PreparedCursor(psycopg.Cursor[tuple[Any, ...]]):
    """The server plans a statement once for each connection: these take longer to plan than to run."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_PreparedCursor":
        return super().execute(query, params, **options | {"prepare": True})


@cache
def _short(statement: str) -> str:
    """Without indentation: psycopg keeps how it understood a statement, but only of short ones."""
    return " ".join(statement.split())


def rows(statement: str, arguments: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """One round trip."""
    database = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()
    database.ensure_connection()
    wrap = database.make_debug_cursor if database.queries_logged else database.make_cursor
    prepared: Any = _PreparedCursor(database.connection)
    with wrap(prepared) as cursor:
        cursor.execute(_short(statement), arguments)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
