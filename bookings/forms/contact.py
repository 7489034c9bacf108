"""A contact as staff look for it and change it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bookings.forms.appointment import Address, explain_address
from bookings.forms.text import Text
from bookings.forms.zones import zone_choices
from bookings.models import Contact
from bookings.queries.contacts import SORTS, Wanted


class ContactSearchForm(forms.Form):
    """Sent by GET. An order that is none is the usual one."""

    q = Text(
        label=_("Search"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "data-width": "auto"}),
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def wanted(self) -> Wanted:
        asked = self.cleaned_data.get("sort", "")
        return Wanted(
            search=self.cleaned_data.get("q", ""), sort=asked if asked.removeprefix("-") in SORTS else SORTS[0]
        )


class ContactForm(forms.Form):
    """Who manages the account may also change the address, which is how a contact is found again."""

    name = Text(label=_("Name"), max_length=120, error_messages={"required": _("The customer’s name is missing.")})
    email = Address(
        label=_("E-mail address"),
        help_text=_("The customer is found again by it. A new address counts for future mails only."),
        max_length=254,
        validators=[explain_address],
        error_messages={"required": _("The customer’s e-mail address is missing.")},
        widget=forms.EmailInput(attrs={"inputmode": "email"}),
    )
    phone = Text(label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    time_zone = forms.ChoiceField(label=_("Time zone"))
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, sent: Mapping[str, Any] | None, *, contact: Contact, may_change_address: bool) -> None:
        super().__init__(sent, initial=_initial(contact))
        zones = zone_choices(str(contact.time_zone), str(contact.account.time_zone))
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]
        if not may_change_address:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("Whoever manages the account can change it.")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


def _initial(contact: Contact) -> dict[str, str]:
    return {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "time_zone": str(contact.time_zone),
        "locale": contact.locale,
    }
