"""The workloads as the core takes them: hours become windows before the clock starts, seats become sessions."""

from collections import Counter
from zoneinfo import ZoneInfo

from availability.core.hours import DayHours, Opening, WeekHours, Window, plan
from availability.core.intervals import Interval
from availability.core.rules import HostTimes
from availability.core.several import all_starts, any_starts
from availability.core.slots import Busy, SlotRules, Taken

from .workloads import Kind, Person, Source, Workload


class Ours:
    """One workload, laid out for the core."""

    def __init__(self, workload: Workload) -> None:
        self._kind, self._seats = workload.kind, workload.seats
        self._span = Interval(workload.start, workload.end)
        self._rules = SlotRules(
            duration=workload.duration,
            interval=workload.interval,
            buffer_before=workload.before,
            buffer_after=workload.after,
        )
        self._hosts = [self._times(workload, person) for person in workload.people]
        self._sessions = Counter(one.start for one in workload.taken if one.source is Source.SEAT)

    def per_host(self) -> list[tuple[int, ...]]:
        """What is stored for every type but the collective: the starts of each host."""
        return [host.open_starts(self._rules, self._span) for host in self._hosts]

    def starts(self) -> tuple[int, ...]:
        """Nothing but the starts on offer."""
        fold = all_starts if self._kind is Kind.COLLECTIVE else any_starts
        return fold(self._hosts, rules=self._rules, span=self._span)

    def counts(self) -> dict[int, int]:
        """The starts on offer with the hosts who are free then; for a class, with the seats left."""
        if self._kind is Kind.CLASS:
            return {start: self._seats - self._sessions[start] for start in self.starts()}
        free = Counter(start for starts in self.per_host() for start in starts)
        needed = len(self._hosts) if self._kind is Kind.COLLECTIVE else 1
        return {start: free[start] for start in sorted(free) if free[start] >= needed}

    def _times(self, workload: Workload, person: Person) -> HostTimes:
        appointments = [Taken(start, end) for start, end in workload.stretches_of(person, Source.APPOINTMENT)]
        return HostTimes(
            windows=self._windows(person),
            taken=(*appointments, *_sessions(workload, person)),
            busy=tuple(Busy(start, end) for start, end in workload.stretches_of(person, Source.EVENT)),
        )

    def _windows(self, person: Person) -> tuple[Window, ...]:
        weekly = [DayHours(day, *_minutes(shift)) for day, shifts in sorted(person.hours.items()) for shift in shifts]
        overrides = [
            (day, tuple(Opening(*_minutes(shift)) for shift in shifts)) for day, shifts in person.overrides.items()
        ]
        hours = WeekHours(tuple(weekly), ZoneInfo(person.zone), tuple(overrides))
        return plan(hours, self._span, self._rules.duration).windows


def _sessions(workload: Workload, person: Person) -> list[Taken]:
    """The sessions somebody booked; more customers can join those that still have seats."""
    sessions = Counter(workload.stretches_of(person, Source.SEAT))
    return [Taken(start, end, joins=taken < workload.seats) for (start, end), taken in sessions.items()]


def _minutes(shift: tuple[str, str]) -> tuple[int, int]:
    opens, closes = (int(clock[:2]) * 60 + int(clock[3:]) for clock in shift)
    return opens, closes
