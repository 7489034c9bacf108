"""Who gives time to a start that is taken for a named host, or for nobody in particular, without asking who is free."""

from collections.abc import Collection

from accounts.models import Member
from availability.models import Calendar, CalendarMember, CalendarType


def places_of(calendar: Calendar) -> list[CalendarMember]:
    """Everybody who serves the calendar, in team order; one query."""
    here = CalendarMember.objects.filter(calendar=calendar, member__left_at__isnull=True)
    return list(here.select_related("member__user", "member__account").order_by("position", "pk"))


def taking_part(
    calendar: Calendar, places: Collection[CalendarMember], host: Member | None
) -> tuple[CalendarMember, ...]:
    """Who answers for the appointment first, then whoever must join: ``host``, or the first in team order.

    Empty where nobody can: ``host`` does not serve, or who must join may not sign in any more.
    """
    if calendar.type == CalendarType.COLLECTIVE:
        chosen = sorted(places, key=lambda place: not place.is_lead)
    else:
        always = [place for place in places if place.is_fixed and calendar.type == CalendarType.ROUND_ROBIN]
        others = [place for place in places if place not in always and place.member.user.is_active]
        named = [place for place in others if host is None or place.member_id == host.pk]
        chosen = [*named[:1], *always] if named else []
    return tuple(chosen) if all(place.member.user.is_active for place in chosen) else ()
