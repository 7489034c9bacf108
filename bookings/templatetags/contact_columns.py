"""The columns of the list of contacts, and how a click on one sorts it."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext_lazy as _

from bookings.queries.contacts import Wanted

register = template.Library()
_LABELS = {
    "name": _("Name"),
    "email": _("E-mail address"),
    "phone": _("Telephone"),
    "last": _("Last appointment"),
    "next": _("Next appointment"),
    "number": _("Appointments"),
}
# of these the largest are looked for first
_DOWNWARDS = {"last", "number"}


@dataclass(frozen=True, slots=True)
class Column:
    """``sort``: what its link asks for. ``order``: how the list is sorted by it now, as aria-sort says it."""

    label: str
    sort: str
    order: str


@register.simple_tag
def contact_columns(wanted: Wanted) -> list[Column]:
    return [_column(name, str(label), wanted.sort) for name, label in _LABELS.items()]


def _column(name: str, label: str, now: str) -> Column:
    usual, other = (f"-{name}", name) if name in _DOWNWARDS else (name, f"-{name}")
    if now not in {usual, other}:
        return Column(label, usual, "")
    return Column(label, other if now == usual else usual, "descending" if now.startswith("-") else "ascending")
