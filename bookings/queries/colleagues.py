"""Who could take the appointments of somebody who cannot come, at the same time on the same calendar."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Max

from accounts.models import Member
from availability.core.against import fingerprint
from availability.core.assignment import Candidate, Mode, choose
from availability.core.explain import Verdict, explain
from availability.core.intervals import Interval, instant
from availability.core.offer import Live
from availability.core.rules import Reason, ReasonCode
from availability.models import Assignment, Calendar, CalendarMember, CalendarType
from availability.queries.hosts import times_of
from availability.queries.judge import judge
from availability.queries.live import read
from availability.queries.settings import rules_of
from availability.queries.taking_part import places_of, taking_part
from bookings.models import Appointment

# what an appointment that is booked already need not fear when only its host changes: it was in time, it is counted,
# and whoever must join is looked at for themselves
_PASSABLE = frozenset(
    (
        ReasonCode.NOTICE,
        ReasonCode.HORIZON,
        ReasonCode.INACTIVE,
        ReasonCode.DAY_LIMIT,
        ReasonCode.WEEK_LIMIT,
        ReasonCode.ROUND_ROBIN_LEAD,
        ReasonCode.COLLECTIVE,
        ReasonCode.LOOK_BUSY,
    )
)


def could_give(calendar: Calendar, places: Collection[CalendarMember], absent: Member) -> tuple[CalendarMember, ...]:
    """The places of those who may take what ``absent`` has on this calendar; none where all are needed."""
    if calendar.type == CalendarType.COLLECTIVE:
        return ()
    fixed = {place.member_id for place in places if place.is_fixed and calendar.type == CalendarType.ROUND_ROBIN}
    if absent.pk in fixed:
        return ()
    others = (place for place in places if place.member_id not in {absent.pk, *fixed})
    return tuple(place for place in others if place.member.user.is_active and place.member.left_at is None)


def colleagues_for(
    calendar: Calendar, appointments: Sequence[Appointment], *, absent: Member, now: datetime
) -> Mapping[int, tuple[Member, ...]]:
    """By appointment, who is free for it: first whoever the calendar would choose.

    A handful of queries for any number of appointments of one calendar.
    """
    places = could_give(calendar, places_of(calendar), absent)
    if not places or not appointments:
        return {}
    starts = [instant(one.starts_at) for one in appointments]
    span = Interval(min(starts), max(starts) + 1)
    live = read(calendar, span, now=now).live
    times = times_of(calendar, span)
    # how far somebody is ahead is weighed below; it forbids nothing here
    judged = replace(live, months=())
    order = _Order(calendar, places, live)
    found = {}
    for one, start in sorted(zip(appointments, starts, strict=True), key=lambda pair: pair[1]):
        (verdict,) = explain(times, judged, rules_of(calendar), Interval(start, start + 1), also=(start,))
        free = [place for place in places if _is_free(verdict, place.member_id)]
        found[one.pk] = order.of(free, start)
    return found


def passable(appointment: Appointment, to: Member, *, now: datetime) -> str | None:
    """The fingerprint of what stands against giving it to ``to``; None if something does that must not be passed."""
    calendar, start = appointment.calendar, appointment.starts_at
    verdict = judge(calendar, start, now=now, host=to, besides=appointment.uid).verdict
    keys = [place.member_id for place in taking_part(calendar, places_of(calendar), to)]
    against = (*verdict.reasons, *(reason for key in keys for reason in verdict.hosts.get(key, ())))
    if not keys or any(_is_hard(reason) for reason in against):
        return None
    return fingerprint(verdict, keys)


def _is_free(verdict: Verdict, member: int) -> bool:
    return not any(_is_hard(reason) for reason in (*verdict.reasons, *verdict.hosts.get(member, (_NOBODY,))))


_NOBODY = Reason(ReasonCode.NO_HOST)


def _is_hard(reason: Reason) -> bool:
    return reason.code not in _PASSABLE


class _Order:
    """The order in which a calendar would choose (T4, T5), going on as if each first one got the appointment."""

    def __init__(self, calendar: Calendar, places: Collection[CalendarMember], live: Live) -> None:
        self._mode = Mode.EQUAL if calendar.shares_equally else Mode.AVAILABILITY
        self._live = live
        self._members = {place.member_id: place for place in places}
        booked = Assignment.objects.filter(calendar=calendar, member__in=self._members).values_list("member")
        self._last = {member: instant(at) for member, at in booked.annotate(Max("assigned_at")).order_by()}
        self._given: defaultdict[int, int] = defaultdict(int)

    def of(self, free: Sequence[CalendarMember], start: int) -> tuple[Member, ...]:
        if not free:
            return ()
        counts = next((month.counts for month in self._live.months if start in range(*month.interval)), {})
        choice = choose([self._candidate(place, counts) for place in free], self._mode)
        keys = [int(str(one.key)) for one in choice.considered]
        self._given[keys[0]] += 1
        self._last[keys[0]] = max(self._last.values(), default=0) + 1
        return tuple(self._members[key].member for key in keys)

    def _candidate(self, place: CalendarMember, counts: Mapping[int, int]) -> Candidate:
        key = place.member_id
        return Candidate(key, place.priority, self._last.get(key), counts.get(key, 0) + self._given[key])
