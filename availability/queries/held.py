"""How much of what a calendar offers is on no offer because of holds alone (B4)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from availability.core.intervals import Interval, instant, moment
from availability.core.offer import Live, offered
from availability.core.rules import HostTimes
from availability.models import Calendar, ClassSession
from availability.queries.hosts import times_of
from availability.queries.live import REACH, Reading, read
from availability.queries.settings import rules_of
from availability.queries.slots import counted_with, starts_by_host, within_reach


class HeldBack(NamedTuple):
    """``free``: the starts on offer if all holds are looked through; ``lost``: those of them that holds keep back."""

    free: int
    lost: int


def held_back(calendar: Calendar, *, start: datetime, end: datetime, now: datetime) -> HeldBack:
    """The starts within ``[start, end)``, whoever holds and on whichever calendar. Four queries.

    A session of a class that nobody has booked yet is a hold as well.
    """
    within = within_reach(calendar, start=start, end=end, now=now)
    if within is None:
        return HeldBack(0, 0)
    span = counted_with(calendar, within, now)
    reading, times, rules = read(calendar, span, now=now), times_of(calendar, span), rules_of(calendar)
    sessions = _sessions(reading.users.values(), span)

    def on_offer(times: Mapping[int, HostTimes], live: Live) -> set[int]:
        return {one.start for one in offered(starts_by_host(calendar, times, rules, span), live, rules, within)}

    free = on_offer(_without_held(times, sessions), _without_holds(calendar, reading, sessions))
    return HeldBack(len(free), len(free - on_offer(times, reading.live)))


def _sessions(users: Collection[int], span: Interval) -> list[ClassSession]:
    """The sessions near ``span``, with ``booked``: their seats that are not only held."""
    near = ClassSession.objects.filter(
        user__in=users, ends_at__gt=moment(span.start) - REACH, starts_at__lt=moment(span.end) + REACH
    )
    return list(near.annotate(booked=Count("places", filter=Q(places__expires_at=None))))


def _without_held(times: Mapping[int, HostTimes], sessions: Collection[ClassSession]) -> dict[int, HostTimes]:
    held = {str(session.uid) for session in sessions if not session.booked}  # type: ignore[attr-defined]
    return {
        member: replace(one, taken=tuple(taken for taken in one.taken if taken.key not in held))
        for member, one in times.items()
    }


def _without_holds(calendar: Calendar, reading: Reading, sessions: Collection[ClassSession]) -> Live:
    left: dict[int, dict[int, int]] = defaultdict(dict)
    for session in sessions:
        if session.calendar_id == calendar.pk and session.booked:  # type: ignore[attr-defined]
            left[session.user_id][instant(session.starts_at)] = session.seats - session.booked  # type: ignore[attr-defined]
    hosts = {
        member: replace(host, held=(), seats_left=left[reading.users[member]])
        for member, host in reading.live.hosts.items()
    }
    return replace(reading.live, hosts=hosts)
