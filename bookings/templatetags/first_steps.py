"""The first steps as they stand on top of My Calendar, and on the page where a calendar was connected."""

from typing import Any

from django import template

from accounts.models import Member
from bookings.forms.first_calendar import FirstCalendarForm
from bookings.queries.first_steps import FirstSteps, StepKind, first_steps_of

register = template.Library()


@register.inclusion_tag("bookings/parts/first_steps.html", takes_context=True)
def first_steps(context: dict[str, Any]) -> dict[str, Any]:
    """Nothing once they are done or hidden. Context: member, account (accounts.access.shell)."""
    found = _open_steps(context["member"])
    return _shown(context, found, back="calendar")


@register.inclusion_tag("bookings/parts/first_steps.html", takes_context=True)
def first_steps_from_here(context: dict[str, Any]) -> dict[str, Any]:
    """What follows once a calendar is connected; nothing as long as that is the step to take."""
    found = _open_steps(context["member"])
    waits = found is not None and found.next is not None and found.next.kind is StepKind.CONNECT
    return _shown(context, None if waits else found, back="connections")


def _open_steps(member: Member) -> FirstSteps | None:
    found = None if member.hid_first_steps_at else first_steps_of(member)
    return None if found is None or found.is_complete else found


def _shown(context: dict[str, Any], found: FirstSteps | None, *, back: str) -> dict[str, Any]:
    return {
        "first_steps": found,
        "account": context["account"],
        "member": context["member"],
        "csrf_token": context.get("csrf_token"),
        "form": FirstCalendarForm(),
        "back": back,
    }
