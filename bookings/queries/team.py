"""Who gives time to a calendar, and to an appointment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Member
from availability.models import Calendar, CalendarMember, CalendarType
from bookings.models import Appointment

_WITH_CHOICE = (CalendarType.SERVICE, CalendarType.ROUND_ROBIN)


@dataclass(frozen=True, slots=True)
class Team:
    """``always``: who takes part in every appointment, the lead first. ``others``: one of them does as well."""

    always: tuple[Member, ...]
    others: tuple[Member, ...]
    offers_choice: bool

    @property
    def hosts(self) -> tuple[Member, ...]:
        return (*self.always, *self.others)

    @property
    def choice(self) -> Sequence[Member]:
        """Whom a customer may ask for; nobody where there is no choice."""
        return self.others if self.offers_choice and len(self.others) > 1 else ()

    def with_whom(self, asked_for: Member | None) -> tuple[Sequence[Member], bool]:
        """Who will be there for certain, and whether anyone free joins them."""
        if asked_for is not None and asked_for in self.others:
            return (asked_for, *self.always), False
        if len(self.others) == 1:
            return (*self.others, *self.always), False
        return self.always, bool(self.others)


def team_of(calendar: Calendar) -> Team:
    """In team order, without those who left or may not sign in any more; one query."""
    here = CalendarMember.objects.filter(calendar=calendar, member__left_at__isnull=True)
    places = here.filter(member__user__is_active=True)
    found = list(places.select_related("member__user").order_by("position", "pk"))
    if calendar.type == CalendarType.COLLECTIVE:
        everybody = sorted(found, key=lambda place: not place.is_lead)
        return Team(tuple(place.member for place in everybody), (), offers_choice=False)
    fixed = {place.pk for place in found if place.is_fixed and calendar.type == CalendarType.ROUND_ROBIN}
    return Team(
        always=tuple(place.member for place in found if place.pk in fixed),
        others=tuple(place.member for place in found if place.pk not in fixed),
        offers_choice=calendar.type in _WITH_CHOICE,
    )


def hosts_of(appointment: Appointment) -> tuple[Member, ...]:
    """Who answers for the appointment, then the others who take part."""
    return (appointment.host, *appointment.further_hosts.select_related("user").order_by("user__name", "pk"))


def given_by(members: Collection[Member] | QuerySet[Member]) -> Q:
    """Appointments that one of these members answers for or takes part in."""
    further = Appointment.further_hosts.through.objects.filter(member__in=members)
    return Q(host__in=members) | Q(pk__in=further.values("appointment"))
