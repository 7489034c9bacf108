"""Overbook: staff take a time knowingly, whatever stands against it (B10)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Member
from availability.core.assignment import DecidingRule
from availability.core.rules import Reason, ReasonCode
from availability.models import Assignment, Calendar, CalendarMember, CalendarType, HostTimeKind
from availability.queries.judge import judge
from availability.services.locks import lock_hosts
from availability.services.release import users_of
from availability.services.reserve import Reserved, SlotTaken, held_still, members_in_order
from availability.services.take import Lost, Taking, take_knowingly


def overbook_time(
    calendar: Calendar, *, starts_at: datetime, uid: UUID, now: datetime, host: Member | None = None
) -> Reserved:
    """Give ``uid`` the time from ``starts_at`` on, of ``host`` (the first in team order if None) and whoever must join.

    Within the caller's transaction. Where the time is another's already the row is not exclusive: it blocks everybody
    else all the same, but two stand in one time. Raises SlotTaken for what nobody can want: a class without a seat
    left or begun within another appointment, a calendar that is gone or has nobody.
    """
    calendar = held_still(calendar)
    keys, users = _who_takes_part(calendar, host)
    # what stood against it, for the record
    seen = judge(calendar, starts_at.replace(microsecond=0), now=now, host=host, besides=uid)
    with transaction.atomic():
        lock_hosts([*users, *users_of({uid})])
        taking = Taking(calendar, users, starts_at, uid, HostTimeKind.APPOINTMENT, hold=None)
        try:
            taken = take_knowingly(taking, now=now)
        except Lost as lost:
            raise SlotTaken(lost.reasons) from None
    candidates = [
        {"member": key, "reasons": sorted({reason.code.value for reason in reasons})}
        for key, reasons in seen.verdict.hosts.items()
    ]
    Assignment.objects.create(
        calendar=calendar,
        member_id=keys[0],
        uid=uid,
        assigned_at=now,
        rule=DecidingRule.OVERBOOKED.value,
        candidates=candidates,
    )
    members = members_in_order(keys)
    return Reserved(members[0], members, starts_at, taking.ends_at, taken.session_uid)


def _who_takes_part(calendar: Calendar, host: Member | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Members and their users: who answers for the appointment first."""
    places = list(CalendarMember.objects.filter(calendar=calendar).select_related("member").order_by("position", "pk"))
    if calendar.type == CalendarType.COLLECTIVE:
        chosen = sorted(places, key=lambda place: not place.is_lead)
    else:
        always = [place for place in places if place.is_fixed and calendar.type == CalendarType.ROUND_ROBIN]
        others = [place for place in places if place not in always]
        named = [place for place in others if host is None or place.member_id == host.pk]
        chosen = [*named[:1], *always]
        if not named:
            chosen = []
    if not chosen:
        raise SlotTaken((Reason(ReasonCode.NO_HOST),))
    return tuple(place.member_id for place in chosen), tuple(place.member.user_id for place in chosen)
