"""A calendar full of poison beside a hundred good events, read and stored by a process whose memory is watched."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from availability.models import BusyTime
from integrations.models import Connection, ConnectionState, Decision, JournalEntry, RemoteCalendar, RemoteEvent
from tests.factories import NOW
from tests.integrations.providers.poison import good_events, poison
from tests.integrations.sync.fault_world import FaultWorld
from tests.servers.fault_caldav import FaultCalDAV, HttpFront

pytestmark = pytest.mark.flow

MOST_SECONDS = 120
MOST_MEGABYTES = 150
# an empty object is waited for in three of them
LOOKS = 4
POISON, GOOD = poison(), good_events()
_LOOK = """
import json
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import django

django.setup()

import integrations.tasks  # what a worker has long loaded
from integrations.providers.registry import provider_of
from integrations.sync.claims import claim_due_connections
from integrations.sync.pull import pull
from tests.factories import NOW


def peak():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])


before = peak()
for number in range(int(sys.argv[1])):
    now = NOW + number * timedelta(minutes=5)
    [claim] = claim_due_connections(1, now=now)
    with closing(provider_of(claim)) as provider:
        pull(claim, provider=provider, now=now)
print(json.dumps({"megabytes": (peak() - before) / 1024}))
"""


@pytest.fixture
def server() -> Iterator[FaultCalDAV]:
    server = FaultCalDAV()
    with HttpFront(server):
        yield server


@pytest.fixture
def home(transactional_db: None, server: FaultCalDAV) -> RemoteCalendar:
    world = FaultWorld(server)
    home = world.add_calendar("Home", primary=True)
    objects = {**POISON, **{name: text.encode() for name, (text, _begin, _end) in GOOD.items()}}
    for name, content in objects.items():
        server.put(world.there(home), f"{name}.ics", content)
    return home


def _look(server: FaultCalDAV, *, times: int = LOOKS) -> Any:
    """In a process of its own; fails when all of them together take too long."""
    database = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    loopback = server.origin.removeprefix("http://")
    environment = os.environ | {"DATABASE_URL": database, "CALDAV_ALLOWED_PRIVATE_HOSTS": loopback}
    command = [sys.executable, "-c", _LOOK, str(times)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True, timeout=MOST_SECONDS)
    return json.loads(done.stdout.splitlines()[-1])


def test_good_events_block_and_poison_is_listed_or_harmless(server: FaultCalDAV, home: RemoteCalendar) -> None:
    grown = _look(server)

    assert grown["megabytes"] < MOST_MEGABYTES
    assert _blocked_by_good(home) == {name: [(begin, end)] for name, (_text, begin, end) in GOOD.items()}
    stored = {key.rpartition("/")[2] for key in RemoteEvent.objects.values_list("key", flat=True)}
    assert stored == {f"{name}.ics" for name in (*POISON, *GOOD)}
    unreadable = RemoteEvent.objects.exclude(unreadable="")
    told = JournalEntry.objects.filter(decision__in=(Decision.UNREADABLE, Decision.NOT_HANDED_OUT))
    listed = told.values_list("facts__number", flat=True)
    assert sum(listed) == unreadable.count() > 0
    assert not unreadable.filter(key__contains="/good-").exists()


def test_poison_neither_holds_the_cursor_nor_is_read_again(server: FaultCalDAV, home: RemoteCalendar) -> None:
    assert len(POISON) >= 62
    _look(server)
    login = Connection.objects.get()
    assert (login.state, login.failures) == (ConnectionState.CONNECTED, 0)
    [calendar] = server.logins[login.username].calendars.values()
    assert RemoteCalendar.objects.get().cursor == calendar.token
    server.forget_log()

    Connection.objects.update(next_look_at=NOW)
    _look(server, times=1)

    assert server.counts == {"PROPFIND": 1}


def _blocked_by_good(home: RemoteCalendar) -> dict[str, list[tuple[datetime, datetime]]]:
    found: dict[str, list[tuple[datetime, datetime]]] = {name: [] for name in GOOD}
    busy = BusyTime.objects.filter(blocks=True, group__startswith=f"{home.key}/good-")
    for group, start, end in busy.values_list("group", "start", "end"):
        found[group.rpartition("/")[2].removesuffix(".ics")].append((start, end))
    return found
