"""`python -m tests.bench.sync_server`: our fault server, full of Apple's events, as a process of its own.

``--sizes 10000 50000``: a login ``user10000`` with so many, and one ``user50000``, both with the password ``password``.
It listens on two ports, which are written into the file: answers come at once on the first, later on the second.
"""

import argparse
import os
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.sync_events import apple_event, name_of
from tests.servers.fault_caldav.__main__ import ControlledServer
from tests.servers.fault_caldav.http_front import HttpFront

# seconds an answer: a server that is near, and quick for fifty events
ACROSS_A_NETWORK = 0.02


class FullServer(ControlledServer):
    """``change`` gives events a later version, the first ones of every calendar."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    def fill(self, size: int) -> None:
        calendar = self.add_calendar(self.add_login(f"user{size}", "password"), "Work")
        for number in range(size):
            self.put(calendar, name_of(number), apple_event(number, of=size, now=self._now))

    def _change(self, count: int) -> None:
        for login in self.logins.values():
            for calendar in login.calendars.values():
                size = int(login.username.removeprefix("user"))
                for number in range(1, min(count, size) + 1):
                    text = apple_event(number, of=size, now=self._now, version=calendar.revision)
                    self.put(calendar, name_of(number), text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port-file", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", required=True)
    options = parser.parse_args()
    server = FullServer(datetime.now(UTC))
    for size in options.sizes:
        server.fill(size)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with HttpFront(server) as front, HttpFront(server, seconds_an_answer=ACROSS_A_NETWORK) as slow:
        unfinished = options.port_file.with_suffix(".new")
        unfinished.write_text(" ".join(one.netloc.partition(":")[2] for one in (front, slow)))
        unfinished.replace(options.port_file)
        parent = os.getppid()
        while not stop.wait(1) and os.getppid() == parent:
            pass


if __name__ == "__main__":
    main()
