"""The first calendar in two answers."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_OUTSIDE = gettext_lazy("Between 5 minutes and 8 hours, please.")


class FirstCalendarForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What can people book?"),
        help_text=gettext_lazy("Such as “First visit” or “Consultation”."),
        max_length=120,
        error_messages={"required": gettext_lazy("It needs a name that customers understand.")},
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("How many minutes does it take?"),
        initial=30,
        validators=[MinValueValidator(5, _OUTSIDE), MaxValueValidator(480, _OUTSIDE)],
        widget=forms.NumberInput(attrs={"data-width": "time", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Please write a number, such as 30."),
            "invalid": gettext_lazy("Please write a number, such as 30."),
        },
    )

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not any(letter.isalnum() for letter in name):
            raise ValidationError(_("It needs a name that customers understand."))
        return name

    def duration(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["minutes"])
