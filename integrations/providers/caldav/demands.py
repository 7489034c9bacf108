"""What an event must fulfil to be read: what could only fail later fails where its neighbours are safe."""

import re
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from integrations.ports import Unreadable
from integrations.providers.caldav.content_lines import Component, Line
from integrations.providers.caldav.recurrence import Budget
from integrations.providers.caldav.rules import parse_rule
from integrations.providers.caldav.series import Zones, instances_of, read_event
from integrations.providers.caldav.values import LATEST, parse_length, parse_when

MOST_DATES = 20_000

_RULES = ("RRULE", "EXRULE")
_LOOKED_AHEAD = timedelta(days=431)
_PLAIN = ZoneInfo("UTC")
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)", re.ASCII)
_MAY_BE_DENSE = re.compile("SECOND|MINUTE|HOUR", re.IGNORECASE)


def demand_start(event: Component) -> Line:
    line = event.first("DTSTART")
    if line is None:
        raise Unreadable("An event has no start.")
    parse_when(line.value, zone=UTC, default_zone=UTC)
    return line


def start_or_its_date(event: Component) -> Line:
    """DTSTART; where its time cannot be read, the date it begins with. Raises Unreadable."""
    try:
        return demand_start(event)
    except Unreadable:
        line = event.first("DTSTART")
        found = _DATE.match(line.value.strip()) if line else None
        if found is None:
            raise
        date = "".join(found.groups())
        parse_when(date, zone=UTC, default_zone=UTC)
        return Line("DTSTART", date)


def demand_readable(event: Component) -> None:
    """Raises Unreadable."""
    is_date = "T" not in demand_start(event).value.upper()
    for name in ("DTEND", "RECURRENCE-ID"):
        if line := event.first(name):
            parse_when(line.value, zone=UTC, default_zone=UTC)
    if line := event.first("DURATION"):
        parse_length(line.value)
    if "RDATE" in event.lines_of or "EXDATE" in event.lines_of:
        _demand_dates(event)
    for name in _RULES:
        for line in event.every(name):
            parse_rule(line.value, zone=UTC, is_date=is_date)


def is_too_dense(event: Component) -> bool:
    """Whether the event has more instances in the time anybody looks ahead than are worked out."""
    lines = [line for name in _RULES for line in event.every(name)]
    if not any(_MAY_BE_DENSE.search(line.value) for line in lines):
        return False
    series = read_event(event, Zones([], default=_PLAIN))
    rules = (parse_rule(line.value, zone=UTC, is_date=series.start.is_date) for line in lines)
    if not any(rule.is_dense for rule in rules):
        return False
    first = series.start.wall.replace(tzinfo=UTC)
    try:
        for _ in instances_of(series, first, min(first, LATEST) + _LOOKED_AHEAD, slack=timedelta(), budget=Budget()):
            pass
    except Unreadable:
        return True
    return False


def _demand_dates(event: Component) -> None:
    lines = [*event.every("RDATE"), *event.every("EXDATE")]
    if sum(line.value.count(",") + 1 for line in lines) > MOST_DATES:
        raise Unreadable("An event has too many dates.")
    for line in event.every("RDATE"):
        for text in line.value.split(","):
            _demand_time(text)


def _demand_time(text: str) -> None:
    """A time, or a period of two times or of a time and a duration."""
    begin, _, rest = text.partition("/")
    parse_when(begin, zone=UTC, default_zone=UTC)
    if rest.strip().upper().startswith(("P", "+P", "-P")):
        parse_length(rest)
    elif rest:
        parse_when(rest, zone=UTC, default_zone=UTC)
