"""A PostgreSQL of our own for the demo, for development and for tests: nobody has to install or configure one.

It listens on 127.0.0.1 alone, on a free port, with a password only its owner can read. It does not outlive the
process that started it, not even one killed with SIGKILL (see `postmaster.py`).
"""

import fcntl
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from config.embedded import local, postmaster
from config.embedded.binaries import find_binaries, major_version
from config.embedded.server_user import ServerUser, choose_server_user

NAME = "holdfast"  # of the role and of the database
START_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.02
STARTS = 3  # another process may take the free port between our look and the server's
FIRST_WITH_OWN_LOCALES = 17

# after a crash one call brings the disk up to date instead of one for each of a thousand files
SAFE = {"max_connections": "120", "shared_buffers": "64MB", "recovery_init_sync_method": "syncfs"}
# nothing of a test's database is worth keeping; races open a hundred connections in each of two test processes
FAST = {
    "max_connections": "300",
    "shared_buffers": "64MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "10min",
}


class PostgresDidNotStart(RuntimeError):
    """The server ended or stayed silent; the message carries the last lines of its log."""


@dataclass
class PostgresServer:
    """A running server; a context manager that stops it, unless another process had started it."""

    url: str = field(repr=False)
    pid: int
    _stop: Callable[[], None] | None = field(default=None, repr=False)

    def stop(self) -> None:
        """Stop it and wait until no process is left; a second call, or one for another's server, does nothing."""
        stop, self._stop = self._stop, None
        if stop:
            stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_persistent(folder: Path) -> PostgresServer:
    """The server whose data lies in `folder`/postgres (`folder` is `.local`), with its URL in a file beside it.

    One that already runs from there is used and left running (and ends with the process that started it); data
    of a killed one is recovered.
    """
    home = local.postgres_folder(folder)
    local.open_folder(folder)
    local.open_folder(home)
    with _alone(home):
        cluster = _Cluster(home, settings=SAFE)
        server = cluster.running() or cluster.start(remove=local.url_file(folder))
        local.write_private(local.url_file(folder), server.url)
    return server


def start_throw_away() -> PostgresServer:
    """An empty server for tests, made for speed; its data is gone when it stops."""
    home = Path(tempfile.mkdtemp(prefix="holdfast-postgres-"))
    home.chmod(0o711)
    return _Cluster(home, settings=FAST).start(remove=home)


class _Cluster:
    """One data folder, its password and its log."""

    def __init__(self, home: Path, *, settings: dict[str, str]) -> None:
        self.home = home.resolve()
        self.data = self.home / "data"
        self.password = self.home / "password"
        self.log = self.home / "log"
        self.settings = settings
        self.binaries = find_binaries()

    def start(self, *, remove: Path) -> PostgresServer:
        """Start the server; `remove` goes when it stops."""
        guard = postmaster.start_guard(self.data, remove=remove)
        process: subprocess.Popen[bytes] | None = None

        def stop() -> None:
            postmaster.end(self.data, remove=remove)
            if process:
                process.wait()
            postmaster.dismiss_guard(guard)

        try:
            user = choose_server_user(folder=self.home, binaries=self.binaries)
            self._initialise(user)
            postmaster.clear_away(self.data)
            process = self._launch(user)
            self._create_database()
        except BaseException:
            stop()
            raise
        return PostgresServer(self.url(), process.pid, stop)

    def url(self, database: str = NAME) -> str:
        port = postmaster.port_of(self.data)
        return f"postgres://{NAME}:{self.password.read_text().strip()}@127.0.0.1:{port}/{database}"

    def running(self) -> PostgresServer | None:
        """The server another process started; waits for one that starts, stops or recovers to make up its mind."""
        deadline = time.monotonic() + START_SECONDS
        while (pid := postmaster.running_pid(self.data)) and time.monotonic() < deadline:
            if self._answers():
                return PostgresServer(self.url(), pid)
            time.sleep(LOOK_AGAIN_SECONDS)
        return None

    def _initialise(self, user: ServerUser) -> None:
        version = major_version(self.binaries)
        if self.data.exists():
            self._refuse_unusable_data(version)
            user.own(self.data)
            return
        local.write_private(self.password, secrets.token_urlsafe(24))
        user.own(self.password)
        with tempfile.TemporaryDirectory(prefix="new-", dir=self.home) as new:
            user.own(Path(new))
            self._run_initdb(user, Path(new), version)
            # renamed when complete: an initdb that was cut short is simply done again
            Path(new).rename(self.data)

    def _refuse_unusable_data(self, version: int) -> None:
        written_by = int((self.data / "PG_VERSION").read_text())
        if written_by != version:
            raise PostgresDidNotStart(
                f"{self.data} was written by PostgreSQL {written_by}, the one here is {version}: "
                "dump it with its own version, or move the folder away and start afresh."
            )
        if not self.password.exists():
            raise PostgresDidNotStart(f"{self.password} is gone: put it back, or move the folder away.")

    def _run_initdb(self, user: ServerUser, into: Path, version: int) -> None:
        # not synced: nothing but a power cut in its first half minute could harm it
        own_locales = ["--locale-provider=builtin"] if version >= FIRST_WITH_OWN_LOCALES else []
        made = subprocess.run(
            [*user.prefix, self.binaries / "initdb", "-D", into, "-U", NAME, f"--pwfile={self.password}",
             "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", *own_locales],
            cwd="/", env=_environment(), capture_output=True, text=True, check=False, **user.options(),
        )  # fmt: skip
        if made.returncode:
            raise PostgresDidNotStart(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")

    def _launch(self, user: ServerUser) -> "subprocess.Popen[bytes]":
        for _ in range(STARTS):
            settings = self.settings | {
                "port": str(_free_port()),
                "listen_addresses": "127.0.0.1",
                "unix_socket_directories": "",
                "timezone": "UTC",
                "log_timezone": "UTC",
            }
            self.log.touch(mode=0o600)  # an error names values
            with self.log.open("wb") as log:
                process = subprocess.Popen(
                    [*user.prefix, str(self.binaries / "postgres"), "-D", str(self.data)]
                    + [part for name, value in settings.items() for part in ("-c", f"{name}={value}")],
                    cwd="/", env=_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True, **user.options(),
                )  # fmt: skip
            if self._comes_up(process):
                return process
        raise PostgresDidNotStart(f"PostgreSQL did not start:\n{self.log.read_text()[-2000:]}")

    def _comes_up(self, process: "subprocess.Popen[bytes]") -> bool:
        deadline = time.monotonic() + START_SECONDS
        up = False
        try:
            while not up and process.poll() is None and time.monotonic() < deadline:
                time.sleep(LOOK_AGAIN_SECONDS)
                up = postmaster.running_pid(self.data) == process.pid and self._answers()
        finally:
            if not up:
                # also when Ctrl-C comes before the server has written down its pid
                postmaster.stop(self.data, signal.SIGQUIT)
                process.kill()
                process.wait()
        return up

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except (psycopg.OperationalError, FileNotFoundError):
            return False
        return True

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment() -> dict[str, str]:
    # nothing of ours: PGDATA, PGPORT and the like would be obeyed
    return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}
