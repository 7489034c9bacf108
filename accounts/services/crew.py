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
        self._again: set[str] = set()

    def free(self) -> int:
        with self._lock:
            return self._size - len(self._working)

    def start(self, name: str, work: Callable[[], None]) -> threading.Thread | None:
        """None when nobody is free, or somebody is at this already."""
        with self._lock:
            if name in self._working or len(self._working) >= self._size:
                return None
            return self._start(name, work)

    def start_or_repeat(self, name: str, work: Callable[[], None]) -> threading.Thread | None:
        """As ``start``; somebody who is at this already does it once more, for what they may have passed by."""
        with self._lock:
            if name in self._working:
                self._again.add(name)
                return self._working[name]
            return self._start(name, work) if len(self._working) < self._size else None

    def _start(self, name: str, work: Callable[[], None]) -> threading.Thread:
        context = copy_context()
        thread = threading.Thread(target=context.run, args=(self._work, name, work), name=name, daemon=True)
        thread.start()
        # the lock is ours: the thread cannot have left before it is entered
        self._working[name] = thread
        return thread

    def _work(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
            while self._is_wanted_again(name):
                work()
        finally:
            connections.close_all()
            self._leave(name)

    def _is_wanted_again(self, name: str) -> bool:
        """Decided under the lock: whoever asks afterwards finds nobody at it, and starts a thread."""
        with self._lock:
            if name in self._again:
                self._again.remove(name)
                return True
            del self._working[name]
            return False

    def _leave(self, name: str) -> None:
        """Somebody else may have started under this name by now."""
        with self._lock:
            if self._working.get(name) is threading.current_thread():
                del self._working[name]
                self._again.discard(name)


def wait_for(threads: Collection[threading.Thread | None], *, within: timedelta) -> None:
    """Until all have ended, but no longer than ``within``."""
    until = monotonic() + within.total_seconds()
    for thread in threads:
        if thread is not None:
            thread.join(max(until - monotonic(), 0))
