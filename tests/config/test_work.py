"""``manage.py work`` with real processes: what it survives, and what it leaves behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django_q.tasks import async_task

from config.heartbeats import last_heard

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]

BEAT = "config.heartbeats.beat"
WORKERS = 2


@pytest.fixture
def work(transactional_db: None, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The command, seen at work."""
    database = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    environment = os.environ | {"DATABASE_URL": database, "WORKERS": str(WORKERS)}
    with (tmp_path / "work.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "work"], cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log
        )
    try:
        eventually(lambda: BEAT in last_heard(), within=60)
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.wait(40)


def eventually(claim: Callable[[], bool], *, within: float) -> None:
    until = time.monotonic() + within
    while not claim():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """In the order in which they were started."""
    return sorted(int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def family(pid: int) -> list[int]:
    mine = children(pid)
    return [*mine, *(one for child in mine for one in family(child))]


def runs(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def idle_workers(supervisor: int) -> list[int]:
    [leader] = children(supervisor)
    [sentinel] = children(leader)
    return children(sentinel)[:WORKERS]


def the_queue_delivers(*, within: float) -> None:
    before = last_heard().get(BEAT)
    async_task(BEAT, save=False)
    eventually(lambda: last_heard().get(BEAT) != before, within=within)


def test_killed_idle_workers_do_not_stop_the_queue_for_long(work: "subprocess.Popen[bytes]") -> None:
    # one of them holds the queue's lock, which nobody gives back after SIGKILL
    victims = idle_workers(work.pid)
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    eventually(lambda: not any(runs(victim) for victim in victims), within=10)

    the_queue_delivers(within=90)

    assert work.poll() is None


def test_lost_database_sessions_are_made_anew(work: "subprocess.Popen[bytes]") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    the_queue_delivers(within=90)

    assert work.poll() is None


def test_a_polite_end_leaves_no_process(work: "subprocess.Popen[bytes]") -> None:
    everybody = family(work.pid)

    work.terminate()

    assert work.wait(30) == 0
    eventually(lambda: not any(runs(pid) for pid in everybody), within=5)


def test_a_killed_supervisor_takes_its_queue_with_it(work: "subprocess.Popen[bytes]") -> None:
    everybody = family(work.pid)
    assert len(everybody) >= WORKERS + 2

    work.kill()

    eventually(lambda: not any(runs(pid) for pid in everybody), within=10)
