"""Where the sync is measured: Radicale, and our fault server that answers at once or as if across a network."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from config.embedded.radicale import start_radicale
from tests.bench.sync_events import apple_event, name_of

PASSWORD = "password"
PATIENCE_SECONDS = 120


class Place(NamedTuple):
    """A calendar of ``size`` events, and who may read it. Paths are on ``server``."""

    name: str
    size: int
    server: str
    username: str
    home: str
    calendar: str

    @property
    def slug(self) -> str:
        return self.calendar.strip("/").rpartition("/")[2]


@contextmanager
def on_radicale(folder: Path, size: int, *, now: datetime) -> Iterator[Place]:
    store = folder / "radicale" / "collections" / "collection-root" / "ada" / "work"
    store.mkdir(parents=True)
    props = {"tag": "VCALENDAR", "D:displayname": "Work", "C:supported-calendar-component-set": "VEVENT"}
    (store / ".Radicale.props").write_text(json.dumps(props))
    for number in range(size):
        (store / name_of(number)).write_bytes(apple_event(number, of=size, now=now).encode())
    with start_radicale(folder / "radicale", {"ada": PASSWORD}) as server:
        yield Place("Radicale", size, server.url, "ada", "/ada/", "/ada/work/")


class FaultServer:
    """``places[(size, slow)]``; ``slow`` answers take as long as they do across a network."""

    def __init__(self, ports: Sequence[str], sizes: Sequence[int]) -> None:
        self._url = f"http://127.0.0.1:{ports[0]}/"
        names = ("fault server", "fault server across a network")
        self.places = {
            (size, is_slow): _on_fault_server(names[is_slow], size, port)
            for size in sizes
            for is_slow, port in enumerate(ports)
        }

    def change(self, count: int) -> None:
        self._order(f"change?count={count}")

    def traffic(self) -> tuple[int, int]:
        """Requests and bytes since the last time, both ways."""
        told = json.loads(self._order("counts"))
        self._order("forget")
        return sum(told["counts"].values()), told["in"] + told["out"]

    def _order(self, order: str) -> bytes:
        request = urllib.request.Request(f"{self._url}.control/{order}", method="POST")
        with urllib.request.urlopen(request) as answer:
            content: bytes = answer.read()
            return content


@contextmanager
def fault_server(folder: Path, sizes: Sequence[int]) -> Iterator[FaultServer]:
    port_file = folder / "fault-port"
    command = [sys.executable, "-m", "tests.bench.sync_server", "--port-file", str(port_file), "--sizes"]
    with subprocess.Popen([*command, *map(str, sizes)], env=os.environ) as process:
        try:
            give_up_at = time.monotonic() + PATIENCE_SECONDS
            while not port_file.exists():
                if process.poll() is not None or time.monotonic() > give_up_at:
                    raise RuntimeError("The fault server did not start.")
                time.sleep(0.02)
            yield FaultServer(port_file.read_text().split(), sizes)
        finally:
            process.terminate()


def _on_fault_server(name: str, size: int, port: str) -> Place:
    username = f"user{size}"
    home = f"/calendars/{username}/"
    return Place(name, size, f"http://127.0.0.1:{port}/", username, home, f"{home}work/")
