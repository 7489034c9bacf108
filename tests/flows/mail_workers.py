"""Processes that send mail and are killed: a parent that has loaded the site forks as many as are asked for.

``python -m tests.flows.mail_workers`` answers each line on its input with the number of a new worker.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import django
from django.apps import AppConfig
from django.db import connection

from tests.flows.conftest import eventually

NAME = "mail-worker"
_PR_SET_PDEATHSIG = 1
_PAUSE_SECONDS = 0.02


class TrialMails(AppConfig):
    name = "tests.flows"
    label = "trial_mails"

    def ready(self) -> None:
        from accounts.ports import compose_with
        from tests.accounts.letters import KIND, compose_trial

        compose_with(compose_trial, [KIND])


class MailWorkers:
    """The parent seen from a test, and its living children."""

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

    def kill(self) -> None:
        """As the power fails: all at once, and nothing of theirs is written any more."""
        self.strike()
        self.pids.clear()
        # a session outlives its client until it next speaks to it
        eventually(lambda: sessions("pg_terminate_backend(pid)") == 0)

    def live(self) -> bool:
        """Whether all of them do."""
        return all(Path(f"/proc/{pid}").exists() for pid in self.pids)

    def strike(self) -> None:
        """Only the signal; from any thread."""
        for pid in list(self.pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def sessions(counted: str = "*", where: str = "true") -> int:
    """How many of the workers' database sessions there are at this very moment."""
    with connection.cursor() as cursor:
        # within a transaction the first look would be shown again and again
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(f"SELECT count({counted}) FROM pg_stat_activity WHERE application_name = %s AND {where}", [NAME])
        [number] = cursor.fetchone()
    return int(number)


def _serve() -> None:
    # children nobody waits for leave no zombies, and their numbers stay theirs until then
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.environ["PGAPPNAME"] = NAME
    django.setup()
    for _line in sys.stdin:
        child = os.fork()
        if not child:
            _work()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _work() -> None:
    from accounts.tasks import send_due

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    while True:
        send_due()
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    _serve()
