"""What else lies at the time of an own item: it is said, and forbids nothing."""

from collections.abc import Sequence

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import StaffRequest
from bookings.models import OwnItem
from bookings.queries.own_items import Beside, beside
from bookings.templatetags.times import clock, day_clock
from bookings.views.entries.seen import zone_of


def say_beside(request: StaffRequest, item: OwnItem) -> None:
    others = beside(item, readers=request.members)
    if others:
        with timezone.override(zone_of(request)):
            messages.warning(request, _words(others))


def _words(others: Sequence[Beside]) -> str:
    first, more = others[0], len(others) - 1
    words = {"whose": first.whose, "title": first.title or _("busy"), "count": more}
    words |= {"start": day_clock(first.starts_at), "end": clock(first.ends_at)}
    said = _("At the same time, %(whose)s: %(title)s, %(start)s – %(end)s.") % words
    if not more:
        return _("%(first)s Both stand.") % {"first": said}
    also = ngettext("%(count)d more thing lies there as well.", "%(count)d more things lie there as well.", more)
    return f"{said} {also % words}"
