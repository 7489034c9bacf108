"""Recurrence rules as written (RFC 5545 3.3.10, RFC 7529), read strictly: what is not understood is not guessed at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from integrations.ports import Unreadable
from integrations.providers.caldav.recurrence_days import DayRule
from integrations.providers.caldav.values import parse_when, to_wall

MOST_TIMES_A_DAY = 1440
MANY_TIMES_A_DAY = 24
LONGEST_RULE = 4_000

UNITS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
_FREQUENCIES = (*UNITS, "MONTHLY", "YEARLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_RANGES = {
    "BYSECOND": (0, 60),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (-366, 366),
}
SHORT = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_SKIPS = frozenset({"OMIT", "BACKWARD", "FORWARD"})
_NOT_ZERO = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as written. ``until`` is the last wall-clock time that may be a start."""

    freq: str
    interval: int
    count: int | None
    until: datetime | None
    days: DayRule
    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    seconds: tuple[int, ...]
    positions: tuple[int, ...]

    @property
    def is_plain(self) -> bool:
        """One start a period, each exactly an interval after the other."""
        parts = (self.hours, self.minutes, self.seconds, self.positions)
        return self.freq in UNITS and self.days.says_nothing and not any(parts)

    @property
    def is_dense(self) -> bool:
        """So many starts a day that they may be too many."""
        return self.freq in SHORT or self.times_a_day > MANY_TIMES_A_DAY

    @property
    def times_a_day(self) -> int:
        return max(len(self.hours), 1) * max(len(self.minutes), 1) * max(len(self.seconds), 1)

    @property
    def days_looked_at(self) -> int:
        """In one period, at most."""
        if self.freq == "WEEKLY":
            return 7
        a_month = len(self.days.monthdays) or 31
        if self.freq == "YEARLY":
            return a_month * (len(self.days.months) or 12)
        return a_month if self.freq == "MONTHLY" else 1


def parse_rule(text: str, *, zone: tzinfo, is_date: bool) -> Rule:
    """``zone`` and ``is_date`` are those of DTSTART. Raises Unreadable."""
    if len(text) > LONGEST_RULE:
        raise Unreadable("The recurrence rule is too long.")
    parts = _parts(text)
    freq = parts.get("FREQ", "")
    if freq not in _FREQUENCIES or parts.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise Unreadable("The recurrence rule cannot be read.")
    if is_date and freq in SHORT:
        raise Unreadable("The recurrence rule counts hours of a whole day.")
    numbers = {name: _numbers(name, parts[name]) for name in _RANGES if name in parts}
    times = {} if is_date else numbers
    rule = Rule(
        freq=freq,
        interval=_positive(parts.get("INTERVAL", "1")),
        count=_positive(parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"], zone, is_date=is_date) if "UNTIL" in parts else None,
        days=DayRule(
            weekdays=_weekdays(parts["BYDAY"]) if "BYDAY" in parts else (),
            monthdays=numbers.get("BYMONTHDAY", ()),
            yeardays=numbers.get("BYYEARDAY", ()),
            weeks=numbers.get("BYWEEKNO", ()),
            months=numbers.get("BYMONTH", ()),
            week_start=_week_start(parts.get("WKST", "MO")),
            skip=_skip(parts),
        ),
        hours=times.get("BYHOUR", ()),
        minutes=times.get("BYMINUTE", ()),
        seconds=times.get("BYSECOND", ()),
        positions=numbers.get("BYSETPOS", ()),
    )
    if rule.times_a_day > MOST_TIMES_A_DAY:
        raise Unreadable("The recurrence rule is too dense.")
    return rule


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in filter(None, re.sub(r"\s", "", text).upper().split(";")):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise Unreadable("The recurrence rule cannot be read.")
        parts[name] = value
    return parts


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) < 1:
        raise Unreadable("The recurrence rule has a number that cannot be right.")
    return int(text)


def _numbers(name: str, text: str) -> tuple[int, ...]:
    lowest, highest = _RANGES[name]
    try:
        numbers = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise Unreadable("The recurrence rule cannot be read.") from None
    if any(not lowest <= number <= highest or (number == 0 and name in _NOT_ZERO) for number in numbers):
        raise Unreadable("The recurrence rule has a number that cannot be right.")
    return numbers


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    """(ordinal or 0, weekday) for each."""
    matched = [_BYDAY.fullmatch(part) for part in text.split(",")]
    if not all(matched):
        raise Unreadable("The recurrence rule cannot be read.")
    return tuple((int(match[1] or 0), _WEEKDAYS.index(match[2])) for match in matched if match)


def _skip(parts: Mapping[str, str]) -> str:
    """What becomes of days that a month does not have (RFC 7529 4.1)."""
    skip = parts.get("SKIP", "OMIT")
    if skip not in _SKIPS:
        raise Unreadable("The recurrence rule cannot be read.")
    return "" if skip == "OMIT" else skip


def _week_start(text: str) -> int:
    if text not in _WEEKDAYS:
        raise Unreadable("The recurrence rule cannot be read.")
    return _WEEKDAYS.index(text)


def _until(text: str, zone: tzinfo, *, is_date: bool) -> datetime:
    """As the last wall-clock time. Servers mix the types: a date means its whole day."""
    when = parse_when(text, zone=zone, default_zone=zone)
    if is_date:
        return datetime.combine(when.day_in(zone), time.min)
    if when.is_date:
        return when.wall + timedelta(days=1) - timedelta(seconds=1)
    return to_wall(when.wall.replace(tzinfo=UTC), zone) if when.zone is UTC else when.wall
