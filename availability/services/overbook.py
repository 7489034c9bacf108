"""Overbook: staff take a time knowingly, whatever stands against it (B10)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Member
from availability.core.against import fingerprint
from availability.core.assignment import DecidingRule
from availability.core.explain import Verdict
from availability.core.rules import Reason, ReasonCode
from availability.models import Assignment, Calendar, HostTimeKind
from availability.queries.judge import judge
from availability.queries.taking_part import places_of, taking_part
from availability.services.locks import lock_hosts
from availability.services.release import users_of
from availability.services.reserve import Reserved, SlotTaken, held_still, members_in_order
from availability.services.take import Lost, Taking, take_knowingly


class ReasonsChanged(SlotTaken):
    """Something else stands against it by now than what was shown."""


def overbook_time(
    calendar: Calendar, *, starts_at: datetime, uid: UUID, now: datetime, host: Member | None = None, seen: str = ""
) -> Reserved:
    """Give ``uid`` the time from ``starts_at`` on, of ``host`` (the first in team order if None) and whoever must join.

    Within the caller's transaction. Where the time is another's already the row is not exclusive: it blocks everybody
    else all the same, but two stand in one time. ``seen``: the fingerprint of the reasons that were shown; others
    raise ReasonsChanged. Raises SlotTaken for what nobody can want: a class without a seat left or begun within
    another appointment, a calendar that is gone or has nobody.
    """
    calendar = held_still(calendar)
    places = taking_part(calendar, places_of(calendar), host)
    if not places:
        raise SlotTaken((Reason(ReasonCode.NO_HOST),))
    keys, users = tuple(place.member_id for place in places), tuple(place.member.user_id for place in places)
    with transaction.atomic():
        lock_hosts([*users, *users_of({uid})])
        # what stands against it, for the record
        against = judge(calendar, starts_at.replace(microsecond=0), now=now, host=host, besides=uid).verdict
        if seen and seen != fingerprint(against, keys):
            raise ReasonsChanged(against.against())
        taking = Taking(calendar, users, starts_at, uid, HostTimeKind.APPOINTMENT, hold=None)
        try:
            taken = take_knowingly(taking, now=now)
        except Lost as lost:
            raise SlotTaken(lost.reasons) from None
    _record(calendar, keys, uid, against, now)
    members = members_in_order(keys)
    return Reserved(members[0], members, starts_at, taking.ends_at, taken.session_uid)


def _record(calendar: Calendar, keys: tuple[int, ...], uid: UUID, against: Verdict, now: datetime) -> None:
    """What stood against those who take part, the first of whom answers for it."""
    candidates = [
        {"member": key, "reasons": sorted({reason.code.value for reason in against.hosts.get(key, ())})} for key in keys
    ]
    Assignment.objects.create(
        calendar=calendar,
        member_id=keys[0],
        uid=uid,
        assigned_at=now,
        rule=DecidingRule.OVERBOOKED.value,
        candidates=candidates,
    )
