"""What setting up a connection will do, in sentences somebody can check before they press the button."""

from collections.abc import Iterator, Sequence

from django import template
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from bookings.models import OwnItemKind
from integrations.forms.sync_settings import days_words
from integrations.models import Direction, RemoteCalendar, WhenDeleted
from integrations.services.set_up import Plan

register = template.Library()


@register.filter
def in_words(plan: Plan) -> list[str]:
    """One sentence each for: written, read, shown, moved there, deleted there, colleagues."""
    return [_written(plan), _read(plan), _shown(plan), *_changes(plan), _titles(plan)]


def _written(plan: Plan) -> str:
    if plan.linked is None:
        return _("Nothing is written to %(login)s.") % {"login": plan.connection.username}
    words = {"calendar": plan.linked.name, "accounts": _accounts(plan)}
    chosen = [str(label) for value, label in OwnItemKind.choices if value in plan.settings.pushed_kinds]
    if not chosen:
        return _("Appointments at %(accounts)s are written to “%(calendar)s”, and nothing else is.") % words
    said = _("Appointments at %(accounts)s are written to “%(calendar)s”, and of what you enter yourself: %(kinds)s.")
    return said % {**words, "kinds": _listed(chosen)}


def _read(plan: Plan) -> str:
    calendars = list({remote.pk: remote for remote in (plan.linked, *plan.checked) if remote is not None}.values())
    said = _("What is in %(calendars)s keeps you from being booked at %(accounts)s.")
    return said % {"calendars": _names(calendars), "accounts": _accounts(plan)}


def _shown(plan: Plan) -> str:
    if not plan.settings.shows_events:
        return _("My Calendar does not show these events.")
    before, after = plan.settings.shown_days_before, plan.settings.shown_days_after
    words = {"past": days_words(before), "future": days_words(after)}
    if not before:
        return _("My Calendar shows these events from today on, %(future)s ahead.") % words
    return _("My Calendar shows these events, %(past)s back and %(future)s ahead.") % words


def _changes(plan: Plan) -> Iterator[str]:
    if plan.linked is None:
        return
    settings = plan.settings
    if settings.direction == Direction.ONE_WAY:
        yield _("What you move or delete there is written again as it stands here, and you are told.")
        return
    if settings.direction == Direction.TWO_WAY or settings.follows_moves:
        yield _("If you move one of our appointments there, it moves here too when the new time is allowed.")
    else:
        yield _("If you move one of our appointments there, it is put back, and you are told.")
    yield _deleted(settings.when_deleted if settings.direction == Direction.CUSTOM else WhenDeleted.ASK)


def _deleted(when_deleted: str) -> str:
    if when_deleted == WhenDeleted.CANCEL:
        return _("If you delete one there, it is cancelled here and the customer is told.")
    if when_deleted == WhenDeleted.RECREATE:
        return _("If you delete one there, it is written again.")
    if when_deleted == WhenDeleted.IGNORE:
        return _("If you delete one there, it stays here and stays away there.")
    return _("If you delete one there, we ask you first.")


def _titles(plan: Plan) -> str:
    if not plan.shared:
        return _("Colleagues see that you are busy, never with what.")
    said = _("Colleagues see the titles in %(calendars)s; of all others they see that you are busy.")
    return said % {"calendars": _names(plan.shared)}


def _accounts(plan: Plan) -> str:
    return _listed([member.account.name for member in plan.members])


def _names(calendars: Sequence[RemoteCalendar]) -> str:
    return _listed([_("“%(calendar)s”") % {"calendar": remote.name} for remote in calendars])


def _listed(words: Sequence[str]) -> str:
    return str(get_text_list(list(words), _("and")))
