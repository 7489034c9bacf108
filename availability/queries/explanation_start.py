"""Why a single start cannot be had, with everything that stands behind it, and at whom it could be taken knowingly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Member
from availability.core.against import fingerprint
from availability.core.explain import Verdict, explain
from availability.core.hours import day_span
from availability.core.intervals import Interval, instant
from availability.core.offer import Live
from availability.core.rules import HostTimes, Reason, ReasonCode
from availability.core.verdict_lines import Line
from availability.models import Calendar, CalendarType
from availability.queries.explanation import DayExplanation, Explained
from availability.queries.explanation_reasons import Telling
from availability.queries.explanation_sources import people_of, sources_behind
from availability.queries.hosts import times_of
from availability.queries.live import read
from availability.queries.settings import rules_of
from availability.queries.slots import counted_with
from availability.queries.taking_part import places_of, taking_part

_A_SESSION_NEEDS = (ReasonCode.SEATS, ReasonCode.BOOKED, ReasonCode.HELD)


@dataclass(frozen=True, slots=True)
class Way:
    """The start taken with ``host`` (None: with everybody). ``seen``: the fingerprint of what stands against it there.

    ``obstacle``: what nobody can overbook, a class without a seat left or begun beside another appointment.
    """

    host: Member | None
    seen: str
    obstacle: ReasonCode | None


@dataclass(frozen=True, slots=True)
class StartExplanation:
    """``shown`` has one line, that of the start. Without ``ways`` nobody can take it at all."""

    shown: DayExplanation
    told: Explained
    ways: tuple[Way, ...]

    @property
    def can_be_taken(self) -> bool:
        return any(way.obstacle is None for way in self.ways)


class _Judged(NamedTuple):
    times: Mapping[int, HostTimes]
    live: Live
    verdict: Verdict

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return (*self.verdict.reasons, *(reason for each in self.verdict.hosts.values() for reason in each))


def explain_start(
    calendar: Calendar,
    starts_at: datetime,
    *,
    zone: ZoneInfo,
    now: datetime,
    reader: Member,
    host: Member | None,
    besides: UUID | None = None,
) -> StartExplanation:
    """One start, which may lie anywhere, with all its reasons, as far as ``reader`` may know them.

    ``host`` as in ``explain_day``, ``besides`` as in ``open_slots``. Instants are shown in ``zone``.
    """
    day = starts_at.astimezone(zone).date()
    people = people_of(calendar, reader=reader)
    judged = _judge(calendar, starts_at, day_span(day, zone), now=now, host=host, besides=besides)
    sources = sources_behind(judged.reasons, people=people, reader=reader)
    telling = Telling(judged.times, judged.live, rules_of(calendar), day_span(day, zone), sources)
    verdict = judged.verdict
    told = Explained(is_offered=verdict.is_open, reasons=tuple(telling.all_of(verdict)))
    shown = DayExplanation(
        calendar=calendar,
        day=day,
        zone=zone,
        span=telling.day,
        reader=reader,
        host=people.get(host.pk) if host else None,
        reach=telling.live.reach,
        hosts=tuple(people.values()),
        lines=(Line(verdict.start, verdict.start, 1, told),),
        nothing=None,
        weighed=len({*telling.live.needed, *telling.live.rotating}),
        bars=(),
        marks=(),
    )
    return StartExplanation(shown, told, _ways(calendar, verdict, host))


def _judge(
    calendar: Calendar,
    starts_at: datetime,
    day: Interval,
    *,
    now: datetime,
    host: Member | None,
    besides: UUID | None,
) -> _Judged:
    """All that is known of the whole day, and the one start."""
    start = instant(starts_at)
    wanted = Interval(start, start + 1)
    counted = counted_with(calendar, wanted, now)
    whole = Interval(min(counted.start, day.start), max(counted.end, day.end))
    live = read(calendar, whole, now=now, named=host, besides=besides).live
    times = times_of(calendar, whole, besides=besides)
    (verdict,) = explain(times, live, rules_of(calendar), wanted, also=(start,))
    return _Judged(times, live, verdict)


def _ways(calendar: Calendar, verdict: Verdict, host: Member | None) -> tuple[Way, ...]:
    """With the ``host`` who is asked for; else with each of those one of whom is enough."""
    places = places_of(calendar)
    one_is_enough = host is None and calendar.type != CalendarType.COLLECTIVE
    choices = [place.member for place in places] if one_is_enough else [host]
    ways = []
    for chosen in choices:
        if keys := [place.member_id for place in taking_part(calendar, places, chosen)]:
            ways.append(Way(chosen, fingerprint(verdict, keys), _obstacle(calendar, verdict, keys[0])))
    return tuple(ways)


def _obstacle(calendar: Calendar, verdict: Verdict, key: int) -> ReasonCode | None:
    if calendar.type != CalendarType.CLASS:
        return None
    found = {reason.code for reason in verdict.hosts.get(key, ())}
    return next((code for code in _A_SESSION_NEEDS if code in found), None)
