"""What is said on the page after something was done, and the way back it offers."""

import re
from html import unescape

from django.urls import reverse

from tests.bookings.views.appointments.pages import text

_FORM = re.compile(r'<form method="post" action="([^"]+)" data-then="redraw">.*?name="undo" value="([^"]*)"', re.DOTALL)


def way_back(client):
    """Address and payload of the Undo button on the next page."""
    page = client.get(reverse("accounts:profile")).content.decode()
    found = _FORM.search(page)
    assert found, page
    return unescape(found[1]), {"undo": unescape(found[2])}


def said_next(client):
    """The text of the next page, with what was said."""
    return text(client.get(reverse("accounts:profile")))


def press(client, button):
    address, sent = button
    return client.post(address, sent)
