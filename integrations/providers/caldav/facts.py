"""What an event says about itself besides its times: its title, and whether it takes time at all."""

import re
from typing import NamedTuple

from integrations.providers.caldav.content_lines import Component

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NAMES_OF_FREE = frozenset({"FREE", "WORKINGELSEWHERE"})


class Facts(NamedTuple):
    """As in ``Occurrence``."""

    title: str
    transparent: bool
    status: str
    answer: str


def facts_of(part: Component) -> Facts:
    title = part.text("SUMMARY")
    return Facts(
        title=_ESCAPED.sub(_unescaped, title) if "\\" in title else title,
        transparent=_is_transparent(part),
        status=_status(part),
        answer=part.text("X-HOLDFAST-ANSWER"),
    )


def _is_transparent(part: Component) -> bool:
    """TRANSP decides; where it is silent, what Exchange writes instead does."""
    transparency = part.text("TRANSP").upper()
    if transparency in {"OPAQUE", "TRANSPARENT"}:
        return transparency == "TRANSPARENT"
    return part.text("X-MICROSOFT-CDO-BUSYSTATUS").upper() in _NAMES_OF_FREE


def _status(part: Component) -> str:
    status = part.text("STATUS").upper()
    if status in {"CANCELLED", "CANCELED"}:
        return "cancelled"
    if status == "TENTATIVE" or (not status and part.text("X-MICROSOFT-CDO-BUSYSTATUS").upper() == "TENTATIVE"):
        return "tentative"
    return "confirmed"


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]
