"""Why an appointment that was moved outside was put back, in its host's words."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from availability.core.rules import ReasonCode
from bookings.models import Appointment

_REASONS: Mapping[str, Promise | str] = MappingProxyType(
    {
        "one_way": gettext_lazy("This connection is one-way: appointments are moved here, not there."),
        "class": gettext_lazy("A class is moved for all its customers at once, and only here."),
        "length": gettext_lazy("It was made longer or shorter, and an appointment keeps its length."),
        "repeats": gettext_lazy("It was made to repeat, and an appointment takes place once."),
        "all_day": gettext_lazy("It was made to last all day, and an appointment has its time."),
        "free": gettext_lazy("It was marked as free, and an appointment takes your time."),
        "changed_here": gettext_lazy("It had been moved here as well, and what was done here counts."),
        "cannot_be_read": gettext_lazy("What it was changed into could not be understood."),
        "restless": gettext_lazy("It was changed there again and again, so it is not put back any more."),
    }
)
_AGAINST: Mapping[str, Promise | str] = MappingProxyType(
    {
        ReasonCode.PAST: gettext_lazy("the time is over"),
        ReasonCode.NOTICE: gettext_lazy("it is too soon"),
        ReasonCode.HORIZON: gettext_lazy("it is too far ahead"),
        ReasonCode.HOURS: gettext_lazy("it is outside the hours"),
        ReasonCode.OVERRIDE: gettext_lazy("other hours hold on this day"),
        ReasonCode.CLOSED: gettext_lazy("you are closed then"),
        ReasonCode.HOLIDAY: gettext_lazy("it is a public holiday"),
        ReasonCode.DURATION: gettext_lazy("it does not fit in before closing"),
        ReasonCode.BOOKED: gettext_lazy("another appointment is there"),
        ReasonCode.EVENT: gettext_lazy("an event is there"),
        ReasonCode.BLOCKED: gettext_lazy("the time is blocked"),
        ReasonCode.BUFFER: gettext_lazy("it comes too near to something else"),
        ReasonCode.DAY_LIMIT: gettext_lazy("the limit of the day is reached"),
        ReasonCode.WEEK_LIMIT: gettext_lazy("the limit of the week is reached"),
        ReasonCode.HOST_LIMIT: gettext_lazy("the limit of the schedule is reached"),
        ReasonCode.SEATS: gettext_lazy("no seat is left"),
        ReasonCode.ROUND_ROBIN_LEAD: gettext_lazy("others are due first"),
        ReasonCode.COLLECTIVE: gettext_lazy("not everybody who is needed is free"),
        ReasonCode.NO_HOST: gettext_lazy("nobody can take it"),
        ReasonCode.INACTIVE: gettext_lazy("the calendar is switched off or paused"),
        ReasonCode.STALE: gettext_lazy("a connected calendar could not be read"),
        ReasonCode.HELD: gettext_lazy("a customer is choosing that time just now"),
        ReasonCode.LOOK_BUSY: gettext_lazy("the calendar hides that time"),
    }
)


def why_put_back(reason: str, codes: Sequence[str], appointment: Appointment | None) -> str:
    """``codes``: what stood against the time, where that was the reason. Empty for a reason nobody knows."""
    says = _SAYS.get(reason)
    return says(codes, appointment) if says else str(_REASONS.get(reason, ""))


def _not_allowed(codes: Sequence[str], _appointment: Appointment | None) -> str:
    against = [str(_AGAINST[code]) for code in codes if code in _AGAINST]
    if not against:
        return _("The new time is not allowed.")
    return _("The new time is not allowed: %(reasons)s.") % {"reasons": ", ".join(against)}


def _not_lead(_codes: Sequence[str], appointment: Appointment | None) -> str:
    if appointment is None:
        return _("Somebody else answers for it, and only they can move it.")
    return _("%(name)s answers for it, and only they can move it.") % {"name": appointment.host.user.name}


_SAYS: Mapping[str, Callable[[Sequence[str], Appointment | None], str]] = MappingProxyType(
    {"not_allowed": _not_allowed, "not_lead": _not_lead}
)
