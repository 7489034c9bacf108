"""The answers to an open question: what each is called, what it does, and who gets a mail; and what was then done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import AnswerKind, QuestionKind
from integrations.queries.attention import Card
from integrations.templatetags.question_words import calendar_of, stretch

register = template.Library()
_LABELS: Mapping[tuple[str, str], Promise | str] = MappingProxyType(
    {
        (QuestionKind.CONFLICT, AnswerKind.KEEP): gettext_lazy("Keep both"),
        (QuestionKind.BRAKE, AnswerKind.CANCEL): gettext_lazy("Cancel all of them"),
        (QuestionKind.BRAKE, AnswerKind.WRITE_AGAIN): gettext_lazy("Write all of them again"),
        (QuestionKind.BRAKE, AnswerKind.LEAVE_OUT): gettext_lazy("Leave them out of this calendar"),
        (QuestionKind.STUCK, AnswerKind.WRITE_AGAIN): gettext_lazy("Try again"),
    }
)


class Offered(NamedTuple):
    """An answer as a button, with what it does."""

    kind: str
    label: str
    effect: str
    is_danger: bool


@register.filter
def offered(card: Card) -> list[Offered]:
    return [_offer(card, kind) for kind in card.answers]


def done_words(card: Card, kind: AnswerKind) -> str:
    """What was done, once it was."""
    words = _words(card)
    if kind == AnswerKind.CANCEL:
        if len(card.appointments) > 1:
            return _("Cancelled. The times are free, and every customer is told by mail.")
        return _("Cancelled. The time is free, and %(names)s is told by mail.") % words
    if kind == AnswerKind.MOVE_ANYWAY:
        return _("Moved to %(time)s. %(names)s is told by mail.") % words
    if kind == AnswerKind.WRITE_AGAIN:
        return _("It is being written into “%(calendar)s”.") % words
    if kind == AnswerKind.LEAVE_OUT:
        return _("It stays out of “%(calendar)s”, and stands here.") % words
    return _("Everything stays as it is.")


def _offer(card: Card, kind: AnswerKind) -> Offered:
    label = str(_LABELS.get((card.question.kind, kind), kind.label))
    return Offered(kind.value, label, _effect(card, kind), kind == AnswerKind.CANCEL)


def _effect(card: Card, kind: AnswerKind) -> str:
    words = _words(card)
    if kind == AnswerKind.CANCEL:
        if len(card.appointments) > 1:
            return _("The times become free, and every customer is told by mail.")
        return _("The time becomes free, and %(names)s is told by mail.") % words
    if kind == AnswerKind.MOVE_ANYWAY:
        return _("It moves to %(time)s, beside whatever lies there. %(names)s is told by mail.") % words
    effects = _AGAIN if kind == AnswerKind.WRITE_AGAIN else _OUT if kind == AnswerKind.LEAVE_OUT else _KEPT
    return f"{effects[card.question.kind] % words} {_('Nobody gets a mail.')}"


def _words(card: Card) -> dict[str, object]:
    there = card.moment("there_starts_at")
    return {
        "calendar": calendar_of(card),
        "names": ", ".join(one.customer_name for one in card.appointments),
        "time": stretch(there, card.moment("there_ends_at")) if there else "",
    }


_AGAIN: Mapping[str, Promise | str] = MappingProxyType(
    {
        QuestionKind.DELETED: gettext_lazy("It comes back into “%(calendar)s”."),
        QuestionKind.BRAKE: gettext_lazy("They come back into “%(calendar)s”."),
        QuestionKind.STUCK: gettext_lazy("It is written into “%(calendar)s” once more, now."),
    }
)
_OUT: Mapping[str, Promise | str] = MappingProxyType(
    {
        QuestionKind.DELETED: gettext_lazy("The appointment stands, and is not written into “%(calendar)s” any more."),
        QuestionKind.BRAKE: gettext_lazy("All of them stand, and are not written into “%(calendar)s” any more."),
    }
)
_KEPT: Mapping[str, Promise | str] = MappingProxyType(
    {
        QuestionKind.PUT_BACK: gettext_lazy("The appointment stays where it is here."),
        QuestionKind.CONFLICT: gettext_lazy("You are not asked about these two again."),
        QuestionKind.NOT_WRITABLE: gettext_lazy("What waits is written once the calendar can be written to again."),
        QuestionKind.STUCK: gettext_lazy("“%(calendar)s” stays as it is."),
    }
)
