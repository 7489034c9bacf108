"""What each step is called when a host is told of it."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from bookings.core.plain_text import one_line
from bookings.mails.customer_words import moved_from
from bookings.mails.page import Words
from bookings.mails.steps import Step
from bookings.models import ChangeKind
from bookings.services.book import answer_wanted_until
from bookings.templatetags.times import day_clock


def host_words(step: Step) -> Words:
    return _WORDS[step.kind](step)


def _requested(step: Step) -> Words:
    return Words(
        subject=_("New request: %(time)s, %(calendar)s") % _subject(step),
        title=_("A request waits for an answer."),
        lead=_answer_by(step),
    )


def _booked(step: Step) -> Words:
    was_with_another = step.change.kind == ChangeKind.RESCHEDULED
    return Words(
        subject=_("Booked: %(time)s, %(calendar)s") % _subject(step),
        title=_("An appointment has been moved to you.") if was_with_another else _("A new appointment with you."),
        lead=_("%(calendar)s is booked. The file attached puts it into your calendar.") % _subject(step),
    )


def _confirmed(step: Step) -> Words:
    return Words(
        subject=_("Confirmed: %(time)s, %(calendar)s") % _subject(step),
        title=_("The request is confirmed."),
        lead=_("%(calendar)s is confirmed. The file attached puts it into your calendar.") % _subject(step),
    )


def _declined(step: Step) -> Words:
    return Words(
        subject=_("Declined: %(time)s, %(calendar)s") % _subject(step),
        title=_("The request is declined."),
        lead=f"{_('The customer has been told.')} {_free_again(step)}",
    )


def _expired(step: Step) -> Words:
    return Words(
        subject=_("Expired: %(time)s, %(calendar)s") % _subject(step),
        title=_("A request has expired."),
        lead=f"{_('Nobody answered it in time. The customer has been told.')} {_free_again(step)}",
    )


def _rescheduled(step: Step) -> Words:
    sentences = [moved_from(step)]
    if step.appointment.confirmed_at is None:
        sentences.append(_answer_by(step))
    return Words(
        subject=_("Moved: %(time)s, %(calendar)s") % _subject(step),
        title=_("An appointment has moved."),
        lead=" ".join(filter(None, sentences)),
    )


def _cancelled(step: Step) -> Words:
    if step.change.kind == ChangeKind.RESCHEDULED:
        return _goes_from_them(step)
    return Words(
        subject=_("Cancelled: %(time)s, %(calendar)s") % _subject(step),
        title=_("An appointment is cancelled."),
        lead=_free_again(step),
    )


def _goes_from_them(step: Step) -> Words:
    """It takes place, with somebody else."""
    return Words(
        subject=_("Not with you any more: %(time)s, %(calendar)s") % _subject(step),
        title=_("An appointment is not with you any more."),
        lead=_("It was moved, and %(name)s is there now. Your time is free again.")
        % {"name": one_line(step.appointment.host.user.name)},
    )


_WORDS: Mapping[ChangeKind, Callable[[Step], Words]] = {
    ChangeKind.REQUESTED: _requested,
    ChangeKind.BOOKED: _booked,
    ChangeKind.CONFIRMED: _confirmed,
    ChangeKind.DECLINED: _declined,
    ChangeKind.EXPIRED: _expired,
    ChangeKind.RESCHEDULED: _rescheduled,
    ChangeKind.CANCELLED: _cancelled,
}


def _free_again(step: Step) -> str:
    return _("The seat is free again.") if step.appointment.session_uid else _("The time is free again.")


def _answer_by(step: Step) -> str:
    until = answer_wanted_until(step.appointment.starts_at, step.change.at)
    return _("Confirm or decline it by %(time)s. Until then the time is kept; after that the request expires.") % {
        "time": day_clock(until)
    }


def _subject(step: Step) -> dict[str, str]:
    return {"time": day_clock(step.shown.starts_at), "calendar": one_line(step.appointment.calendar.name)}
