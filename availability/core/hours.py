"""Wall-clock hours to windows: the only place of the core that knows time zones (A1–A3, A7).

A wall-clock time is turned into an instant at the two ends of a window alone; in between, time simply passes,
so that a night with a clock change has an hour less or more. A time that comes twice is its first pass.
A time in a gap is read with the offset before the gap, so that 02:30 in a night without 02:00–03:00 is 03:30.
A window that a gap swallows whole is left out, and a date that a zone skips opens nothing.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from .intervals import Interval, instant

_DAY = timedelta(days=1)
_MINUTES_OF_A_DAY = 24 * 60


class Opening(NamedTuple):
    """Hours of one date, in minutes from midnight: opens 0–1439, closes 0–1440.

    Closing at or before the opening is on the next day: 22:00–02:00, and 00:00–00:00 is a whole day.
    """

    opens: int
    closes: int


class DayHours(NamedTuple):
    """Hours of every ``weekday`` (Monday is 0, as in ``date.weekday()``), read like an ``Opening``."""

    weekday: int
    opens: int
    closes: int


class Window(NamedTuple):
    """One opening as ``[start, end)`` in epoch seconds, and the local date on which it opens."""

    start: int
    end: int
    day: date


class Shut(NamedTuple):
    """Weekly hours that do not open, on the local date ``day``; ``holiday`` names the day if it is one."""

    start: int
    end: int
    day: date
    holiday: str = ""


class Plan(NamedTuple):
    """The windows that open, and those that would if no override or public holiday stood in their place."""

    windows: tuple[Window, ...]
    shut: tuple[Shut, ...] = ()


Overrides: TypeAlias = Mapping[date, tuple[Opening, ...]]
NO_OVERRIDES: Overrides = MappingProxyType({})


class WeekHours(NamedTuple):
    """All that a schedule says about hours, as one value that can be kept and compared.

    ``overrides``: dates and what opens on them instead of the weekly hours. ``holidays``: dates that are closed,
    with their names; an override on such a date is stronger.
    """

    weekly: tuple[DayHours, ...]
    zone: ZoneInfo
    overrides: tuple[tuple[date, tuple[Opening, ...]], ...] = ()
    holidays: tuple[tuple[date, str], ...] = ()


@lru_cache(maxsize=256)
def plan(hours: WeekHours, span: Interval, duration: int) -> Plan:
    """What opens, and what does not, for starts within ``span`` of appointments of ``duration`` seconds.

    Depends on its arguments alone and is kept: reckoning with zones is dear.
    """
    overrides = dict(hours.overrides)
    replaced = {day: () for day, _name in hours.holidays} | overrides
    windows = windows_around(hours.weekly, hours.zone, span, duration=duration, overrides=replaced)
    if not replaced:
        return Plan(windows)
    names = {day: name for day, name in hours.holidays if day not in overrides}
    usual = windows_around(hours.weekly, hours.zone, span, duration=duration)
    shut = (Shut(*window, names.get(window.day, "")) for window in usual if window.day in replaced)
    return Plan(windows, tuple(shut))


def open_windows(
    hours: Iterable[DayHours],
    zone: ZoneInfo,
    first: date,
    last: date,
    overrides: Overrides = NO_OVERRIDES,
) -> tuple[Window, ...]:
    """The windows that open on the dates ``first`` to ``last`` (both included), sorted by start.

    An override replaces every window that opens on its date; an empty one closes it. A window of the evening
    before is not touched. Windows may overlap and touch; each is a grid of its own. ``ValueError`` for
    minutes or weekdays that do not exist. Depends on the schedule alone, so that its callers can keep it.
    """
    weekly: dict[int, list[Opening]] = {}
    for weekday, opens, closes in hours:
        if not 0 <= weekday <= 6:
            raise ValueError("A weekday is a number from 0 to 6")
        weekly.setdefault(weekday, []).append(Opening(opens, closes))
    windows: list[Window] = []
    for day in _dates(first, last):
        openings = overrides[day] if day in overrides else weekly.get(day.weekday(), ())
        if openings and _exists(day, zone):
            windows.extend(_windows_of(day, openings, zone))
    return tuple(sorted(windows))


def windows_around(
    hours: Iterable[DayHours],
    zone: ZoneInfo,
    span: Interval,
    *,
    duration: int,
    overrides: Overrides = NO_OVERRIDES,
) -> tuple[Window, ...]:
    """Every window that matters for starts within ``span`` of appointments of ``duration`` seconds.

    That is those open at some time of the span, and those that one beginning in it could run on into.
    """
    # a window ends at the latest on the date after it opens, and the date between them may be a skipped one
    first = _local_date(span.start, zone) - 2 * _DAY
    last = _local_date(span.end + duration, zone) + _DAY
    near = Interval(span.start, span.end + duration)
    return tuple(window for window in open_windows(hours, zone, first, last, overrides) if near.overlaps(window))


def days_of(span: Interval, zone: ZoneInfo) -> tuple[date, ...]:
    """The local dates that ``span`` touches, ascending; dates that the zone skips are not among them."""
    first, last = _local_date(span.start, zone), _local_date(span.end - 1, zone)
    # where clocks go back over midnight, an instant may read one date and lie in the next
    return tuple(
        day
        for day in _dates(min(first, last), max(first, last) + _DAY)
        if _exists(day, zone) and span.overlaps(day_span(day, zone))
    )


def day_span(day: date, zone: ZoneInfo) -> Interval:
    """A local date as an interval; the days of a zone follow each other without gap or overlap.

    ``ValueError`` for a date that the zone skips.
    """
    return Interval(midnight(day, zone), midnight(day + _DAY, zone))


def midnight(day: date, zone: ZoneInfo) -> int:
    """The first instant of a local date, also where clocks jump over 00:00 (Beirut) or the date (Apia)."""
    start = wall_clock(day, 0, zone)
    local = datetime.fromtimestamp(start, zone)
    if (local.date(), local.time()) == (day, time.min):
        return start
    before_the_gap = instant(datetime.combine(day, time.min, zone).replace(fold=1))
    around_the_gap = range(before_the_gap, start + 1)
    return around_the_gap[bisect_left(around_the_gap, day, key=lambda at: _local_date(at, zone))]


def wall_clock(day: date, minutes: int, zone: ZoneInfo) -> int:
    """The instant of ``minutes`` after midnight (0–1440) on the clock of ``zone``.

    The first pass of a time that comes twice; a time in a gap is read with the offset before it.
    ``ValueError`` for other minutes.
    """
    if not 0 <= minutes <= _MINUTES_OF_A_DAY:
        raise ValueError("Minutes of a day are a number from 0 to 1440")
    if minutes == _MINUTES_OF_A_DAY:
        day, minutes = day + _DAY, 0
    return instant(datetime.combine(day, time(*divmod(minutes, 60)), zone))


def _windows_of(day: date, openings: Iterable[Opening], zone: ZoneInfo) -> Iterable[Window]:
    for opens, closes in openings:
        if opens == _MINUTES_OF_A_DAY:
            raise ValueError("Hours open before the end of their day")
        start = wall_clock(day, opens, zone)
        end = wall_clock(day if closes > opens else day + _DAY, closes, zone)
        if start < end:
            yield Window(start, end, day)


def _exists(day: date, zone: ZoneInfo) -> bool:
    # only a gap of a whole day, from midnight to midnight, moves noon to another date
    return _local_date(wall_clock(day, 12 * 60, zone), zone) == day


def _dates(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


def _local_date(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at, zone).date()
