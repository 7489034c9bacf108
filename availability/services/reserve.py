"""Take time for a taker. The promise is kept here: lock, look again, insert or lose."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Member
from availability.core.intervals import instant, moment
from availability.core.rules import Reason, ReasonCode
from availability.models import Assignment, Calendar, CalendarType, HostTimeKind
from availability.queries.choice import Chosen, choose_host, record_of
from availability.queries.judge import Judgement, judge
from availability.queries.settings import limits_of, reach_of
from availability.services.locks import keep_calendar, lock_calendar, lock_hold, lock_hosts
from availability.services.release import users_of
from availability.services.take import Lost, Taking, take


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
    """Whose time was taken, and which. ``member`` answers for it; ``members`` are all who take part, that one first.

    ``session_uid`` names the session of a class, ``expires_at`` the end of a hold.
    """

    member: Member
    members: tuple[Member, ...]
    starts_at: datetime
    ends_at: datetime
    session_uid: UUID | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What is asked for: a start for the taker ``uid``, at ``host`` or nobody, at ``prefer`` if free."""

    calendar: Calendar
    starts_at: datetime
    uid: UUID
    now: datetime
    host: Member | None
    prefer: Member | None
    hold: UUID | None
    kind: HostTimeKind

    def judge(self, only: Collection[int] | None = None) -> Judgement:
        try:
            return self._judged(only)
        except Calendar.DoesNotExist:
            raise SlotTaken((Reason(ReasonCode.INACTIVE),)) from None

    def _judged(self, only: Collection[int] | None) -> Judgement:
        return judge(
            self.calendar,
            self.starts_at,
            now=self.now,
            host=self.host,
            only=only,
            hold=self.hold,
            besides=self.uid,
        )


def reserve_time(
    calendar: Calendar,
    *,
    starts_at: datetime,
    uid: UUID,
    now: datetime,
    host: Member | None = None,
    prefer: Member | None = None,
    hold: UUID | None = None,
) -> Reserved:
    """Give the time of a free host (of all, if the calendar needs all) from ``starts_at`` on to the taker ``uid``.

    Within the caller's transaction. ``host``: this member or nobody. ``prefer``: this one if free. Host time that
    ``uid`` has already is looked through and replaced; so is the hold ``hold``, which is given up. Raises
    SlotTaken with all reasons; nothing is changed then.
    """
    return _reserve(
        _Wish(
            calendar=calendar,
            starts_at=starts_at,
            uid=uid,
            now=now,
            host=host,
            prefer=prefer,
            hold=hold,
            kind=HostTimeKind.APPOINTMENT,
        )
    )


def hold_time(
    calendar: Calendar, *, starts_at: datetime, uid: UUID, now: datetime, host: Member | None = None
) -> Reserved:
    """Keep a time for the hold ``uid`` for ``HOLD_SECONDS``, within the caller's transaction (B4).

    A hold that ``uid`` has already is replaced. Raises SlotTaken with all reasons; nothing is changed then.
    """
    return _reserve(
        _Wish(
            calendar=calendar,
            starts_at=starts_at,
            uid=uid,
            now=now,
            host=host,
            prefer=None,
            hold=uid,
            kind=HostTimeKind.HOLD,
        )
    )


def _reserve(wish: _Wish) -> Reserved:
    _refuse_outright(wish)
    seen = wish.judge()
    if not seen.verdict.is_open:
        raise SlotTaken(_reasons(seen))
    if wish.hold:
        lock_hold(wish.hold)
    looked_at = wish.calendar
    wish = replace(wish, calendar=held_still(looked_at))
    if _needs_calendar_lock(wish.calendar) or wish.calendar.epoch != looked_at.epoch:
        seen = wish.judge()
    lost: list[Reason] = []
    while seen.verdict.is_open and (chosen := _choose(wish, seen)):
        try:
            reserved = _try(wish, seen, chosen)
        except Lost as error:
            lost += error.reasons
            seen = _without(seen, chosen)
        else:
            _record(wish, seen, chosen)
            return reserved
    raise SlotTaken(dict.fromkeys(lost) or _reasons(seen))


