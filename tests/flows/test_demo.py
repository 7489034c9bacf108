"""`make demo` as its user meets it: it starts, answers, stops, leaves nothing running, and finds its data again."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from tests.flows.conftest import ROOT, eventually

pytestmark = pytest.mark.flow
LAST_WORDS = "Ctrl-C stops everything; the next `make demo` finds its data again.\n"
NOT_THE_DEMOS = ("DATABASE_URL", "SECRET_KEY", "FERNET_KEYS", "DEMO_PORT", "SYNC_INTERVAL_SECONDS")


class Demo:
    """`python -m config.demo` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "demo-report.json"
        self.process: subprocess.Popen[str] | None = None
        self.said: list[str] = []

    def start(self) -> dict:
        """Returns when it says that all is ready; a demo that ends instead has nothing more to say."""
        self.process = self.launch()
        self.said = list(takewhile(lambda line: line != LAST_WORDS, self.process.stdout))
        assert self.file.exists(), self.wait()
        return json.loads(self.file.read_text())

    def launch(self) -> "subprocess.Popen[str]":
        environment = {name: value for name, value in os.environ.items() if name not in NOT_THE_DEMOS}
        return subprocess.Popen(
            [sys.executable, "-m", "config.demo"],
            cwd=ROOT,
            env=environment | {"LOCAL_DIR": str(self.folder / "local"), "DEMO_JSON": str(self.file)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.wait()[0]

    def wait(self) -> tuple[int, str]:
        complained = self.process.communicate(timeout=90)[1]
        return self.process.returncode, complained

    def processes(self) -> list[str]:
        """Whatever works in the folder or was told of it; not what has ended and waits to be collected."""
        return [text for path in Path("/proc").iterdir() if path.name.isdigit() and (text := self._mention(path))]

    def _mention(self, process: Path) -> str:
        with suppress(OSError):
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            if str(self.folder).encode() in told + os.fsencode((process / "cwd").readlink()):
                return f"{process.name} {told[:200]!r}"
        return ""


@pytest.fixture
def demo(tmp_path):
    demo = Demo(tmp_path)
    yield demo
    if demo.process and demo.process.poll() is None:
        demo.end(signal.SIGTERM)


def page(url):
    with urlopen(url, timeout=30) as answer:
        return answer.status


def book(calendar, host):
    """The first free time with this host from tomorrow on."""
    path = urlsplit(calendar["public_url"])
    api = f"{path.scheme}://{path.netloc}/api/v1/calendars/{path.path.removeprefix('/book/')}"
    start = datetime.now(UTC).date() + timedelta(days=1)
    with urlopen(f"{api}slots?start={start}&end={start + timedelta(days=20)}&host={host}", timeout=30) as answer:
        slots = json.load(answer)["slots"]
    wanted = {"start": slots[0]["start"], "name": "Ada", "email": "ada@example.org", "host": host}
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    with urlopen(Request(f"{api}appointments", json.dumps(wanted).encode(), headers), timeout=30) as answer:
        return json.load(answer)


def copies(demo, username):
    return set((demo.folder / "local/radicale/collections/collection-root" / username).glob("*/*@holdfast.ics"))


def test_the_demo_leaves_nothing_running_and_finds_its_data_again(demo):
    first = demo.start()
    for account in first["accounts"]:
        assert {page(calendar["public_url"]) for calendar in account["calendars"]} == {200}
    connected = first["caldav"][0]
    calendar = next(one for one in first["accounts"][0]["calendars"] if connected["host"] in one["hosts"])
    before = copies(demo, connected["username"])
    booked = book(calendar, connected["host"])
    eventually(lambda: copies(demo, connected["username"]) > before)

    assert demo.end(signal.SIGTERM) == 0
    assert demo.processes() == []
    for login in (*first["logins"], *first["caldav"], *first["caldav_to_connect"]):
        assert login["password"] in "".join(demo.said)

    again = demo.start()
    for part in ("logins", "caldav", "caldav_to_connect"):
        assert again[part] == first[part]
    assert page(again["base_url"] + urlsplit(booked["manage_url"]).path) == 200

    demo.end(signal.SIGKILL)
    eventually(lambda: not demo.processes())


def test_what_ends_by_itself_is_started_again_or_stops_the_whole_demo(demo):
    report = demo.start()
    second = demo.launch()
    assert "already runs" in second.communicate(timeout=60)[1]
    assert second.returncode == 1

    killed = report["processes"]["work"]
    os.kill(killed[0], signal.SIGKILL)
    eventually(lambda: json.loads(demo.file.read_text())["processes"]["work"] != killed)

    os.kill(report["processes"]["web"][0], signal.SIGKILL)
    code, complained = demo.wait()
    assert code == 1
    assert f"The site ended unexpectedly, so everything is stopped. Its log: {demo.folder}/local/log" in complained
    assert demo.processes() == []
