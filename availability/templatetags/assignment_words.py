"""Who gets an appointment and why, in words: before it is booked, and in the record afterwards (T6)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from availability.core.assignment import DecidingRule
from availability.core.rules import ReasonCode
from availability.models import Priority
from availability.queries.explanation import Free

register = template.Library()
_NAMED = 5


@register.simple_tag
def free_words(free: Free | None) -> str:
    """ "2 of 3 are free: Ines Carstens, Mareike Thun. Ines Carstens would get it, by priority." """
    if free is None:
        return ""
    if free.gets is None:
        return _("Everybody is free.") if len(free.hosts) > 1 else ""
    said = [_who_is_free(free)] if free.out_of > 1 and all(person.is_open for person in free.hosts) else []
    if free.out_of > 1 and free.gets.is_open:
        said.append(_WOULD_GET_IT[free.rule] % {"name": free.gets.name})
    if free.fixed:
        said.append(_("Takes part as well: %(names)s.") % {"names": ", ".join(person.name for person in free.fixed)})
    if free.seats_left is not None:
        seats = ngettext("%(count)d seat is left.", "%(count)d seats are left.", free.seats_left)
        said.append(seats % {"count": free.seats_left})
    return " ".join(said)


@register.filter
def rule_words(rule: str) -> str:
    """Why this host, of a record; a rule nobody knows any more is left unsaid."""
    return str(_DECIDED[DecidingRule(rule)]) if rule in set(DecidingRule) else ""


@register.filter
def priority_words(priority: int) -> str:
    """ "High priority"; empty for a number that is none"""
    return str(_PRIORITIES.get(priority, ""))


@register.filter
def in_the_way(codes: Iterable[str]) -> str:
    """ "booked already, too near to something else" """
    return ", ".join(str(_IN_THE_WAY[ReasonCode(code)]) for code in codes if code in set(ReasonCode))


def _who_is_free(free: Free) -> str:
    words = {"count": len(free.hosts), "all": free.out_of}
    if len(free.hosts) > _NAMED:
        return _("%(count)d of %(all)d are free.") % words
    said = ngettext(
        "%(count)d of %(all)d is free: %(names)s.", "%(count)d of %(all)d are free: %(names)s.", len(free.hosts)
    )
    return said % {**words, "names": ", ".join(person.name for person in free.hosts)}


_WOULD_GET_IT: Mapping[DecidingRule, Promise | str] = MappingProxyType(
    {
        DecidingRule.ONLY_ONE: gettext_lazy("%(name)s would get it."),
        DecidingRule.NAMED: gettext_lazy("%(name)s would get it, as asked for."),
        DecidingRule.KEPT: gettext_lazy("%(name)s would keep it."),
        DecidingRule.EVERYBODY: gettext_lazy("%(name)s leads."),
        DecidingRule.PRIORITY: gettext_lazy("%(name)s would get it: the highest priority."),
        DecidingRule.LEAST_RECENT: gettext_lazy("%(name)s would get it: booked least recently."),
        DecidingRule.LEAST_BOOKED: gettext_lazy("%(name)s would get it: booked least this month."),
        DecidingRule.TEAM_ORDER: gettext_lazy("%(name)s would get it: first in the team’s order."),
        DecidingRule.OVERBOOKED: gettext_lazy("%(name)s would get it, whatever stands against it."),
    }
)
_DECIDED: Mapping[DecidingRule, Promise | str] = MappingProxyType(
    {
        DecidingRule.ONLY_ONE: gettext_lazy("Nobody else could be chosen."),
        DecidingRule.NAMED: gettext_lazy("This host was asked for."),
        DecidingRule.KEPT: gettext_lazy(
            "The host was settled already, while the time was kept or before it was moved."
        ),
        DecidingRule.EVERYBODY: gettext_lazy("Everybody takes part; this host leads."),
        DecidingRule.PRIORITY: gettext_lazy("The highest priority among those who were free."),
        DecidingRule.LEAST_RECENT: gettext_lazy(
            "Booked least recently among those who were free with the same priority."
        ),
        DecidingRule.LEAST_BOOKED: gettext_lazy("Booked least in that month among those who were free."),
        DecidingRule.TEAM_ORDER: gettext_lazy(
            "First in the team's order; nothing else told those apart who were free."
        ),
        DecidingRule.OVERBOOKED: gettext_lazy("Booked knowingly, whatever stood against it."),
    }
)
_PRIORITIES: Mapping[int, Promise | str] = MappingProxyType(
    {
        Priority.HIGH.value: gettext_lazy("High priority"),
        Priority.MEDIUM.value: gettext_lazy("Medium priority"),
        Priority.LOW.value: gettext_lazy("Low priority"),
    }
)
_IN_THE_WAY: Mapping[ReasonCode, Promise | str] = MappingProxyType(
    {
        ReasonCode.PAST: gettext_lazy("over already"),
        ReasonCode.NOTICE: gettext_lazy("too soon"),
        ReasonCode.HORIZON: gettext_lazy("too far ahead"),
        ReasonCode.HOURS: gettext_lazy("outside the hours"),
        ReasonCode.OVERRIDE: gettext_lazy("other hours on that date"),
        ReasonCode.CLOSED: gettext_lazy("closed"),
        ReasonCode.HOLIDAY: gettext_lazy("a public holiday"),
        ReasonCode.DURATION: gettext_lazy("too close to the end of the hours"),
        ReasonCode.BOOKED: gettext_lazy("booked already"),
        ReasonCode.EVENT: gettext_lazy("busy in a connected calendar"),
        ReasonCode.BLOCKED: gettext_lazy("blocked in My Calendar"),
        ReasonCode.BUFFER: gettext_lazy("too near to something else"),
        ReasonCode.DAY_LIMIT: gettext_lazy("the calendar’s limit of the day was reached"),
        ReasonCode.WEEK_LIMIT: gettext_lazy("the calendar’s limit of the week was reached"),
        ReasonCode.HOST_LIMIT: gettext_lazy("their own limit was reached"),
        ReasonCode.SEATS: gettext_lazy("no seat was left"),
        ReasonCode.ROUND_ROBIN_LEAD: gettext_lazy("too many bookings ahead of the others"),
        ReasonCode.COLLECTIVE: gettext_lazy("somebody else who must take part was not free"),
        ReasonCode.NO_HOST: gettext_lazy("nobody served the calendar"),
        ReasonCode.INACTIVE: gettext_lazy("the calendar was paused"),
        ReasonCode.STALE: gettext_lazy("a connected calendar could not be trusted"),
        ReasonCode.HELD: gettext_lazy("kept for another customer"),
        ReasonCode.LOOK_BUSY: gettext_lazy("hidden to look busy"),
    }
)
