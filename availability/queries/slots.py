"""The slots on offer, computed from live rows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Member
from availability.core.intervals import instant, moment
from availability.models import Calendar
from availability.queries.hosts import hosts_of, span_of

_STEP = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Slot:
    """A start on offer, and the members who are free then, in team order. Instants are aware and in UTC."""

    starts_at: datetime
    ends_at: datetime
    hosts: tuple[Member, ...]


def open_slots(
    calendar: Calendar, *, start: datetime, end: datetime, now: datetime, host: Member | None = None
) -> tuple[Slot, ...]:
    """Slots that start within ``[start, end)``, soonest first; with ``host`` only theirs.

    Five queries, for any number of days and hosts.
    """
    start, end = max(start, now), min(end, now + timedelta(days=calendar.horizon_days))
    span = span_of(start, end)
    if calendar.switched_off_at or span is None:
        return ()
    free: dict[int, list[Member]] = defaultdict(list)
    for one in hosts_of(calendar, span=span, now=now, only=host):
        for at in one.open_starts(span, now=instant(now)):
            free[at].append(one.member)
    return tuple(Slot(moment(at), moment(at) + calendar.duration, tuple(free[at])) for at in sorted(free))


def next_slots(
    calendar: Calendar, *, after: datetime, now: datetime, count: int, host: Member | None = None
) -> tuple[Slot, ...]:
    """The first ``count`` slots from ``after`` on, looked for month by month up to the horizon."""
    found: list[Slot] = []
    start, last = max(after, now), now + timedelta(days=calendar.horizon_days)
    while start < last and len(found) < count:
        found += open_slots(calendar, start=start, end=start + _STEP, now=now, host=host)
        start += _STEP
    return tuple(found[:count])
