"""Steps in the history of an appointment, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import ChangeKind
from bookings.queries.history import Step
from bookings.templatetags.times import full_day_clock

register = template.Library()
_ICONS = MappingProxyType(
    {
        ChangeKind.REQUESTED: "question",
        ChangeKind.RESCHEDULED: "move",
        ChangeKind.CANCELLED: "cross",
        ChangeKind.DECLINED: "cross",
        ChangeKind.EXPIRED: "hourglass",
        ChangeKind.NO_SHOW: "warn",
        ChangeKind.ATTENDANCE_OPEN: "pen",
    }
)
_WORDS: Mapping[ChangeKind, Promise | str] = MappingProxyType(
    {
        ChangeKind.REQUESTED: gettext_lazy("Asked for %(time)s with %(host)s"),
        ChangeKind.BOOKED: gettext_lazy("Booked for %(time)s with %(host)s"),
        ChangeKind.CONFIRMED: gettext_lazy("Confirmed"),
        ChangeKind.DECLINED: gettext_lazy("Declined"),
        ChangeKind.EXPIRED: gettext_lazy("Expired unanswered"),
        ChangeKind.RESCHEDULED: gettext_lazy("Rescheduled to %(time)s with %(host)s"),
        ChangeKind.CANCELLED: gettext_lazy("Cancelled"),
        ChangeKind.SHOWED: gettext_lazy("Noted that the customer came"),
        ChangeKind.NO_SHOW: gettext_lazy("Noted that the customer did not come"),
        ChangeKind.ATTENDANCE_OPEN: gettext_lazy("Took back whether the customer came"),
    }
)


@register.filter
def step_words(step: Step) -> str:
    """ "Rescheduled to Tuesday 24 November 2026, 14:15 with Ines Carstens" """
    return str(_WORDS[step.kind]) % {"time": full_day_clock(step.starts_at), "host": step.host}


@register.filter
def step_icon(step: Step) -> str:
    return _ICONS.get(step.kind, "check-disc")


def happened(step: Step) -> str:
    """ "Declined by Ines Carstens on Monday 23 November 2026, 08:05" """
    words = {"what": step_words(step), "by": step.by, "time": full_day_clock(step.at)}
    return _("%(what)s %(by)s on %(time)s") % words
