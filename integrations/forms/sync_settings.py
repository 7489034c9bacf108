"""How a connection takes part in sync, and which events of a calendar block: the owner's choices, in plain words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import OwnItemKind
from integrations.models import Connection, Direction, RemoteCalendar, WhenDeleted
from integrations.services.calendar_policy import Blocking
from integrations.services.sync_settings import SyncSettings

_YES, _NO = "yes", "no"


class SyncSettingsForm(forms.Form):
    """Moves, deletions and what is shown are asked for with Custom alone; with a preset they stay as they were."""

    direction = forms.ChoiceField(
        label=_("How changes made there are taken"),
        choices=Direction.choices,
        error_messages={"required": _("Please choose one."), "invalid_choice": _("Please choose one of these.")},
    )
    follows_moves = forms.ChoiceField(
        label=_("When you move an appointment there"),
        choices=(
            (_YES, _("Reschedule it here, if its new time is allowed, and tell the customer")),
            (_NO, _("Put it back, and tell me")),
        ),
        widget=forms.RadioSelect,
        required=False,
    )
    when_deleted = forms.ChoiceField(
        label=_("When you delete an appointment there"),
        choices=WhenDeleted.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    shows_events = forms.ChoiceField(
        label=_("Events of this connection in My Calendar"),
        choices=(
            (_YES, _("Show them, with their titles, to me alone")),
            (_NO, _("Show only that I am busy; they block all the same")),
        ),
        widget=forms.RadioSelect,
        required=False,
    )

    pushed_kinds = forms.MultipleChoiceField(
        label=_("What else is written to your primary calendar"),
        help_text=_("Appointments of your customers always are. These are what you put into My Calendar yourself."),
        choices=OwnItemKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, sent: Any = None, *, connection: Connection) -> None:
        initial = {
            "pushed_kinds": connection.pushed_kinds,
            "direction": connection.direction,
            "follows_moves": _YES if connection.follows_moves else _NO,
            "when_deleted": connection.when_deleted,
            "shows_events": _YES if connection.shows_events else _NO,
        }
        super().__init__(sent, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for name in ("follows_moves", "when_deleted", "shows_events"):
            if name in cleaned and not cleaned[name]:
                if cleaned.get("direction") == Direction.CUSTOM:
                    self.add_error(name, _("Please choose one."))
                else:
                    cleaned[name] = self.initial[name]
        return cleaned

    def settings(self) -> SyncSettings:
        cleaned = self.cleaned_data
        return SyncSettings(
            direction=Direction(cleaned["direction"]),
            follows_moves=cleaned["follows_moves"] == _YES,
            when_deleted=WhenDeleted(cleaned["when_deleted"]),
            shows_events=cleaned["shows_events"] == _YES,
            pushed_kinds=tuple(cleaned["pushed_kinds"]),
        )


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

    def __init__(self, sent: Any = None, *, remote: RemoteCalendar) -> None:
        initial = {name: getattr(remote, name) for name in Blocking.__slots__}
        super().__init__(sent, initial=initial)

    def blocking(self) -> Blocking:
        return Blocking(**{name: self.cleaned_data[name] for name in Blocking.__slots__})
