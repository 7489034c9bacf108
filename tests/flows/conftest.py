"""Real servers and real workers for whole flows."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection

from config.embedded.radicale import RadicaleServer, start_radicale
from tests.flows.phone import Phone

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
Result = TypeVar("Result")


def eventually(look: Callable[[], Result]) -> Result:
    """What ``look`` finds as soon as it finds something; fails after a minute. Ends at the event, not at a time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = look()
        if found or time.monotonic() > deadline:
            assert found, f"{look} never came true"
            return found
        time.sleep(0.05)


class Workers:
    """`manage.py work` on the test database, in a process group of its own."""

    def __init__(self, environment: dict[str, str], log_file: Path) -> None:
        self._environment = environment
        self._log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "work"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As the power fails: no farewell, neither to the supervisor nor to its children."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def _end(self, how: signal.Signals) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=45)
        self._process = None


@pytest.fixture(scope="session")
def password() -> str:
    return secrets.token_urlsafe(12)


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory, password: str) -> Iterator[RadicaleServer]:
    with start_radicale(tmp_path_factory.mktemp("radicale"), {f"ines{n}": password for n in range(20)}) as server:
        yield server


@pytest.fixture
def phone(radicale: RadicaleServer, password: str, request: pytest.FixtureRequest) -> Phone:
    """A login nobody used before."""
    return _unused(radicale, password, request)


@pytest.fixture
def other_phone(radicale: RadicaleServer, password: str, request: pytest.FixtureRequest) -> Phone:
    """Another login nobody used before."""
    return _unused(radicale, password, request)


def _unused(radicale: RadicaleServer, password: str, request: pytest.FixtureRequest) -> Phone:
    number = request.session.stash.get(_USED, 0)
    request.session.stash[_USED] = number + 1
    return Phone(radicale.url, f"ines{number}", password)


@pytest.fixture
def allow_loopback(settings: object, radicale: RadicaleServer) -> None:
    settings.CALDAV_ALLOWED_PRIVATE_HOSTS = [radicale.url.removeprefix("http://").rstrip("/")]  # type: ignore[attr-defined]


@pytest.fixture
def workers(transactional_db: None, radicale: RadicaleServer, tmp_path: Path) -> Iterator[Workers]:
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    environment = os.environ | {
        "DATABASE_URL": url,
        "SYNC_INTERVAL_SECONDS": "1",
        "CALDAV_ALLOWED_PRIVATE_HOSTS": radicale.url.removeprefix("http://").rstrip("/"),
    }
    crew = Workers(environment, tmp_path / "workers.log")
    yield crew
    crew.stop()


_USED = pytest.StashKey[int]()
