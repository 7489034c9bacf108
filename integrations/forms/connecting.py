"""The forms that connect a login. Each refusal is a sentence next to the field it concerns."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from integrations.forms.sentences import sentence_for
from integrations.models import Connection, Provider
from integrations.ports import LoginRefused, NotAllowed, ProviderError
from integrations.services.address import AddressHasLogin, UnusableAddress, server_address, without_login
from integrations.services.connect import NotAppSpecific, app_specific, connect, reconnect
from integrations.services.tries import MOST_TRIES, TooManyTries


class PasswordField(forms.CharField):
    """Written, never shown again."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(
            render_value=False, attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        )
        super().__init__(widget=widget, max_length=500, strip=False, **kwargs)


class ConnectForm(forms.Form):
    """What all forms that sign in somewhere share. ``connect`` gives None, and the form its errors, when refused."""

    kind: Provider
    # the field that stands for the server; without one, what concerns the server stands on top
    address_field: str | None = None
    too_many = False

    def connect(self, user: User, *, now: datetime) -> Connection | None:
        try:
            return self._connect(user, now=now)
        except TooManyTries:
            self.too_many = True
            self.add_error(None, _too_many())
        except LoginRefused:
            self.add_error("password", self._why_refused(user))
        except ProviderError as error:
            plain_http = isinstance(error, NotAllowed) and self._server().startswith("http:")
            self.add_error(self.address_field, sentence_for(error, plain_http=plain_http))
        return None

    def _connect(self, user: User, *, now: datetime) -> Connection:
        raise NotImplementedError

    def _server(self) -> str:
        return str(self.cleaned_data.get("server_url", ""))

    def _known(self, user: User) -> Connection | None:
        """The login, if it has been connected before."""
        mine = Connection.objects.of(user).defer("credential").filter(provider=self.kind)
        mine = mine.filter(username__iexact=self.cleaned_data["username"].strip())
        return (mine.filter(server_url=self._server()) if self._server() else mine).first()

    def _why_refused(self, user: User) -> str:
        return _why_refused(self.kind, self._known(user))


class ICloudForm(ConnectForm):
    kind = Provider.ICLOUD
    username = forms.EmailField(
        label=gettext_lazy("iCloud e-mail address"),
        help_text=gettext_lazy("The address of your Apple account, often ending in @icloud.com."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        max_length=254,
        error_messages={"invalid": gettext_lazy("This is not an e-mail address. Example: name@icloud.com")},
    )
    password = PasswordField(
        label=gettext_lazy("App-specific password"),
        help_text=gettext_lazy("Four groups of four letters. With or without hyphens, both are fine."),
    )

    @sensitive_variables()
    def clean_password(self) -> str:
        return _of_apples_shape(self.cleaned_data["password"])

    @sensitive_variables()
    def _connect(self, user: User, *, now: datetime) -> Connection:
        return connect(user, provider=self.kind, server_url="", now=now, **self.cleaned_data)


class CalDAVForm(ConnectForm):
    kind = Provider.CALDAV
    address_field = "server_url"
    server_url = forms.CharField(
        label=gettext_lazy("Server address"),
        help_text=gettext_lazy("As your provider names it for CalDAV. Example: https://cloud.example.org"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        max_length=500,
    )
    username = forms.CharField(
        label=gettext_lazy("User name"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
        max_length=254,
    )
    password = PasswordField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("If your provider makes app passwords, make one just for this."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        self._typed = ""
        if data is not None:
            # what is shown again must not hold a password, whichever error there is
            self._typed, data = data.get("server_url", ""), data.copy()
            data["server_url"] = without_login(self._typed)
        super().__init__(data, **kwargs)

    @sensitive_variables()
    def clean_server_url(self) -> str:
        try:
            return server_address(self._typed)
        except AddressHasLogin:
            raise forms.ValidationError(
                _("This address carried a user name or password. We have not used it and show it without them.")
            ) from None
        except UnusableAddress:
            raise forms.ValidationError(
                _("This is not the address of a server. Example: https://cloud.example.org")
            ) from None

    @sensitive_variables()
    def _connect(self, user: User, *, now: datetime) -> Connection:
        return connect(user, provider=self.kind, now=now, **self.cleaned_data)


class NewPasswordForm(ConnectForm):
    """A new password for a login that stays where it is."""

    password = PasswordField(label=gettext_lazy("New password"))

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connection = connection
        if connection.provider == Provider.ICLOUD:
            self.fields["password"].label = ICloudForm.base_fields["password"].label
            self.fields["password"].help_text = ICloudForm.base_fields["password"].help_text

    @sensitive_variables()
    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        return _of_apples_shape(password) if self._connection.provider == Provider.ICLOUD else password

    @sensitive_variables()
    def _connect(self, user: User, *, now: datetime) -> Connection:
        return reconnect(self._connection, password=self.cleaned_data["password"], now=now)

    def _server(self) -> str:
        return self._connection.server_url

    def _why_refused(self, user: User) -> str:
        return _why_refused(self._connection.provider, self._connection)


@sensitive_variables()
def _of_apples_shape(password: str) -> str:
    try:
        return app_specific(password)
    except NotAppSpecific:
        raise forms.ValidationError(
            _(
                "This looks like your Apple account’s own password. We have not sent or kept it. "
                "Please make an app-specific one: steps 1 to 4."
            )
        ) from None


def _why_refused(kind: str, known: Connection | None) -> str:
    """What can be known: the history of the login, else the likely causes."""
    if known is not None and known.synced_at is not None:
        worked = date_format(localtime(known.synced_at), "DATE_FORMAT")
        if kind == Provider.ICLOUD:
            return _(
                "iCloud does not accept this password. The one before worked until %(day)s: probably it was revoked. "
                "Changing the Apple password revokes all app-specific ones; please make a new one."
            ) % {"day": worked}
        return _(
            "The server does not accept this password. The one before worked until %(day)s: "
            "probably it was changed or revoked since."
        ) % {"day": worked}
    if kind == Provider.ICLOUD:
        return _(
            "iCloud does not accept this address with this password. Perhaps a letter is missing, the password was "
            "revoked, or it belongs to another Apple account."
        )
    return _(
        "The server does not accept this user name with this password. Some servers want the whole e-mail address as "
        "user name; with two-factor sign-in most want an app password."
    )


def _too_many() -> str:
    return _(
        "You have tried %(count)s times within an hour, and we sent nothing this time. "
        "Please wait an hour before you try again."
    ) % {"count": MOST_TRIES}
