"""An open question in words: what happened, and what is safe. Titles of events are never named."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.templatetags.times import clock, day_clock, day_words
from integrations.models import QuestionKind
from integrations.queries.attention import Card
from integrations.templatetags.put_back_words import why_put_back

register = template.Library()
Says = Callable[[Card], str]


@register.filter
def subject_words(card: Card) -> str:
    """Whom or what it is about, as a heading."""
    one, remote = card.one, card.question.remote_calendar
    if one is None:
        return remote.name if remote else _("Connected calendar")
    return one.calendar.name if one.session_uid else f"{one.customer_name}, {one.calendar.name}"


@register.filter
def happened(card: Card) -> str:
    """One sentence or more, in the language and the zone that are active."""
    return _HAPPENED[card.question.kind](card)


@register.filter
def safe(card: Card) -> str:
    """What nobody need worry about."""
    return _SAFE[card.question.kind](card)


@register.filter
def customers(card: Card) -> str:
    """Who has a seat, or whose appointment it is."""
    return ", ".join(one.customer_name for one in card.appointments)


def stretch(start: datetime, end: datetime | None) -> str:
    """ "Tuesday 24 November, 14:15 – 14:45" """
    return f"{day_words(start)}, {clock(start)} – {clock(end)}" if end else day_clock(start)


def calendar_of(card: Card) -> str:
    """The remote calendar the question is about."""
    remote = card.question.remote_calendar
    return remote.name if remote else str(card.question.facts.get("calendar", ""))


def _deleted(card: Card) -> str:
    return _("It was deleted in “%(calendar)s”.") % {"calendar": calendar_of(card)}


def _put_back(card: Card) -> str:
    facts, there = card.question.facts, card.moment("there_starts_at")
    words = {"calendar": calendar_of(card), "time": stretch(there, card.moment("there_ends_at")) if there else ""}
    is_left = facts.get("reason") == "restless"
    if there and is_left:
        what = _("It stands at another time in “%(calendar)s”: %(time)s.") % words
    elif there and there != card.moment("starts_at"):
        what = _("It was moved in “%(calendar)s”, to %(time)s, and has been put back.") % words
    elif is_left:
        what = _("It stands otherwise in “%(calendar)s” than here.") % words
    else:
        what = _("It was changed in “%(calendar)s”, and has been put back.") % words
    return f"{what} {why_put_back(facts.get('reason', ''), facts.get('reasons') or (), card.one)}".rstrip()


def _conflict(card: Card) -> str:
    start = card.moment("event_starts_at")
    words = {"calendar": calendar_of(card), "time": stretch(start, card.moment("event_ends_at")) if start else ""}
    return _("An event in “%(calendar)s” lies on it: %(time)s.") % words


def _brake(card: Card) -> str:
    facts, words = card.question.facts, {"calendar": calendar_of(card)}
    said = ngettext(
        "%(count)d of %(of)d coming appointments was suddenly missing in “%(calendar)s”.",
        "%(count)d of %(of)d coming appointments were suddenly missing in “%(calendar)s”.",
        facts.get("count", 0),
    )
    missing = said % {**words, "count": facts.get("count", 0), "of": facts.get("of", 0)}
    return f"{missing} {_('That may be a mistake of its server, so nothing was done.')}"


def _not_writable(card: Card) -> str:
    said = _("“%(calendar)s” is your primary calendar, and cannot be written to.") % {"calendar": calendar_of(card)}
    return f"{said} {_in_words(card, 'reason')} {_waiting(card)}".replace("  ", " ").rstrip()


def _waiting(card: Card) -> str:
    number = card.question.facts.get("waiting", 0)
    if not number:
        return ""
    said = ngettext(
        "%(count)d appointment waits to be written there.",
        "%(count)d appointments wait to be written there.",
        number,
    )
    return said % {"count": number}


def _stuck(card: Card) -> str:
    said = _("It could not be written into “%(calendar)s”, and is not tried any more.")
    return f"{said % {'calendar': calendar_of(card)}} {_in_words(card, 'error')}".rstrip()


def _in_words(card: Card, name: str) -> str:
    """A sentence of ours that was stored in English."""
    stored = str(card.question.facts.get(name, ""))
    return _(stored) if stored else ""


def _nobody_told(_card: Card) -> str:
    return _("The appointment stands, its time stays taken, and the customer has been told nothing.")


def _both_stand(_card: Card) -> str:
    return _("Both stand where they are. Nothing was changed, and the customer has been told nothing.")


def _all_stand(_card: Card) -> str:
    return _("All of them stand, their times stay taken, and no customer has been told anything.")


def _only_missing_there(_card: Card) -> str:
    return _("All appointments stand, and your booking page goes on. They are missing in that calendar alone.")


def _only_wrong_there(card: Card) -> str:
    if card.one is None or card.one.is_active:
        return _("The appointment stands, and its time stays taken. Only that calendar does not show it as it is.")
    return _("The appointment is off, and its time is free. Only that calendar still shows it.")


_HAPPENED: Mapping[str, Says] = MappingProxyType(
    {
        QuestionKind.DELETED: _deleted,
        QuestionKind.PUT_BACK: _put_back,
        QuestionKind.CONFLICT: _conflict,
        QuestionKind.BRAKE: _brake,
        QuestionKind.NOT_WRITABLE: _not_writable,
        QuestionKind.STUCK: _stuck,
    }
)
_SAFE: Mapping[str, Says] = MappingProxyType(
    {
        QuestionKind.DELETED: _nobody_told,
        QuestionKind.PUT_BACK: _nobody_told,
        QuestionKind.CONFLICT: _both_stand,
        QuestionKind.BRAKE: _all_stand,
        QuestionKind.NOT_WRITABLE: _only_missing_there,
        QuestionKind.STUCK: _only_wrong_there,
    }
)
