"""The one demo of a checkout: two at once are refused, and a command given beside a running one joins it.

Django's settings ask here, so this module knows the standard library alone.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path

FILE = "running"


class AlreadyRunning(RuntimeError):
    """Another demo runs from this folder."""


class Running:
    """Our claim on the folder. The kernel takes it back when we end, whatever ends us."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def share(self, environment: Mapping[str, str]) -> None:
        """What a command needs to work on this demo."""
        os.truncate(self._handle, 0)
        os.pwrite(self._handle, json.dumps(dict(environment)).encode(), 0)


@contextmanager
def only_demo(folder: Path) -> Iterator[Running]:
    """Be the only demo of this folder. Raises AlreadyRunning."""
    handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"A demo already runs from {folder}: stop it first.") from None
        try:
            yield Running(handle)
        finally:
            os.truncate(handle, 0)
    finally:
        os.close(handle)


def join(folder: Path, environment: MutableMapping[str, str]) -> None:
    """Add to the environment what the running demo shares, unless another database was asked for."""
    shared = _shared(folder)
    if shared and environment.get("DATABASE_URL", shared["DATABASE_URL"]) == shared["DATABASE_URL"]:
        for name, value in shared.items():
            environment.setdefault(name, value)


def _shared(folder: Path) -> dict[str, str]:
    with suppress(FileNotFoundError, PermissionError, ValueError), (folder / FILE).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            found: dict[str, str] = json.loads(file.read())
            return found
    return {}
