"""What staff enter: a customer's details, any date and time, why something is called off."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from availability.models import Calendar
from bookings.forms.appointment import AppointmentForm
from bookings.forms.zones import zone_choices
from bookings.models import Appointment, Question
from bookings.services.book import Customer

LONGEST_REASON = 1000
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_NO_DAY = gettext_lazy("This is not a day we know. Example: 2026-12-24")


class CustomerForm(AppointmentForm):
    """A customer's details, entered by staff: only who it is and how to reach them must be known."""

    key = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    locale = forms.ChoiceField(
        label=gettext_lazy("Language of the mails"), choices=settings.LANGUAGES, widget=forms.Select
    )

    def __init__(
        self,
        *args: Any,
        calendar: Calendar,
        hosts: Sequence[Member],
        questions: Sequence[Question] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, calendar=calendar, hosts=hosts, questions=questions, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].error_messages["required"] = _("The customer’s name is missing.")
        self.fields["email"].help_text = _("The confirmation goes there.")
        self.fields["email"].error_messages["required"] = _("The customer’s e-mail address is missing.")
        self.fields["phone"].help_text = ""
        self.fields["note"].label = _("What should be known beforehand?")
        self.fields["time_zone"] = self._zone_field()
        for name, field in self.fields.items():
            field.widget.attrs.pop("autocomplete", None)
            if name not in {"start", "name", "email", "locale", "time_zone"}:
                field.required = field.widget.is_required = False

    def _zone_field(self) -> forms.ChoiceField:
        asked = str((self.data or self.initial).get("time_zone", ""))
        choices = zone_choices(str(self.calendar.account.time_zone), asked)
        return forms.ChoiceField(label=_("Time zone of the customer"), choices=choices)

    def customer(self) -> Customer:
        return replace(super().customer(), locale=self.cleaned_data["locale"])


def details_of(appointment: Appointment) -> dict[str, str]:
    """Who was booked, to book them again."""
    return {
        "name": appointment.customer_name,
        "email": appointment.contact.email,
        "phone": appointment.customer_phone,
        "time_zone": str(appointment.time_zone),
        "locale": appointment.locale,
    }


class MomentForm(forms.Form):
    """Any date and time by the clock of ``zone``."""

    on = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "data-width": "auto"}),
        validators=[MinValueValidator(_EARLIEST, _NO_DAY), MaxValueValidator(_LATEST, _NO_DAY)],
        error_messages={"invalid": _NO_DAY, "required": gettext_lazy("The date is missing.")},
    )
    at = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "data-width": "auto"}),
        error_messages={
            "invalid": gettext_lazy("This is not a time. Example: 14:15"),
            "required": gettext_lazy("The time is missing."),
        },
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "on" in cleaned and "at" in cleaned:
            wall = datetime.combine(cleaned["on"], cleaned["at"].replace(second=0, microsecond=0))
            cleaned["start"] = wall.replace(tzinfo=self._zone).astimezone(UTC)
            if cleaned["start"].astimezone(self._zone).replace(tzinfo=None) != wall:
                self.add_error("at", _("The clocks are put forward then: this time does not exist on that day."))
        return cleaned


class ReasonForm(forms.Form):
    """Why, in the words the customer reads."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The customer reads it in the mail."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def not_over(starts_at: datetime, calendar: Calendar, now: datetime) -> datetime:
    """``starts_at``; ValidationError if such an appointment would be over already."""
    if starts_at + calendar.duration <= now:
        raise ValidationError(_("That time is over already. Choose a later one."))
    return starts_at
