"""The door of a use case that takes time: one durable transaction, tried again when PostgreSQL says so."""

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

Result = TypeVar("Result")
TRIES = 3
_TRY_AGAIN = frozenset(("40001", "40P01"))
# the server ends, or has just begun
_CLOSING = frozenset(("57P01", "57P02", "57P03"))


def durable(use_case: Callable[[], Result], *, finds_itself: bool = False) -> Result:
    """Run ``use_case`` as a whole transaction; serialization failures and deadlocks are tried again, thrice at most.

    ``finds_itself``: run again, it finds what it has done before. Then it is also run once more when the link to
    PostgreSQL breaks, which leaves open whether a COMMIT under way went through.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic(durable=True):
                return use_case()
        except (OperationalError, InterfaceError) as error:
            is_lost = _lost_the_link(error)
            if attempt == TRIES or not (finds_itself if is_lost else _state_of(error) in _TRY_AGAIN):
                raise
            if is_lost:
                finds_itself = False
                connection.close()
    raise AssertionError("unreachable")


def _lost_the_link(error: Exception) -> bool:
    state = _state_of(error)
    return not state or state.startswith("08") or state in _CLOSING


def _state_of(error: Exception) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
