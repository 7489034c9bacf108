"""How the bookings of a round robin fell to its hosts (U4): figures for each host, and the record of each decision."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.models import Member
from availability.core.assignment import DecidingRule
from availability.core.hours import midnight
from availability.core.intervals import moment
from availability.core.rules import ReasonCode
from availability.models import Assignment, Calendar, CalendarMember, CalendarType
from availability.queries.assignments import AssignmentRecord, last_assignments, records_of
from availability.queries.calendars import calendars_of
from availability.queries.settings import zone_of
from bookings.core.fair_shares import Decision, Share, shares_of
from bookings.models import Appointment

# nobody was weighed: the host was asked for
_ASKED_FOR = {DecidingRule.NAMED, DecidingRule.OVERBOOKED, DecidingRule.EVERYBODY}


@dataclass(frozen=True, slots=True)
class Period:
    """Days by the clock of the account, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class HostLine:
    """Figures of one host. ``bar`` and ``mark`` are per cent of the longest: what they got, what is even."""

    name: str
    serves: bool
    share: Share
    total: int
    cancelled: int
    longest: float

    @property
    def per_cent(self) -> float:
        return 100 * self.share.booked / self.total if self.total else 0.0

    @property
    def even_per_cent(self) -> float:
        return 100 * self.share.even / self.total if self.total else 0.0

    @property
    def bar(self) -> int:
        return round(100 * self.share.booked / self.longest) if self.longest else 0

    @property
    def mark(self) -> int:
        return round(100 * self.share.even / self.longest) if self.longest else 0


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment and why it went to its host; None where nothing is on record."""

    appointment: Appointment
    assignment: Assignment | None


@dataclass(frozen=True, slots=True)
class Line:
    appointment: Appointment
    record: AssignmentRecord | None


@dataclass(frozen=True, slots=True)
class Report:
    """``booked``: all of the period, the latest first. ``total`` leaves out what was called off."""

    hosts: Sequence[HostLine]
    booked: Sequence[Booked]
    total: int

    @property
    def called_off(self) -> int:
        return len(self.booked) - self.total


def round_robins_of(member: Member) -> list[Calendar]:
    """Those the member may read the report of: nobody's but a manager's."""
    if not member.manages:
        return []
    return [calendar for calendar in calendars_of(member) if calendar.type == CalendarType.ROUND_ROBIN]


def fairness_of(calendar: Calendar, period: Period) -> Report:
    """What begins in the period; four queries."""
    booked = _booked(calendar, period)
    standing = [one for one in booked if one.appointment.is_active]
    places = CalendarMember.objects.filter(calendar=calendar, is_fixed=False).order_by("position", "pk")
    serving = list(places.values_list("member_id", flat=True))
    shares = shares_of((_decision(one, equal=calendar.shares_equally) for one in standing), hosts=serving)
    off = Counter(one.appointment.host_id for one in booked if not one.appointment.is_active)
    return Report(_host_lines(shares, off, serving=serving, total=len(standing)), booked, len(standing))


def lines_of(booked: Collection[Booked]) -> list[Line]:
    """With the records in words; one query."""
    records = records_of([one.assignment for one in booked if one.assignment])
    return [Line(one.appointment, records.get(one.appointment.uid)) for one in booked]


def _booked(calendar: Calendar, period: Period) -> list[Booked]:
    zone = zone_of(calendar)
    begins, ends = (moment(midnight(day, zone)) for day in (period.first, period.last + timedelta(days=1)))
    found = Appointment.objects.filter(calendar=calendar, starts_at__gte=begins, starts_at__lt=ends)
    appointments = list(found.select_related("host__user").order_by("-starts_at", "-pk"))
    assignments = last_assignments([one.uid for one in appointments])
    return [Booked(one, assignments.get(one.uid)) for one in appointments]


def _decision(one: Booked, *, equal: bool) -> Decision:
    host, assignment = one.appointment.host_id, one.assignment
    if assignment is None or assignment.rule in _ASKED_FOR:
        return Decision(host, (host,))
    weighed = [entry for entry in assignment.candidates if "priority" in entry]
    others = [entry for entry in assignment.candidates if "priority" not in entry and entry["reasons"]]
    passed_over = tuple(entry["member"] for entry in others)
    ahead = tuple(entry["member"] for entry in others if ReasonCode.ROUND_ROBIN_LEAD in entry["reasons"])
    could = (*_weighed_alike(weighed), *(passed_over if _shared_equally(weighed, equal=equal) else ()))
    return Decision(host, could or (host,), passed_over, ahead)


def _weighed_alike(weighed: Sequence[Mapping[str, Any]]) -> list[int]:
    """Those with the highest priority; where none has one, all."""
    highest = max((entry["priority"] for entry in weighed), default=0)
    return [entry["member"] for entry in weighed if entry["priority"] == highest]


def _shared_equally(weighed: Sequence[Mapping[str, Any]], *, equal: bool) -> bool:
    """In equal distribution who is passed over catches up, so that all share; else only who was free."""
    if any(entry["priority"] for entry in weighed):
        return False
    # one alone is never weighed by priority: the calendar knows
    return equal or len(weighed) > 1


def _host_lines(
    shares: Mapping[int, Share], off: Mapping[int, int], *, serving: Sequence[int], total: int
) -> list[HostLine]:
    members = Member.objects.filter(pk__in={*shares, *off}).select_related("user")
    names = {member.pk: str(member.user) for member in members}
    longest = max((max(share.booked, share.even) for share in shares.values()), default=0)
    order = [*serving, *sorted({*shares, *off} - set(serving), key=lambda key: names.get(key, ""))]
    return [
        HostLine(
            name=names[key],
            serves=key in serving,
            share=shares.get(key, Share()),
            total=total,
            cancelled=off.get(key, 0),
            longest=longest,
        )
        for key in order
        if key in names
    ]
