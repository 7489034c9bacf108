"""What the core must know of each host of a calendar: hours, time taken, busy time, whether it can be trusted.

Five queries, however many hosts and days. Instants are whole seconds since the epoch: starts are rounded down and
ends up, so that rounding never offers time that is taken.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from accounts.models import Member
from availability.core.hours import DayHours, Window, windows_around
from availability.core.intervals import Interval, instant, moment
from availability.core.rules import Reason, ReasonCode, reasons_against
from availability.core.slots import Busy, SlotRules, Taken, open_starts
from availability.models import BlockingSource, Calendar, CalendarMember, WeeklyHours, WhenStale
from availability.models.calendar import LONGEST_BUFFER

# a calendar that was never read blocks for this long at most (Y15)
FIRST_READ_PATIENCE = timedelta(minutes=15)
_REACH = int(LONGEST_BUFFER.total_seconds())

_TAKEN = """
    SELECT user_id, floor(extract(epoch FROM starts_at))::bigint, ceil(extract(epoch FROM ends_at))::bigint,
           extract(epoch FROM buffer_before)::int, extract(epoch FROM buffer_after)::int, uid
      FROM availability_hosttime
     WHERE user_id = ANY(%s) AND ends_at > %s AND starts_at < %s
       AND (expires_at IS NULL OR expires_at > now()) AND uid IS DISTINCT FROM %s::uuid
"""
_BUSY = """
    SELECT blocking.member_id, floor(extract(epoch FROM busy.start))::bigint,
           ceil(extract(epoch FROM busy."end"))::bigint, busy.id
      FROM availability_busytime busy JOIN availability_blockingsource blocking USING (source_id)
     WHERE blocking.member_id = ANY(%s) AND busy.user_id = ANY(%s) AND busy."end" > %s AND busy.start < %s
       AND busy.blocks
"""


@dataclass(frozen=True, slots=True)
class Host:
    """A calendar's member with everything that opens and closes their time, in epoch seconds."""

    member: Member
    priority: int
    rules: SlotRules
    windows: tuple[Window, ...]
    taken: tuple[Taken, ...]
    busy: tuple[Busy, ...]
    stale_source: int | None

    def open_starts(self, span: Interval, *, now: int) -> tuple[int, ...]:
        if self.stale_source is not None:
            return ()
        return open_starts(
            windows=self.windows,
            taken=self.taken,
            busy=self.busy,
            rules=self.rules,
            span=span,
            earliest=self.rules.earliest(now),
            latest=self.rules.latest(now),
        )

    def reasons_against(self, start: int, *, now: int) -> tuple[Reason, ...]:
        stale = () if self.stale_source is None else (Reason(ReasonCode.STALE, self.stale_source),)
        return stale + reasons_against(
            start,
            windows=self.windows,
            taken=self.taken,
            busy=self.busy,
            rules=self.rules,
            now=now,
            earliest=self.rules.earliest(now),
            latest=self.rules.latest(now),
        )


def rules_of(calendar: Calendar) -> SlotRules:
    return SlotRules(
        duration=_seconds(calendar.duration),
        interval=_seconds(calendar.interval),
        buffer_before=_seconds(calendar.buffer_before),
        buffer_after=_seconds(calendar.buffer_after),
        notice=_seconds(calendar.minimum_notice),
        horizon=calendar.horizon_days * 86_400,
    )


def hosts_of(
    calendar: Calendar,
    *,
    span: Interval,
    now: datetime,
    only: Member | None = None,
    besides: object = None,
) -> tuple[Host, ...]:
    """The hosts in team order, with all that matters for starts within ``span``.

    ``only`` narrows to one member; host time of the taker ``besides`` is looked through (for moving it).
    """
    places = list(_places(calendar, only))
    rules = rules_of(calendar)
    users = [place.member.user_id for place in places]
    members = [place.member_id for place in places]
    near = (moment(span.start - _REACH), moment(span.end + rules.duration + _REACH))
    windows = _windows(places, span, rules.duration)
    taken = _taken(users, near, besides)
    busy = _busy(members, users, near) if calendar.looks_outside else {}
    stale = _stale(members, now) if calendar.looks_outside else {}
    return tuple(
        Host(
            member=place.member,
            priority=place.priority,
            rules=rules,
            windows=windows.get(place.pk, ()),
            taken=tuple(taken.get(place.member.user_id, ())),
            busy=tuple(busy.get(place.member_id, ())),
            stale_source=stale.get(place.member_id),
        )
        for place in places
    )


def _places(calendar: Calendar, only: Member | None) -> Iterable[CalendarMember]:
    places = CalendarMember.objects.filter(calendar=calendar, member__user__is_active=True)
    places = places.select_related("member__user").order_by("pk")
    return places.filter(member=only) if only else places


def _windows(places: Collection[CalendarMember], span: Interval, duration: int) -> dict[int, tuple[Window, ...]]:
    """The windows of each place: those of the schedule chosen for it, else of the member's default."""
    chosen = [place.schedule_id for place in places if place.schedule_id]
    by_default = [place.member_id for place in places if not place.schedule_id]
    rows = WeeklyHours.objects.filter(
        Q(schedule__in=chosen) | Q(schedule__member__in=by_default, schedule__is_default=True)
    ).select_related("schedule")
    hours: dict[int, list[DayHours]] = defaultdict(list)
    schedules: dict[int, int] = {}
    zones: dict[int, ZoneInfo] = {}
    for row in rows:
        hours[row.schedule_id].append(DayHours(row.weekday, row.opens_minute, row.closes_minute))
        zones[row.schedule_id] = ZoneInfo(str(row.schedule.time_zone))
        if row.schedule.is_default:
            schedules[row.schedule.member_id] = row.schedule_id
    opened = {key: windows_around(tuple(days), zones[key], span, duration=duration) for key, days in hours.items()}
    return {place.pk: opened.get(place.schedule_id or schedules.get(place.member_id, 0), ()) for place in places}


def _taken(users: list[int], near: tuple[datetime, datetime], besides: object) -> dict[int, list[Taken]]:
    taken: dict[int, list[Taken]] = defaultdict(list)
    for user, start, end, before, after, uid in _rows(_TAKEN, [users, *near, besides]):
        taken[user].append(Taken(start, end, before, after, uid))
    return taken


def _busy(members: list[int], users: list[int], near: tuple[datetime, datetime]) -> dict[int, list[Busy]]:
    busy: dict[int, list[Busy]] = defaultdict(list)
    for member, start, end, key in _rows(_BUSY, [members, users, *near]):
        busy[member].append(Busy(start, end, key))
    return busy


def _stale(members: list[int], now: datetime) -> dict[int, int]:
    """Members whose time may not be given away now, with the source that cannot be trusted."""
    blocking = BlockingSource.objects.filter(member__in=members).select_related("source")
    return {one.member_id: one.source_id for one in blocking if _is_stale(one, now)}


def _is_stale(blocking: BlockingSource, now: datetime) -> bool:
    read_at = blocking.source.read_at
    if read_at is None and now - blocking.source.asked_at < FIRST_READ_PATIENCE:
        return True
    outdated = read_at is None or now - read_at > blocking.stale_after
    return outdated and blocking.when_stale == WhenStale.BLOCK


def _rows(statement: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def span_of(start: datetime, end: datetime) -> Interval | None:
    """``[start, end)`` in whole seconds, rounded up; None where nothing is left of it."""
    first, last = (instant(at) + bool(at.microsecond) for at in (start, end))
    return Interval(first, last) if first < last else None
