"""The demo's own children, web and workers: started so that they end with it, stopped so that none is left."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 30.0
ROOT = Path(__file__).resolve().parents[2]


class Child:
    """A management command in a session of its own: Ctrl-C reaches the demo alone, which stops all in order."""

    def __init__(self, name: str, command: Sequence[str], *, log_file: Path, keep: Sequence[int] = ()) -> None:
        """``keep``: open files the child goes on using."""
        self.name = name
        self.log_file = log_file
        self._command = command
        self._keep = keep
        self._process = self._spawn()

    @property
    def pid(self) -> int:
        return self._process.pid

    def restart(self) -> None:
        """Once more, after it has ended."""
        self.stop()
        self._process = self._spawn()

    def stop(self) -> None:
        """SIGTERM, time to drain, SIGKILL; then whatever is left of its session's process group."""
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), *self._command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=self._keep,
                preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509 - this process has one thread
            )


def has_ended(pid: int) -> bool:
    """Whether a process has ended; one of ours is left for its owner to collect."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return not Path(f"/proc/{pid}").exists()


def _end_with(parent: int) -> Callable[[], None]:
    """What the child does before it becomes the command: ask the kernel for SIGTERM when its parent is gone."""
    library = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask
