"""django-q2's cluster as a process group of its own that can be started, drained and killed as one."""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command

_PR_SET_PDEATHSIG = 1
_parent = 0


class Cluster:
    """The queue's processes. They end with this process, whatever ends it."""

    def __init__(self) -> None:
        self._leader: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._leader.pid if self._leader else None

    def start(self) -> None:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", "--queue-of", str(os.getpid())]
        self._leader = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)

    def has_ended(self) -> bool:
        return self._leader is None or self._leader.poll() is not None

    def drain(self, *, within: timedelta) -> None:
        """Let running tasks end; what is left afterwards is killed."""
        if self._leader is None:
            return
        self._leader.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._leader.wait(within.total_seconds())
        self.kill()

    def kill(self) -> None:
        if self._leader is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._leader.pid, signal.SIGKILL)
        self._leader.wait()
        self._leader = None


def run_queue(*, supervisor: int) -> None:
    """Be the cluster: runs in the process that :meth:`Cluster.start` makes."""
    global _parent  # noqa: PLW0603
    _parent = supervisor
    _die_with_parent()
    os.register_at_fork(before=_remember_parent, after_in_child=_die_with_parent)
    call_command("qcluster")


def _remember_parent() -> None:
    global _parent  # noqa: PLW0603
    _parent = os.getpid()


def _die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the parent ends; if it has ended already, end."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != _parent:
        os._exit(1)
