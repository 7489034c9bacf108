"""iCalendar as text (RFC 5545 3.1): unfolded lines and the components they make, read leniently and in one pass.

Only what busy time needs is kept; a description of a megabyte or a thousand alarms cost a look at each line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from integrations.ports import Unreadable

LARGEST_OBJECT = 8 * 1024 * 1024
MOST_LINES = 200_000
MOST_COMPONENTS = 5_000

_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[^:;"]*(?:"[^"]*"[^:;"]*)*)*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)=((?:[^:;"]*(?:"[^"]*")?)*)')

_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_MARKS = frozenset({"UID", "SUMMARY", "STATUS", "TRANSP", "SEQUENCE", "ATTENDEE", "X-MICROSOFT-CDO-BUSYSTATUS"})
_OURS = frozenset({"X-HOLDFAST-ANSWER", "X-HOLDFAST-WHOLE-DAY"})
_ZONES = frozenset({"TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-LIC-LOCATION"})
_STRUCTURE = frozenset({"BEGIN", "END"})
_KEPT = _TIMES | _MARKS | _OURS | _ZONES | _STRUCTURE
_KEPT_COMPONENTS = frozenset({"VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VTODO", "VJOURNAL"})


@dataclass(frozen=True, slots=True)
class Line:
    """One property. ``name`` is upper-case; parameter names are, too, and their values are unquoted."""

    name: str
    value: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Component:
    """A component with the properties that matter, and the components inside it."""

    name: str
    lines: list[Line] = field(default_factory=list)
    inside: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.name == name), None)

    def every(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def text(self, name: str) -> str:
        line = self.first(name)
        return "" if line is None else line.value.strip()


def components_of(content: str | bytes) -> list[Component]:
    """All events, tasks and time zones of an object. Raises Unreadable when it is too large or ends within one."""
    if len(content) > LARGEST_OBJECT:
        raise Unreadable("The object is too large.")
    found: list[Component] = []
    open_components: list[Component] = []
    for line in _lines(content):
        if line.name == "BEGIN":
            _begin(line.value.strip().upper(), open_components, found)
        elif line.name == "END":
            _end(line.value.strip().upper(), open_components)
        elif open_components:
            open_components[-1].lines.append(line)
    if any(component.name in _KEPT_COMPONENTS for component in open_components):
        raise Unreadable("The object ends before it is complete.")
    return found


def _begin(name: str, open_components: list[Component], found: list[Component]) -> None:
    component = Component(name)
    if open_components and open_components[-1].name in _KEPT_COMPONENTS:
        open_components[-1].inside.append(component)
    elif name in _KEPT_COMPONENTS:
        found.append(component)
        if len(found) > MOST_COMPONENTS:
            raise Unreadable("The object has too many parts.")
    open_components.append(component)


def _end(name: str, open_components: list[Component]) -> None:
    if any(component.name == name for component in open_components):
        while open_components.pop().name != name:
            pass


def _lines(content: str | bytes) -> Iterator[Line]:
    unfolded = _unfolded(content)
    if unfolded.count("\n") > MOST_LINES:
        raise Unreadable("The object has too many lines.")
    for text in unfolded.split("\n"):
        # A cheap look first: most lines are of no interest.
        if _name_of(text) not in _KEPT:
            continue
        match = _LINE.match(text)
        if match is not None:
            yield Line(match[1].upper(), match[3], _params(match[2]))


def _name_of(text: str) -> str:
    head = text[:40]
    for position, char in enumerate(head):
        if char in ":;":
            return head[:position].upper()
    return ""


def _params(text: str) -> Mapping[str, str]:
    if not text:
        return {}
    return {match[1].upper(): match[2].replace('"', "").strip() for match in _PARAMETER.finditer(text)}


def _unfolded(content: str | bytes) -> str:
    """Unfold before decoding: a fold may stand in the middle of a character."""
    if isinstance(content, str):
        plain = content.replace("\r\n", "\n").replace("\r", "\n")
        return plain.replace("\n ", "").replace("\n\t", "").removeprefix("\ufeff")
    raw = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n ", b"").replace(b"\n\t", b"")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
