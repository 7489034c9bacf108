"""`python -m tests.bench.sync_reader`: our reader, in a process of its own so that its memory can be told.

Each line on its input is a login as JSON, made unless its ``connection`` is known. It is looked at, and what that took
is answered: seconds, CPU seconds, SQL statements, megabytes above idle, and what is stored then.
"""

import json
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import django


def main() -> None:
    django.setup()
    # what a worker has long loaded
    import_module("integrations.tasks")
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_look(json.loads(line))) + "\n")
        sys.stdout.flush()


def _look(order: dict[str, Any]) -> dict[str, float]:
    from integrations.models import Connection
    from integrations.sync.claims import claim_connection
    from integrations.sync.looking import look

    pk = order.get("connection") or _connect(order)
    _forget_peak()
    idle = _status("VmRSS")
    statements = _Counter()
    began, cpu = time.perf_counter(), time.process_time()
    with statements:
        claim = claim_connection(pk, now=datetime.now(UTC))
        assert claim is not None
        look(claim)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = _status("VmHWM")
    found = Connection.objects.get(pk=pk)
    if found.reason or found.failures:
        raise RuntimeError(found.reason)
    facts = {"connection": pk, "seconds": seconds, "cpu": cpu, "statements": statements.number}
    return facts | {"megabytes": (peak - idle) / 1024, **_stored(pk)}


def _connect(order: dict[str, Any]) -> int:
    """A member of their own whose one calendar counts."""
    from accounts.models import Account, Member, User
    from accounts.roles import Role
    from availability.models import BlockingSource, BusySource
    from integrations.models import CalendarConfiguration
    from integrations.services.connect import connect

    now = datetime.now(UTC)
    account, _new = Account.objects.get_or_create(slug="sync", defaults={"name": "Sync", "time_zone": "Europe/Berlin"})
    number = Member.objects.filter(account=account).count()
    user = User.objects.create(email=f"sync{number}@example.org", name="Sync", time_zone="Europe/Berlin")
    member = Member.objects.create(account=account, user=user, role=Role.STAFF, slug=f"sync-{number}")
    login = {"server_url": order["server"], "username": order["username"], "password": order["password"]}
    connection = connect(user, provider="caldav", now=now, **login)
    remote = connection.remote_calendars.get(key=order["key"])
    remote.source = BusySource.objects.create(user=user, name=remote.name)
    remote.save()
    BlockingSource.objects.create(member=member, source=remote.source)
    CalendarConfiguration.objects.create(member=member).conflicts.add(remote)
    return connection.pk


def _stored(pk: int) -> dict[str, int]:
    from availability.models import BusyTime
    from integrations.models import RemoteEvent

    events = RemoteEvent.objects.filter(remote_calendar__connection=pk).count()
    times = BusyTime.objects.filter(source__remote_calendar__connection=pk).count()
    return {"events": events, "busy_times": times}


class _Counter:
    def __init__(self) -> None:
        self.number = 0

    def __enter__(self) -> None:
        from django.db import connection

        self._wrapped = connection.execute_wrapper(self._count)
        self._wrapped.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._wrapped.__exit__(*error)

    def _count(self, execute: Any, *asked: Any) -> Any:
        self.number += 1
        return execute(*asked)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> int:
    """In kilobytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main()
