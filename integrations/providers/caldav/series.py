"""One event of a reduced object: its start, its length and the wall-clock times at which it recurs."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial

from integrations.ports import Unreadable
from integrations.providers.caldav.content_lines import Component, Line
from integrations.providers.caldav.recurrence import Budget, starts_between
from integrations.providers.caldav.rules import parse_rule
from integrations.providers.caldav.values import (
    Length,
    When,
    exists,
    parse_length,
    parse_when,
    to_wall,
)
from integrations.providers.caldav.zones import zone_of

_A_DAY = timedelta(days=1)
_REPEATING = frozenset({"RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID"})


class Zones:
    """The zones one object names; what nobody knows is read in the default zone."""

    def __init__(self, definitions: Collection[Component], *, default: tzinfo) -> None:
        self.default = default
        self._definitions = definitions
        self._known: dict[str, tzinfo] = {"": default}

    def of(self, line: Line) -> tzinfo:
        name = line.params.get("TZID", "")
        if name not in self._known:
            self._known[name] = zone_of(name, self._definitions) or self.default
        return self._known[name]

    def when(self, line: Line, text: str) -> When:
        return parse_when(text, zone=self.of(line), default_zone=self.default)

    def when_beside(self, start: When, line: Line, text: str) -> When:
        """Of what names an instance. Without a zone it is in the start's: no other reading could name any."""
        zone = start.zone if not (start.is_date or line.params.get("TZID")) else self.of(line)
        return parse_when(text, zone=zone, default_zone=self.default)


@dataclass(frozen=True, slots=True)
class Event:
    """A VEVENT. ``replaces`` is the instance it stands for, and with ``following`` all later ones."""

    uid: str
    component: Component
    zones: Zones
    start: When
    length: Length
    replaces: When | None
    following: bool

    @property
    def sequence(self) -> int:
        text = self.component.text("SEQUENCE")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0

    @property
    def is_plain(self) -> bool:
        """It happens once."""
        return _REPEATING.isdisjoint(self.component.lines_of)


def beside(event: Event, master: Event) -> Event:
    """The event with the instance it stands for read as its series's times are."""
    line = event.component.first("RECURRENCE-ID")
    if line is None:
        return event
    return replace(event, replaces=event.zones.when_beside(master.start, line, line.value))


@dataclass(frozen=True, slots=True)
class Instance:
    """A start, and a length of its own where an RDATE brings one."""

    wall: datetime
    length: Length


def read_event(component: Component, zones: Zones) -> Event:
    line = component.first("DTSTART")
    if line is None:
        raise Unreadable("An event has no start.")
    start = zones.when(line, line.value)
    replaced = component.first("RECURRENCE-ID")
    event = Event(
        uid=component.text("UID"),
        component=component,
        zones=zones,
        start=start,
        length=_length(component, start, zones),
        replaces=zones.when_beside(start, replaced, replaced.value) if replaced else None,
        following=replaced is not None and replaced.params.get("RANGE", "").upper() == "THISANDFUTURE",
    )
    return whole_day(event) if component.first("X-HOLDFAST-WHOLE-DAY") else event


def instances_of(
    event: Event, start: datetime, end: datetime, *, slack: timedelta, budget: Budget
) -> Iterator[Instance]:
    """Instances that may overlap [start, end) even if they are moved by up to ``slack``: some may not."""
    low = to_wall(_earlier(start, event.length.at_most + slack), event.start.zone)
    high = to_wall(_later(end, slack + _A_DAY), event.start.zone)
    found = {event.start.wall: event.length}
    for line in event.component.every("RRULE"):
        found.update(dict.fromkeys(_starts(event, line, low, high, budget), event.length))
    found.update(_extra_dates(event))
    left_out, days_left_out = _exceptions(event, low, high, budget)
    for wall, length in sorted(found.items(), key=lambda item: item[0]):
        if wall not in left_out and wall.date() not in days_left_out:
            yield Instance(wall, length)


def _starts(event: Event, line: Line, low: datetime, high: datetime, budget: Budget) -> list[datetime]:
    rule = parse_rule(line.value, zone=event.start.zone, is_date=event.start.is_date)
    # A day exists even where its midnight does not.
    shown = partial(exists, zone=UTC if event.start.is_date else event.start.zone)
    return starts_between(rule, event.start.wall, low, high, exists=shown, budget=budget)


def _exceptions(event: Event, low: datetime, high: datetime, budget: Budget) -> tuple[set[datetime], set[date]]:
    """Starts that are left out, and dates that are left out with all their starts."""
    walls = {wall for line in event.component.every("EXRULE") for wall in _starts(event, line, low, high, budget)}
    days: set[date] = set()
    for line in event.component.every("EXDATE"):
        for when in _readable(event, line):
            if when.is_date or event.start.is_date:
                days.add(when.day_in(event.start.zone))
            else:
                walls.add(when.wall_in(event.start.zone))
    return walls, days


def _readable(event: Event, line: Line) -> Iterator[When]:
    """An exception that cannot be read leaves nothing out: the time stays busy."""
    for text in line.value.split(","):
        try:
            yield event.zones.when_beside(event.start, line, text)
        except Unreadable:
            continue


def _extra_dates(event: Event) -> Iterator[tuple[datetime, Length]]:
    for line in event.component.every("RDATE"):
        for text in line.value.split(","):
            begin, _, rest = text.partition("/")
            when = event.zones.when(line, begin)
            wall = when.wall_in(event.start.zone)
            if when.is_date or (event.start.is_date and not rest):
                wall = datetime.combine(when.day_in(event.start.zone), event.start.wall.time())
            yield wall, _length_of_period(event, line, when, rest) if rest else event.length


def _length_of_period(event: Event, line: Line, when: When, rest: str) -> Length:
    if rest.strip().upper().startswith(("P", "+P", "-P")):
        return parse_length(rest)
    return Length(exact=event.zones.when(line, rest).instant - when.instant)


def _length(component: Component, start: When, zones: Zones) -> Length:
    line = component.first("DTEND")
    if line is not None:
        end = zones.when(line, line.value)
        if not (start.is_date and end.is_date):
            return Length(exact=_exact_length(start, end))
        # Many write a day's own date as its end and mean the day.
        return Length(days=(end.wall - start.wall).days or 1)
    duration = component.text("DURATION")
    if duration:
        return parse_length(duration)
    return Length(days=1) if start.is_date else Length()


def _exact_length(start: When, end: When) -> timedelta:
    exact = end.instant - start.instant
    if exact > timedelta():
        return exact
    if end.is_date and end.wall.date() == start.wall_in(end.zone).date():
        # A day as the end of what starts on it: to its end, not its beginning.
        return replace(end, wall=end.wall + _A_DAY).instant - start.instant
    # A start that no clock shows moves forward, past an end that one does.
    return end.wall - start.wall if end.zone is start.zone else exact


def whole_day(event: Event) -> Event:
    """All that is known is the day it starts on."""
    zone = event.zones.default
    midnight = datetime.combine(event.start.wall_in(zone).date(), time.min)
    return replace(event, start=When(midnight, zone, is_date=True), length=Length(days=1))


def _later(instant: datetime, by: timedelta) -> datetime:
    try:
        return instant + by
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _earlier(instant: datetime, by: timedelta) -> datetime:
    try:
        return instant - by - _A_DAY
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
