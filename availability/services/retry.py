"""The door of a use case that takes time: one durable transaction, tried again when PostgreSQL says so."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, transaction

Result = TypeVar("Result")
TRIES = 3
_TRY_AGAIN = frozenset(("40001", "40P01"))


def durable(use_case: Callable[[], Result]) -> Result:
    """Run ``use_case`` as a whole transaction; serialization failures and deadlocks are tried again, thrice at most."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic(durable=True):
                return use_case()
        except OperationalError as error:
            if attempt == TRIES or getattr(error.__cause__, "sqlstate", None) not in _TRY_AGAIN:
                raise
    raise AssertionError("unreachable")
