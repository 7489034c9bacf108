"""Take time of a host for a taker. The promise is kept here: lock, look again, insert or lose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from accounts.models import Member
from availability.core.assignment import Candidate, Choice, choose
from availability.core.intervals import Interval, instant, moment
from availability.core.rules import Reason, ReasonCode
from availability.models import Assignment, Calendar, HostTime, HostTimeKind
from availability.queries.hosts import Host, hosts_of, rules_of
from availability.services.locks import lock_host

_TAKE = """
    INSERT INTO availability_hosttime
        (user_id, calendar_id, uid, kind, starts_at, ends_at, exclusive, buffer_before, buffer_after)
    VALUES (%s, %s, %s, %s, %s, %s, true, make_interval(secs => %s), make_interval(secs => %s))
    ON CONFLICT DO NOTHING RETURNING id
"""


class SlotTaken(Exception):
    """The time cannot be had. ``reasons`` says why, host by host; none of them names anybody's event."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(", ".join(self.codes))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reason.code.value for reason in self.reasons))


@dataclass(frozen=True, slots=True)
class Reserved:
    """Whose time was taken, and which."""

    member: Member
    starts_at: datetime
    ends_at: datetime


def reserve_time(
    calendar: Calendar,
    *,
    starts_at: datetime,
    uid: UUID,
    now: datetime,
    host: Member | None = None,
    prefer: Member | None = None,
) -> Reserved:
    """Give the time of one free host from ``starts_at`` on to the taker ``uid``, within the caller's transaction.

    ``host``: this member or nobody. ``prefer``: this one if free. Host time that ``uid`` has already is looked
    through and replaced. Raises SlotTaken with all reasons; nothing is changed then.
    """
    _refuse_outright(calendar, starts_at, now)
    hosts = _look(calendar, starts_at, uid, now, host)
    reasons = {one.member.pk: one.reasons_against(instant(starts_at), now=instant(now)) for one in hosts}
    free = [one for one in hosts if not reasons[one.member.pk]]
    while free:
        choice = _choose(calendar, free, prefer)
        chosen = next(one for one in free if one.member.pk == choice.chosen.key)
        lost = _try(calendar, chosen.member, starts_at, uid, now)
        if not lost:
            _record(calendar, choice, chosen.member, uid, now)
            return Reserved(chosen.member, starts_at, starts_at + calendar.duration)
        reasons[chosen.member.pk] = lost
        free.remove(chosen)
    raise SlotTaken(_flat(reasons.values()) or (Reason(ReasonCode.NO_HOST),))


def _refuse_outright(calendar: Calendar, starts_at: datetime, now: datetime) -> None:
    """What the calendar and the clock alone forbid, before anything is loaded or anybody waits."""
    rules, at = rules_of(calendar), instant(now)
    if calendar.switched_off_at:
        raise SlotTaken((Reason(ReasonCode.INACTIVE),))
    if starts_at < now:
        raise SlotTaken((Reason(ReasonCode.PAST),))
    if starts_at < moment(rules.earliest(at)):
        raise SlotTaken((Reason(ReasonCode.NOTICE),))
    if starts_at >= moment(rules.latest(at)):
        raise SlotTaken((Reason(ReasonCode.HORIZON),))
    if starts_at.microsecond:
        raise SlotTaken((Reason(ReasonCode.HOURS),))


def _look(calendar: Calendar, starts_at: datetime, uid: UUID, now: datetime, only: Member | None) -> tuple[Host, ...]:
    start = instant(starts_at)
    return hosts_of(calendar, span=Interval(start, start + 1), now=now, only=only, besides=uid)


def _choose(calendar: Calendar, free: Sequence[Host], prefer: Member | None) -> Choice:
    """Round robin, mode availability: priority, then who was booked least recently (T4)."""
    preferred = [one for one in free if prefer and one.member.pk == prefer.pk]
    considered = preferred or free
    members = [one.member.pk for one in considered]
    booked = Assignment.objects.filter(calendar=calendar, member__in=members).values_list("member")
    last = dict(booked.annotate(Max("assigned_at")).order_by()) if len(members) > 1 else {}
    return choose(
        Candidate(one.member.pk, one.priority, instant(last[one.member.pk]) if one.member.pk in last else None)
        for one in considered
    )


def _try(calendar: Calendar, member: Member, starts_at: datetime, uid: UUID, now: datetime) -> tuple[Reason, ...]:
    """Take the time of this member, or the reasons why it cannot be had.

    The savepoint is for the lock: rolled back, it is given up at once, so that nobody ever waits for a second
    host while keeping others from the first.
    """
    try:
        with transaction.atomic():
            lock_host(member.user_id)
            _take_under_lock(calendar, member, starts_at, uid, now)
    except SlotTaken as lost:
        return lost.reasons
    return ()


def _take_under_lock(calendar: Calendar, member: Member, starts_at: datetime, uid: UUID, now: datetime) -> None:
    ends_at = starts_at + calendar.duration
    mine = HostTime.objects.filter(user_id=member.user_id)
    mine.filter(kind=HostTimeKind.HOLD, expires_at__lte=Now()).reaching(starts_at, ends_at).delete()
    hosts = _look(calendar, starts_at, uid, now, member)
    if not hosts:
        raise SlotTaken((Reason(ReasonCode.NO_HOST),))
    reasons = hosts[0].reasons_against(instant(starts_at), now=instant(now))
    if reasons:
        raise SlotTaken(reasons)
    HostTime.objects.filter(uid=uid).delete()
    rules = rules_of(calendar)
    taken = (member.user_id, calendar.pk, uid, HostTimeKind.APPOINTMENT.value, starts_at, ends_at)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, (*taken, rules.buffer_before, rules.buffer_after))
        if cursor.fetchone() is None:
            raise SlotTaken((Reason(ReasonCode.BOOKED),))


def _record(calendar: Calendar, choice: Choice, member: Member, uid: UUID, now: datetime) -> None:
    Assignment.objects.create(
        calendar=calendar,
        member=member,
        uid=uid,
        assigned_at=now,
        rule=choice.rule.value,
        candidates=[
            {"member": one.key, "priority": one.priority, "last_booked_at": one.last_booked_at}
            for one in choice.considered
        ],
    )


def _flat(reasons: Iterable[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    return tuple(reason for each in reasons for reason in each)
