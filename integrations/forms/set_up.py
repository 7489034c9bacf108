"""The steps of setting up a connection: its calendars, the accounts they count in, its sync options."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from integrations.forms.configuring import NOT_YOURS
from integrations.forms.sync_settings import SyncSettingsForm
from integrations.models import Connection, RemoteCalendar
from integrations.queries.configuration import Choice


class LinkedForm(forms.Form):
    """Which calendar appointments are written to, and which are read beside it."""

    linked = forms.ChoiceField(
        label=gettext_lazy("Linked calendar"),
        required=False,
        error_messages={"invalid_choice": NOT_YOURS},
    )
    checked = forms.MultipleChoiceField(
        label=gettext_lazy("Read as well"), required=False, error_messages={"invalid_choice": NOT_YOURS}
    )

    def __init__(self, sent: Any = None, *, choices: Sequence[Choice], has_primary: bool) -> None:
        self.choices = choices
        self._remotes = {str(choice.remote.pk): choice for choice in choices}
        super().__init__(sent, initial=_suggested(choices, has_primary=has_primary))
        names = [(value, choice.remote.name) for value, choice in self._remotes.items()]
        self.fields["linked"].choices = [("", _("None")), *names]  # type: ignore[attr-defined]
        self.fields["checked"].choices = names  # type: ignore[attr-defined]

    def clean_linked(self) -> RemoteCalendar | None:
        if "linked" not in self.data:
            raise forms.ValidationError(_("Please choose one. “None” is fine."))
        choice = self._remotes.get(self.cleaned_data["linked"])
        if choice is not None and not choice.offered_as_primary:
            raise forms.ValidationError(
                _("Nothing can be written to “%(calendar)s”. Please choose another calendar.")
                % {"calendar": choice.remote.name}
            )
        return choice.remote if choice else None

    def clean_checked(self) -> list[RemoteCalendar]:
        chosen = [self._remotes[value] for value in self.cleaned_data["checked"]]
        for choice in chosen:
            if not choice.offered_as_conflict:
                raise forms.ValidationError(
                    _("“%(calendar)s” cannot be read, so there is nothing to check.") % {"calendar": choice.remote.name}
                )
        return [choice.remote for choice in chosen]

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.calendars():
            self.add_error("linked", _("Please choose at least one calendar, to be written to or to be read."))
        return self.cleaned_data

    def calendars(self) -> list[RemoteCalendar]:
        """All that are chosen, each once."""
        linked, checked = self.cleaned_data.get("linked"), self.cleaned_data.get("checked", [])
        return [*([linked] if linked else []), *(remote for remote in checked if remote != linked)]

    def read_beside(self, written_to: RemoteCalendar | None) -> tuple[RemoteCalendar, ...]:
        """What is checked for conflicts; the calendar that is written to always is, and named only if it was before."""
        named = {choice.remote.pk for choice in self.choices if choice.is_checked}
        return tuple(one for one in self.calendars() if one != written_to or one.pk in named)


class AccountsForm(forms.Form):
    """In which of their accounts the owner wants the connection to count."""

    accounts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Your calendar at"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Please choose at least one. To do without the connection, switch it off."),
            "invalid_choice": gettext_lazy("This is not an account of yours."),
        },
    )

    def __init__(self, sent: Any = None, *, members: Sequence[Member], chosen: Collection[int]) -> None:
        super().__init__(sent, initial={"accounts": list(chosen)})
        self._members = {member.pk: member for member in members}
        self.fields["accounts"].choices = [(member.pk, member.account.name) for member in members]  # type: ignore[attr-defined]

    def members(self) -> tuple[Member, ...]:
        return tuple(self._members[pk] for pk in self.cleaned_data["accounts"])


class OptionsForm(SyncSettingsForm):
    """The sync options, with what concerns the calendars that were chosen."""

    sends = forms.BooleanField(required=False)
    shared = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Colleagues see the titles of events in"),
        help_text=gettext_lazy("Of all others they see that you are busy, never with what."),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, sent: Any = None, *, connection: Connection, linked: RemoteCalendar | None, calendars: Sequence[Any]
    ) -> None:
        sharing = [one.pk for one in calendars if one.source is not None and one.source.shares_titles]
        super().__init__(sent, connection=connection, initial={"sends": linked is not None, "shared": sharing})
        self.linked, self.calendars = linked, calendars
        if linked is None:
            del self.fields["sends"]
        else:
            self.fields["sends"].label = _("Write appointments to “%(calendar)s”") % {"calendar": linked.name}
        self.fields["shared"].choices = [(one.pk, one.name) for one in calendars]  # type: ignore[attr-defined]

    def written_to(self) -> RemoteCalendar | None:
        return self.linked if self.cleaned_data.get("sends") else None

    def shared_calendars(self) -> tuple[RemoteCalendar, ...]:
        return tuple(one for one in self.calendars if one.pk in self.cleaned_data["shared"])


def _suggested(choices: Sequence[Choice], *, has_primary: bool) -> dict[str, Any]:
    """What is so already; of a connection nobody uses yet all that can be read, and the first that can be written."""
    linked = next((choice for choice in choices if choice.is_primary), None)
    used = [choice for choice in choices if choice.counts]
    if linked is None and not has_primary:
        linked = next((choice for choice in choices if choice.offered_as_primary), None)
    checked = used or [choice for choice in choices if choice.offered_as_conflict]
    return {"linked": str(linked.remote.pk) if linked else "", "checked": [str(one.remote.pk) for one in checked]}
