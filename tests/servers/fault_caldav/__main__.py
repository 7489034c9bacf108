"""The server as a process of its own, for benchmarks and for tests with real workers.

``python -m tests.servers.fault_caldav --port-file F --objects 10000``: one calendar of ordinary events for each of
``--logins`` logins (``user0``, ``user1``… with the password ``password``). Its port is written into the file when it
listens. ``POST /.control/change?count=10`` changes that many events of every calendar, ``POST /.control/forget``
empties the log, ``GET /.control/counts`` tells it as JSON; none of them needs a login.
"""

import argparse
import json
import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.servers.fault_caldav.exchange import Answer, Request
from tests.servers.fault_caldav.http_front import HttpFront
from tests.servers.fault_caldav.server import FaultCalDAV
from tests.servers.fault_caldav.store import Calendar

_FIRST = datetime(2026, 1, 1, 9, tzinfo=UTC)
_EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Phone//EN\r\nBEGIN:VEVENT\r\nUID:event-{number}@example.com\r\n"
    "DTSTAMP:20260101T000000Z\r\nDTSTART:{start}\r\nDTEND:{end}\r\nSUMMARY:Meeting {number}\r\n"
    "LOCATION:Room {room}\r\nSEQUENCE:{version}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class ControlledServer(FaultCalDAV):
    """Also takes orders from whoever started it."""

    def exchange(self, request: Request) -> Answer:
        parts = urlsplit(request.target)
        if not parts.path.startswith("/.control/"):
            return super().exchange(request)
        order = parts.path.removeprefix("/.control/")
        if order == "change":
            self._change(int(parse_qs(parts.query).get("count", ["1"])[0]))
        elif order == "forget":
            self.forget_log()
        counts = {"counts": dict(self.counts), "in": self.bytes_in, "out": self.bytes_out, "most": self.max_inflight}
        return Answer(200, json.dumps(counts).encode(), {"Content-Type": "application/json"})

    def _change(self, count: int) -> None:
        for login in self.logins.values():
            for calendar in login.calendars.values():
                for number in range(min(count, len(calendar.objects))):
                    self.put(calendar, f"{number}.ics", ordinary_event(number, version=calendar.revision))


def ordinary_event(number: int, *, version: int = 0) -> str:
    """Half an hour, two of them in each hour from January 2026 on; never the same text for two versions."""
    start = _FIRST + timedelta(minutes=30 * number, seconds=version % 60)
    stamps = {"start": _stamp(start), "end": _stamp(start + timedelta(minutes=25))}
    return _EVENT.format(number=number, room=number % 40, version=version, **stamps)


def fill(server: FaultCalDAV, calendar: Calendar, objects: int) -> None:
    for number in range(objects):
        server.put(calendar, f"{number}.ics", ordinary_event(number))


def main() -> None:
    options = _options()
    server = ControlledServer()
    for number in range(options.logins):
        login = server.add_login(f"user{number}", "password")
        fill(server, server.add_calendar(login, "Work"), options.objects)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with HttpFront(server, seconds_an_answer=options.seconds_an_answer, port=options.port) as front:
        unfinished = options.port_file.with_suffix(".new")
        unfinished.write_text(front.netloc.partition(":")[2])
        unfinished.replace(options.port_file)
        parent = os.getppid()
        # Whoever started it is gone: so is the need for it.
        while not stop.wait(1) and os.getppid() == parent:
            pass


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port-file", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--objects", type=int, default=0)
    parser.add_argument("--logins", type=int, default=1)
    parser.add_argument("--seconds-an-answer", type=float, default=0.0)
    return parser.parse_args()


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")


if __name__ == "__main__":
    main()
