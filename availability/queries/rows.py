"""Rows as tuples of plain values, for the questions where every object counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection


def rows(statement: str, arguments: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """One round trip."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())
