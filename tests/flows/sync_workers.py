"""Processes that look and push, and are killed or frozen: a parent that has loaded the site forks as many as asked for.

``python -m tests.flows.sync_workers`` answers each line on its input with the number of a new worker.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

import django

_PR_SET_PDEATHSIG = 1
_PAUSE_SECONDS = 0.05


class SyncWorkers:
    """The parent seen from a test, and its children."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self.pids: list[int] = []

    def __enter__(self) -> Self:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", __name__],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._parent.kill()
        self._parent.communicate()

    def start(self, number: int = 1) -> None:
        assert self._parent.stdin
        assert self._parent.stdout
        for _one in range(number):
            self._parent.stdin.write("another\n")
            self._parent.stdin.flush()
            self.pids.append(int(self._parent.stdout.readline()))

    def send(self, pid: int, what: signal.Signals) -> None:
        """A worker that is killed is one of ours no more."""
        with suppress(ProcessLookupError):
            os.kill(pid, what)
        if what == signal.SIGKILL:
            self.pids.remove(pid)

    def kill(self) -> None:
        for pid in list(self.pids):
            self.send(pid, signal.SIGKILL)


def _serve() -> None:
    # children nobody waits for leave no zombies
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    django.setup()
    for _line in sys.stdin:
        child = os.fork()
        if not child:
            _work()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _work() -> None:
    from integrations.tasks import look_at_due, push_due

    # the log would go where the parent answers
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    while True:
        look_at_due()
        push_due()
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    _serve()
