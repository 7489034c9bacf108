"""The five weeks of the public page: which ones, and how much is free on each of their days."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

WEEKS = 5
PAGE = timedelta(weeks=WEEKS)
_DAY = timedelta(days=1)


class Tide(StrEnum):
    """How much is free on a day: the length of the mark under it."""

    NONE = ""
    FEW = "few"
    SOME = "some"
    MANY = "many"


class Part(StrEnum):
    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Page(NamedTuple):
    """``first`` is a Monday. ``earlier`` and ``later``: the Monday of the page before and after, if there is one."""

    first: date
    earlier: date | None
    later: date | None

    @property
    def days(self) -> Iterable[date]:
        return (self.first + number * _DAY for number in range(PAGE.days))

    @property
    def end(self) -> date:
        return self.first + PAGE


def monday(day: date) -> date:
    return day - day.weekday() * _DAY


def page_for(*, first: date, last: date, asked: date | None, day: date | None) -> Page:
    """The page that begins with the week of ``asked``, else one that shows ``day``, else the first there is.

    Never before the week of ``first``, never after that of ``last``: the days that can be booked.
    """
    soonest, furthest = monday(first), max(monday(first), monday(last))
    wanted = soonest
    if asked is not None:
        wanted = monday(min(max(asked, soonest), furthest))
    elif day is not None and not soonest <= day < soonest + PAGE:
        wanted = monday(min(max(day, soonest), furthest))
    return Page(
        first=wanted,
        earlier=max(soonest, wanted - PAGE) if wanted > soonest else None,
        later=wanted + PAGE if wanted + PAGE <= furthest else None,
    )


def tide(free: int) -> Tide:
    if free <= 0:
        return Tide.NONE
    if free <= 3:
        return Tide.FEW
    return Tide.SOME if free <= 9 else Tide.MANY


def part_of_day(hour: int) -> Part:
    if hour < 6:
        return Part.NIGHT
    if hour < 12:
        return Part.MORNING
    return Part.AFTERNOON if hour < 17 else Part.EVENING
