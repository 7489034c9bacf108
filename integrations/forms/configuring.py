"""The two segments of Calendar Configuration. What somebody's own page would not have offered is refused here too."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from availability.models import WhenStale
from integrations.models import RemoteCalendar
from integrations.queries.configuration import Choice

NOT_YOURS = gettext_lazy("This calendar is not among your connected ones.")
_LONGEST_MINUTES = 7 * 24 * 60


class PrimaryForm(forms.Form):
    primary = forms.ModelChoiceField(
        RemoteCalendar.objects.none(), required=False, error_messages={"invalid_choice": NOT_YOURS}
    )

    def __init__(self, *args: Any, choices: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices = {choice.remote.pk: choice for choice in choices}
        self.fields["primary"].queryset = RemoteCalendar.objects.filter(pk__in=self._choices)  # type: ignore[attr-defined]

    def clean_primary(self) -> RemoteCalendar | None:
        if "primary" not in self.data:
            raise forms.ValidationError(_("Please choose one. “None” is fine."))
        remote: RemoteCalendar | None = self.cleaned_data["primary"]
        if remote is not None and not self._choices[remote.pk].offered_as_primary:
            raise forms.ValidationError(
                _("Nothing can be written to “%(calendar)s”. Please choose another calendar.")
                % {"calendar": remote.name}
            )
        return remote


class ConflictsForm(forms.Form):
    conflicts = forms.ModelMultipleChoiceField(
        RemoteCalendar.objects.none(),
        required=False,
        error_messages={"invalid_choice": NOT_YOURS, "invalid_pk_value": NOT_YOURS},
    )
    stale_minutes = forms.IntegerField(
        label=gettext_lazy("Out of date after"), min_value=1, max_value=_LONGEST_MINUTES, initial=15
    )
    when_stale = forms.ChoiceField(
        label=gettext_lazy("What happens then"),
        choices=WhenStale.choices,
        initial=WhenStale.WARN,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, choices: Iterable[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices = {choice.remote.pk: choice for choice in choices}
        self.fields["conflicts"].queryset = RemoteCalendar.objects.filter(pk__in=self._choices)  # type: ignore[attr-defined]

    def clean_conflicts(self) -> list[RemoteCalendar]:
        remotes = list(self.cleaned_data["conflicts"])
        for remote in remotes:
            if not self._choices[remote.pk].offered_as_conflict:
                raise forms.ValidationError(
                    _("“%(calendar)s” cannot be read, so there is nothing to check.") % {"calendar": remote.name}
                )
        return remotes

    def stale_after(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["stale_minutes"])
