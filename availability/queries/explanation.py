"""Why each start of a day is on offer or not, with everything that stands behind it (A10, U2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Max

from accounts.models import Member
from availability.core.assignment import Candidate, DecidingRule, Mode, choose
from availability.core.clock import Reach
from availability.core.explain import Verdict, explain
from availability.core.hours import day_span
from availability.core.intervals import Interval, instant
from availability.core.look_busy import hides
from availability.core.offer import Gathering, Live
from availability.core.rules import Reason, ReasonCode
from availability.core.verdict_lines import Bar, Line, Piece, axis, bar_of, hours_on, in_lines, marks, piece_on
from availability.models import Assignment, Calendar, CalendarType
from availability.queries.explanation_reasons import Telling, Told
from availability.queries.explanation_sources import Person, people_of, sources_behind
from availability.queries.hosts import times_of
from availability.queries.live import read
from availability.queries.settings import rules_of
from availability.queries.slots import counted_with

# of a day on which nothing could begin, only what holds for the whole of it
_OF_WHOLE_DAYS = frozenset(
    (
        *(ReasonCode.INACTIVE, ReasonCode.PAST, ReasonCode.NOTICE, ReasonCode.HORIZON, ReasonCode.NO_HOST),
        *(ReasonCode.HOURS, ReasonCode.OVERRIDE, ReasonCode.HOLIDAY, ReasonCode.CLOSED, ReasonCode.STALE),
    )
)


@dataclass(frozen=True, slots=True)
class Free:
    """Why a start can be booked: who of how many is free, and who of them would get it by which rule.

    ``gets`` is None where all take part. ``fixed``: who takes part as well. ``seats_left`` is None but for classes.
    """

    hosts: tuple[Person, ...]
    out_of: int
    gets: Person | None
    rule: DecidingRule
    fixed: tuple[Person, ...] = ()
    seats_left: int | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What equal neighbours have in common: all reasons, and ``free`` where a booking would be taken."""

    is_offered: bool
    reasons: tuple[Told, ...]
    free: Free | None = None

    @property
    def of_everybody(self) -> tuple[Told, ...]:
        return tuple(one for one in self.reasons if one.host is None)

    @property
    def at_hosts(self) -> tuple[Told, ...]:
        return tuple(one for one in self.reasons if one.host is not None)

    @property
    def hosts_in_the_way(self) -> int:
        return len({one.host for one in self.at_hosts})


@dataclass(frozen=True, slots=True)
class Mark:
    """A candidate in the bar; ``line`` is the first start of the line that explains it."""

    start: int
    line: int
    is_offered: bool
    drawn: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class DayExplanation:
    """One day of one calendar. Instants are epoch seconds, to be shown in ``zone``.

    ``host``: the one the customer asks for. ``nothing``: if there are no candidates at all, why. ``weighed``: of how
    many hosts each start depends; ``bars`` are of those whose day the reader may see.
    """

    calendar: Calendar
    day: date
    zone: ZoneInfo
    span: Interval
    reader: Member
    host: Person | None
    reach: Reach
    hosts: tuple[Person, ...]
    lines: tuple[Line[Explained], ...]
    nothing: Explained | None
    weighed: int
    bars: tuple[tuple[Person, Bar], ...]
    marks: tuple[Mark, ...]

    @property
    def offered(self) -> int:
        return sum(line.number for line in self.lines if line.told.is_offered)

    @property
    def refused(self) -> int:
        return sum(line.number for line in self.lines if not line.told.is_offered)

    @property
    def axis(self) -> Piece:
        opened = (part.drawn for _person, bar in self.bars for part in bar.opened)
        return axis((*opened, *(mark.drawn for mark in self.marks)))

    @property
    def hours(self) -> tuple[int, ...]:
        return hours_on(self.axis)


def explain_day(
    calendar: Calendar,
    *,
    day: date,
    zone: ZoneInfo,
    now: datetime,
    reader: Member,
    host: Member | None,
) -> DayExplanation:
    """Every candidate of the local date ``day`` with all its reasons, as far as ``reader`` may know them.

    ``reader`` is a member of the calendar's account, ``host`` somebody who serves it or None for whoever is free.
    Ten queries at most. ``ValueError`` for a date that the zone skips.
    """
    telling, candidates, otherwise = _told(calendar, day_span(day, zone), now=now, reader=reader, host=host)
    people = telling.sources.people
    weighing = _weighing(calendar, telling.live, people)
    explained = ((one.start, _explained(one, telling, weighing, calendar)) for one in candidates)
    lines = in_lines(explained, telling.rules.interval)
    return DayExplanation(
        calendar=calendar,
        day=day,
        zone=zone,
        span=telling.day,
        reader=reader,
        host=people.get(host.pk) if host else None,
        reach=telling.live.reach,
        hosts=tuple(people.values()),
        lines=lines,
        nothing=_nothing(otherwise, telling) if otherwise else None,
        weighed=len(_weighed(telling.live)),
        bars=_bars(telling, zone),
        marks=tuple(_marks(lines, [one.start for one in candidates], telling, zone)),
    )


class _Read(NamedTuple):
    """``otherwise``: the last second of a day that has no candidates, judged like one."""

    telling: Telling
    candidates: tuple[Verdict, ...]
    otherwise: Verdict | None


