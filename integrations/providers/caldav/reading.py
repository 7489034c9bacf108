"""From a remote object to the little of it that busy time needs: no notes, no guests, zones by their IANA names."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC

from integrations.ports import Unreadable
from integrations.providers.caldav.content_lines import Component, Line, components_of
from integrations.providers.caldav.recurrence import parse_rule
from integrations.providers.caldav.values import parse_length, parse_when
from integrations.providers.caldav.zones import iana_name, zone_of

LONGEST_TITLE = 500
MOST_DATES = 20_000

_ONE_TIME = ("DTSTART", "DTEND", "RECURRENCE-ID")
_MANY_TIMES = ("RDATE", "EXDATE")
_AS_THEY_ARE = (
    "UID",
    "DURATION",
    "RRULE",
    "EXRULE",
    "STATUS",
    "TRANSP",
    "SEQUENCE",
    "X-MICROSOFT-CDO-BUSYSTATUS",
)
_ANSWERS = {"DECLINED": "declined", "NEEDS-ACTION": "needs_action", "TENTATIVE": "tentative"}


@dataclass(frozen=True, slots=True)
class Reduced:
    """``text`` is for ``expand``; ``unreadable`` says what of the object is not in it as it should be."""

    uid: str
    text: str
    unreadable: str


def reduce_object(content: str | bytes, *, addresses: Collection[str]) -> Reduced:
    """``addresses``: the login's own, lower-case, to find its answer to invitations. Never raises."""
    try:
        if not looks_like_a_calendar(content):
            raise Unreadable("This is not a calendar object.")
        found = components_of(content)
    except Unreadable as error:
        return Reduced("", "", str(error))
    reduction = _Reduction(found, addresses)
    events = [component for component in found if component.name == "VEVENT"]
    lines = [line for event in events for line in reduction.event(event)]
    uid = next((uid for uid in (component.text("UID") for component in found) if uid), "")
    text = "\r\n".join(["BEGIN:VCALENDAR", *reduction.definitions(), *lines, "END:VCALENDAR", ""]) if lines else ""
    return Reduced(uid, text, reduction.trouble)


def looks_like_a_calendar(content: str | bytes) -> bool:
    head = content[:1000]
    text = head if isinstance(head, str) else head.decode("latin-1")
    return "BEGIN:VCALENDAR" in text.upper()


class _Reduction:
    """One object being reduced: remembers the zones its events need, and the first trouble."""

    def __init__(self, components: Collection[Component], addresses: Collection[str]) -> None:
        self._zones = [component for component in components if component.name == "VTIMEZONE"]
        self._addresses = addresses
        self._needed: dict[str, Component] = {}
        self._names: dict[str, str] = {}
        self.trouble = ""

    def event(self, event: Component) -> list[str]:
        """The event's lines; of an event that cannot be read, the day of its start; of one without any, nothing."""
        try:
            return ["BEGIN:VEVENT", *self._event(event), "END:VEVENT"]
        except Unreadable as error:
            self.trouble = self.trouble or str(error)
        return _day_of_start(event)

    def definitions(self) -> Iterator[str]:
        for name, zone in self._needed.items():
            yield from ("BEGIN:VTIMEZONE", f"TZID:{name}")
            for part in zone.inside:
                yield f"BEGIN:{part.name}"
                yield from (f"{line.name}:{line.value}" for line in part.lines)
                yield f"END:{part.name}"
            yield "END:VTIMEZONE"

    def _event(self, event: Component) -> Iterator[str]:
        start = event.first("DTSTART")
        if start is None:
            raise Unreadable("An event has no start.")
        _demand_readable(event, start)
        yield from (self._time(line) for name in _ONE_TIME if (line := event.first(name)))
        yield from (self._time(line) for name in _MANY_TIMES for line in event.every(name))
        yield from (f"{line.name}:{line.value}" for name in _AS_THEY_ARE for line in event.every(name))
        if title := event.text("SUMMARY"):
            yield f"SUMMARY:{title[:LONGEST_TITLE]}"
        if answer := self._answer(event):
            yield f"X-HOLDFAST-ANSWER:{answer}"

    def _time(self, line: Line) -> str:
        value, params = line.value.strip(), ""
        if line.params.get("RANGE", "").upper() == "THISANDFUTURE":
            params = ";RANGE=THISANDFUTURE"
        tzid = line.params.get("TZID", "")
        if tzid and not value.upper().endswith("Z") and (name := self._zone(tzid)):
            params += f';TZID="{name}"'
        return f"{line.name}{params}:{value}"

    def _zone(self, tzid: str) -> str:
        """A name that ``expand`` will know: an IANA name, or ours for the object's own definition."""
        if tzid not in self._names:
            self._names[tzid] = self._named(tzid)
        return self._names[tzid]

    def _named(self, tzid: str) -> str:
        known = iana_name(tzid)
        if known is not None:
            return known
        zone = zone_of(tzid, self._zones)
        if zone is None:
            return ""
        key = getattr(zone, "key", None)
        definition = next((one for one in self._zones if one.text("TZID").strip('"') == tzid.strip('"')), None)
        if key is not None or definition is None:
            return str(key or zone)
        name = f"own-{len(self._needed) + 1}"
        self._needed[name] = definition
        return name

    def _answer(self, event: Component) -> str:
        for line in event.every("ATTENDEE"):
            named = {line.params.get("EMAIL", "").casefold(), line.value.strip().casefold().removeprefix("mailto:")}
            if not named.isdisjoint(self._addresses):
                return _ANSWERS.get(line.params.get("PARTSTAT", "").upper(), "")
        return ""


def _day_of_start(event: Component) -> list[str]:
    start = event.text("DTSTART")
    try:
        parse_when(start, zone=UTC, default_zone=UTC)
    except Unreadable:
        return []
    return ["BEGIN:VEVENT", f"DTSTART:{start}", "X-HOLDFAST-WHOLE-DAY:1", "END:VEVENT"]


def _demand_readable(event: Component, start: Line) -> None:
    """What would only fail later fails now, where its neighbours are safe."""
    when = parse_when(start.value, zone=UTC, default_zone=UTC)
    dates = sum(line.value.count(",") + 1 for name in _MANY_TIMES for line in event.every(name))
    if dates > MOST_DATES:
        raise Unreadable("An event has too many dates.")
    for line in (event.first("DTEND"), event.first("RECURRENCE-ID"), *event.every("RDATE")):
        for text in line.value.split(",") if line else ():
            _demand_time(text)
    if line := event.first("DURATION"):
        parse_length(line.value)
    for line in (*event.every("RRULE"), *event.every("EXRULE")):
        parse_rule(line.value, zone=UTC, is_date=when.is_date)


def _demand_time(text: str) -> None:
    """A time, or a period of two times or of a time and a duration."""
    begin, _, rest = text.partition("/")
    parse_when(begin, zone=UTC, default_zone=UTC)
    if rest.strip().upper().startswith(("P", "+P", "-P")):
        parse_length(rest)
    elif rest:
        parse_when(rest, zone=UTC, default_zone=UTC)
