"""What can be put into My Calendar."""

from django import template
from django.utils.translation import gettext as _

from bookings.models import OwnItemKind

register = template.Library()


@register.simple_tag
def own_item_kinds() -> list[tuple[str, str]]:
    """The kinds of own items, as they are called beside appointments with customers."""
    named = {OwnItemKind.APPOINTMENT: _("Appointment without a customer")}
    return [(kind.value, named.get(kind, str(kind.label))) for kind in OwnItemKind]
