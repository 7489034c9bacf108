"""Signing in."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("This e-mail address and password do not belong together."),
        "inactive": _("This e-mail address and password do not belong together."),
    }
