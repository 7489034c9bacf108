"""Recurrence rules (RFC 5545 3.3.10), expanded on wall-clock times between two bounds, within a budget of steps.

Nothing here can hang: each period costs one step, and a rule that needs too many is unreadable.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count as counting

from integrations.ports import Unreadable
from integrations.providers.caldav.recurrence_days import DayRule, days_of_month, days_of_year, matches
from integrations.providers.caldav.values import parse_when, to_wall

MOST_STEPS = 100_000
MOST_INSTANCES = 12_000  # something every hour for more than a year, which is all anybody looks ahead
MOST_TIMES_A_DAY = 1440
LONGEST_RULE = 4_000

_UNITS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
_FREQUENCIES = (*_UNITS, "MONTHLY", "YEARLY")
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
_Period = tuple[datetime, Iterator[datetime]]
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
        return self.freq in _UNITS and self.days.says_nothing and not any(parts)


def parse_rule(text: str, *, zone: tzinfo, is_date: bool) -> Rule:
    """``zone`` and ``is_date`` are those of DTSTART. Raises Unreadable."""
    if len(text) > LONGEST_RULE:
        raise Unreadable("The recurrence rule is too long.")
    parts = _parts(text)
    freq = parts.get("FREQ", "")
    if freq not in _FREQUENCIES or parts.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise Unreadable("The recurrence rule cannot be read.")
    if is_date and freq in {"SECONDLY", "MINUTELY", "HOURLY"}:
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
        ),
        hours=times.get("BYHOUR", ()),
        minutes=times.get("BYMINUTE", ()),
        seconds=times.get("BYSECOND", ()),
        positions=numbers.get("BYSETPOS", ()),
    )
    if max(len(rule.hours), 1) * max(len(rule.minutes), 1) * max(len(rule.seconds), 1) > MOST_TIMES_A_DAY:
        raise Unreadable("The recurrence rule is too dense.")
    return rule


def starts_between(
    rule: Rule, first: datetime, low: datetime, high: datetime, *, exists: Callable[[datetime], bool]
) -> list[datetime]:
    """Wall-clock starts in [low, high], the first one only if the rule says so. Raises Unreadable beyond the budget.

    ``exists`` tells times that no clock ever shows: they are neither starts nor counted.
    """
    end = high if rule.until is None else min(high, rule.until)
    skipped = _periods_before(rule, first, low)
    left = rule.count
    if left is not None and rule.is_plain and left > MOST_INSTANCES:
        left -= skipped
    elif left is not None:
        skipped = 0
    found: list[datetime] = []
    for start in _starts(rule, first, skipped, end):
        if left is not None and left <= 0:
            break
        if start < first or not exists(start):
            continue
        left = None if left is None else left - 1
        if start >= low:
            found.append(start)
        if len(found) > MOST_INSTANCES:
            raise Unreadable("The event repeats too often.")
    return found


def _starts(rule: Rule, first: datetime, skipped: int, end: datetime) -> Iterator[datetime]:
    for step, (begin, candidates) in enumerate(_periods(rule, first, skipped)):
        if begin > end:
            return
        if step > MOST_STEPS:
            raise Unreadable("The recurrence rule takes too long to work out.")
        for start in _positioned(list(candidates), rule.positions) if rule.positions else candidates:
            if start > end:
                return
            yield start


def _positioned(candidates: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    size = len(candidates)
    indexes = {position - 1 if position > 0 else size + position for position in positions}
    return [candidates[index] for index in sorted(indexes) if 0 <= index < size]


def _periods(rule: Rule, first: datetime, skipped: int) -> Iterator[_Period]:
    """Each period's beginning, and what lies in it, worked out only when looked at."""
    days = rule.days.completed(rule.freq, first.date())
    try:
        if rule.freq in {"SECONDLY", "MINUTELY", "HOURLY"}:
            yield from _short_periods(rule, days, first, skipped)
        else:
            yield from _long_periods(rule, days, first, skipped)
    except (OverflowError, ValueError):
        # The end of the calendar: years after 9999 do not exist.
        return


