"""Our appointment written into the object that lies there: every line that is not ours stays as it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from integrations.ports import WantedEvent
from integrations.providers.caldav.composing import compose, escaped, folded, properties_of, texts_of
from integrations.providers.caldav.merging import merge_notes, merge_text

_DEEPEST = 30
# What would repeat our event, or make a server mail guests.
_NEVER_OURS = frozenset(
    (
        "ATTENDEE",
        "ORGANIZER",
        "DURATION",
        "RRULE",
        "EXRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "REQUEST-STATUS",
    )
)
_NAME = re.compile(r"([A-Za-z0-9-]+)[ \t]*[:;]")
_HEAD = re.compile(r'(?:[^:"]|"[^"]*")*:')
_ESCAPE = re.compile(r"\\([\\;,nN])")


class _NotUnderstood(Exception):
    """The object is no tree of components with our event in it."""


@dataclass(slots=True)
class _Part:
    """A component: its lines, unfolded, and the components inside it, in their order."""

    name: str
    content: list["str | _Part"] = field(default_factory=list)

    def parts(self, name: str) -> list["_Part"]:
        return [one for one in self.content if isinstance(one, _Part) and one.name == name]

    def values(self, name: str) -> list[str]:
        return [_value(line) for line in self.content if isinstance(line, str) and _name(line) == name]

    def drop(self, names: frozenset[str]) -> None:
        self.content = [one for one in self.content if isinstance(one, _Part) or _name(one) not in names]

    def lines(self) -> Iterator[str]:
        yield f"BEGIN:{self.name}"
        for one in self.content:
            yield from one.lines() if isinstance(one, _Part) else (one,)
        yield f"END:{self.name}"


def rewrite(content: bytes, wanted: WantedEvent, *, written: WantedEvent | None = None) -> bytes:
    """The object with our properties in it; a new one when it cannot be understood.

    Times and status become ours. A title or place that only the host changed since ``written`` stays the host's;
    without ``written`` nobody knows, and ours is set. The host's lines in the description stay.
    """
    try:
        calendar = _parsed(content)
        event = _our_event(calendar, wanted.uid)
    except _NotUnderstood:
        return compose(wanted)
    calendar.drop(frozenset({"METHOD"}))
    calendar.content = [one for one in calendar.content if isinstance(one, str) or one is event or one.name != "VEVENT"]
    lines = _our_lines(event, wanted, written)
    event.drop(_NEVER_OURS | properties_of(wanted).keys() | texts_of(wanted).keys())
    event.content = [*lines, *event.content]
    return folded(calendar.lines())


def _our_lines(event: _Part, wanted: WantedEvent, written: WantedEvent | None) -> list[str]:
    ours = dict(properties_of(wanted))
    # Never back: what lies there may have been counted up by the host's own device.
    ours["SEQUENCE"] = f":{max(wanted.sequence, *map(_count, event.values('SEQUENCE')), 0)}"
    lines = [f"{name}{value}" for name, value in ours.items()]
    for name, text in _merged_texts(event, wanted, written).items():
        lines.extend([f"{name}:{escaped(text)}"] if text else [])
    return lines


def _merged_texts(event: _Part, wanted: WantedEvent, written: WantedEvent | None) -> dict[str, str]:
    new, old = texts_of(wanted), {} if written is None else texts_of(written)
    merged = {}
    for name, text in new.items():
        there = "\n".join(map(_unescaped, event.values(name)))
        merge = merge_notes if name == "DESCRIPTION" else merge_text
        merged[name] = merge(there, wanted=text, written=old.get(name))
    return merged


def _our_event(calendar: _Part, uid: str) -> _Part:
    ours = [event for event in calendar.parts("VEVENT") if uid in map(str.strip, event.values("UID"))]
    if not ours:
        raise _NotUnderstood
    return next((event for event in ours if not event.values("RECURRENCE-ID")), ours[0])


def _parsed(content: bytes) -> _Part:
    """The calendar in an object. Unfolded before it is decoded: a fold may stand in the middle of a character."""
    plain = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n ", b"").replace(b"\n\t", b"")
    outermost = _Part("")
    within = [outermost]
    for line in plain.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").split("\n"):
        _take(line, within)
    calendars = outermost.parts("VCALENDAR")
    if len(within) > 1 or len(calendars) != 1:
        raise _NotUnderstood
    return calendars[0]


def _take(line: str, within: list[_Part]) -> None:
    name = _name(line)
    if name == "BEGIN":
        part = _Part(_value(line).strip().upper())
        within[-1].content.append(part)
        within.append(part)
        if len(within) > _DEEPEST:
            raise _NotUnderstood
    elif name == "END":
        if len(within) == 1 or within.pop().name != _value(line).strip().upper():
            raise _NotUnderstood
    elif line.strip():
        within[-1].content.append(line)


def _name(line: str) -> str:
    match = _NAME.match(line)
    return match[1].upper() if match else ""


def _value(line: str) -> str:
    match = _HEAD.match(line)
    return line[match.end() :] if match else ""


def _unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def _count(value: str) -> int:
    text = value.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
