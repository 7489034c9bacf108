"""How a connection takes part in sync, and which events of a calendar block: the owner's choices, in plain words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.models import OwnItemKind
from integrations.models import Connection, Direction, RemoteCalendar, WhenDeleted
from integrations.services.calendar_policy import Blocking
from integrations.services.sync_settings import SyncSettings

_YES, _NO = "yes", "no"
# days around today that My Calendar shows; no more of the past is kept
PAST = ((0, _("from today on")), (7, _("1 week")), (30, _("1 month")))
FUTURE = ((30, _("1 month")), (90, _("3 months")), (182, _("6 months")), (365, _("12 months")))


class SyncSettingsForm(forms.Form):
    """Moves and deletions are asked for with Custom alone; with a preset they stay as they were."""

    direction = forms.ChoiceField(
        label=_("How changes made there are taken"),
        choices=Direction.choices,
        error_messages={"required": _("Please choose one."), "invalid_choice": _("Please choose one of these.")},
    )
    follows_moves = forms.ChoiceField(
        label=_("Update: when you move an appointment there"),
        choices=(
            (_YES, _("Reschedule it here, if its new time is allowed, and tell the customer")),
            (_NO, _("Put it back, and tell me")),
        ),
        widget=forms.RadioSelect,
        required=False,
    )
    when_deleted = forms.ChoiceField(
        label=_("Delete: when you delete an appointment there"),
        choices=WhenDeleted.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    shows_events = forms.BooleanField(
        label=_("Show its events in My Calendar"),
        help_text=_("Shown or not, they keep you from being booked."),
        required=False,
    )
    shown_days_before = forms.TypedChoiceField(label=_("Past"), coerce=int, empty_value=None, required=False)
    shown_days_after = forms.TypedChoiceField(label=_("Future"), coerce=int, empty_value=None, required=False)
    pushed_kinds = forms.MultipleChoiceField(
        label=_("What else is written to the linked calendar"),
        help_text=_("Appointments of your customers always are. These are what you put into My Calendar yourself."),
        choices=OwnItemKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, sent: Any = None, *, connection: Connection, **kwargs: Any) -> None:
        before, after = connection.shown_days_before, connection.shown_days_after
        initial = {
            "pushed_kinds": connection.pushed_kinds,
            "direction": connection.direction,
            "follows_moves": _YES if connection.follows_moves else _NO,
            "when_deleted": connection.when_deleted,
            "shows_events": connection.shows_events,
            "shown_days_before": before,
            "shown_days_after": after,
        }
        super().__init__(sent, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.fields["shown_days_before"].choices = _with(before, PAST)  # type: ignore[attr-defined]
        self.fields["shown_days_after"].choices = _with(after, FUTURE)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for name in ("follows_moves", "when_deleted"):
            if name in cleaned and not cleaned[name]:
                if cleaned.get("direction") == Direction.CUSTOM:
                    self.add_error(name, _("Please choose one."))
                else:
                    cleaned[name] = self.initial[name]
        for name in ("shown_days_before", "shown_days_after"):
            if name in cleaned and cleaned[name] is None:
                cleaned[name] = self.initial[name]
        return cleaned

    def settings(self) -> SyncSettings:
        cleaned = self.cleaned_data
        return SyncSettings(
            direction=Direction(cleaned["direction"]),
            follows_moves=cleaned["follows_moves"] == _YES,
            when_deleted=WhenDeleted(cleaned["when_deleted"]),
            shows_events=cleaned["shows_events"],
            shown_days_before=cleaned["shown_days_before"],
            shown_days_after=cleaned["shown_days_after"],
            pushed_kinds=tuple(cleaned["pushed_kinds"]),
        )


def _with(chosen: int, offered: tuple[tuple[int, Any], ...]) -> list[tuple[int, Any]]:
    """What is chosen already can stay, even if an operator set it."""
    return sorted({chosen: days_words(chosen), **dict(offered)}.items())


def days_words(days: int) -> str:
    """ "3 months", as the choices name it; else "100 days"."""
    named = dict((*PAST[1:], *FUTURE))
    return str(named[days]) if days in named else ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


class BlockingForm(forms.Form):
    """Which events of one remote calendar keep its owner from being booked (Y5)."""

    free_blocks = forms.BooleanField(
        label=_("Events marked as free block too"),
        help_text=_("Otherwise they are shown, and you can be booked meanwhile."),
        required=False,
    )
    tentative_blocks = forms.BooleanField(
        label=_("Tentative events block"),
        help_text=_("Those marked as tentative, and invitations you answered with “maybe”."),
        required=False,
    )
    unanswered_blocks = forms.BooleanField(label=_("Invitations you have not answered block"), required=False)
    declined_blocks = forms.BooleanField(label=_("Invitations you declined block"), required=False)

    shares_titles = forms.BooleanField(
        label=_("Colleagues see the titles of its events"),
        help_text=_("Otherwise they see that you are busy, never with what."),
        required=False,
    )

    def __init__(self, sent: Any = None, *, remote: RemoteCalendar) -> None:
        initial = {name: getattr(remote, name) for name in Blocking.__slots__}
        shares = remote.source is not None and remote.source.shares_titles
        super().__init__(sent, initial={**initial, "shares_titles": shares})

    def blocking(self) -> Blocking:
        return Blocking(**{name: self.cleaned_data[name] for name in Blocking.__slots__})
