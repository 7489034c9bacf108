"""Times that can be compared: everything runs in turns, and the median of the turns counts."""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any, NamedTuple, TypeAlias

Jobs: TypeAlias = Mapping[str, Callable[[], Any]]
Clock: TypeAlias = Callable[[], float]

# what others do on the machine does not count where nothing is waited for
COMPUTING: Clock = time.process_time
WAITING: Clock = time.perf_counter
# a sample is never shorter, however fast the job
_SAMPLE_SECONDS = 0.002


class Pace(NamedTuple):
    """How often everything has its turn, and for how long about."""

    rounds: int
    seconds: float


def medians(jobs: Jobs, *, pace: Pace, clock: Clock, before_turn: Callable[[str], Any] = str) -> dict[str, float]:
    """Seconds per call of each job: in every round each has its turn, of three samples at least.

    A turn's time is the median of its samples, a job's the median of its turns. ``before_turn`` is called with the
    job's name, and not timed.
    """
    turns: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(pace.rounds):
        for name, job in jobs.items():
            before_turn(name)
            gc.collect()
            turns[name].append(_turn(job, pace.seconds, clock))
    return {name: median(times) for name, times in turns.items()}


def _turn(job: Callable[[], Any], seconds: float, clock: Clock) -> float:
    first = _sample(job, 1, clock)
    calls = max(1, int(_SAMPLE_SECONDS / max(first, 1e-7)))
    samples = [_sample(job, calls, clock) for _ in range(3)]
    while sum(samples) * calls < seconds:
        samples.append(_sample(job, calls, clock))
    return median(samples)


def _sample(job: Callable[[], Any], calls: int, clock: Clock) -> float:
    begun = clock()
    for _ in range(calls):
        job()
    return (clock() - begun) / calls
