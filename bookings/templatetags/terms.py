"""What customers may do with an appointment they have, in a sentence for the pages where they book one."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import BookingTerms
from bookings.templatetags.times import length_words

register = template.Library()
# a single day reads better as 24 hours
_FEWEST_DAYS = 2


@register.filter
def may_change(terms: BookingTerms) -> str:
    """ "You can move or cancel until 24 hours before." Empty where nothing may be changed."""
    if not (terms.may_reschedule or terms.may_cancel):
        return ""
    if not terms.change_notice:
        return _until_it_begins(terms)
    length = {"length": _length(terms.change_notice)}
    if not terms.may_cancel:
        return _("You can move it until %(length)s before.") % length
    if not terms.may_reschedule:
        return _("You can cancel until %(length)s before.") % length
    return _("You can move or cancel until %(length)s before.") % length


def _length(notice: timedelta) -> str:
    days, rest = divmod(notice, timedelta(days=1))
    if rest or days < _FEWEST_DAYS:
        return length_words(notice)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _until_it_begins(terms: BookingTerms) -> str:
    if not terms.may_cancel:
        return _("You can move it until it begins.")
    if not terms.may_reschedule:
        return _("You can cancel until it begins.")
    return _("You can move or cancel until it begins.")
