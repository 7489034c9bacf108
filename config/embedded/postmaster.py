"""The processes of one data folder: which run, how they end, and the guard that ends them when their starter dies.

Run as a program (the standard library is all it needs) it is that guard: it waits until its standard input is
closed, which the operating system does even for a starter killed with SIGKILL, and then stops the server.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PATIENCE_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 0.02
PID_LINE, PORT_LINE = 0, 3


def running_pid(data: Path) -> int | None:
    """The postmaster of this data folder; None when none is alive, whatever a stale `postmaster.pid` says."""
    pid = _line_of_pid_file(data, PID_LINE)
    return pid if pid and _is_postgres_of(pid, data.resolve()) else None


def port_of(data: Path) -> int | None:
    return _line_of_pid_file(data, PORT_LINE)


def clear_away(data: Path) -> None:
    """End what a killed postmaster left behind, and forget its pid if somebody else has it now."""
    for how in (signal.SIGQUIT, signal.SIGKILL):
        if _end_all(data, how):
            break
    pid = _line_of_pid_file(data, PID_LINE)
    if pid and Path(f"/proc/{pid}").exists():
        # PostgreSQL would take the stranger for its own postmaster and refuse to start
        (data / "postmaster.pid").unlink()


def stop(data: Path, how: signal.Signals = signal.SIGINT) -> None:
    """Stop the server, harder each time it does not listen; returns when none of its processes is left."""
    for harder in (how, signal.SIGQUIT, signal.SIGKILL):
        pid = running_pid(data)
        if pid is None:
            break
        _send(pid, harder)
        if _wait_until_gone(data):
            return
    clear_away(data)


def end(data: Path, *, remove: Path) -> None:
    """Stop the server for good: the file with its URL goes first, the folder of a throw-away server last."""
    if remove.is_dir():
        stop(data, signal.SIGQUIT)
        shutil.rmtree(remove, ignore_errors=True)
    else:
        remove.unlink(missing_ok=True)
        stop(data)


def start_guard(data: Path, *, remove: Path) -> "subprocess.Popen[bytes]":
    """A process that does `end`, should we die before we do."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, data, remove],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def dismiss_guard(guard: "subprocess.Popen[bytes]") -> None:
    guard.kill()
    guard.wait()
    if guard.stdin:
        guard.stdin.close()


def _end_all(data: Path, how: signal.Signals) -> bool:
    for pid in _processes_of(data):
        _send(pid, how)
    return _wait_until_gone(data)


def _wait_until_gone(data: Path) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _processes_of(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_AGAIN_SECONDS)
    return True


def _processes_of(data: Path) -> list[int]:
    data = data.resolve()
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [pid for pid in pids if _is_postgres_of(pid, data)]


def _is_postgres_of(pid: int, data: Path) -> bool:
    # every process of a server works in its data folder; one that has ended has no working folder any more
    with suppress(OSError):
        called = Path(f"/proc/{pid}/comm").read_text()
        return called.startswith("postgres") and Path(f"/proc/{pid}/cwd").readlink() == data
    return False


def _send(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def _line_of_pid_file(data: Path, number: int) -> int | None:
    with suppress(FileNotFoundError, IndexError, ValueError):
        return int((data / "postmaster.pid").read_text().splitlines()[number])
    return None


if __name__ == "__main__":
    sys.stdin.buffer.read()
    end(Path(sys.argv[1]), remove=Path(sys.argv[2]))
