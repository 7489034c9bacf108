"""Whatever goes wrong between the site and a calendar server, nothing is lost, doubled, ghosted or blindly overwritten.

``HOLDFAST_RUNS`` says how many trials. Each has a seed of its own; a failure names it, ``HOLDFAST_SEED`` repeats it.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from integrations.models import WhenDeleted
from integrations.sync import deletions, reading
from tests.flows.sync_run import BY_CHANCE, SyncRun, Terms
from tests.flows.sync_world import SyncWorld
from tests.servers.fault_caldav import Answer, Fault, Request, faults

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]

RUNS = int(os.environ.get("HOLDFAST_RUNS", "40"))
# two processes that are given one seed must not play the same trials
FIRST = int(os.environ.get("HOLDFAST_SEED", secrets.randbits(32))) + int(os.environ.get("HOLDFAST_APART", "0"))
RUNS_TO_FAIL = 150


@pytest.fixture
def world(transactional_db: None, settings: object) -> Iterator[SyncWorld]:
    # the clock of a trial is not the database's: nothing is read for the sake of a booking by itself
    settings.FRESHNESS_BUDGET_SECONDS = 0  # type: ignore[attr-defined]
    made = SyncWorld()
    yield made
    made.clear()


def failures(world: SyncWorld, runs: int, terms: Terms = BY_CHANCE) -> Iterator[str]:
    for seed in range(FIRST, FIRST + runs):
        run = SyncRun(world, seed, terms)
        try:
            run.play()
        except AssertionError as error:
            steps = "\n  ".join(run.ledger.steps)
            yield f"HOLDFAST_SEED={seed} HOLDFAST_RUNS=1\n{error}\n  {steps}"


def test_nothing_is_lost_doubled_ghosted_or_blindly_overwritten(world: SyncWorld) -> None:
    failed = next(failures(world, RUNS), None)

    assert failed is None, failed


def _names_nothing() -> Fault:
    """A listing that names the calendar itself and nothing in it; whatever else is asked is answered honestly."""
    cut = faults.only_first_rows(1)

    def play(request: Request, honest: Callable[[], Answer]) -> Answer:
        is_in_a_calendar = request.method == "PROPFIND" and len(request.path.strip("/").split("/")) > 2
        return cut.play(request, honest) if is_in_a_calendar else honest()

    return Fault(cut.name, play)


BLIND = Terms(heeds_conditions=False, rate=0.0, overtaken=0.7, often=("book", "reschedule", "push"))
EMPTY = Terms(knows_sync=False, rate=0.4, often=("add", "look"), reading=(_names_nothing(),))
DELETIONS = Terms(rate=0.0, often=("book",), last=("push", "discard_all"), when_deleted=WhenDeleted.CANCEL)


def test_the_trial_finds_what_is_overwritten_without_conditions(world: SyncWorld) -> None:
    """The positive control: a server that heeds neither If-Match nor If-None-Match."""
    assert next(failures(world, RUNS_TO_FAIL, BLIND), None)


@pytest.mark.parametrize(
    ("terms", "guards"),
    [
        (EMPTY, {(reading, "is_suspicious"): False, (reading, "_still_there"): frozenset()}),
        (DELETIONS, {(deletions, "_is_braked"): False}),
    ],
    ids=["hold-back", "brake"],
)
def test_the_trial_finds_what_is_believed_too_soon(
    world: SyncWorld, monkeypatch: pytest.MonkeyPatch, terms: Terms, guards: dict[tuple[ModuleType, str], object]
) -> None:
    """The positive controls: one answer is enough to forget what was read, or to cancel many appointments."""
    for (module, name), answer in guards.items():
        monkeypatch.setattr(module, name, lambda *_seen, answer=answer, **_facts: answer)

    assert next(failures(world, RUNS_TO_FAIL, terms), None)
