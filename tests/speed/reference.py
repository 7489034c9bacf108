"""The slow and obvious answer: every minute that is open or busy stands in a set, and each start asks for its own."""

from collections import Counter
from collections.abc import Iterable

from .workloads import MINUTE, Kind, Person, Source, Workload


def starts_and_counts(workload: Workload) -> dict[int, int]:
    """The starts on offer, and how many hosts are free then; for a class, the seats left."""
    hosts, seats = Counter[int](), {}
    for person in workload.people:
        for start, left in _seats_left(workload, person).items():
            hosts[start] += 1
            seats[start] = left
    offered = sorted(start for start, free in hosts.items() if free >= workload.needed)
    return {start: seats[start] if workload.kind is Kind.CLASS else hosts[start] for start in offered}


def _seats_left(workload: Workload, person: Person) -> dict[int, int]:
    """The person's open starts, and how many can still come to each."""
    shifts = workload.opens_and_closes(person)
    opened, busy, sessions = _minutes(shifts), _minutes(_busy(workload, person)), _sessions(workload, person)
    left = {}
    for start in {start for opens, closes in shifts for start in range(opens, closes, workload.interval)}:
        end = start + workload.duration
        if (
            workload.start <= start < workload.end
            and _minutes([(start, end)]) <= opened
            and not _minutes([(start - workload.before, end + workload.after)]) & busy
            and not any(other < end and its_end > start for other, its_end in sessions if other != start)
        ):
            left[start] = workload.seats - sum(seats for (other, _), seats in sessions.items() if other == start)
    return {start: seats for start, seats in left.items() if seats > 0}


def _busy(workload: Workload, person: Person) -> list[tuple[int, int]]:
    return workload.stretches_of(person, Source.APPOINTMENT, Source.EVENT)


def _sessions(workload: Workload, person: Person) -> Counter[tuple[int, int]]:
    """The seats taken in each session that somebody booked."""
    return Counter(workload.stretches_of(person, Source.SEAT))


def _minutes(stretches: Iterable[tuple[int, int]]) -> set[int]:
    return {minute for start, end in stretches for minute in range(start // MINUTE, end // MINUTE)}
