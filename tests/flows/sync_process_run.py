"""One trial of the sync with real workers over HTTP, killed and frozen at any moment; then honest time."""

import signal
import time
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.db.models import F, Q
from django.utils import timezone

from integrations.models import Connection, ConnectionState, PendingPush, RemoteCalendar, RemoteCopy
from tests.flows.sync_desk import Desk
from tests.flows.sync_ledger import Ledger
from tests.flows.sync_mischief import Mischief
from tests.flows.sync_phone import Phones
from tests.flows.sync_truth import demand_truth
from tests.flows.sync_workers import SyncWorkers
from tests.flows.sync_world import SyncWorld
from tests.servers.fault_caldav import FaultCalDAV, HttpFront

WORKERS = 3
LEASE_SECONDS = 1
TROUBLED_SECONDS = 4.0
PATIENCE_SECONDS = 30.0
# what has to be waited for in earnest passes as fast as this
_AGO = timedelta(minutes=3)


class ProcessRun:
    """``front`` is given a server of this run."""

    def __init__(self, world: SyncWorld, front: HttpFront, workers: SyncWorkers, seed: int) -> None:
        self.random, self.ledger = Random(seed), Ledger()
        self.world, self.workers = world, workers
        self.server = FaultCalDAV(origin=front.url.rstrip("/"))
        front.server = self.server
        world.begin(self.random, self.server)
        # the logins a test makes are due; so are those of a database whose clock is behind
        Connection.objects.update(next_look_at=_now() - _AGO, connected_at=_now() - _AGO)
        self.mischief = Mischief(self.server, self.ledger, self.random, rate=0.08, death_rate=0.0)
        phone = Phones(world, self.ledger, self.random)
        self.desk = Desk(world, self.ledger, self.random, mortal=nullcontext, clock=_now)
        theirs = [phone.add, phone.change, phone.remove, phone.move, phone.move, phone.annotate, phone.discard]
        self._at_the_phone = [*theirs, phone.duplicate, phone.carry, partial(phone.move, into_the_night=True)]

    def play(self) -> None:
        """Raises AssertionError where a promise is broken."""
        self.workers.start(WORKERS)
        until = time.monotonic() + TROUBLED_SECONDS
        while time.monotonic() < until:
            self.random.choice((self._step, self._step, self._step, self._strike))()
            time.sleep(self.random.uniform(0.02, 0.15))
        for pid in self.workers.pids:
            self.workers.send(pid, signal.SIGCONT)
        with self.server.lock:
            self.mischief.stop()
        self._settle()
        self.workers.kill()
        demand_truth(self.world, self.ledger, now=_now(), is_calm=False)

    def _step(self) -> None:
        if self.random.random() < 0.5:
            self.random.choice((self.desk.book, self.desk.book, self.desk.reschedule, self.desk.cancel))()
        else:
            # nobody writes between what a phone reads and what it writes
            with self.server.lock:
                self.random.choice(self._at_the_phone)()

    def _strike(self) -> None:
        """A worker dies and another one is started, or one sleeps until after its lease."""
        self.ledger.trouble += 1
        pid = self.random.choice(self.workers.pids)
        if self.random.random() < 0.5:
            self.ledger.note("a worker is killed")
            self.workers.send(pid, signal.SIGKILL)
            self.workers.start()
            return
        self.ledger.note("a worker sleeps")
        self.workers.send(pid, signal.SIGSTOP)
        until = time.monotonic() + self.random.uniform(0.2, 1.5) * LEASE_SECONDS
        while time.monotonic() < until:
            self._step()
            time.sleep(0.05)
        self.workers.send(pid, signal.SIGCONT)

    def _settle(self) -> None:
        self.ledger.note("from now on all is well")
        RemoteCalendar.objects.update(listed_in_full_at=_now() - timedelta(days=2))
        until, quiet = time.monotonic() + PATIENCE_SECONDS, 0
        while quiet < 3:
            assert time.monotonic() < until, "it never comes to rest"
            self._let_time_fly()
            looked = dict(Connection.objects.values_list("pk", "looked_at"))
            while self._is_somebody_not_looked_at(looked):
                assert time.monotonic() < until, "nobody looks any more"
                time.sleep(0.05)
            quiet = quiet + 1 if self._is_quiet() else 0

    def _let_time_fly(self) -> None:
        """Whatever waits for a time has waited; whoever was asked to enter a password or to try again, has."""
        now = _now()
        rested = {"paused_until": None, "refused_at": None, "next_look_at": now, "unfinished": 0}
        Connection.objects.update(**rested, state=ConnectionState.CONNECTED)
        PendingPush.objects.update(due_at=now, parked_at=None, unfinished=0)
        RemoteCopy.objects.filter(check_at__isnull=False).update(
            check_at=now, missing_since=F("missing_since") - _AGO, written_at=F("written_at") - _AGO
        )
        RemoteCalendar.objects.update(held_back_at=F("held_back_at") - _AGO, unlisted_at=F("unlisted_at") - _AGO)

    def _is_somebody_not_looked_at(self, before: dict[int, datetime | None]) -> bool:
        now = dict(Connection.objects.values_list("pk", "looked_at"))
        return any(now[pk] == looked for pk, looked in before.items())

    def _is_quiet(self) -> bool:
        unread = Q(held_back_at__isnull=False) | Q(missing_rounds__gt=0) | Q(unlisted_at__isnull=False) | ~Q(problem="")
        return not (
            PendingPush.objects.exists()
            or RemoteCopy.objects.filter(check_at__isnull=False).exists()
            or RemoteCalendar.objects.filter(unread, source__isnull=False).exists()
            or Connection.objects.exclude(failures=0).exists()
        )


def _now() -> datetime:
    return timezone.now()
