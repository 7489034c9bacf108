"""Keeps the queue at work: nudges what is due, asks it for a sign of life, and starts it again when none comes."""

import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from typing import NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models.functions import Now
from django_q.tasks import async_task

from accounts.services.mail_claims import release_dead_mail_claims
from accounts.services.mail_pause import is_mail_to_go
from config.cluster import Cluster
from config.heartbeats import last_heard, seconds_since_beat
from config.schedules import make_schedules
from integrations.models import Connection, PendingPush
from integrations.sync.claims import release_dead_claims

__all__ = ["Supervisor", "seconds_since_beat"]

log = structlog.get_logger(__name__)

TURN_SECONDS = 0.5
BEAT_EVERY_SECONDS = 10.0
LONGEST_SILENCE_SECONDS = 30.0
# a cluster that has not said anything yet is given time to start
LONGEST_START_SECONDS = 60.0
# one that ends at once is not started in a tight loop
SHORTEST_LIFE_SECONDS = 5.0
DRAIN_WITHIN = timedelta(seconds=20)


class Supervisor:
    """One per machine. Durations are measured by the monotonic clock, so that a clock that jumps kills nobody."""

    def __init__(self, cluster: Cluster, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._cluster = cluster
        self._monotonic = monotonic
        self._stopping = threading.Event()
        self._prepared = False
        self._heard: dict[str, datetime] = {}
        self._nudged: dict[str, _Nudge] = {}
        self._answered = False
        self._last_sign = self._monotonic()
        self._beat_at = -BEAT_EVERY_SECONDS

    def run(self) -> None:
        """Until SIGTERM or SIGINT; then what runs is drained."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._cluster.start()
        try:
            while not self._stopping.wait(TURN_SECONDS):
                close_old_connections()
                self.turn()
        finally:
            self._cluster.drain(within=DRAIN_WITHIN)

    def turn(self) -> None:
        """One round. A database that is away is waited for, and its absence is not held against the queue."""
        try:
            self._prepare()
            self._listen()
            self._nudge_what_is_due()
        except (OperationalError, InterfaceError):
            log.warning("database_away")
            self._last_sign = self._monotonic()

    def _prepare(self) -> None:
        if not self._prepared:
            make_schedules()
            _release_what_is_in_hand()
            self._heard = last_heard()
            self._prepared = True

    def _listen(self) -> None:
        """Start the queue again when it ended, or said nothing for too long."""
        heard = last_heard()
        if heard != self._heard:
            self._heard, self._answered, self._last_sign = heard, True, self._monotonic()
        silence = self._monotonic() - self._last_sign
        limit = LONGEST_SILENCE_SECONDS if self._answered else LONGEST_START_SECONDS
        ended = self._cluster.has_ended() and silence > SHORTEST_LIFE_SECONDS
        if ended or silence > limit:
            log.error("queue_restarted", ended=ended)
            self._cluster.kill()
            _release_what_is_in_hand()
            self._cluster.start()
            self._forget_signs()

    def _nudge_what_is_due(self) -> None:
        if self._monotonic() - self._beat_at > BEAT_EVERY_SECONDS:
            self._beat_at = self._monotonic()
            async_task("config.heartbeats.beat", save=False)
        if PendingPush.objects.due(Now()).exists():
            self._nudge("integrations.tasks.push_due")
        if Connection.objects.due(Now()).exists():
            self._nudge("integrations.tasks.look_at_due")
        if is_mail_to_go():
            self._nudge("accounts.tasks.send_due")

    def _nudge(self, task: str) -> None:
        """Put a nudge into the queue unless one still lies there."""
        sent = self._nudged.get(task)
        unheard = sent is not None and sent.heard == self._heard.get(task)
        if sent is not None and unheard and self._monotonic() - sent.at < LONGEST_SILENCE_SECONDS:
            return
        self._nudged[task] = _Nudge(self._monotonic(), self._heard.get(task))
        async_task(task, save=False)

    def _forget_signs(self) -> None:
        self._heard, self._nudged, self._answered = last_heard(), {}, False
        self._last_sign = self._monotonic()
        self._beat_at = -BEAT_EVERY_SECONDS

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()


def _release_what_is_in_hand() -> None:
    """No worker runs on this machine at this moment."""
    release_dead_claims()
    release_dead_mail_claims()


class _Nudge(NamedTuple):
    """When a nudge was sent, and when the queue had last started its kind by then."""

    at: float
    heard: datetime | None
