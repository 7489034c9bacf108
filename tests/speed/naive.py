"""What one writes first: every start asks every busy stretch whether it is in the way."""

from collections.abc import Callable

from availability.core.intervals import merge

from .workloads import Kind, Person, Source, Workload

Pairs = list[tuple[int, int]]


def naive(workload: Workload) -> Callable[[], list[int]]:
    """The loop, ready to run; opening hours are resolved and diaries sorted out by person before."""
    per_person = [
        (
            _runs(workload, person),
            workload.stretches_of(person, Source.APPOINTMENT, Source.EVENT),
            _full(workload, person),
        )
        for person in workload.people
    ]
    return lambda: _together(workload, [_open_starts(workload, *diary) for diary in per_person])


def _runs(workload: Workload, person: Person) -> Pairs:
    return [(run.start, run.end) for run in merge(workload.opens_and_closes(person))]


def _full(workload: Workload, person: Person) -> Pairs:
    """Sessions of a class without a seat left; on these grids no two sessions overlap."""
    taken = workload.stretches_of(person, Source.SEAT)
    return sorted({one for one in taken if taken.count(one) >= workload.seats})


def _open_starts(workload: Workload, runs: Pairs, busy: Pairs, full: Pairs) -> list[int]:
    first, stop, duration = workload.start, workload.end, workload.duration
    before, after = workload.before, workload.after
    return [
        start
        for opens, closes in runs
        for start in range(opens, closes - duration + 1, workload.interval)
        if first <= start < stop
        and not any(begins < start + duration + after and ends > start - before for begins, ends in busy)
        and not any(begins < start + duration and ends > start for begins, ends in full)
    ]


def _together(workload: Workload, per_person: list[list[int]]) -> list[int]:
    if len(per_person) == 1:
        return per_person[0]
    if workload.kind is Kind.COLLECTIVE:
        return sorted(set(per_person[0]).intersection(*per_person[1:]))
    return sorted(set().union(*per_person))
