"""What people change about themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User, UserManager


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name", "time_zone", "locale")
        help_texts = {
            "time_zone": _("All-day events and times without a zone in your calendars are read in this zone."),
        }


class AddressForm(forms.Form):
    """Another address to sign in with. The password shows that it is not somebody at an open screen."""

    address = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_address(self) -> str:
        address = UserManager.normalize_email(self.cleaned_data["address"])
        if address == self.user.email:
            raise forms.ValidationError(_("You sign in with this address already."))
        return address

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password. Nothing was changed."))
        return password
