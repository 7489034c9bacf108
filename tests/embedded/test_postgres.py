"""The PostgreSQL of the demo and of the tests: it starts anywhere, keeps its data and leaves nothing behind."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from config.embedded import local
from config.embedded.postgres import PostgresDidNotStart, PostgresServer, start_persistent, start_throw_away
from tests.embedded.conftest import processes_in

ROOT = Path(__file__).resolve().parents[2]
START_AND_WAIT = """
import sys
from pathlib import Path
from config.embedded.postgres import start_persistent, start_throw_away
server = start_persistent(Path(sys.argv[1])) if sys.argv[1:] else start_throw_away()
print(server.url, flush=True)
sys.stdin.read()
server.stop()
"""


def test_it_answers_and_offers_what_the_constraints_need(folder):
    with start_persistent(folder) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE EXTENSION btree_gist")

        assert _one(connection, "SELECT current_database()") == "holdfast"


def test_nobody_gets_in_without_the_password(folder):
    with start_persistent(folder) as server:
        port = psycopg.conninfo.conninfo_to_dict(server.url)["port"]

        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=port, user="holdfast", password="guessed", dbname="holdfast")


def test_stopping_leaves_no_process_and_no_address(folder):
    server = start_persistent(folder)
    assert local.database_url(folder) == server.url
    assert server.pid in processes_in(folder)

    server.stop()
    server.stop()

    assert processes_in(folder) == set()
    assert local.database_url(folder) is None


def test_a_second_start_finds_its_data(folder):
    with start_persistent(folder) as server:
        _write(server, "first")
    with start_persistent(folder) as server:
        assert _read(server) == ["first"]


def test_what_opens_the_database_is_readable_by_its_owner_alone(folder):
    with start_persistent(folder) as server:
        home = local.postgres_folder(folder)

        assert {stat.S_IMODE((home / name).stat().st_mode) for name in ("password", "url")} == {0o600}
        assert server.url not in repr(server)


def test_a_running_server_is_used_and_left_running(folder):
    with start_persistent(folder) as first:
        with start_persistent(folder) as second:
            assert (second.pid, second.url) == (first.pid, first.url)

        assert first.pid in processes_in(folder)


def test_of_two_that_start_at_once_one_starts_and_both_have_the_same(folder):
    with ExitStack() as stack, ThreadPoolExecutor(2) as threads:
        servers = [stack.enter_context(server) for server in threads.map(start_persistent, [folder, folder])]

        assert servers[0].pid == servers[1].pid


def test_data_of_a_killed_server_are_recovered(folder):
    killed = start_persistent(folder)
    _write(killed, "committed")
    os.kill(killed.pid, signal.SIGKILL)

    with start_persistent(folder) as server:
        assert server.pid != killed.pid
        assert _read(server) == ["committed"]
    killed.stop()


def test_a_pid_that_belongs_to_somebody_else_by_now_is_no_obstacle(folder):
    start_persistent(folder).stop()
    pid_file = local.postgres_folder(folder) / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n0\n1\n\n127.0.0.1\n\nready   \n")

    with start_persistent(folder) as server:
        assert _read_version(server)


def test_data_of_another_version_are_left_alone(folder):
    start_persistent(folder).stop()
    version = local.postgres_folder(folder) / "data" / "PG_VERSION"
    version.write_text("9\n")

    with pytest.raises(PostgresDidNotStart, match="PostgreSQL 9"):
        start_persistent(folder)


def test_it_starts_again_in_a_folder_that_was_closed_to_others(closed_folder):
    with start_persistent(closed_folder) as server:
        _write(server, "behind a closed door")
    with start_persistent(closed_folder) as server:
        assert _read(server) == ["behind a closed door"]


def test_data_move_along_when_the_folder_is_closed_later_and_opened_again(folder, request):
    with start_persistent(folder) as server:
        _write(server, "open")
    request.getfixturevalue("closed_folder")
    with start_persistent(folder) as server:
        assert _read(server) == ["open"]
    folder.parent.chmod(0o755)
    with start_persistent(folder) as server:
        assert _read(server) == ["open"]


def test_an_ordinary_user_starts_one_too(folder):
    if os.geteuid() != 0:
        pytest.skip("the other tests show it: none of them runs as root")
    nobody = {"user": "nobody", "group": "nogroup", "extra_groups": (), "cwd": ROOT}
    try:
        able = subprocess.run([sys.executable, "-c", "import config.embedded.postgres"], check=False, **nobody)
    except PermissionError:
        pytest.skip("the Python in use is closed to other users")
    assert able.returncode == 0
    folder.mkdir()
    os.chown(folder, 65534, 65534)

    done = subprocess.run(
        [sys.executable, "-c", START_AND_WAIT, folder],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        **nobody,
    )

    assert done.stdout.startswith(b"postgres://")
    assert processes_in(folder) == set()


def test_a_throw_away_server_holds_two_races_of_a_hundred_and_leaves_no_folder():
    with start_throw_away() as server, ExitStack() as stack:
        connections = [stack.enter_context(psycopg.connect(server.url)) for _ in range(200)]
        data = Path(_one(connections[-1], "SHOW data_directory"))

    assert not data.parent.exists()


@pytest.mark.flow
def test_a_server_does_not_outlive_a_killed_starter(folder):
    starter = _start_and_wait(folder)

    assert processes_in(folder)
    starter.kill()
    starter.communicate()

    _eventually(lambda: not processes_in(folder) and local.database_url(folder) is None)


@pytest.mark.flow
def test_a_throw_away_server_of_a_killed_starter_takes_its_folder_along():
    starter = _start_and_wait()
    assert starter.stdout
    with psycopg.connect(starter.stdout.readline().decode().strip()) as connection:
        home = Path(_one(connection, "SHOW data_directory")).parent

    starter.kill()
    starter.communicate()

    _eventually(lambda: not home.exists() and not processes_in(home))


def _start_and_wait(*arguments: Path) -> "subprocess.Popen[bytes]":
    starter = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, *arguments], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert starter.stdout
    assert starter.stdout.peek(1)
    return starter


def _eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _write(server: PostgresServer, text: str) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept (text text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [text])


def _read(server: PostgresServer) -> list[str]:
    with psycopg.connect(server.url) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM kept")]


def _read_version(server: PostgresServer) -> str:
    with psycopg.connect(server.url) as connection:
        return _one(connection, "SHOW server_version")


def _one(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(query).fetchone()
    assert row
    return row[0]
