"""The same promises with real workers over HTTP, killed (SIGKILL) and frozen beyond their lease (SIGSTOP).

``HOLDFAST_RUNS`` says how many trials. Each has a seed of its own; a failure names it with all that was done.
"""

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests.flows.sync_process_run import LEASE_SECONDS, ProcessRun
from tests.flows.sync_workers import SyncWorkers
from tests.flows.sync_world import SyncWorld
from tests.servers.fault_caldav import FaultCalDAV, HttpFront

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]

RUNS = int(os.environ.get("HOLDFAST_RUNS", "2"))
FIRST = int(os.environ.get("HOLDFAST_SEED", secrets.randbits(32)))


@pytest.fixture
def front() -> Iterator[HttpFront]:
    with HttpFront(FaultCalDAV()) as listening:
        yield listening


@pytest.fixture
def workers(transactional_db: None, front: HttpFront) -> Iterator[SyncWorkers]:
    environment = os.environ | {
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict),
        "CALDAV_ALLOWED_PRIVATE_HOSTS": front.netloc,
        "SYNC_INTERVAL_SECONDS": "1",
        "SYNC_LEASE_SECONDS": str(LEASE_SECONDS),
        "PROVIDER_DEADLINE_SECONDS": "1",
    }
    with SyncWorkers(environment) as started:
        yield started
        started.kill()


@pytest.fixture
def world(transactional_db: None, settings: object) -> Iterator[SyncWorld]:
    settings.FRESHNESS_BUDGET_SECONDS = 0  # type: ignore[attr-defined]
    made = SyncWorld(tuesday=_coming_tuesday())
    yield made
    made.clear()


def _coming_tuesday() -> datetime:
    tomorrow = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return tomorrow + timedelta(days=(1 - tomorrow.weekday()) % 7)


def test_killed_and_frozen_workers_lose_double_and_overwrite_nothing(
    world: SyncWorld, front: HttpFront, workers: SyncWorkers
) -> None:
    for seed in range(FIRST, FIRST + RUNS):
        run = ProcessRun(world, front, workers, seed)
        try:
            run.play()
        except AssertionError as error:
            steps = "\n  ".join(run.ledger.steps)
            pytest.fail(f"HOLDFAST_SEED={seed} HOLDFAST_RUNS=1\n{error}\n  {steps}")
