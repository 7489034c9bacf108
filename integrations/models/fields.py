"""Encrypted columns with a guard: an SQL expression must never be encrypted as its own text."""

from typing import Any, Self

from cryptography.fernet import InvalidToken
from fernet_fields import EncryptedTextField


class Unopened(str):
    """What none of FERNET_KEYS opens. It reads as empty text and is written back as it was: the key may return."""

    __slots__ = ("ciphertext",)
    ciphertext: bytes

    def __new__(cls, ciphertext: bytes) -> Self:
        text = super().__new__(cls, "")
        text.ciphertext = ciphertext
        return text


class SecretTextField(EncryptedTextField):  # type: ignore[misc]
    """Text encrypted with the first of FERNET_KEYS. Raises TypeError for expressions (bulk_update, F(), Value())."""

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "as_sql") or hasattr(value, "resolve_expression"):
            raise TypeError("An encrypted field takes plain text: use save(), not an SQL expression.")
        if isinstance(value, Unopened):
            return connection.Database.Binary(value.ciphertext)
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any, *args: Any) -> Any:
        try:
            return super().from_db_value(value, expression, connection, *args)
        except InvalidToken:
            return Unopened(bytes(value))
