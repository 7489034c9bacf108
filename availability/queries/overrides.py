"""Dates with other hours than the week, as their pages show them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from availability.core.hours import Opening, Overrides
from availability.models import DateOverride, Schedule

_DAY = timedelta(days=1)


class OtherDays(NamedTuple):
    """Dates in a row, ``first`` to ``last``, that open at the same times; none means closed."""

    first: date
    last: date
    openings: tuple[Opening, ...]


def overrides_between(schedule: Schedule, first: date, last: date) -> Overrides:
    """What opens on the dates ``first`` to ``last`` (both included) instead of the weekly hours; one query."""
    return _by_date(schedule.overrides.filter(date__gte=first, date__lte=last))


def coming_overrides(schedule: Schedule, *, today: date) -> Sequence[OtherDays]:
    """All from ``today`` on, those in a row that are alike as one; one query."""
    runs: list[OtherDays] = []
    for day, openings in sorted(_by_date(schedule.overrides.filter(date__gte=today)).items()):
        if runs and runs[-1].last + _DAY == day and runs[-1].openings == openings:
            runs[-1] = runs[-1]._replace(last=day)
        else:
            runs.append(OtherDays(day, day, openings))
    return runs


def _by_date(rows: Iterable[DateOverride]) -> Overrides:
    ordered = sorted(rows, key=lambda row: (row.date, row.opens_minute or 0))
    return {day: tuple(_openings(group)) for day, group in groupby(ordered, key=lambda row: row.date)}


def _openings(rows: Iterable[DateOverride]) -> Iterable[Opening]:
    return (
        Opening(row.opens_minute, row.closes_minute)
        for row in rows
        if row.opens_minute is not None and row.closes_minute is not None
    )
