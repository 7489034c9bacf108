"""iCalendar as text (RFC 5545 3.1): the components of an object, read leniently and in one pass.

Only what busy time needs is kept; a description of a megabyte or a thousand alarms cost a look at each line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from integrations.ports import Unreadable
from integrations.providers.caldav.unfolding import unfolded

LARGEST_OBJECT = 8 * 1024 * 1024
MOST_LINES = 200_000
MOST_COMPONENTS = 5_000
DEEPEST = 20

_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_MARKS = frozenset({"UID", "SUMMARY", "STATUS", "TRANSP", "SEQUENCE", "ATTENDEE", "ORGANIZER"})
_FOREIGN = frozenset({"X-MICROSOFT-CDO-BUSYSTATUS"})
_OURS = frozenset({"X-HOLDFAST-ANSWER", "X-HOLDFAST-WHOLE-DAY", "X-HOLDFAST-DENSE"})
_ZONES = frozenset({"TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-LIC-LOCATION"})
_STRUCTURE = frozenset({"BEGIN", "END"})
_KEPT = _TIMES | _MARKS | _FOREIGN | _OURS | _ZONES | _STRUCTURE
_LONGEST_NAME = max(map(len, _KEPT))
_HEADS = frozenset(name[:3] for name in _KEPT)
_KEPT_COMPONENTS = frozenset({"VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VTODO", "VJOURNAL"})
_ZONE_BEGINS, _ZONE_ENDS = "\nBEGIN:VTIMEZONE\n", "\nEND:VTIMEZONE\n"
_EVENT_BEGINS = "\nBEGIN:VEVENT"
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Line(NamedTuple):
    """One property. ``name`` is upper-case; parameter names are, too, and their values are unquoted."""

    name: str
    value: str
    params: Mapping[str, str] = _NOTHING


@dataclass(slots=True)
class Component:
    """A component with the properties that matter, and the components inside it. ``cut``: it has no end."""

    name: str
    lines_of: dict[str, list[Line]] = field(default_factory=dict)
    inside: list["Component"] = field(default_factory=list)
    cut: bool = False

    @property
    def lines(self) -> Iterator[Line]:
        return (line for lines in self.lines_of.values() for line in lines)

    def add(self, line: Line) -> None:
        known = self.lines_of.get(line.name)
        if known is None:
            self.lines_of[line.name] = [line]
        else:
            known.append(line)

    def first(self, name: str) -> Line | None:
        lines = self.lines_of.get(name)
        return lines[0] if lines else None

    def every(self, name: str) -> list[Line]:
        return self.lines_of.get(name, [])

    def text(self, name: str) -> str:
        lines = self.lines_of.get(name)
        return lines[0].value.strip() if lines else ""


class Parts(NamedTuple):
    """An object taken apart. ``zones`` are the texts of its time zones: most objects' never need a look."""

    components: list[Component]
    zones: list[str]


def components_of(content: str | bytes) -> list[Component]:
    """All events, tasks and time zones of an object, in its order. Raises Unreadable when it is too large."""
    return _components(_within_limits(content))


def parts_of(content: str | bytes) -> Parts:
    """As ``components_of``, with time zones left for ``components_of`` to read. Raises Unreadable."""
    text = _within_limits(content)
    zones: list[str] = []
    rest: list[str] = []
    position = 0
    while (begin := text.find(_ZONE_BEGINS, position)) >= 0:
        end = text.find(_ZONE_ENDS, begin)
        if end < 0 or len(zones) >= MOST_COMPONENTS or _holds_event(text, begin, end):
            break
        rest.append(text[position:begin])
        position = end + len(_ZONE_ENDS) - 1
        zones.append(text[begin + 1 : position])
    rest.append(text[position:])
    return Parts(_components("".join(rest)), zones)


def _holds_event(text: str, begin: int, end: int) -> bool:
    """Whether a time zone was not ended before the next one was."""
    return text.find(_EVENT_BEGINS, begin, end) >= 0


def _within_limits(content: str | bytes) -> str:
    if len(content) > LARGEST_OBJECT:
        raise Unreadable("The object is too large.")
    text = unfolded(content)
    if text.count("\n") > MOST_LINES:
        raise Unreadable("The object has too many lines.")
    return text


def _components(text: str) -> list[Component]:
    found: list[Component] = []
    opened: list[Component] = []
    for line in _lines(text):
        if line.name == "BEGIN":
            _begin(line.value.strip().upper(), opened, found)
        elif line.name == "END":
            _end(line.value.strip().upper(), opened)
        elif opened:
            opened[-1].add(line)
    for component in opened:
        component.cut = True
    return found


def _begin(name: str, opened: list[Component], found: list[Component]) -> None:
    if name == "VEVENT":
        # An event within an event: the outer one was never ended.
        while opened and opened[-1].name != "VCALENDAR":
            opened.pop().cut = True
    if len(opened) >= DEEPEST:
        return
    component = Component(name)
    if opened and opened[-1].name in _KEPT_COMPONENTS:
        opened[-1].inside.append(component)
    elif name in _KEPT_COMPONENTS:
        found.append(component)
        if len(found) > MOST_COMPONENTS:
            raise Unreadable("The object has too many parts.")
    opened.append(component)


def _end(name: str, opened: list[Component]) -> None:
    if not any(component.name == name for component in opened):
        return
    while (component := opened.pop()).name != name:
        component.cut = True


def _lines(text: str) -> Iterator[Line]:
    for line in text.split("\n"):
        # A cheap look first: most lines are of no interest.
        if line[:3] in _HEADS or line[:3].upper() in _HEADS:
            found = _read(line)
            if found is not None:
                yield found


def _read(text: str) -> Line | None:
    head, colon, value = text.partition(":")
    name, semicolon, rest = head.partition(";")
    if name not in _KEPT and (len(name) > _LONGEST_NAME or (name := name.upper()) not in _KEPT):
        return None
    if not semicolon:
        return Line(name, value) if colon else None
    if '"' in head:
        return _read_quoted(name, text)
    return Line(name, value, _params(rest.split(";"))) if colon else None


def _read_quoted(name: str, text: str) -> Line:
    """Colons and semicolons within quotes are part of a parameter's value (RFC 5545 3.2)."""
    pieces = text.split('"')
    before, head = "", []
    for index in range(0, len(pieces), 2):
        before, colon, _ = pieces[index].partition(":")
        if colon:
            head = [*pieces[:index], before]
            value = text[sum(map(len, head)) + len(head) :]
            break
        pieces[index] = before.replace(";", "\n")
    else:
        # One quote too many: the first colon it is.
        before, _, value = text.replace('"', "").partition(":")
        head = [""]
    head[-1] = before.replace(";", "\n")
    return Line(name, value, _params("".join(head).split("\n")[1:]))


def _params(texts: list[str]) -> Mapping[str, str]:
    pairs = (text.partition("=") for text in texts)
    return {name.strip().upper(): value.strip() for name, equals, value in pairs if equals}
