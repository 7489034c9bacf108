"""From a reduced object to its occurrences (RFC 5545 3.8.4.4, 3.8.5; RFC 4791 9.9)."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from integrations.ports import Occurrence, Unreadable
from integrations.providers.caldav.content_lines import Component, components_of
from integrations.providers.caldav.recurrence import MOST_INSTANCES
from integrations.providers.caldav.series import Event, Zones, instances_of, read_event
from integrations.providers.caldav.values import Length, to_instant

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NAMES_OF_FREE = frozenset({"FREE", "WORKINGELSEWHERE"})


def expand(reduced: str, *, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Occurrence, ...]:
    """Occurrences that overlap [start, end). Raises Unreadable beyond the budget."""
    found = components_of(reduced)
    zones = Zones([one for one in found if one.name == "VTIMEZONE"], default=zone)
    series: defaultdict[str, list[Event]] = defaultdict(list)
    for index, component in enumerate(one for one in found if one.name == "VEVENT"):
        event = read_event(component, zones)
        series[event.uid or f"#{index}"].append(event)
    occurrences: dict[str, Occurrence] = {}
    for uid, events in series.items():
        for occurrence in _Series(events, prefix=f"{uid}/" if len(series) > 1 else "").between(start, end):
            occurrences.setdefault(occurrence.key, occurrence)
            if len(occurrences) > MOST_INSTANCES:
                raise Unreadable("The event repeats too often.")
    return tuple(sorted(occurrences.values(), key=lambda one: (one.start, one.end, one.key)))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An instance: which it was originally, and where it stands now."""

    event: Event
    original: datetime
    wall: datetime
    zone: tzinfo
    length: Length


class _Series:
    """All events of one UID: the recurring one, and those that stand for some of its instances."""

    def __init__(self, events: Collection[Event], *, prefix: str) -> None:
        masters = [event for event in events if event.replaces is None]
        newest = max((event.sequence for event in masters), default=0)
        self._masters = [event for event in masters if event.sequence == newest]
        self._overrides = _newest_by_instance(events)
        self._prefix = prefix

    def between(self, start: datetime, end: datetime) -> Iterator[Occurrence]:
        for candidate in self._candidates(start, end):
            begins = to_instant(candidate.wall, candidate.zone)
            ends = candidate.length.after(candidate.wall, candidate.zone)
            # An end that is not after the start covers no time, whoever wrote it.
            if begins < ends and begins < end and start < ends:
                yield self._occurrence(candidate, begins, ends)

    def _candidates(self, start: datetime, end: datetime) -> Iterator[_Candidate]:
        for event in self._overrides:
            if event.replaces is not None:
                original, begin = event.replaces.instant, event.start
                yield _Candidate(event, original, begin.wall, begin.zone, event.length)
        for master in self._masters:
            yield from self._of_master(master, start, end)

    def _of_master(self, master: Event, start: datetime, end: datetime) -> Iterator[_Candidate]:
        zone = master.start.zone
        moves = _moves(self._overrides, zone)
        replaced, days = _replaced(self._overrides, master)
        slack = max((abs(shift) + event.length.at_most for _, shift, event in moves), default=timedelta())
        for instance in instances_of(master, start, end, slack=slack):
            if instance.wall in replaced or instance.wall.date() in days:
                continue
            event, wall, length = master, instance.wall, instance.length
            for since, shift, override in moves:
                if since <= instance.wall:
                    event, wall, length = override, instance.wall + shift, override.length
            yield _Candidate(event, to_instant(instance.wall, zone), wall, zone, length)

    def _occurrence(self, candidate: _Candidate, begins: datetime, ends: datetime) -> Occurrence:
        part = candidate.event.component
        return Occurrence(
            key=f"{self._prefix}{candidate.original:%Y%m%dT%H%M%SZ}",
            start=begins,
            end=ends,
            title=_ESCAPED.sub(_unescaped, part.text("SUMMARY")),
            transparent=_is_transparent(part),
            status=_status(part),
            all_day=candidate.event.start.is_date,
            answer=part.text("X-HOLDFAST-ANSWER"),
        )


def _newest_by_instance(events: Collection[Event]) -> list[Event]:
    """One override for each instance: of several, the one with the highest SEQUENCE, else the last."""
    newest: dict[datetime, Event] = {}
    for event in events:
        if event.replaces is not None:
            known = newest.get(event.replaces.instant)
            if known is None or event.sequence >= known.sequence:
                newest[event.replaces.instant] = event
    return list(newest.values())


def _moves(overrides: Collection[Event], zone: tzinfo) -> list[tuple[datetime, timedelta, Event]]:
    """Overrides of an instance and all later ones: since when, by how much, and what they are then."""
    moves = []
    for event in overrides:
        if event.following and event.replaces is not None:
            since = event.replaces.wall_in(zone)
            moves.append((since, event.start.wall_in(zone) - since, event))
    return sorted(moves, key=lambda move: move[0])


def _replaced(overrides: Collection[Event], master: Event) -> tuple[set[datetime], set[date]]:
    """Starts of the master that an override stands for, and dates where it stands for whatever is there."""
    walls: set[datetime] = set()
    days: set[date] = set()
    for event in overrides:
        if event.replaces is None:
            continue
        wall = event.replaces.wall_in(master.start.zone)
        if event.replaces.is_date or master.start.is_date:
            days.add(wall.date())
        else:
            walls.add(wall)
    return walls, days


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
