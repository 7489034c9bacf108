"""The fairness report in words: why a host got a booking, who else could have, how far each is from an even split."""

from collections.abc import Iterator

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from availability.queries.assignments import AssignmentRecord, Considered, PassedOver
from availability.templatetags.assignment_words import in_the_way, priority_words, rule_words
from bookings.core.fair_shares import Share

register = template.Library()
# nobody gets half a booking: less than one is as even as can be
_A_BOOKING = 1


@register.filter
def why(record: AssignmentRecord | None) -> str:
    """ "Booked least in that month among those who were free. Ines Carstens had 3 of 11 bookings until then." """
    if record is None:
        return _("Nothing is on record.")
    said = [rule_words(record.rule)]
    counts = [one.booked for one in record.considered if one.booked is not None]
    counts += [one.booked for one in record.passed_over if one.booked is not None]
    own = next((one.booked for one in record.considered if one.is_chosen), None)
    if counts and own is not None:
        words = {"name": record.host, "booked": own, "all": sum(counts)}
        said.append(_("%(name)s had %(booked)d of %(all)d bookings of that month until then.") % words)
    return " ".join(said)


@register.filter
def candidates(record: AssignmentRecord | None) -> str:
    """ "Ines Carstens (3), Mareike Thun (4)", in the order of preference; with priorities where they were weighed"""
    return ", ".join(_candidate(one) for one in record.considered) if record else ""


@register.filter
def not_free(record: AssignmentRecord | None) -> str:
    """ "Emil Brandt (4; booked already)" """
    return ", ".join(_passed_over(one) for one in record.passed_over) if record else ""


@register.filter
def one_place(number: float) -> str:
    """ "3.7" """
    return number_format(round(number, 1), decimal_pos=1)


@register.filter
def in_per_cent(number: float) -> str:
    return _("%(number)d %%") % {"number": round(number)}


@register.filter
def difference_words(difference: float) -> str:
    """ "1.3 more", "2.0 fewer", "even" """
    if abs(difference) < _A_BOOKING:
        return _("even")
    said = _("%(number)s more") if difference > 0 else _("%(number)s fewer")
    return said % {"number": one_place(abs(difference))}


@register.filter
def passed_over_words(share: Share) -> str:
    """ "4 times, 1 as too far ahead", "never" """
    if not share.passed_over:
        return _("never")
    said = ngettext("%(count)d time", "%(count)d times", share.passed_over) % {"count": share.passed_over}
    if not share.ahead:
        return said
    return _("%(times)s, %(ahead)d as too far ahead") % {"times": said, "ahead": share.ahead}


def _candidate(one: Considered) -> str:
    known = [] if one.booked is None else [str(one.booked)]
    return _with(one.name, [*known, *([priority_words(one.priority)] if one.priority else [])])


def _passed_over(one: PassedOver) -> str:
    return _with(one.name, [*_count(one), *([in_the_way(one.codes)] if one.codes else [])])


def _count(one: PassedOver) -> Iterator[str]:
    if one.booked is not None:
        yield str(one.booked)


def _with(name: str, known: list[str]) -> str:
    return f"{name} ({'; '.join(known)})" if known else name
