"""What this app asks of those above it, without knowing who answers."""

from collections.abc import Collection
from datetime import timedelta
from typing import Protocol


class SourceRefresher(Protocol):
    """Whoever can read busy sources anew."""

    def refresh(self, sources: Collection[int], within: timedelta) -> None:
        """Read these busy sources (primary keys) anew as far as possible, and return within the time given.

        Returns nothing: what could be read stands in the sources and their busy times afterwards.
        """


class _Nobody:
    """Answers at once: there is nothing outside."""

    def refresh(self, sources: Collection[int], within: timedelta) -> None:
        """Nothing is read."""


_refreshers: list[SourceRefresher] = [_Nobody()]


def register(refresher: SourceRefresher) -> None:
    """From now on ``refresher`` is asked."""
    _refreshers[-1] = refresher


def refresher() -> SourceRefresher:
    return _refreshers[-1]
