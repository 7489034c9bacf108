"""One demo a checkout, on ports it can rely on; what it starts ends with it."""

import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.demo.environment import shared_environment
from config.demo.kept import Kept
from config.demo.parts import PartEnded, Parts, Server
from config.demo.ports import PortTaken, is_free, listen_for_the_site, port_of_the_calendars
from config.demo.processes import Child, has_ended
from config.demo.running import AlreadyRunning, join, only_demo

SHARED = {"DATABASE_URL": "postgres://demo", "SYNC_INTERVAL_SECONDS": "10"}


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path):
    with only_demo(tmp_path), pytest.raises(AlreadyRunning), only_demo(tmp_path):
        pass


def test_a_demo_may_follow_another(tmp_path):
    with only_demo(tmp_path):
        pass

    with only_demo(tmp_path) as running:
        assert running


def test_a_command_joins_the_demo_while_it_runs(tmp_path):
    with only_demo(tmp_path) as running:
        running.share(SHARED)
        join(tmp_path, meanwhile := {"SYNC_INTERVAL_SECONDS": "1"})
    join(tmp_path, afterwards := {})

    assert meanwhile == {"DATABASE_URL": "postgres://demo", "SYNC_INTERVAL_SECONDS": "1"}
    assert afterwards == {}


def test_a_command_for_another_database_does_not_join(tmp_path):
    with only_demo(tmp_path) as running:
        running.share(SHARED)
        join(tmp_path, environment := {"DATABASE_URL": "postgres://other"})

    assert environment == {"DATABASE_URL": "postgres://other"}


def test_the_port_asked_for_is_taken_or_refused_never_changed(taken_port):
    with pytest.raises(PortTaken, match=str(taken_port)):
        listen_for_the_site(str(taken_port), usual=8000)


@pytest.mark.parametrize("asked", ["http", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(asked):
    with pytest.raises(PortTaken, match="DEMO_PORT"):
        listen_for_the_site(asked, usual=8000)


def test_without_a_wish_the_next_free_port_is_taken_and_kept_from_others(taken_port):
    with listen_for_the_site(None, usual=taken_port) as door:
        port = door.getsockname()[1]

        assert port > taken_port
        assert not is_free(port)


def test_the_calendars_keep_their_port_or_say_that_it_is_taken(taken_port):
    first = port_of_the_calendars(0)

    assert is_free(first)
    assert port_of_the_calendars(first) == first
    with pytest.raises(PortTaken, match="connections name it"):
        port_of_the_calendars(taken_port)


def test_passwords_and_port_are_the_same_at_later_starts(tmp_path):
    kept = Kept(tmp_path)
    kept.caldav_port = 23456
    passwords = kept.password("ada@example.org"), kept.caldav_password("ada")
    kept.mark_filled("ada/private")

    again = Kept(tmp_path)

    assert (again.password("ada@example.org"), again.caldav_password("ada")) == passwords
    assert again.caldav_port == 23456
    assert again.is_filled("ada/private")
    assert not again.knows("grace@example.org")


def test_what_the_user_set_wins_and_private_servers_are_added(monkeypatch, tmp_path):
    monkeypatch.setenv("SYNC_INTERVAL_SECONDS", "1")
    monkeypatch.setenv("CALDAV_ALLOWED_PRIVATE_HOSTS", "10.0.0.0/8")
    monkeypatch.delenv("PUBLIC_BASE_URL", raising=False)

    found = shared_environment(tmp_path, database_url="postgres://demo", site_port=8001, caldav_port=23456)

    assert found["SYNC_INTERVAL_SECONDS"] == "1"
    assert found["CALDAV_ALLOWED_PRIVATE_HOSTS"] == "10.0.0.0/8,127.0.0.1:23456"
    assert found["PUBLIC_BASE_URL"] == "http://127.0.0.1:8001"


def test_a_stopped_child_is_gone(tmp_path):
    child = Child("Help", ["help"], log_file=tmp_path / "log")

    child.stop()

    assert not Path(f"/proc/{child.pid}").exists()


@pytest.fixture
def ending(tmp_path):
    """A child that has ended by itself."""
    child = Child("The site", ["no-such-command"], log_file=tmp_path / "log")
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    yield child
    child.stop()


@pytest.fixture
def lasting(tmp_path):
    child = Child("The workers", ["shell", "-c", "import signal; signal.pause()"], log_file=tmp_path / "log")
    yield child
    child.stop()


def test_the_end_of_a_part_is_named_with_its_log(tmp_path, ending, lasting):
    server = Server("PostgreSQL", None, tmp_path / "postgres.log")
    parts = Parts(postgres=server, caldav=server, work=lasting, web=ending)

    with pytest.raises(PartEnded, match=f"The site.*{tmp_path / 'log'}"):
        parts.watch(restarted=lambda: None)


def test_workers_that_end_are_started_again_but_not_for_ever(tmp_path, ending, lasting, monkeypatch):
    monkeypatch.setattr("config.demo.parts.RESTARTS", 2)
    server, pids = Server("PostgreSQL", None, tmp_path / "postgres.log"), [ending.pid]
    parts = Parts(postgres=server, caldav=server, work=ending, web=lasting)

    with pytest.raises(PartEnded):
        parts.watch(restarted=lambda: pids.append(ending.pid))

    assert len(set(pids)) == 3


def test_a_child_ends_with_a_starter_that_is_killed(tmp_path):
    program = (
        "import pathlib, sys, time; from config.demo.processes import Child;"
        "child = Child('Shell', ['shell', '-c', 'import time; time.sleep(600)'], log_file=pathlib.Path(sys.argv[1]));"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    starter = subprocess.Popen([sys.executable, "-c", program, tmp_path / "log"], stdout=subprocess.PIPE, text=True)
    child = int(starter.stdout.readline())
    handle = os.pidfd_open(child)

    assert not has_ended(child)

    starter.send_signal(signal.SIGKILL)
    starter.communicate()

    assert _ends(handle)
    os.close(handle)
    assert has_ended(starter.pid)


def _ends(handle: int) -> bool:
    """A process's handle becomes readable when it ends."""
    return bool(select.select([handle], [], [], 30)[0])
