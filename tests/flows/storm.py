"""Many customers at the same moment: `manage.py serve` on the test database, real sockets, and what came back."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from availability.models import Calendar

ROOT = Path(__file__).resolve().parents[2]
ALWAYS_OPEN = [(day, 0, 0) for day in range(7)]
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Request:
    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """``seconds`` from the barrier to the last byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        return json.loads(self.body)


@contextmanager
def serve(folder: Path, *, processes: int = 2) -> Iterator[int]:
    """The port at which the site answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    own = {"DATABASE_URL": url, "STATIC_ROOT": str(folder / "static"), "RATE_LIMITS": "off", "LOG_LEVEL": "ERROR"}
    with (folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{port}", "--processes", str(processes)],
            cwd=ROOT,
            env=os.environ | own,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def coming_hour(hours: int = 26) -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)


def order(calendar: Calendar, start: datetime, number: int = 0, *, key: str = "") -> Request:
    """A booking by the JSON interface."""
    body = {"start": start.isoformat(), "name": f"Customer {number}", "email": f"c{number}@example.org"}
    path = f"/api/v1/calendars/{calendar.account.slug}/{calendar.slug}/appointments"
    headers = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid4())}
    return Request(path, json.dumps(body).encode(), headers)


def form_post(path: str, fields: Mapping[str, str], cookies: str) -> Request:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    return Request(path, urlencode(fields).encode(), headers)


def all_at_once(port: int, requests: Sequence[Request]) -> list[Answer]:
    """Post every request at one moment, each on a connection of its own, which is opened in that moment too."""
    return asyncio.run(_all_at_once(port, requests))


async def _all_at_once(port: int, requests: Sequence[Request]) -> list[Answer]:
    barrier = asyncio.Barrier(len(requests))
    posts = [_post(port, request, barrier) for request in requests]
    return await asyncio.wait_for(asyncio.gather(*posts), PATIENCE_SECONDS)


async def _post(port: int, request: Request, barrier: asyncio.Barrier) -> Answer:
    head = {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(request.body)), "Connection": "close"}
    lines = [
        f"POST {request.path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in (head | dict(request.headers)).items()),
    ]
    await barrier.wait()
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + request.body)
    said = await reader.read(-1)
    writer.close()
    first, _, body = said.partition(b"\r\n\r\n")
    status, *headers = first.decode("latin-1").split("\r\n")
    named = dict(line.split(": ", 1) for line in headers)
    return Answer(int(status.split()[1]), named, body, time.perf_counter() - begun)


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        asking = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            asking.request("GET", "/healthz")
            asking.getresponse().read()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
        finally:
            asking.close()
    raise AssertionError("the site did not come up")
