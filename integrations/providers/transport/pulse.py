"""A sign of life while a long answer arrives, for whoever holds a lease meanwhile."""

import time
from collections.abc import Callable
from datetime import timedelta


class Pulse:
    """Calls ``heartbeat`` when bytes arrive, at most once in every ``every``. What it raises ends the exchange."""

    def __init__(
        self, heartbeat: Callable[[], None] | None, *, every: timedelta, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._heartbeat = heartbeat
        self._every = every.total_seconds()
        self._clock = clock
        self._last = clock()

    def beat(self) -> None:
        """Told of each piece that arrives."""
        if self._heartbeat is None or self._clock() - self._last < self._every:
            return
        self._heartbeat()
        self._last = self._clock()
