"""The supervisor: what it nudges, and when it starts the queue again."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from django_q.models import OrmQ, Schedule
from django_q.signals import pre_execute

from accounts.models import OutgoingMail, Tally
from accounts.services.mail_claims import claim_next_mail
from config import supervisor as module
from config.cluster import Cluster
from config.heartbeats import seconds_since_beat
from config.models import Heartbeat
from config.schedules import make_schedules
from config.supervisor import Supervisor
from integrations.models import Connection
from tests.factories import ConnectionFactory, OutgoingMailFactory

pytestmark = pytest.mark.django_db

LOOK = "integrations.tasks.look_at_due"
MAIL = "accounts.tasks.send_due"
BEAT = "config.heartbeats.beat"


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class RecordedCluster(Cluster):
    """Notes what is asked of it and starts nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.ended = False

    def start(self) -> None:
        self.asked.append("start")
        self.ended = False

    def kill(self) -> None:
        self.asked.append("kill")

    def has_ended(self) -> bool:
        return self.ended


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cluster() -> RecordedCluster:
    return RecordedCluster()


@pytest.fixture
def supervisor(cluster: RecordedCluster, clock: Clock) -> Supervisor:
    return Supervisor(cluster, monotonic=clock)


def queued() -> list[str]:
    return sorted(row.task["func"] for row in OrmQ.objects.all())


def the_queue_starts(task: str) -> None:
    pre_execute.send(sender="django_q", func=None, task={"func": task})


def due_connection() -> None:
    ConnectionFactory()
    Connection.objects.update(next_look_at=Now() - timedelta(minutes=1))


def test_nothing_due_needs_only_the_beat(supervisor: Supervisor) -> None:
    supervisor.turn()
    supervisor.turn()

    assert queued() == [BEAT]


def test_mail_that_is_due_is_nudged_unless_the_mail_server_is_left_in_peace(supervisor: Supervisor) -> None:
    OutgoingMailFactory()
    Tally.objects.create(what="mail_server", count=1, ends_at=Now() + timedelta(minutes=1))
    supervisor.turn()
    before = queued().count(MAIL)

    Tally.objects.update(ends_at=Now() - timedelta(minutes=1))
    supervisor.turn()

    assert (before, queued().count(MAIL)) == (0, 1)


def test_mail_that_was_in_hand_when_all_workers_died_is_free_at_once(supervisor: Supervisor) -> None:
    OutgoingMailFactory()
    claim_next_mail()

    supervisor.turn()

    assert not OutgoingMail.objects.filter(leased_until__isnull=False).exists()


def test_a_beat_is_sent_every_ten_seconds(supervisor: Supervisor, clock: Clock) -> None:
    for _second in range(25):
        supervisor.turn()
        clock.seconds += 1

    assert queued() == [BEAT] * 3


def test_what_is_due_is_nudged_once_until_the_nudge_was_taken(supervisor: Supervisor) -> None:
    due_connection()
    supervisor.turn()
    supervisor.turn()
    before = queued().count(LOOK)

    the_queue_starts(LOOK)
    supervisor.turn()

    assert (before, queued().count(LOOK)) == (1, 2)


def test_a_queue_that_starts_nothing_for_thirty_seconds_is_started_again(
    supervisor: Supervisor, cluster: RecordedCluster, clock: Clock
) -> None:
    supervisor.turn()
    the_queue_starts(BEAT)
    supervisor.turn()
    clock.seconds += 29
    supervisor.turn()
    before = list(cluster.asked)

    clock.seconds += 2
    supervisor.turn()

    assert (before, cluster.asked) == ([], ["kill", "start"])


def test_a_queue_that_has_just_been_started_is_given_a_minute(
    supervisor: Supervisor, cluster: RecordedCluster, clock: Clock
) -> None:
    the_queue_starts(BEAT)
    supervisor.turn()
    clock.seconds += 59
    supervisor.turn()
    before = list(cluster.asked)

    clock.seconds += 2
    supervisor.turn()

    assert (before, cluster.asked) == ([], ["kill", "start"])


def test_a_busy_queue_is_left_alone_though_beats_wait_in_line(
    supervisor: Supervisor, cluster: RecordedCluster, clock: Clock
) -> None:
    for _second in range(100):
        supervisor.turn()
        the_queue_starts("integrations.tasks.push_one")
        clock.seconds += 1

    assert cluster.asked == []


def test_a_queue_that_ended_is_started_again(supervisor: Supervisor, cluster: RecordedCluster, clock: Clock) -> None:
    supervisor.turn()
    cluster.ended = True
    clock.seconds += 6
    supervisor.turn()
    clock.seconds += 6
    supervisor.turn()

    assert cluster.asked == ["kill", "start"]


def test_a_database_that_is_away_is_not_held_against_the_queue(
    supervisor: Supervisor, cluster: RecordedCluster, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor.turn()
    the_queue_starts(BEAT)
    supervisor.turn()

    def away() -> dict[str, object]:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(module, "last_heard", away)
        for _second in range(120):
            clock.seconds += 1
            supervisor.turn()
    supervisor.turn()

    assert cluster.asked == []


def test_every_task_that_starts_is_a_sign_of_life() -> None:
    before = seconds_since_beat()
    the_queue_starts(BEAT)
    the_queue_starts(LOOK)

    after = seconds_since_beat()

    assert before is None
    assert after is not None
    assert after < 60
    assert set(Heartbeat.objects.values_list("task", flat=True)) == {BEAT, LOOK}


def test_schedules_are_made_once_and_keep_their_next_run() -> None:
    make_schedules()
    first = list(Schedule.objects.order_by("pk").values())

    make_schedules()

    assert list(Schedule.objects.order_by("pk").values()) == first
    assert {row["func"] for row in first} == {
        "availability.tasks.sweep",
        "availability.tasks.roll_forward",
        "integrations.tasks.expand_due",
        "integrations.tasks.tell_broken",
        "integrations.tasks.forget_journal",
        "integrations.tasks.stop_blocking",
        "bookings.tasks.expire_requests",
        "bookings.tasks.remind",
        "bookings.tasks.forget_keys",
        "bookings.tasks.forget_holds",
        "accounts.tasks.forget_tallies",
        "django.core.management.call_command",
    }
