"""Servers written in Python, as programs of our own on 127.0.0.1, that do not outlive their starter.

Run as a program (`python -m config.embedded.loopback MODULE ARGUMENT…`) it becomes that module and ends when its
standard input is closed, which the operating system does even for a starter killed with SIGKILL.
"""

import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 0.02
STARTS = 3  # another process may take the free port between our look and the server's
ROOT = Path(__file__).resolve().parents[2]


class ServerDidNotStart(RuntimeError):
    """The server ended or stayed silent; the message carries the last lines of its log."""


@dataclass
class LoopbackServer:
    """A running server."""

    port: int
    pid: int
    log_file: Path
    _process: subprocess.Popen[bytes] = field(repr=False)

    def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start_module(
    module: str, arguments: Callable[[int], Sequence[str]], *, log_file: Path, port: int = 0
) -> LoopbackServer:
    """Start a module with the arguments for its port (0: a free one) and wait until it answers."""
    for _ in range(1 if port else STARTS):
        chosen = port or _free_port()
        process = _start([module, *arguments(chosen)], log_file)
        if _answers(process, chosen):
            return LoopbackServer(chosen, process.pid, log_file, process)
        process.kill()
        process.wait()
    raise ServerDidNotStart(log_file.read_text(errors="replace")[-2000:])


def _start(command: Sequence[str], log_file: Path) -> subprocess.Popen[bytes]:
    with log_file.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "config.embedded.loopback", *command],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    give_up_at = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(LOOK_AGAIN_SECONDS)
        else:
            return process.poll() is None
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _end_with_the_starter() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
