"""The reference and the core give the expected answer to every workload, and the yardsticks the same starts."""

import pytest

from .expected import EXPECTED, answer, hash_of_starts
from .heavy import heavy_workloads
from .naive import naive
from .ours import Ours
from .reference import starts_and_counts
from .sweep import Sweep, compiled
from .tricky import tricky_workloads
from .workloads import Workload

HEAVY = {workload.name: workload for workload in heavy_workloads()}
WORKLOADS = HEAVY | {workload.name: workload for workload in tricky_workloads()}
every_workload = pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS.keys())


def test_every_expected_answer_has_its_workload():
    assert WORKLOADS.keys() == EXPECTED.keys()


@every_workload
def test_the_reference_gives_the_expected_starts_and_counts(workload: Workload):
    assert answer(starts_and_counts(workload)) == EXPECTED[workload.name]


@every_workload
def test_the_core_gives_the_expected_starts_and_counts_host_by_host(workload: Workload):
    assert answer(Ours(workload).counts()) == EXPECTED[workload.name]


@every_workload
def test_the_core_gives_the_expected_starts_when_only_they_matter(workload: Workload):
    assert hash_of_starts(Ours(workload).starts()) == EXPECTED[workload.name].starts


@pytest.mark.parametrize("name", ["W1", "W1b", "W4", "W5"])
def test_the_naive_loop_answers_the_same_question(name: str):
    assert hash_of_starts(naive(HEAVY[name])()) == EXPECTED[name].starts


@pytest.mark.parametrize("workload", HEAVY.values(), ids=HEAVY.keys())
def test_the_sweep_in_c_answers_the_same_question(workload: Workload):
    library = compiled()
    if library is None:
        pytest.skip("no gcc here")

    assert hash_of_starts(Sweep(library, workload).starts()) == EXPECTED[workload.name].starts
