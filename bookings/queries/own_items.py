"""Own items as somebody who works here may see them: staff those they are assigned to, managers all of the account."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.models import Member
from availability.queries.busy import busy_times_of
from bookings.models import Appointment, OwnItem
from bookings.queries.staff import seen_by
from bookings.queries.team import given_by


@dataclass(frozen=True, slots=True)
class Beside:
    """Something else at the same time. ``title`` is empty for what the reader may only know as busy."""

    starts_at: datetime
    ends_at: datetime
    whose: str
    title: str = ""


def own_item_for(members: Collection[Member], uid: UUID) -> OwnItem | None:
    """The item, removed or not, if one of the reader's places lets them see it; None equals that there is none."""
    return OwnItem.objects.filter(_shown_to(members), uid=uid).select_related("account").first()


def assignees_of(item: OwnItem) -> Sequence[Member]:
    return list(item.assignees.select_related("user", "account").order_by("user__name", "pk"))


def assignable_by(member: Member) -> Sequence[Member]:
    """Whom this member may give an item to: everybody of the account they manage, else themselves."""
    if not member.manages:
        return [member]
    present = Member.objects.present().filter(account=member.account, user__is_active=True)
    return list(present.select_related("user").order_by("user__name", "pk"))


def beside(item: OwnItem, *, readers: Collection[Member]) -> list[Beside]:
    """What else takes the time of those assigned while a blocking item does, earliest first.

    By name what one of the places of the reader lets them see; of everything else, that somebody is busy (P4).
    """
    if not item.blocks:
        return []
    found = {one for member in assignees_of(item) for one in _beside(item, member, readers)}
    return sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.whose, one.title))


def _beside(item: OwnItem, member: Member, readers: Collection[Member]) -> Iterator[Beside]:
    start, end, whose = item.starts_at, item.ends_at, member.user.name
    places = Member.objects.filter(user=member.user_id)
    taken = Appointment.objects.active().overlapping(start, end).filter(given_by(places))
    known = set(taken.filter(seen_by(readers)).values_list("pk", flat=True))
    for one in taken:
        yield Beside(one.starts_at, one.ends_at, whose, one.customer_name if one.pk in known else "")
    kept = OwnItem.objects.standing().filter(ends_at__gt=start, starts_at__lt=end, blocks=True, assignees__in=places)
    named = set(kept.filter(_shown_to(readers)).values_list("pk", flat=True))
    for other in kept.exclude(pk=item.pk).distinct():
        title = (other.title or other.get_kind_display()) if other.pk in named else ""
        yield Beside(other.starts_at, other.ends_at, whose, title)
    for busy in busy_times_of(member, start=start, end=end):
        if busy.blocks:
            yield Beside(busy.start, busy.end, whose)


def _shown_to(members: Collection[Member]) -> Q:
    assigned = OwnItem.assignees.through.objects.filter(member__in=members)
    managed = {member.account_id for member in members if member.manages}
    return Q(pk__in=assigned.values("ownitem")) | Q(account__in=managed)
