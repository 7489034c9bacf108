"""The days that the BY parts of a recurrence rule choose (RFC 5545 3.3.10)."""

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class DayRule:
    """Empty parts choose everything. ``weekdays`` are (ordinal or 0, weekday); weekdays count from Monday as 0."""

    weekdays: tuple[tuple[int, int], ...] = ()
    monthdays: tuple[int, ...] = ()
    yeardays: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    week_start: int = 0
    ordinals_in: str = ""
    skip: str = ""
    week_days: tuple[int, ...] = ()

    @property
    def says_nothing(self) -> bool:
        return not (self.weekdays or self.monthdays or self.yeardays or self.weeks or self.months)

    def completed(self, freq: str, first: date) -> "DayRule":
        """What the rule leaves open is as on the first day."""
        if freq not in {"WEEKLY", "MONTHLY", "YEARLY"}:
            return replace(self, weekdays=tuple((0, day) for _, day in self.weekdays))
        if freq == "WEEKLY":
            given = tuple((0, day) for _, day in self.weekdays)
            if not (given or self.monthdays or self.yeardays or self.weeks):
                given = ((0, first.weekday()),)
            return replace(self, weekdays=given, week_days=self._days_of_any_week(given))
        within = "month" if freq == "MONTHLY" or self.months else "year"
        rule = replace(self, ordinals_in=within)
        if self.weekdays or self.monthdays or self.yeardays:
            return rule
        if self.weeks:
            return replace(rule, weekdays=((0, first.weekday()),))
        months = self.months or ((first.month,) if freq == "YEARLY" else ())
        return replace(rule, monthdays=(first.day,), months=months)

    def _days_of_any_week(self, weekdays: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
        """Days after a week's start, if no other part has a say in it."""
        if self.months or self.monthdays or self.yeardays or self.weeks:
            return ()
        return tuple(sorted({(day - self.week_start) % 7 for _, day in weekdays}))


def days_of_year(rule: DayRule, year: int) -> Iterator[date]:
    for month in sorted(set(rule.months)) or range(1, 13):
        yield from days_of_month(rule, year, month)


def days_of_month(rule: DayRule, year: int, month: int) -> Iterator[date]:
    if rule.months and month not in rule.months:
        return
    last = monthrange(year, month)[1]
    if rule.monthdays:
        numbers = {number if number > 0 else last + 1 + number for number in rule.monthdays}
    else:
        numbers = set(range(1, last + 1))
    for number in sorted(numbers):
        if 1 <= number <= last and matches(rule, day := date(year, month, number)):
            yield day
    if rule.skip:
        yield from _moved_into_being(rule, date(year, month, last), beyond=any(number > last for number in numbers))


def _moved_into_being(rule: DayRule, end: date, *, beyond: bool) -> Iterator[date]:
    """For days after the month's last one: that, or the day after."""
    backward = rule.skip == "BACKWARD"
    if not beyond or (backward and end.day in rule.monthdays):
        return
    day = end if backward else end + timedelta(days=1)
    if matches(replace(rule, months=(), monthdays=()), day):
        yield day


def matches(rule: DayRule, day: date) -> bool:
    """Whether all parts choose this day."""
    if rule.weekdays and not any(_is_weekday(rule, day, *one) for one in rule.weekdays):
        return False
    if rule.months and day.month not in rule.months:
        return False
    if rule.monthdays and not _counts(day.day, monthrange(day.year, day.month)[1], rule.monthdays):
        return False
    if rule.yeardays and not _counts(_day_of_year(day), 365 + isleap(day.year), rule.yeardays):
        return False
    return not rule.weeks or _counts(*_week(day, rule.week_start), rule.weeks)


def _counts(number: int, size: int, wanted: tuple[int, ...]) -> bool:
    return number in wanted or number - size - 1 in wanted


def _is_weekday(rule: DayRule, day: date, ordinal: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if ordinal == 0 or not rule.ordinals_in or rule.weeks:
        return True
    if rule.ordinals_in == "month":
        number, size = day.day, monthrange(day.year, day.month)[1]
    else:
        number, size = _day_of_year(day), 365 + isleap(day.year)
    return ordinal in {(number - 1) // 7 + 1, -((size - number) // 7 + 1)}


def _day_of_year(day: date) -> int:
    return day.timetuple().tm_yday


def _week(day: date, week_start: int) -> tuple[int, int]:
    """The number of the day's week, and how many weeks its year has: week one holds four days of the year."""
    middle = day + timedelta(days=3 - (day.weekday() - week_start) % 7)
    number = (_day_of_year(middle) - 1) // 7 + 1
    last = date(middle.year, 12, 28)
    last_middle = last + timedelta(days=3 - (last.weekday() - week_start) % 7)
    weeks = (_day_of_year(last_middle) - 1) // 7 + 1
    return number, weeks
