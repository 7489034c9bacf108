"""Short words for the pages of appointments."""

import re
from html import unescape

from django.urls import reverse

ADA_AS_TYPED = {
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "time_zone": "Europe/London",
    "locale": "de",
    "key": "one form",
}


def url(name, *arguments):
    return reverse(f"bookings:{name}", args=arguments)


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def ways(response):
    """What the buttons that overbook would send, by host; empty for a calendar without a choice."""
    found = {}
    for form in re.findall(r"<form.*?</form>", response.content.decode(), re.DOTALL):
        if seen := re.search(r'name="overbook" value="(\w+)"', form):
            hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', form))
            hidden.pop("csrfmiddlewaretoken", None)
            sent = {name: unescape(value) for name, value in hidden.items()}
            found[sent.get("host", "")] = sent | {"overbook": seen[1]}
    return found
