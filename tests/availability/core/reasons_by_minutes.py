"""The slow and obvious answer to why a start is not on offer: one question for each code, asked by itself (A10).

An answer is where the reason lies (None: at the calendar, otherwise the host) and what stands behind it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from availability.core.rules import ReasonCode

from .plain_calendars import Blocked, Booked, Kind, PlainCalendar
from .slots_by_minutes import CalendarByMinutes, HostByMinutes, is_full_day, is_full_week, points_of


class Because(NamedTuple):
    """One reason."""

    code: ReasonCode
    host: int | None
    source: object = None


Answers: TypeAlias = Iterator[tuple[int | None, object]]
AT_THE_CALENDAR = (None, None)


class ReasonsByMinutes:
    """Asks a calendar about any start."""

    def __init__(self, calendar: PlainCalendar) -> None:
        self.calendar = calendar
        self.slots = CalendarByMinutes(calendar)

    def candidates(self) -> list[int]:
        """Every point of every grid within the span, that of hours which were replaced too."""
        points = {start for of in self.slots.of.values() for start in of.grid | shut_points(of)}
        return sorted(points.intersection(self.calendar.span))

    def against(self, start: int) -> list[Because]:
        return [
            Because(code, host, source)
            for code, question in QUESTIONS.items()
            for host, source in question(self, start)
        ]

    def is_open(self, start: int) -> bool:
        """No reason at the calendar, and none at one host at least, or at every one if all are needed."""
        found = self.against(start)
        with_reasons = {reason.host for reason in found}
        enough = self.calendar.kind is Kind.COLLECTIVE or any(
            host.key not in with_reasons for host in self.calendar.rotating
        )
        return None not in with_reasons and enough

    def hosts(self) -> list[HostByMinutes]:
        """Those who are asked: who must be free, and who is enough."""
        calendar = self.calendar
        asked = [host for host in calendar.hosts if host in calendar.needed or host in calendar.rotating]
        return [self.slots.of[host.key] for host in asked]

    def past(self, start: int) -> Answers:
        if start < self.calendar.now:
            yield AT_THE_CALENDAR

    def notice(self, start: int) -> Answers:
        if self.calendar.now <= start < self.calendar.now + self.calendar.notice:
            yield AT_THE_CALENDAR

    def horizon(self, start: int) -> Answers:
        if start < self.calendar.first or start >= self.calendar.latest:
            yield AT_THE_CALENDAR

    def hours(self, start: int) -> Answers:
        for of in self.hosts():
            if start not in of.grid and start not in shut_points(of):
                yield of.host.key, None

    def override(self, start: int) -> Answers:
        for of in self.hosts():
            for shut in of.replaced:
                if start not in of.grid and start in points_of([shut.minutes], self.calendar.interval):
                    yield from [] if shut.holiday else [(of.host.key, shut.day)]

    def holiday(self, start: int) -> Answers:
        for of in self.hosts():
            for shut in of.replaced:
                if start not in of.grid and start in points_of([shut.minutes], self.calendar.interval):
                    yield from [(of.host.key, shut.holiday)] if shut.holiday else []

    def duration(self, start: int) -> Answers:
        for of in self.hosts():
            if start in of.grid and not of.opened.issuperset(of.wanted(start)):
                yield of.host.key, None

    def closed(self, start: int) -> Answers:
        for of in self.hosts():
            yield from ((of.host.key, one.key) for one in self.calendar.closures if self._meets(start, one))

    def booked(self, start: int) -> Answers:
        for of in self.hosts():
            for one in of.host.booked:
                if self._meets(start, one) and not of.joins(of.wanted(start), one):
                    yield of.host.key, one.key

    def event(self, start: int) -> Answers:
        for of in self.hosts():
            yield from ((of.host.key, one.key) for one in of.host.busy if self._meets(start, one) and not one.own)

    def blocked(self, start: int) -> Answers:
        for of in self.hosts():
            yield from ((of.host.key, one.key) for one in of.host.busy if self._meets(start, one) and one.own)

    def buffer(self, start: int) -> Answers:
        before, after = self.calendar.before, self.calendar.after
        for of in self.hosts():
            wanted = of.wanted(start)
            for one in (*of.host.booked, *of.host.held):
                if not self._meets(start, one) and not of.keeps_clear(wanted, one):
                    yield of.host.key, one.key
            for busy in of.host.busy:
                around = range(wanted.start - before, wanted.stop + after)
                if not self._meets(start, busy) and meet(around, range(busy.start, busy.end)):
                    yield of.host.key, busy.key

    def day_limit(self, start: int) -> Answers:
        calendar = self.calendar
        if not self._joins_a_session(start) and is_full_day(start, calendar.starts, calendar.per_day, calendar.zone):
            yield AT_THE_CALENDAR

    def week_limit(self, start: int) -> Answers:
        calendar = self.calendar
        if not self._joins_a_session(start) and is_full_week(start, calendar.starts, calendar.per_week, calendar.zone):
            yield AT_THE_CALENDAR

    def host_limit(self, start: int) -> Answers:
        for of in self.hosts():
            host, starts = of.host, [one.start for one in of.host.booked]
            if start in host.seats_taken:
                continue
            if is_full_day(start, starts, host.per_day, host.zone):
                yield host.key, None
            if is_full_week(start, starts, host.per_week, host.zone):
                yield host.key, None

    def seats(self, start: int) -> Answers:
        for of in self.hosts():
            if of.host.seats_taken.get(start, 0) >= (self.calendar.seats or 1):
                yield of.host.key, None

    def round_robin_lead(self, start: int) -> Answers:
        for host in self.calendar.rotating:
            if self.slots.is_too_far_ahead(host, start):
                yield host.key, host.key

    def collective(self, start: int) -> Answers:
        for host in self.calendar.needed:
            if any(key == host.key for question in AT_A_HOST for key, _source in question(self, start)):
                yield None, host.key

    def no_host(self, _start: int) -> Answers:
        calendar = self.calendar
        nobody = not calendar.hosts if calendar.kind is Kind.COLLECTIVE else not calendar.rotating
        if nobody or any(host.is_away for host in calendar.needed):
            yield AT_THE_CALENDAR

    def inactive(self, _start: int) -> Answers:
        if not self.calendar.is_open:
            yield AT_THE_CALENDAR

    def stale(self, _start: int) -> Answers:
        for of in self.hosts():
            if of.host.stale is not None:
                yield of.host.key, of.host.stale

    def held(self, start: int) -> Answers:
        for of in self.hosts():
            yield from ((of.host.key, one.key) for one in of.host.held if self._meets(start, one))

    def _meets(self, start: int, one: Booked | Blocked) -> bool:
        return meet(range(start, start + self.calendar.duration), range(one.start, one.end))

    def _joins_a_session(self, start: int) -> bool:
        return any(start in host.seats_taken for host in self.calendar.hosts)


def meet(first: Iterable[int], second: range) -> bool:
    return any(minute in second for minute in first)


def shut_points(of: HostByMinutes) -> set[int]:
    return points_of([shut.minutes for shut in of.replaced], of.calendar.interval)


# LOOK_BUSY is missing: it forbids nothing, and the calendar's page alone asks for it
QUESTIONS = {code: getattr(ReasonsByMinutes, code.value.lower()) for code in ReasonCode if code.forbids}
OF_THE_CALENDAR = ["PAST", "NOTICE", "HORIZON", "DAY_LIMIT", "WEEK_LIMIT", "COLLECTIVE", "NO_HOST", "INACTIVE"]
AT_A_HOST = [question for code, question in QUESTIONS.items() if code not in OF_THE_CALENDAR]
