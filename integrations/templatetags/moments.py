"""How long ago, and how soon: words for the moments of a connection."""

from datetime import datetime, timedelta

from django import template
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.templatetags.times import full_day_clock

register = template.Library()
LONGEST = timedelta(hours=12)


@register.filter
def ago(moment: datetime, now: datetime) -> str:
    """“40 seconds ago”, “18 minutes ago”; after half a day the day and the time, in the reader's zone."""
    passed = now - moment
    if passed >= LONGEST:
        return full_day_clock(localtime(moment))
    return _("%(time)s ago") % {"time": _length(passed)} if passed >= timedelta(seconds=1) else _("just now")


@register.filter
def ahead(moment: datetime, now: datetime) -> str:
    """“in 20 seconds”, “now”; beyond half a day the day and the time, in the reader's zone."""
    left = moment - now
    if left >= LONGEST:
        return full_day_clock(localtime(moment))
    return _("in %(time)s") % {"time": _length(left)} if left >= timedelta(seconds=1) else _("now")


def _length(stretch: timedelta) -> str:
    seconds = int(stretch.total_seconds())
    if seconds < 60:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    if seconds < 3600:
        return ngettext("%(count)s minute", "%(count)s minutes", seconds // 60) % {"count": seconds // 60}
    return ngettext("%(count)s hour", "%(count)s hours", seconds // 3600) % {"count": seconds // 3600}
