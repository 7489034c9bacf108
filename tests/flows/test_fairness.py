"""Slow and hostile servers beside quick ones, asked by the worker's own threads."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from integrations import tasks
from integrations.models import Connection
from integrations.sync.claims import EACH_SERVER
from tests.factories import ConnectionFactory
from tests.servers.fault_caldav import Ending, FaultCalDAV, HttpFront
from tests.servers.fault_caldav.faults import always, ends

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]

# by far more than it takes, and by far less than it would take with the quick ones waiting for the slow
LONGEST_SECONDS = 60.0


@pytest.fixture(autouse=True)
def in_a_hurry(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a worker's own: nothing waits for threads. Afterwards nothing is due, and the threads end."""
    settings.CALDAV_ALLOWED_PRIVATE_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    monkeypatch.setattr(tasks, "PATIENCE", timedelta())
    yield
    Connection.objects.update(next_look_at=Now() + timedelta(days=1))
    for thread in threading.enumerate():
        if thread.name.startswith("look "):
            thread.join(LONGEST_SECONDS)


def connect_all(server: FaultCalDAV, front: HttpFront, number: int) -> None:
    for position in range(number):
        login = server.add_login(f"ines{position}", "abcd-efgh-ijkl-mnop")
        ConnectionFactory(
            server_url=front.url,
            home_url=f"{front.url.rstrip('/')}{login.home}",
            username=login.username,
            password=login.password,
        )
    Connection.objects.update(next_look_at=Now())


def looks_at(server: FaultCalDAV) -> Counter[str]:
    return Counter(exchange.login for exchange in list(server.log))


def rounds(server: FaultCalDAV) -> int:
    """How often each of its logins was looked at, at least."""
    looks = looks_at(server)
    return min(looks[username] for username in server.logins)


def nudge_until_looked_at(server: FaultCalDAV, *, times: int) -> list[tuple[int, int]]:
    """As the supervisor does, until every login of the server was. Looks under way meanwhile: at it, elsewhere."""
    under_way = []
    here = server.origin.partition("://")[2]
    deadline = time.monotonic() + LONGEST_SECONDS
    while rounds(server) < times and time.monotonic() < deadline:
        tasks.look_at_due()
        claimed = Connection.objects.filter(claimed_until__gt=Now())
        under_way.append((claimed.filter(server=here).count(), claimed.exclude(server=here).count()))
        threading.Event().wait(0.2)
    return under_way


def test_two_hundred_logins_at_a_slow_server_take_no_time_from_two_hundred_at_a_fast_one(settings: object) -> None:
    settings.SYNC_INTERVAL_SECONDS = 6  # type: ignore[attr-defined]
    slow, fast = FaultCalDAV(), FaultCalDAV()
    with HttpFront(slow, seconds_an_answer=5) as slow_front, HttpFront(fast) as fast_front:
        connect_all(slow, slow_front, 200)
        connect_all(fast, fast_front, 200)

        under_way = nudge_until_looked_at(fast, times=4)

    assert rounds(fast) >= 4
    assert sum(looks_at(slow).values()) > 0
    assert all(elsewhere <= EACH_SERVER for _here, elsewhere in under_way)


def test_thirty_servers_that_drip_for_minutes_leave_half_of_the_threads_to_the_others(settings: object) -> None:
    settings.SYNC_INTERVAL_SECONDS = 1  # type: ignore[attr-defined]
    quick = FaultCalDAV()
    with ExitStack() as stack:
        for _number in range(30):
            hostile = FaultCalDAV()
            hostile.faults = always(ends(Ending.DRIP))
            connect_all(hostile, stack.enter_context(HttpFront(hostile)), 1)
        connect_all(quick, stack.enter_context(HttpFront(quick)), 20)

        under_way = nudge_until_looked_at(quick, times=8)

    assert rounds(quick) >= 8
    assert max(elsewhere for _here, elsewhere in under_way) > tasks.CREW_SIZE // 2
    assert under_way[-1][1] <= tasks.CREW_SIZE // 2