def _told(calendar: Calendar, span: Interval, *, now: datetime, reader: Member, host: Member | None) -> _Read:
    people = people_of(calendar, reader=reader)
    counted = counted_with(calendar, span, now)
    whole = Interval(min(counted.start, span.start), max(counted.end, span.end))
    live = read(calendar, whole, now=now, named=host, only=people).live
    times = times_of(calendar, whole, only=people)
    rules = rules_of(calendar)
    last = span.end - 1
    candidates = explain(times, live, rules, span)
    otherwise = () if candidates else explain(times, live, rules, Interval(last, span.end), also=(last,))
    sources = sources_behind(_all_reasons((*candidates, *otherwise)), people=people, reader=reader)
    return _Read(Telling(times, live, rules, span, sources), candidates, otherwise[0] if otherwise else None)


@dataclass(frozen=True, slots=True)
class _Weighing:
    """What the hosts one of whom is enough are weighed by (T4, T5); ``last`` is when they were assigned last."""

    is_equal: bool
    live: Live
    people: Mapping[int, Person]
    last: Mapping[int, datetime]

    def best_of(self, free: Sequence[int], start: int) -> tuple[Person, DecidingRule]:
        counts = next((month.counts for month in self.live.months if start in range(*month.interval)), {})
        candidates = [self._candidate(key, counts.get(key, 0)) for key in free]
        choice = choose(candidates, Mode.EQUAL if self.is_equal else Mode.AVAILABILITY)
        rule = DecidingRule.NAMED if self.live.named is not None else choice.rule
        return self.people[int(str(choice.chosen.key))], rule

    def _candidate(self, key: int, booked: int) -> Candidate:
        last = self.last.get(key)
        return Candidate(key, self.people[key].priority, instant(last) if last else None, booked)


def _weighing(calendar: Calendar, live: Live, people: Mapping[int, Person]) -> _Weighing:
    last = {}
    if len(live.rotating) > 1 and not calendar.shares_equally:
        assigned = Assignment.objects.filter(calendar=calendar, member__in=live.rotating).values_list("member")
        last = dict(assigned.annotate(Max("assigned_at")).order_by())
    return _Weighing(calendar.shares_equally, live, people, last)


def _all_reasons(verdicts: Iterable[Verdict]) -> Iterator[Reason]:
    for verdict in verdicts:
        yield from verdict.reasons
        for reasons in verdict.hosts.values():
            yield from reasons


def _explained(verdict: Verdict, telling: Telling, weighing: _Weighing, calendar: Calendar) -> Explained:
    reasons = tuple(telling.all_of(verdict))
    can_hide = calendar.look_busy and calendar.type != CalendarType.CLASS
    is_hidden = bool(can_hide and hides(calendar.pk, verdict.start, calendar.look_busy))
    if is_hidden:
        reasons = (Told(ReasonCode.LOOK_BUSY), *reasons)
    free = _free(verdict, weighing) if verdict.is_open else None
    return Explained(is_offered=verdict.is_open and not is_hidden, reasons=reasons, free=free)


def _free(verdict: Verdict, weighing: _Weighing) -> Free:
    live, people = weighing.live, weighing.people
    if live.gathering is Gathering.ALL:
        everybody = tuple(people[key] for key in live.hosts)
        return Free(everybody, len(everybody), None, DecidingRule.EVERYBODY)
    free = [key for key in live.rotating if not verdict.hosts[key]]
    gets, rule = weighing.best_of(free, verdict.start)
    return Free(
        hosts=tuple(people[key] for key in free),
        out_of=len(live.rotating),
        gets=gets,
        rule=rule,
        fixed=tuple(people[key] for key in live.needed),
        seats_left=live.hosts[gets.pk].seats_left.get(verdict.start, live.seats),
    )


def _nothing(verdict: Verdict, telling: Telling) -> Explained:
    """An appointment from its last second on would reach into the next day, whose closures do not count here."""
    reasons = (one for one in telling.all_of(verdict) if one.code in _OF_WHOLE_DAYS)
    of_today = (one for one in reasons if one.interval is None or telling.day.overlaps(one.interval))
    return Explained(is_offered=False, reasons=tuple(of_today))


def _weighed(live: Live) -> tuple[int, ...]:
    """In team order."""
    counted = {*live.needed, *live.rotating}
    return tuple(key for key in live.hosts if key in counted)


def _bars(telling: Telling, zone: ZoneInfo) -> tuple[tuple[Person, Bar], ...]:
    """What fills a colleague's day is not for staff to see (P2)."""
    people, live = telling.sources.people, telling.live
    return tuple(
        (people[key], bar_of(telling.times[key], live.hosts[key].held, telling.rules, telling.day, zone))
        for key in _weighed(live)
        if people[key].is_open
    )


def _marks(lines: Iterable[Line[Explained]], starts: Sequence[int], telling: Telling, zone: ZoneInfo) -> Iterator[Mark]:
    """``starts`` are those of the lines, in order."""
    places = marks(starts, telling.rules.interval)
    for line in lines:
        for start, end in islice(places, line.number):
            drawn = piece_on(telling.day, (start, end), zone)
            if drawn is not None:
                yield Mark(start, line.first, line.told.is_offered, drawn)
