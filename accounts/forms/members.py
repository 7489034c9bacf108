"""Who comes into an account, and in which role."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User
from accounts.roles import Role
from accounts.services.join import Newcomer

MEANING = {
    Role.STAFF: _("Their own profile, schedules, connections and appointments"),
    Role.MANAGER: _("All calendars and appointments of the account, its people except owners, its look and closures"),
    Role.OWNER: _("Everything, owners and the public address included"),
}


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: Role, to: Role | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, f"{role.label}: {MEANING[role]}") for role in by.can_give(to)
        ]

    @property
    def chosen(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("How the mail greets them. They can change it.")
    )
    field_order = ("email", "name", "role")


class NewcomerForm(forms.ModelForm[User]):
    """A new person's own account: their name, the password they choose, where and in which language they read."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=password_validators_help_text_html(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ("name", "password", "time_zone", "locale")

    class Meta:
        model = User
        fields = ("name", "time_zone", "locale")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, answers: QueryDict | None, *, invitation: Invitation) -> None:
        account = invitation.account
        initial = {"name": invitation.name, "time_zone": account.time_zone, "locale": account.locale}
        super().__init__(answers, initial=initial, instance=User(email=invitation.email))
        self.fields["time_zone"].widget.attrs["data-detect"] = True

    def clean_password(self) -> str:
        """Neither short, nor common, nor like the name or the address."""
        password: str = self.cleaned_data["password"]
        name = self.cleaned_data.get("name", "")
        validate_password(password, User(email=self.instance.email, name=name))
        return password

    @property
    def newcomer(self) -> Newcomer:
        """Of a valid form."""
        said = self.cleaned_data
        return Newcomer(
            name=said["name"], password=said["password"], time_zone=str(said["time_zone"]), locale=said["locale"]
        )
