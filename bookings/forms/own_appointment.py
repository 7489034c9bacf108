"""What customers send to change their own appointment."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.appointment import parse_start
from bookings.forms.text import LongText

LONGEST_REASON = 500


class ReasonForm(forms.Form):
    """Why, if they like to say; ``seen`` is the start they were shown, so that nobody changes what moved meanwhile."""

    reason = LongText(
        label=_("Why?"),
        help_text=_("Whoever expects you reads it. It stays on this page."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(label=_("Time so far"), required=False, max_length=64, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        return parse_start(self.cleaned_data["seen"]) if self.cleaned_data["seen"] else None


class MoveForm(ReasonForm):
    start = forms.CharField(
        label=_("New time"),
        max_length=64,
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose a time first.")},
    )
    # only for how times read on the pages in between; the appointment keeps its own
    time_zone = forms.CharField(label=_("Time zone"), required=False, max_length=64, widget=forms.HiddenInput)

    def clean_start(self) -> datetime:
        return parse_start(self.cleaned_data["start"])