def _long_periods(rule: Rule, days: DayRule, first: datetime, skipped: int) -> Iterator[_Period]:
    times = _times(rule, first)
    for index in counting(skipped):
        begin, chosen = _days(rule.freq, days, first.date(), index * rule.interval)
        yield (
            datetime.combine(begin, time.min),
            (datetime.combine(day, clock) for day in chosen for clock in times),
        )


def _days(freq: str, days: DayRule, anchor: date, offset: int) -> tuple[date, Iterator[date]]:
    """The period ``offset`` units after the first one's: its first day, and its days."""
    if freq == "YEARLY":
        begin = date(anchor.year + offset, 1, 1)
        return begin, days_of_year(days, begin.year)
    if freq == "MONTHLY":
        years, month = divmod(anchor.month - 1 + offset, 12)
        begin = date(anchor.year + years, month + 1, 1)
        return begin, days_of_month(days, begin.year, begin.month)
    if freq == "DAILY":
        begin, length = anchor + timedelta(days=offset), 1
    else:
        since_week_start = (anchor.weekday() - days.week_start) % 7
        begin, length = anchor + timedelta(weeks=offset, days=-since_week_start), 7
    return begin, (day for number in range(length) if matches(days, day := begin + timedelta(days=number)))


def _short_periods(rule: Rule, days: DayRule, first: datetime, skipped: int) -> Iterator[_Period]:
    step = _UNITS[rule.freq] * rule.interval
    index = skipped
    while True:
        at = first + step * index
        if matches(days, at.date()):
            yield _begin(rule, at), _within(rule, at)
            index += 1
        else:
            yield _begin(rule, at), iter(())
            midnight = datetime.combine(at.date() + timedelta(days=1), time.min)
            index += -((at - midnight) // step)


def _begin(rule: Rule, at: datetime) -> datetime:
    if rule.freq == "HOURLY":
        return at.replace(minute=0, second=0)
    return at.replace(second=0) if rule.freq == "MINUTELY" else at


def _within(rule: Rule, at: datetime) -> Iterator[datetime]:
    """The starts of one hour, minute or second: shorter parts expand, its own and longer ones limit."""
    if rule.hours and at.hour not in rule.hours:
        return
    if rule.minutes and rule.freq != "HOURLY" and at.minute not in rule.minutes:
        return
    if rule.seconds and rule.freq == "SECONDLY" and at.second not in rule.seconds:
        return
    minutes = rule.minutes if rule.freq == "HOURLY" and rule.minutes else (at.minute,)
    seconds = rule.seconds if rule.freq != "SECONDLY" and rule.seconds else (at.second,)
    for minute in sorted(set(minutes)):
        for second in sorted({min(second, 59) for second in seconds}):
            yield at.replace(minute=minute, second=second)


def _times(rule: Rule, first: datetime) -> list[time]:
    hours = rule.hours or (first.hour,)
    minutes = rule.minutes or (first.minute,)
    seconds = rule.seconds or (first.second,)
    clock = {(hour, minute, min(second, 59)) for hour in hours for minute in minutes for second in seconds}
    return [time(*reading) for reading in sorted(clock)]


def _periods_before(rule: Rule, first: datetime, low: datetime) -> int:
    """How many periods can be skipped because they end before ``low``."""
    if rule.freq == "YEARLY":
        passed = low.year - first.year
    elif rule.freq == "MONTHLY":
        passed = (low.year - first.year) * 12 + low.month - first.month
    else:
        passed = (low - first) // _UNITS[rule.freq]
    return max(0, (passed - 1) // rule.interval)


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


def _week_start(text: str) -> int:
    if text not in _WEEKDAYS:
        raise Unreadable("The recurrence rule cannot be read.")
    return _WEEKDAYS.index(text)


def _until(text: str, zone: tzinfo, *, is_date: bool) -> datetime:
    """As the last wall-clock time. Servers mix the types: a date means its whole day."""
    when = parse_when(text, zone=zone, default_zone=zone)
    if is_date:
        return datetime.combine(when.wall.date(), time.min)
    if when.is_date:
        return when.wall + timedelta(days=1) - timedelta(seconds=1)
    return to_wall(when.wall.replace(tzinfo=UTC), zone) if when.zone is UTC else when.wall
