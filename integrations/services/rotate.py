"""Encrypt anew, with the first of FERNET_KEYS, what older keys encrypted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.db import connection, models
from django.db.models import BinaryField, ExpressionWrapper, F

from integrations.models import Connection, RemoteCopy, RemoteEvent
from integrations.models.fields import SecretTextField

BATCH = 500
ENCRYPTED: tuple[tuple[type[models.Model], str], ...] = (
    (Connection, "credential"),
    (RemoteEvent, "reduced"),
    (RemoteCopy, "written"),
)


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many values of a batch were encrypted anew, and how many no key opens; those stay as they are."""

    table: str
    rotated: int
    unopened: int


def rotate_credentials() -> Iterator[Rotated]:
    """Batch by batch; what the first key encrypted already is left alone, so an interrupted run is simply begun anew.

    A value that changes meanwhile keeps its change: the new ciphertext replaces only the one it was made of.
    """
    for model, name in ENCRYPTED:
        keys = _keys_of(model, name)
        last = 0
        while rows := _rows(model, name, after=last):
            yield _rotate(model, name, rows, keys)
            last = rows[-1][0]


def _rows(model: type[models.Model], name: str, *, after: int) -> Sequence[tuple[int, bytes]]:
    raw = ExpressionWrapper(F(name), output_field=BinaryField())
    rows = model._default_manager.filter(pk__gt=after).order_by("pk").annotate(raw=raw)
    return [(pk, bytes(value)) for pk, value in rows.values_list("pk", "raw")[:BATCH]]


def _rotate(
    model: type[models.Model], name: str, rows: Sequence[tuple[int, bytes]], keys: tuple[Fernet, MultiFernet]
) -> Rotated:
    first, every = keys
    changes, unopened = [], 0
    for pk, stored in rows:
        if _opens(first, stored):
            continue
        try:
            changes.append((every.rotate(stored), pk, stored))
        except InvalidToken:
            unopened += 1
    return Rotated(model._meta.db_table, _write(model, name, changes), unopened)


def _write(model: type[models.Model], name: str, changes: Sequence[tuple[bytes, int, bytes]]) -> int:
    """Each row by itself: the encrypted field takes no expressions, and a changed one must not be written over."""
    quote = connection.ops.quote_name
    statement = f"UPDATE {quote(model._meta.db_table)} SET {quote(name)} = %s WHERE id = %s AND {quote(name)} = %s"  # noqa: S608
    written = 0
    with connection.cursor() as cursor:
        for change in changes:
            cursor.execute(statement, change)
            written += cursor.rowcount
    return written


def _opens(key: Fernet, stored: bytes) -> bool:
    try:
        key.decrypt(stored)
    except InvalidToken:
        return False
    return True


def _keys_of(model: type[models.Model], name: str) -> tuple[Fernet, MultiFernet]:
    field = model._meta.get_field(name)
    if not isinstance(field, SecretTextField):
        raise TypeError(f"{name} of {model.__name__} is not encrypted.")
    keys = [Fernet(key) for key in field.fernet_keys]
    return keys[0], MultiFernet(keys)
