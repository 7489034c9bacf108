"""The demo's parts, and what becomes of it when one of them ends by itself."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.demo.processes import Child, has_ended

LOOK_EVERY_SECONDS = 0.5
# workers that end more often than this will not do better the next time
RESTARTS, RESTARTS_WITHIN_SECONDS = 5, 60.0


class NotReady(RuntimeError):
    """Something did not answer in time."""


class PartEnded(RuntimeError):
    """A part ended that nobody had asked to."""

    def __init__(self, name: str, log_file: Path) -> None:
        super().__init__(f"{name} ended unexpectedly, so everything is stopped. Its log: {log_file}")


@dataclass(frozen=True, slots=True)
class Server:
    """A part that is not a child of ours to start again. ``pid`` is None where somebody else runs it."""

    name: str
    pid: int | None
    log_file: Path


@dataclass(frozen=True, slots=True)
class Parts:
    postgres: Server
    caldav: Server
    work: Child
    web: Child

    def log_files(self) -> list[Path]:
        return [part.log_file for part in (self.web, self.work, self.caldav, self.postgres) if part.log_file.exists()]

    def check(self) -> None:
        """Raises PartEnded if one has."""
        _check(self.postgres, self.caldav, self.web, self.work)

    def watch(self, *, restarted: Callable[[], object]) -> None:
        """Never returns: raises PartEnded. Workers alone are started again: what they were at is then done again."""
        restarts: deque[float] = deque(maxlen=RESTARTS)
        while True:
            _check(self.postgres, self.caldav, self.web)
            if has_ended(self.work.pid):
                if _too_many(restarts):
                    raise PartEnded(self.work.name, self.work.log_file)
                restarts.append(time.monotonic())
                self.work.restart()
                restarted()
            time.sleep(LOOK_EVERY_SECONDS)


def _check(*parts: Server | Child) -> None:
    for part in parts:
        if part.pid is not None and has_ended(part.pid):
            raise PartEnded(part.name, part.log_file)


def _too_many(restarts: deque[float]) -> bool:
    return len(restarts) == RESTARTS and time.monotonic() - restarts[0] < RESTARTS_WITHIN_SECONDS