def _choose(wish: _Wish, seen: Judgement) -> Chosen | None:
    """Who gets it. Where the host who was held would be chosen anyway, the record says by which rule (T6)."""
    chosen = choose_host(wish.calendar, seen, wish.starts_at, wish.prefer)
    if wish.hold is None or wish.prefer is None or chosen is None:
        return chosen
    anyway = choose_host(wish.calendar, seen, wish.starts_at, None)
    return anyway if anyway is not None and anyway.key == chosen.key else chosen


def held_still(calendar: Calendar) -> Calendar:
    """The calendar as it is now, locked as far as it must not change any more.

    Whoever waited here may have waited for somebody who changed it: the one that was looked at is of no use then.
    """
    if _needs_calendar_lock(calendar):
        lock_calendar(calendar)
    else:
        keep_calendar(calendar)
    current = Calendar.objects.select_related("account").filter(pk=calendar.pk).first()
    if current is None:
        raise SlotTaken((Reason(ReasonCode.INACTIVE),))
    if _needs_calendar_lock(current) and not _needs_calendar_lock(calendar):
        return held_still(current)
    return current


def _refuse_outright(wish: _Wish) -> None:
    """What the calendar and the clock alone forbid, before anything is loaded or anybody waits."""
    reach = reach_of(wish.calendar, wish.now)
    if not wish.calendar.is_open:
        raise SlotTaken((Reason(ReasonCode.INACTIVE),))
    if wish.starts_at < wish.now:
        raise SlotTaken((Reason(ReasonCode.PAST),))
    if wish.starts_at < moment(reach.earliest):
        raise SlotTaken((Reason(ReasonCode.NOTICE),))
    if not moment(reach.first) <= wish.starts_at < moment(reach.latest):
        raise SlotTaken((Reason(ReasonCode.HORIZON),))
    if wish.starts_at.microsecond:
        raise SlotTaken((Reason(ReasonCode.HOURS),))


def _reasons(seen: Judgement) -> tuple[Reason, ...]:
    return seen.verdict.against() or (Reason(ReasonCode.NO_HOST),)


def _needs_calendar_lock(calendar: Calendar) -> bool:
    """Seats, limits and counts belong to the calendar, not to a host."""
    return calendar.type == CalendarType.CLASS or bool(limits_of(calendar)) or calendar.shares_equally


def _try(wish: _Wish, seen: Judgement, chosen: Chosen) -> Reserved:
    """Take the time of the chosen hosts, or ``Lost`` with the reasons.

    The savepoint is for the locks: rolled back, they are given up at once, so that nobody ever waits for another
    host while keeping others from the first.
    """
    with transaction.atomic():
        users = [seen.users[key] for key in chosen.keys]
        lock_hosts([*users, *users_of({wish.uid, wish.hold or wish.uid})])
        again = wish.judge(only=chosen.keys)
        if not again.verdict.is_open:
            raise Lost(_reasons(again))
        taken = take(
            Taking(
                calendar=wish.calendar,
                users=tuple(users),
                starts_at=wish.starts_at,
                uid=wish.uid,
                kind=wish.kind,
                hold=wish.hold,
            ),
            now=wish.now,
        )
    members = members_in_order(chosen.keys)
    return Reserved(
        members[0],
        members,
        wish.starts_at,
        wish.starts_at + wish.calendar.duration,
        taken.session_uid,
        taken.expires_at,
    )


def members_in_order(keys: Iterable[int]) -> tuple[Member, ...]:
    found = Member.objects.select_related("user", "account").in_bulk(list(keys))
    return tuple(found[key] for key in keys)


def _without(seen: Judgement, chosen: Chosen) -> Judgement:
    """The judgement as it is for whoever is left to be tried; nobody, if the lost ones were all needed."""
    hosts = {**seen.verdict.hosts, chosen.key: (Reason(ReasonCode.BOOKED),)}
    left = any(not hosts[key] for key in seen.live.rotating)
    return replace(seen, verdict=seen.verdict._replace(hosts=hosts, is_open=left))


def _record(wish: _Wish, seen: Judgement, chosen: Chosen) -> None:
    """The assignment record (T6); a hold assigns nobody yet."""
    if wish.kind == HostTimeKind.HOLD:
        return
    Assignment.objects.create(
        calendar=wish.calendar,
        member_id=chosen.key,
        uid=wish.uid,
        assigned_at=wish.now,
        rule=chosen.rule.value,
        candidates=record_of(seen, chosen, instant(wish.starts_at)),
    )
