"""The first steps as they stand on top of My Calendar."""

from typing import Any

from django import template

from bookings.forms.first_calendar import FirstCalendarForm
from bookings.queries.first_steps import first_steps_of

register = template.Library()


@register.inclusion_tag("bookings/parts/first_steps.html", takes_context=True)
def first_steps(context: dict[str, Any]) -> dict[str, Any]:
    """Nothing once they are done or hidden. Context: member, account (accounts.access.shell)."""
    member = context["member"]
    found = None if member.hid_first_steps_at else first_steps_of(member)
    shown = found if found and not found.is_complete else None
    return {
        "first_steps": shown,
        "account": context["account"],
        "member": member,
        "csrf_token": context.get("csrf_token"),
        "form": FirstCalendarForm(),
        "back": "calendar",
    }
