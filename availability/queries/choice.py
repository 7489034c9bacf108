"""Who of the free hosts gets an appointment, and the record of it (T4–T8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from accounts.models import Member
from availability.core.assignment import Candidate, DecidingRule, Mode, choose
from availability.core.intervals import instant
from availability.models import Assignment, Calendar, CalendarMember, CalendarType
from availability.queries.judge import Judgement


@dataclass(frozen=True, slots=True)
class Chosen:
    """``key`` is the member who answers for the appointment, ``keys`` all who give their time, that one first."""

    key: int
    keys: tuple[int, ...]
    rule: DecidingRule
    considered: tuple[Candidate, ...]


def choose_host(calendar: Calendar, seen: Judgement, starts_at: datetime, prefer: Member | None) -> Chosen | None:
    """The lead of a collective with everybody, else the best of the free hosts with the fixed ones; None: nobody."""
    if calendar.type == CalendarType.COLLECTIVE:
        return _everybody(calendar, seen)
    if not seen.free:
        return None
    candidates = _candidates(calendar, seen, starts_at)
    mode = Mode.EQUAL if calendar.shares_equally else Mode.AVAILABILITY
    choice = choose(candidates, mode, prefer=prefer.pk if prefer else None)
    rule = DecidingRule.NAMED if seen.live.named is not None else choice.rule
    key = int(str(choice.chosen.key))
    return Chosen(key, (key, *seen.live.needed), rule, choice.considered)


def record_of(seen: Judgement, chosen: Chosen, start: int) -> list[dict[str, Any]]:
    """Everybody who was looked at: the considered ones in order, then the others with what stood against them."""
    considered = [
        {
            "member": one.key,
            "priority": one.priority,
            "last_booked_at": one.last_booked_at,
            "booked": one.booked,
            "reasons": [],
        }
        for one in chosen.considered
    ]
    known = {one["member"] for one in considered}
    counts = _counts(seen, start)
    others = [
        {"member": key, "booked": counts.get(key, 0), "reasons": sorted({reason.code.value for reason in reasons})}
        for key, reasons in seen.verdict.hosts.items()
        if key not in known
    ]
    return considered + others


def _everybody(calendar: Calendar, seen: Judgement) -> Chosen | None:
    lead = CalendarMember.objects.filter(calendar=calendar, is_lead=True).values_list("member_id", flat=True).first()
    keys = tuple(seen.live.hosts)
    if not keys:
        return None
    key = lead if lead in keys else keys[0]
    others = tuple(one for one in keys if one != key)
    return Chosen(key, (key, *others), DecidingRule.EVERYBODY, tuple(Candidate(one, 0) for one in (key, *others)))


def _candidates(calendar: Calendar, seen: Judgement, starts_at: datetime) -> Sequence[Candidate]:
    """The free ones in team order, weighed only where there is something to weigh."""
    free = seen.free
    counts = _counts(seen, instant(starts_at))
    if len(free) == 1 or calendar.shares_equally:
        return [Candidate(key, 0, None, counts.get(key, 0)) for key in free]
    places = CalendarMember.objects.filter(calendar=calendar, member__in=free)
    priorities = dict(places.values_list("member_id", "priority"))
    booked = Assignment.objects.filter(calendar=calendar, member__in=free).values_list("member")
    last = dict(booked.annotate(Max("assigned_at")).order_by())
    return [Candidate(key, priorities[key], instant(last[key]) if key in last else None) for key in free]


def _counts(seen: Judgement, start: int) -> dict[int, int]:
    for month in seen.live.months:
        if start in range(*month.interval):
            return dict(month.counts)
    return {}
