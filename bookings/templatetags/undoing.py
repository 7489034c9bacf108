"""Messages that carry the way back."""

from typing import NamedTuple

from django import template
from django.contrib.messages.storage.base import Message
from django.urls import reverse

register = template.Library()

# what follows is a payload to undo with, or the name of what was removed and can be restored
PREFIX, RESTORE = "undo:", "restore:"


class Button(NamedTuple):
    """Where the button posts to, and what with."""

    url: str
    payload: str = ""


@register.filter
def way_back(message: Message) -> Button | None:
    tags = message.extra_tags or ""
    if tags.startswith(RESTORE):
        return Button(reverse("bookings:own-item-restore", args=[tags.removeprefix(RESTORE)]))
    if tags.startswith(PREFIX):
        uid, _line, payload = tags.removeprefix(PREFIX).partition("/")
        return Button(reverse("bookings:entry-undo", args=[uid]), payload)
    return None
