"""Reading multistatus answers (RFC 4918 13): only a complete one with the right root is an answer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.ports import NotACalendarServer

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
CALENDAR_SERVER = "{http://calendarserver.org/ns/}"
APPLE = "{http://apple.com/ns/ical/}"

_STATUS = re.compile(r"(?:^|\s)(\d{3})(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Row:
    """One response. ``status`` is 200 unless the resource as a whole has another; ``props`` holds those found."""

    href: str
    status: int
    props: Mapping[str, Any]

    def text(self, name: str) -> str:
        element = self.props.get(name)
        return "" if element is None else "".join(element.itertext()).strip()

    def children(self, name: str) -> frozenset[str]:
        """Names of all elements below a property."""
        element = self.props.get(name)
        if element is None:
            return frozenset()
        return frozenset(child.tag for child in element.iterdescendants() if isinstance(child.tag, str))

    def href_in(self, name: str) -> str:
        """The first non-empty href below a property."""
        element = self.props.get(name)
        if element is None:
            return ""
        return next((text for text in map(_text, element.iterdescendants(f"{DAV}href")) if text), "")


def rows_of(tree: Any) -> Iterator[Row]:
    """Raises NotACalendarServer unless this is a multistatus."""
    if tree is None or tree.tag != f"{DAV}multistatus":
        raise NotACalendarServer("What answered is not a calendar server.")
    for response in tree.iterchildren(f"{DAV}response"):
        hrefs = [_text(element) for element in response.iterchildren(f"{DAV}href")]
        status = _status(response)
        props = _props(response)
        for href in hrefs:
            if href:
                yield Row(href, status, props)


def sync_token_of(tree: Any) -> str:
    return _text(tree.find(f"{DAV}sync-token"))


def preconditions_among(names: Iterable[str]) -> tuple[str, ...]:
    """What the standards name in an error; servers add words of their own (RFC 4918 16)."""
    return tuple(name for name in names if name.startswith((DAV, CALDAV, CALENDAR_SERVER)))


def _props(response: Any) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for propstat in response.iterchildren(f"{DAV}propstat"):
        if _status(propstat) >= 300:
            continue
        for prop in propstat.iterchildren(f"{DAV}prop"):
            found.update((child.tag, child) for child in prop if isinstance(child.tag, str))
    return found


def _status(parent: Any) -> int:
    """iCloud leaves statuses empty: what says nothing is fine."""
    match = _STATUS.search(_text(parent.find(f"{DAV}status")))
    return int(match[1]) if match else 200


def _text(element: Any) -> str:
    return "" if element is None else (element.text or "").strip()
