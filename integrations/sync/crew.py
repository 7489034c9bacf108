"""Threads of this process that talk to servers, so that a slow server delays nobody else's work.

A task hands its work over and waits a little; what takes longer goes on in its thread. Threads end with the process,
whenever that ends: what they did not finish is claimed again when their lease is over.
"""

import threading
from collections.abc import Callable, Collection
from contextvars import copy_context
from datetime import timedelta
from time import monotonic

from django.db import connections


class Crew:
    """At most ``size`` threads, and one for each name."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._working: dict[str, threading.Thread] = {}

    def free(self) -> int:
        with self._lock:
            return self._size - len(self._working)

    def start(self, name: str, work: Callable[[], None]) -> threading.Thread | None:
        """None when nobody is free, or somebody is at this already."""
        with self._lock:
            if name in self._working or len(self._working) >= self._size:
                return None
            context = copy_context()
            thread = threading.Thread(target=context.run, args=(self._work, name, work), name=name, daemon=True)
            self._working[name] = thread
        thread.start()
        return thread

    def _work(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connections.close_all()
            with self._lock:
                del self._working[name]


def wait_for(threads: Collection[threading.Thread | None], *, within: timedelta) -> None:
    """Until all have ended, but no longer than ``within``."""
    until = monotonic() + within.total_seconds()
    for thread in threads:
        if thread is not None:
            thread.join(max(until - monotonic(), 0))
