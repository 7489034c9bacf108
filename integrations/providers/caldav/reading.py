"""From a remote object to the little of it that busy time needs: no notes, no guests, zones by their IANA names."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from integrations.ports import Unreadable
from integrations.providers.caldav.content_lines import Component, Line, components_of, parts_of
from integrations.providers.caldav.demands import demand_readable, is_too_dense, start_or_its_date
from integrations.providers.caldav.unfolding import unfolded, without_surrogates
from integrations.providers.caldav.zones import definition_of, iana_name, zone_of

LONGEST_TITLE = 500

_ONE_TIME = ("DTSTART", "DTEND", "RECURRENCE-ID")
_MANY_TIMES = ("RDATE", "EXDATE")
_KINDS = ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")
_AS_THEY_ARE = ("UID", "DURATION", "RRULE", "EXRULE", *_KINDS, "SEQUENCE")
# The answer that keeps most time busy first; none at all is an accepted one.
_ANSWERS = ("", "tentative", "needs_action", "declined")
_ANSWER_OF = {"DECLINED": "declined", "NEEDS-ACTION": "needs_action", "TENTATIVE": "tentative"}


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
        found, zones = parts_of(content)
    except Unreadable as error:
        return Reduced("", "", str(error))
    reduction = _Reduction(found, zones, addresses)
    lines = [line for component in found if component.name == "VEVENT" for line in reduction.event(component)]
    uid = next((uid for component in found if (uid := component.text("UID"))), "")
    text = "\r\n".join(["BEGIN:VCALENDAR", *reduction.definitions(), *lines, "END:VCALENDAR", ""]) if lines else ""
    return Reduced(without_surrogates(uid), without_surrogates(text), reduction.trouble)


def looks_like_a_calendar(content: str | bytes) -> bool:
    head = content[:1000]
    usual = "BEGIN:VCALENDAR" in head if isinstance(head, str) else b"BEGIN:VCALENDAR" in head
    return usual or "BEGIN:VCALENDAR" in unfolded(head).upper()


def is_whole(content: str | bytes) -> bool:
    """Whether it has an end: an answer may be cut without a word."""
    return "END:VCALENDAR" in unfolded(content).upper()


class _Reduction:
    """One object being reduced: remembers the zones its events need, and the first trouble."""

    def __init__(self, found: Collection[Component], zones: Sequence[str], addresses: Collection[str]) -> None:
        self._unread_zones = zones
        self._zones = [component for component in found if component.name == "VTIMEZONE"]
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
        return self._day_of_start(event)

    def definitions(self) -> Iterator[str]:
        for name, zone in self._needed.items():
            yield from ("BEGIN:VTIMEZONE", f"TZID:{name}")
            for part in zone.inside:
                yield f"BEGIN:{part.name}"
                yield from (f"{line.name}:{line.value}" for line in part.lines)
                yield f"END:{part.name}"
            yield "END:VTIMEZONE"

    def _event(self, event: Component) -> list[str]:
        if event.cut:
            raise Unreadable("The object ends before it is complete.")
        demand_readable(event)
        lines = [self._time(line) for name in _ONE_TIME if (line := event.first(name))]
        if "RDATE" in event.lines_of or "EXDATE" in event.lines_of:
            lines += [self._time(line) for name in _MANY_TIMES for line in event.every(name)]
        lines += [f"{name}:{line.value}" for name in _AS_THEY_ARE for line in event.every(name)]
        if is_too_dense(event):
            self.trouble = self.trouble or "The event repeats too often."
            lines.append("X-HOLDFAST-DENSE:1")
        return lines + self._described(event)

    def _described(self, event: Component) -> list[str]:
        lines = []
        if title := event.text("SUMMARY"):
            lines.append(f"SUMMARY:{title[:LONGEST_TITLE]}")
        if "ATTENDEE" in event.lines_of and (answer := self._answer(event)):
            lines.append(f"X-HOLDFAST-ANSWER:{answer}")
        return lines

    def _day_of_start(self, event: Component) -> list[str]:
        try:
            start = start_or_its_date(event)
        except Unreadable:
            return []
        try:
            time = self._time(start)
        except Unreadable:
            time = f"DTSTART:{start.value.strip()}"
        kinds = [f"{name}:{line.value}" for name in _KINDS if (line := event.first(name))]
        return ["BEGIN:VEVENT", time, "X-HOLDFAST-WHOLE-DAY:1", *kinds, *self._described(event), "END:VEVENT"]

    def _time(self, line: Line) -> str:
        name, value, params = line
        value = value.strip()
        if not params:
            return f"{name}:{value}"
        kept = ";RANGE=THISANDFUTURE" if params.get("RANGE", "").upper() == "THISANDFUTURE" else ""
        tzid = params.get("TZID", "")
        if tzid and not value.endswith(("Z", "z")) and (zone := self._zone(tzid)):
            kept += f';TZID="{zone}"' if ":" in zone else f";TZID={zone}"
        return f"{name}{kept}:{value}"

    def _zone(self, tzid: str) -> str:
        """A name that ``expand`` will know: an IANA name, or ours for the object's own definition."""
        if tzid not in self._names:
            self._names[tzid] = iana_name(tzid) or self._named(tzid)
        return self._names[tzid]

    def _named(self, tzid: str) -> str:
        self._zones += [zone for text in self._unread_zones for zone in components_of(text)]
        self._unread_zones = ()
        zone = zone_of(tzid, self._zones)
        if zone is None:
            return ""
        key = getattr(zone, "key", None)
        definition = definition_of(tzid, self._zones)
        if key is not None or definition is None:
            return str(key or zone)
        name = f"own-{len(self._needed) + 1}"
        self._needed[name] = definition
        return name

    def _answer(self, event: Component) -> str:
        """The login's own; of several the one that keeps most time busy."""
        own = [line for line in event.every("ATTENDEE") if self._is_own(line)]
        # Who says nothing has not answered (RFC 5545 3.2.12), but who invites, comes.
        silent = "" if any(map(self._is_own, event.every("ORGANIZER"))) else "NEEDS-ACTION"
        answers = [_ANSWER_OF.get(line.params.get("PARTSTAT", silent).upper(), "") for line in own]
        return min(answers, key=_ANSWERS.index, default="")

    def _is_own(self, line: Line) -> bool:
        address = unquote(line.value.strip().casefold().removeprefix("mailto:"))
        return address in self._addresses or line.params.get("EMAIL", "").casefold() in self._addresses
