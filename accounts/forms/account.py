"""What those who manage an account say about it: its details, its public address, its colour."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.core.colour import Pair, colours
from accounts.models import Accent, Account

_COLOUR = re.compile(r"#[0-9a-f]{6}")


class DetailsForm(forms.ModelForm[Account]):
    class Meta:
        model = Account
        fields = ("name", "time_zone", "locale", "email", "phone")
        help_texts = {
            "name": _("Customers read it on every page and in every mail."),
            "time_zone": _("Closures and holidays go by this clock, and pages start in it for customers."),
            "locale": _("Of mails to people who are invited here."),
        }


class PublicAddressForm(forms.ModelForm[Account]):
    class Meta:
        model = Account
        fields = ("slug",)
        labels = {"slug": _("New address")}
        help_texts = {"slug": _("Small letters, digits and hyphens, such as harbour-physio.")}
        error_messages = {"slug": {"unique": _("Another business on this site has this address. Choose another.")}}

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower()
        if slug == Account.objects.values_list("slug", flat=True).get(pk=self.instance.pk):
            raise ValidationError(_("This is the address as it is now."))
        return slug


class LookForm(forms.Form):
    """``colour`` is a ready one, or "own" with what stands in ``own_colour``."""

    OWN = "own"
    colour = forms.ChoiceField(
        label=_("Colour"), choices=[*Accent.choices, (OWN, _("An own colour"))], widget=forms.RadioSelect
    )
    own_colour = forms.CharField(label=_("Own colour"), required=False, max_length=20)

    @classmethod
    def of(cls, account: Account) -> "LookForm":
        chosen = cls.OWN if account.own_colour else account.accent
        return cls(initial={"colour": chosen, "own_colour": account.own_colour})

    def clean_own_colour(self) -> str:
        """ "0F6F63" and "#0f6f63" are the same; what stands here is not looked at when a ready one is chosen."""
        if self.cleaned_data.get("colour") != self.OWN:
            return ""
        typed = "#" + str(self.cleaned_data["own_colour"]).strip().lower().removeprefix("#")
        if not _COLOUR.fullmatch(typed):
            raise ValidationError(_("Write the colour as # and six digits, such as #0f6f63."))
        return typed

    @property
    def own(self) -> str:
        """Of a valid form; empty for a ready colour."""
        return str(self.cleaned_data["own_colour"])

    @property
    def ready(self) -> str:
        """Of a valid form; empty for an own colour."""
        return "" if self.own else str(self.cleaned_data["colour"])

    @property
    def pair(self) -> Pair:
        """Of a valid form."""
        return colours(self.ready, self.own)
