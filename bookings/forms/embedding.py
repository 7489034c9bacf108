"""The websites that may show the booking pages inside theirs."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_SITES = 20
# an origin: what a browser compares, and nothing that means something else in a header
_ORIGIN = re.compile(r"https://(?P<host>[a-z0-9]([a-z0-9.-]{0,180}[a-z0-9])?)(:(?P<port>[0-9]{1,5}))?")


class WebsitesForm(forms.Form):
    """One address a line; the same one twice is one."""

    websites = forms.CharField(
        label=gettext_lazy("Websites that may show your booking pages"),
        help_text=gettext_lazy("One address a line, such as https://www.example.com. Empty: none."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
    )

    def clean_websites(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["websites"].splitlines() if line.strip()]
        sites = list(dict.fromkeys(origin_of(line) for line in lines))
        if len(sites) > MOST_SITES:
            raise ValidationError(_("At most %(number)d websites, please.") % {"number": MOST_SITES})
        return sites


def origin_of(text: str) -> str:
    """The address in the spelling browsers use. ValidationError for anything that is more, or less."""
    address = text.lower().removesuffix("/")
    scheme, _slashes, rest = address.partition("://")
    if not rest.isascii():
        address = f"{scheme}://{_in_ascii(rest, text)}"
    found = _ORIGIN.fullmatch(address)
    if found is None or ".." in found["host"] or int(found["port"] or 443) not in range(1, 65_536):
        raise ValidationError(_explained(text, address))
    return address.removesuffix(":443")


def _in_ascii(rest: str, text: str) -> str:
    host, colon, port = rest.partition(":")
    try:
        return f"{host.encode('idna').decode()}{colon}{port}"
    except UnicodeError:
        raise ValidationError(_explained(text, rest)) from None


def _explained(text: str, address: str) -> str:
    named: dict[str, Any] = {"address": text[:100]}
    if address.startswith("http://"):
        return _("“%(address)s” must begin with https://, so that nobody on the way can change the page.") % named
    begins = _ORIGIN.match(address)
    if begins and address[begins.end() : begins.end() + 1] in {"/", "?", "#"}:
        return _("“%(address)s” has more than the beginning. Only this, please: %(begins)s") % {
            **named,
            "begins": begins[0],
        }
    return _("“%(address)s” is not the address of a website. Example: https://www.example.com") % named
