"""What each step is called when a customer is told of it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.core.plain_text import name_to_greet, one_line
from bookings.mails.page import Words
from bookings.mails.steps import Step
from bookings.models import Appointment, ChangeKind
from bookings.services.book import answer_wanted_until
from bookings.templatetags.times import day_clock


def customer_words(step: Step) -> Words:
    return _WORDS[step.kind](step)


def reminding_words(appointment: Appointment) -> Words:
    return Words(
        subject=_("Reminder: %(time)s") % _time(appointment.starts_at),
        title=see_you(appointment),
        lead=_("%(calendar)s is coming up.") % {"calendar": _calendar(appointment)},
    )


def see_you(appointment: Appointment) -> str:
    day = date_format(timezone.localtime(appointment.starts_at), "l")
    name = name_to_greet(appointment.customer_name)
    if not name:
        return _("See you on %(day)s.") % {"day": day}
    return _("See you on %(day)s, %(name)s.") % {"day": day, "name": name}


def _requested(step: Step) -> Words:
    time = _time(step.appointment.starts_at)
    return Words(
        subject=_("Asked for: %(time)s") % time,
        title=_("We keep %(time)s for you.") % time,
        lead=f"{_('It is not confirmed yet.')} {_answer_by(step)}",
    )


def _booked(step: Step) -> Words:
    return Words(
        subject=_("Booked: %(time)s") % _time(step.appointment.starts_at),
        title=see_you(step.appointment),
        lead=_("%(calendar)s is booked. The file attached puts it into your calendar.")
        % {"calendar": _calendar(step.appointment)},
    )


def _confirmed(step: Step) -> Words:
    return Words(
        subject=_("Confirmed: %(time)s") % _time(step.appointment.starts_at),
        title=see_you(step.appointment),
        lead=_("%(calendar)s is confirmed. The file attached puts it into your calendar.")
        % {"calendar": _calendar(step.appointment)},
    )


def _declined(step: Step) -> Words:
    time = _time(step.appointment.starts_at)
    return Words(
        subject=_("Declined: %(time)s") % time,
        title=_("This time could not be confirmed."),
        lead=_("You asked for %(time)s. Nothing is booked for you, and you can ask for another time.") % time,
    )


def _expired(step: Step) -> Words:
    time = _time(step.appointment.starts_at)
    return Words(
        subject=_("Not confirmed: %(time)s") % time,
        title=_("Nobody answered your request in time."),
        lead=_("You asked for %(time)s. Nothing is booked for you, and you can ask for another time.") % time,
    )


def _rescheduled(step: Step) -> Words:
    if step.before and _only_the_host_changed(step.before, step.appointment):
        return _handed_over(step.before, step.appointment)
    sentences = [moved_from(step)]
    if step.appointment.confirmed_at is None:
        sentences += [_("It is not confirmed yet."), _answer_by(step)]
    else:
        sentences.append(_("The file attached moves it in your calendar as well."))
    return Words(
        subject=_("Moved: %(time)s") % _time(step.appointment.starts_at),
        title=_("Your appointment has moved."),
        lead=" ".join(filter(None, sentences)),
    )


def _only_the_host_changed(before: Appointment, after: Appointment) -> bool:
    return before.starts_at == after.starts_at and before.host != after.host and after.confirmed_at is not None


def _handed_over(before: Appointment, after: Appointment) -> Words:
    names = {"name": one_line(after.host.user.name), "former": one_line(before.host.user.name)}
    return Words(
        subject=_("Now with %(name)s: %(time)s") % {**names, **_time(after.starts_at)},
        title=_("%(name)s takes your appointment.") % names,
        lead=_("The time stays the same, and %(name)s is there instead of %(former)s. You need do nothing.") % names,
    )


def _cancelled(step: Step) -> Words:
    time = _time(step.appointment.starts_at)
    return Words(
        subject=_("Cancelled: %(time)s") % time,
        title=_("This appointment is cancelled."),
        lead=_("Nobody expects you on %(time)s.") % time,
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


def moved_from(step: Step) -> str:
    """Empty where it is not known what was before."""
    if step.before is None:
        return ""
    if step.before.starts_at == step.appointment.starts_at:
        return _("The time is the same, and %(name)s is there now.") % {
            "name": one_line(step.appointment.host.user.name)
        }
    return _("It was on %(old)s and is now on %(new)s.") % {
        "old": day_clock(step.before.starts_at),
        "new": day_clock(step.appointment.starts_at),
    }


def _answer_by(step: Step) -> str:
    until = answer_wanted_until(step.appointment.starts_at, step.change.at)
    return _("You hear from us by %(time)s; until then nobody else gets this time.") % _time(until)


def _time(moment: datetime) -> dict[str, str]:
    return {"time": day_clock(moment)}


def _calendar(appointment: Appointment) -> str:
    return one_line(appointment.calendar.name)
