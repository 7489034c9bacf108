"""Calendars as the people who keep them see them: which there are, who serves them, what is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.db.models import Prefetch, ProtectedError, Q, Sum
from django.db.models.deletion import Collector

from accounts.models import Account, Member
from availability.models import Calendar, CalendarMember, ClassSession, HostTime, HostTimeKind, Schedule

LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody who serves the calendar or could. ``place``: what they do on it, if they serve it."""

    member: Member
    schedules: Sequence[Schedule]
    place: CalendarMember | None


def calendars_of(member: Member) -> list[Calendar]:
    """All of the account for those who manage it, else those the member serves; two queries for any number."""
    places = CalendarMember.objects.select_related("member__user").order_by("position", "pk")
    calendars = Calendar.objects.filter(account=member.account).prefetch_related(
        Prefetch("calendar_members", queryset=places)
    )
    if not member.manages:
        calendars = calendars.filter(calendar_members__member=member)
    return sorted(calendars, key=lambda one: (one.switched_off_at is not None, one.name.casefold(), one.pk))


def managed_calendar(member: Member, pk: int) -> Calendar | None:
    """The calendar, if this member may change it; None equals that there is none."""
    if not member.manages:
        return None
    return Calendar.objects.filter(account=member.account, pk=pk).select_related("account").first()


def team_of(account: Account, calendar: Calendar | None) -> list[TeamMember]:
    """Everybody in the account who could serve: those who do first, in team order; three queries."""
    places = {one.member_id: one for one in CalendarMember.objects.filter(calendar=calendar)} if calendar else {}
    members = (
        Member.objects.present()
        .filter(Q(user__is_active=True) | Q(pk__in=places), account=account)
        .select_related("user")
        .prefetch_related(Prefetch("schedules", queryset=Schedule.objects.order_by("-is_default", "name")))
        .order_by("pk")
    )
    team = [TeamMember(one, list(one.schedules.all()), places.get(one.pk)) for one in members]
    return sorted(team, key=_team_order)


def coming_appointments(calendar: Calendar, *, now: datetime) -> int:
    """How many of its appointments are not over yet; each seat of a class is one. Two queries."""
    coming = HostTime.objects.filter(calendar=calendar, ends_at__gt=now).exclude(expires_at__lte=now)
    takers = coming.exclude(kind=HostTimeKind.SESSION).values("uid").distinct().count()
    sessions = ClassSession.objects.filter(calendar=calendar, ends_at__gt=now)
    seats: int = sessions.aggregate(taken=Sum("seats_taken"))["taken"] or 0
    return takers + seats


def was_booked(calendar: Calendar) -> bool:
    """Whether anything keeps the calendar from being deleted: what was ever booked on it is kept with it."""
    try:
        Collector(using="default", origin=calendar).collect([calendar])
    except ProtectedError:
        return True
    return False


def slug_is_taken(account: Account, slug: str, *, by_other_than: Calendar) -> bool:
    return Calendar.objects.filter(account=account, slug=slug).exclude(pk=by_other_than.pk).exists()


def free_slug(account: Account, wanted: str) -> str:
    """``wanted``, or with the first number that nobody has: "visit", "visit-2", "visit-3"."""
    taken = set(Calendar.objects.filter(account=account).values_list("slug", flat=True))
    numbered = (f"{wanted[: LONGEST_SLUG - 6]}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def _team_order(one: TeamMember) -> tuple[bool, int, int]:
    return (one.place is None, one.place.position if one.place else 0, one.member.pk)
