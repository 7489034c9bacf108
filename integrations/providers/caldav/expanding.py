"""From a reduced object to its occurrences (RFC 5545 3.8.4.4, 3.8.5; RFC 4791 9.9)."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from integrations.ports import Occurrence, Unreadable
from integrations.providers.caldav.content_lines import components_of
from integrations.providers.caldav.facts import Facts, facts_of
from integrations.providers.caldav.recurrence import MOST_INSTANCES, Budget
from integrations.providers.caldav.series import Event, Zones, beside, instances_of, read_event, whole_day
from integrations.providers.caldav.values import to_instant

LONGEST_UID = 40


def expand(reduced: str, *, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Occurrence, ...]:
    """Occurrences that overlap [start, end). Raises Unreadable when nothing can be worked out within the budget.

    One of several series that cannot is busy on the day of its start, and so is one that was known to be too dense.
    """
    found = components_of(reduced)
    zones = Zones([one for one in found if one.name == "VTIMEZONE"], default=zone)
    events = [read_event(one, zones) for one in found if one.name == "VEVENT"]
    if len(events) == 1 and events[0].is_plain:
        return tuple(_once(events[0], start, end))
    series: defaultdict[str, list[Event]] = defaultdict(list)
    for index, event in enumerate(events):
        series[event.uid or f"#{index}"].append(event)
    expansion = _Expansion(start, end)
    for uid, parts in series.items():
        expansion.add(parts, prefix=f"{_short(uid)}/" if len(series) > 1 else "", alone=len(series) == 1)
    return tuple(sorted(expansion.found.values(), key=lambda one: (one.start, one.end, one.key)))


class _Expansion:
    """All series of an object, within one budget."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._start, self._end = start, end
        self._budget = Budget()
        self.found: dict[str, Occurrence] = {}

    def add(self, events: Collection[Event], *, prefix: str, alone: bool) -> None:
        series = _Series(events, prefix=prefix)
        try:
            occurrences = self._worked_out(series)
        except Unreadable:
            if alone and not any(event.component.first("X-HOLDFAST-DENSE") for event in events):
                raise
            occurrences = list(series.days_of_start(self._start, self._end))
        for occurrence in occurrences:
            self._add(occurrence)

    def _worked_out(self, series: "_Series") -> list[Occurrence]:
        occurrences = []
        for occurrence in series.between(self._start, self._end, self._budget):
            occurrences.append(occurrence)
            if len(self.found) + len(occurrences) > MOST_INSTANCES:
                raise Unreadable("The event repeats too often.")
        return occurrences

    def _add(self, occurrence: Occurrence) -> None:
        """Two of one key are one when they are equal, else both count."""
        known = self.found.setdefault(occurrence.key, occurrence)
        if known != occurrence:
            other = f"{occurrence.key}-{_stamp(occurrence.end)}"
            self.found[other] = replace(occurrence, key=other)


class _Candidate(NamedTuple):
    """An instance: when it was to begin originally, and where it stands now."""

    event: Event
    original: datetime
    begins: datetime
    ends: datetime


class _Series:
    """All events of one UID: the recurring one, and those that stand for some of its instances."""

    def __init__(self, events: Collection[Event], *, prefix: str) -> None:
        masters = [event for event in events if event.replaces is None]
        newest = max((event.sequence for event in masters), default=0)
        self._masters = [event for event in masters if event.sequence == newest]
        if self._masters:
            events = [beside(event, self._masters[0]) for event in events]
        self._overrides = _newest_by_instance(events)
        self._prefix = prefix
        self._facts: dict[int, Facts] = {}

    def between(self, start: datetime, end: datetime, budget: Budget) -> Iterator[Occurrence]:
        for event in self._overrides:
            yield from self._shown(_of_override(event), start, end)
        for master in self._masters:
            for candidate in self._of_master(master, start, end, budget):
                yield from self._shown(candidate, start, end)

    def days_of_start(self, start: datetime, end: datetime) -> Iterator[Occurrence]:
        for event in self._overrides:
            yield from self._shown(_of_override(event), start, end)
        for master in self._masters:
            day = whole_day(master)
            yield from self._shown(_candidate(day, day.start.instant, day.start.wall, day.start.zone), start, end)

    def _shown(self, candidate: _Candidate, start: datetime, end: datetime) -> Iterator[Occurrence]:
        event, original, begins, ends = candidate
        # An end that is not after the start covers no time, whoever wrote it.
        if begins < ends and begins < end and start < ends:
            facts = self._facts.get(id(event))
            if facts is None:
                facts = self._facts[id(event)] = facts_of(event.component)
            yield _occurrence(event, facts, f"{self._prefix}{_stamp(original)}", begins, ends)

    def _of_master(self, master: Event, start: datetime, end: datetime, budget: Budget) -> Iterator[_Candidate]:
        zone = master.start.zone
        moves = _moves(self._overrides, zone)
        replaced, days = _replaced(self._overrides, master)
        slack = max((abs(shift) + event.length.at_most for _, shift, event in moves), default=timedelta())
        for instance in instances_of(master, start, end, slack=slack, budget=budget):
            if instance.wall in replaced or (days and instance.wall.date() in days):
                continue
            original = to_instant(instance.wall, zone)
            moved = next((move for move in reversed(moves) if move[0] <= instance.wall), None)
            if moved is None:
                ends = instance.length.after(instance.wall, zone, original)
                yield _Candidate(master, original, original, ends)
            else:
                yield _candidate(moved[2], original, instance.wall + moved[1], zone)


def _once(event: Event, start: datetime, end: datetime) -> Iterator[Occurrence]:
    begins = event.start.instant
    ends = event.length.after(event.start.wall, event.start.zone)
    if begins < ends and begins < end and start < ends:
        yield _occurrence(event, facts_of(event.component), _stamp(begins), begins, ends)


def _of_override(event: Event) -> _Candidate:
    replaced = event.replaces or event.start
    return _candidate(event, replaced.instant, event.start.wall, event.start.zone)


def _candidate(event: Event, original: datetime, wall: datetime, zone: tzinfo) -> _Candidate:
    return _Candidate(event, original, to_instant(wall, zone), event.length.after(wall, zone))


def _occurrence(event: Event, facts: Facts, key: str, begins: datetime, ends: datetime) -> Occurrence:
    return Occurrence(
        key=key,
        start=begins,
        end=ends,
        title=facts.title,
        transparent=facts.transparent,
        status=facts.status,
        all_day=event.start.is_date,
        answer=facts.answer,
    )


def _stamp(instant: datetime) -> str:
    return f"{instant.isoformat()[:19]}Z".replace("-", "").replace(":", "")


def _short(uid: str) -> str:
    return uid if len(uid) <= LONGEST_UID else sha256(uid.encode("utf-8", "replace")).hexdigest()[:LONGEST_UID]


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
        if event.replaces.is_date or master.start.is_date:
            days.add(event.replaces.day_in(master.start.zone))
        else:
            walls.add(event.replaces.wall_in(master.start.zone))
    return walls, days
