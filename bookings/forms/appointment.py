"""The answers of a customer who books, from the page or from the JSON interface."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from availability.models import Calendar, PlaceKind
from bookings.core.zones import zone_named
from bookings.forms.questions import answers_given, field_name, fields_for
from bookings.forms.robots import explain_opening, opened_at
from bookings.forms.text import LongText, Text
from bookings.models import Question
from bookings.services.book import Customer

NOT_A_START = _("A start is a date and a time with an offset, such as 2026-11-24T14:15+01:00.")
# room to reckon on both sides, whatever the zone
YEARS = range(1971, 9000)
UNKNOWN_ZONE = _("We do not know this time zone. Example: Europe/Berlin")


def parse_start(text: str) -> datetime:
    """An ISO 8601 date and time with an offset, as an instant in UTC; ValidationError for anything else."""
    try:
        start = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValidationError(NOT_A_START) from None
    if start.utcoffset() is None or start.year not in YEARS:
        raise ValidationError(NOT_A_START)
    return start.astimezone(UTC)


def start_if_any(text: str) -> datetime | None:
    """As ``parse_start``; None for anything else."""
    try:
        return parse_start(text)
    except ValidationError:
        return None


def day_if_any(text: str) -> date | None:
    """An ISO 8601 date; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def explain_address(value: str) -> None:
    if "@" not in value:
        raise ValidationError(_("There is no “@” in this address. Example: name@example.org"))
    EmailValidator(message=_("This address does not look complete. Example: name@example.org"))(value)


class Address(Text):
    """Lower case before it is measured: a few letters are two in lower case."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").lower()


class AppointmentForm(forms.Form):
    """Checks everything a customer sends but whether the time can be had; that is known under the lock alone."""

    start = forms.CharField(
        label=_("Time"),
        widget=forms.HiddenInput,
        max_length=64,
        error_messages={"required": _("Choose a time first.")},
    )
    name = Text(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Your name is missing.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = Address(
        label=_("E-mail address"),
        help_text=_("Your confirmation goes here. We write about this appointment alone."),
        max_length=254,
        validators=[explain_address],
        error_messages={"required": _("Your e-mail address is missing.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    phone = Text(
        label=_("Telephone"),
        help_text=_("Only for the day itself, if something comes up."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    place = Text(
        label=_("Where?"),
        help_text=_("The address, or how you would like to meet."),
        max_length=200,
        error_messages={"required": _("Say where.")},
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    note = LongText(
        label=_("What should we know beforehand?"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    host = forms.CharField(label=_("With"), required=False, widget=forms.HiddenInput)
    time_zone = forms.CharField(label=_("Time zone"), required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        calendar: Calendar,
        hosts: Sequence[Member],
        questions: Sequence[Question] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        self.hosts = hosts
        self.questions = questions
        self.fields |= fields_for(questions)
        self.order_fields(["start", "name", "email", "phone", "place", *map(field_name, questions)])
        if calendar.place_kind != PlaceKind.ASK:
            del self.fields["place"]
        if calendar.place_kind == PlaceKind.WE_CALL:
            self._ask_for_number(self.fields["phone"])

    def _ask_for_number(self, phone: forms.Field) -> None:
        phone.required = phone.widget.is_required = True
        phone.help_text = _("We call you on this number.")
        phone.error_messages["required"] = _("Your telephone number is missing.")

    def clean_start(self) -> datetime:
        return parse_start(self.cleaned_data["start"])

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_host(self) -> Member | None:
        slug = self.cleaned_data["host"]
        chosen = next((member for member in self.hosts if member.slug == slug), None)
        if slug and chosen is None:
            raise ValidationError(_("Nobody of this name takes bookings here."))
        return chosen

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"] or str(self.calendar.account.time_zone)
        if zone_named(name) is None:
            raise ValidationError(UNKNOWN_ZONE)
        return name

    def customer(self) -> Customer:
        return Customer(
            name=self.cleaned_data["name"],
            email=self.cleaned_data["email"],
            phone=self.cleaned_data["phone"],
            note=self.cleaned_data["note"],
            place=self.cleaned_data.get("place", ""),
            answers=answers_given(self.questions, self.cleaned_data),
            time_zone=self.cleaned_data["time_zone"],
            locale=get_language() or settings.LANGUAGE_CODE,
        )


class BookingForm(AppointmentForm):
    """The same on the page, with the key that makes a form sent twice one appointment (B5), and traps for robots.

    A form that fell into a trap comes back out of it: a person can send it again as it stands.
    """

    key = forms.CharField(label=_("Key"), required=False, max_length=100, widget=forms.HiddenInput)
    opened = forms.CharField(label=_("Opened"), required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, now: datetime, traps: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        self._traps = traps

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self._traps:
            self._look_for_robots()
        return cleaned

    def _look_for_robots(self) -> None:
        if self["website"].value():
            self._put("website", "")
            doubt = _("We are not sure that a person sent this. Please look at your details and send them again.")
            self.add_error(None, doubt)
        try:
            explain_opening(self["opened"].value() or "", now=self._now)
        except ValidationError as trapped:
            # what else is not right will take its time
            if trapped.code == "stale" or not self.errors:
                self.add_error(None, trapped)
            if trapped.code == "stale":
                self._put("opened", opened_at(self._now))

    def _put(self, name: str, value: str) -> None:
        self.data = {**dict(self.data.items()), name: value}
