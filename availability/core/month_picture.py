"""A month of a schedule as it is drawn: how long each day is open, and on which other hours count."""

from calendar import Calendar
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .hours import DayHours, Opening, Overrides
from .week_picture import length

_LONG, _SOME = 8 * 60, 4 * 60


class DrawnDay(NamedTuple):
    day: date
    openings: tuple[Opening, ...]
    is_other: bool

    @property
    def tide(self) -> str:
        """How long it is open, in the stylesheet's three steps; empty when closed."""
        minutes = sum(map(length, self.openings))
        if not minutes:
            return ""
        return "many" if minutes >= _LONG else "some" if minutes >= _SOME else "few"


def draw_month(month: date, *, hours: Iterable[DayHours], overrides: Overrides) -> list[list[DrawnDay]]:
    """The weeks, Monday to Sunday, that hold the month of ``month``."""
    weekly: list[list[Opening]] = [[] for _day in range(7)]
    for weekday, opens, closes in hours:
        weekly[weekday].append(Opening(opens, closes))
    usual = [tuple(sorted(openings)) for openings in weekly]
    return [
        [DrawnDay(day, overrides.get(day, usual[day.weekday()]), day in overrides) for day in week]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]
