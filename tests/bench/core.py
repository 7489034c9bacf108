"""The core alone, between the loop one writes first and the same in C. Nothing but right answers is timed."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.bench.findings import Finding
from tests.bench.timing import COMPUTING, Pace, medians
from tests.speed.expected import EXPECTED, answer, hash_of_starts
from tests.speed.heavy import heavy_workloads
from tests.speed.naive import naive
from tests.speed.ours import Ours
from tests.speed.reference import starts_and_counts
from tests.speed.sweep import Sweep, compiled
from tests.speed.tricky import tricky_workloads
from tests.speed.workloads import Kind, Workload

PART = "core"
MUST, GOAL = 1 / 40, 1 / 100
# ahead of the fastest we know of
GOAL_OF_STARTS_ALONE = {"W6": 1 / 400}
_ASKED = {"W1", "W2", "W3", "W4", "W6"}


def measure(rounds: int, *, is_quick: bool) -> Iterator[Finding]:
    yield _wrong_answers()
    for workload in heavy_workloads():
        if not (is_quick and workload.name == "W6"):
            yield from _speed(workload, rounds)


def _wrong_answers() -> Finding:
    """How many of the workloads any of us gets wrong."""
    workloads = [*heavy_workloads(), *tricky_workloads()]
    wrong = [one.name for one in workloads if not _is_right(one)]
    right = f"{len(workloads) - len(wrong)} of {len(EXPECTED)} right"
    return Finding(PART, "wrong answers", len(wrong), 0, 0, is_count=True, note=f"{right} {' '.join(wrong)}".strip())


def _is_right(workload: Workload) -> bool:
    ours, right = Ours(workload), EXPECTED[workload.name]
    return answer(starts_and_counts(workload)) == answer(ours.counts()) == right and (
        hash_of_starts(ours.starts()) == right.starts
    )


def _speed(workload: Workload, rounds: int) -> Iterator[Finding]:
    ours, library = Ours(workload), compiled()
    several = workload.kind in {Kind.ROUND_ROBIN, Kind.COLLECTIVE}
    jobs: dict[str, Callable[[], Any]] = {"naive": naive(workload)}
    jobs["ours"] = ours.starts if workload.kind is Kind.COLLECTIVE else ours.per_host
    if workload.kind is Kind.ROUND_ROBIN:
        jobs["starts"] = ours.starts
    if library is not None:
        jobs["c"] = Sweep(library, workload).count
    times = medians(jobs, pace=Pace(rounds, 0.05), clock=COMPUTING)
    must, goal = (MUST, GOAL) if workload.name in _ASKED else (None, None)
    about = workload.about
    in_c = f"; {times['ours'] / times['c']:.0f} × the C sweep" if "c" in times else ""
    what = "all together" if workload.kind is Kind.COLLECTIVE else "host by host" if several else ""
    name = f"{workload.name} {what}".strip()
    yield Finding(PART, f"{name}, of naive", times["ours"] / times["naive"], must, goal, note=about + in_c)
    if "starts" in times:
        in_c = f"{times['starts'] / times['c']:.0f} × the C sweep" if "c" in times else ""
        goal = GOAL_OF_STARTS_ALONE.get(workload.name, GOAL)
        name = f"{workload.name} starts only, of naive"
        yield Finding(PART, name, times["starts"] / times["naive"], None, goal, note=in_c)
