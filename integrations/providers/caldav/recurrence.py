"""Recurrence rules (RFC 5545 3.3.10), expanded on wall-clock times between two bounds, within a budget of steps.

Nothing here can hang: each day looked at costs one step, and a rule that needs too many is unreadable.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import count as counting

from integrations.ports import Unreadable
from integrations.providers.caldav.recurrence_days import DayRule, days_of_month, days_of_year, matches
from integrations.providers.caldav.rules import SHORT, UNITS, Rule

MOST_STEPS = 60_000
MOST_INSTANCES = 12_000  # something every hour for more than a year, which is all anybody looks ahead

_Period = tuple[datetime, Iterator[datetime]]


class Budget:
    """How many steps may still be spent on working out the rules of one object."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise Unreadable("The recurrence rule takes too long to work out.")


def starts_between(
    rule: Rule,
    first: datetime,
    low: datetime,
    high: datetime,
    *,
    exists: Callable[[datetime], bool],
    budget: Budget | None = None,
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
    for start in _starts(rule, first, skipped, end, budget or Budget()):
        if left is not None and left <= 0:
            break
        if start < first or start in found[-1:] or not exists(start):
            continue
        left = None if left is None else left - 1
        if start >= low:
            found.append(start)
        if len(found) > MOST_INSTANCES:
            raise Unreadable("The event repeats too often.")
    return found


def _starts(rule: Rule, first: datetime, skipped: int, end: datetime, budget: Budget) -> Iterator[datetime]:
    a_period = rule.days_looked_at
    for begin, candidates in _periods(rule, first, skipped):
        if begin > end:
            return
        budget.spend(a_period)
        starts = _counted(candidates, budget) if rule.times_a_day > 1 else candidates
        for start in _positioned(list(starts), rule.positions) if rule.positions else starts:
            if start > end:
                return
            yield start


def _counted(candidates: Iterator[datetime], budget: Budget) -> Iterator[datetime]:
    for candidate in candidates:
        budget.spend(1)
        yield candidate


def _positioned(candidates: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    size = len(candidates)
    indexes = {position - 1 if position > 0 else size + position for position in positions}
    return [candidates[index] for index in sorted(indexes) if 0 <= index < size]


def _periods(rule: Rule, first: datetime, skipped: int) -> Iterator[_Period]:
    """Each period's beginning, and what lies in it, worked out only when looked at."""
    days = rule.days.completed(rule.freq, first.date())
    try:
        if rule.freq in SHORT:
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
        if days.week_days:
            return begin, (begin + timedelta(days=number) for number in days.week_days)
    return begin, (day for number in range(length) if matches(days, day := begin + timedelta(days=number)))


def _short_periods(rule: Rule, days: DayRule, first: datetime, skipped: int) -> Iterator[_Period]:
    step = UNITS[rule.freq] * rule.interval
    index = skipped
    while True:
        at = first + step * index
        if not matches(days, at.date()):
            later = datetime.combine(at.date() + timedelta(days=1), time.min)
        elif rule.freq != "HOURLY" and rule.hours and at.hour not in rule.hours:
            later = at.replace(minute=0, second=0) + timedelta(hours=1)
        else:
            yield _begin(rule, at), _within(rule, at)
            index += 1
            continue
        yield _begin(rule, at), iter(())
        index += -((at - later) // step)


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
        passed = (low - first) // UNITS[rule.freq]
    return max(0, (passed - 1) // rule.interval)
