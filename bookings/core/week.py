"""Days drawn on the clock: which stretch of which day an entry takes, in which lane, on which axis.

Minutes are minutes of a day by the clock on the wall, 0 to 1440, in steps of five; rounding goes outwards, so that
a drawing never shows time as free that is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

Shown = TypeVar("Shown")

STEP = 5
DAY_MINUTES = 24 * 60
LANES = 3
# what is drawn lower than this is drawn this high, so lanes are reckoned with it
LEAST_HEIGHT = 25
FIRST_HOUR, LAST_HOUR = 8, 18
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Piece(Generic[Shown]):
    """The part of an entry that lies on one day: ``[start, end)`` in minutes."""

    day: date
    start: int
    end: int
    shown: Shown


@dataclass(frozen=True, slots=True)
class Laid(Generic[Shown]):
    """A piece in its place: ``lane`` 1 to ``lanes``, or 0 when there is no room for it."""

    piece: Piece[Shown]
    lane: int
    lanes: int


def pieces(
    shown: Shown, starts_at: datetime, ends_at: datetime, zone: ZoneInfo, *, first: date, last: date
) -> Iterable[Piece[Shown]]:
    """One piece for each day of ``zone`` from ``first`` to ``last`` that the entry touches, by the clock on the wall.

    In the night when clocks go back, an entry may end earlier by the clock than it began: it is drawn as long as it
    lasts.
    """
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    lasts = ends_at.astimezone(UTC) - starts_at.astimezone(UTC)
    day = max(start.date(), first)
    while day <= min(end.date(), last):
        begins = _seconds(start) // 60 // STEP * STEP if day == start.date() else 0
        ends = -(-_seconds(end) // 60 // STEP) * STEP if day == end.date() else DAY_MINUTES
        if start.date() == end.date() and ends <= begins:
            ends = begins + max(STEP, round(lasts.total_seconds() / 60 / STEP) * STEP)
        if begins < ends:
            yield Piece(day, begins, min(ends, DAY_MINUTES), shown)
        day += _DAY


def days_touched(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, *, first: date, last: date) -> list[date]:
    """The days of ``zone`` from ``first`` to ``last`` on which ``[starts_at, ends_at)`` lies."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    until = end.date()
    if until == start.date():
        return [until] if first <= until <= last else []
    if end.time() == time():
        until -= _DAY
    at, until = max(start.date(), first), min(until, last)
    return [at + number * _DAY for number in range((until - at).days + 1)]


def lay(found: Iterable[Piece[Shown]]) -> list[Laid[Shown]]:
    """Pieces of one day side by side, three at most; those without room have lane 0. In order of their start."""
    laid: list[Laid[Shown]] = []
    for cluster in _clusters(sorted(found, key=lambda piece: (piece.start, -piece.end))):
        laid.extend(_lay_cluster(cluster))
    return laid


def axis(found: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The hours of the day to be drawn, in minutes: office hours, widened to whole hours that hold everything."""
    stretches = list(found)
    first = min([FIRST_HOUR * 60, *(start // 60 * 60 for start, _end in stretches)])
    last = max([LAST_HOUR * 60, *(-(-end // 60) * 60 for _start, end in stretches)])
    return first, last


def closed(opened: Iterable[tuple[int, int]], *, first: int, last: int) -> list[tuple[int, int]]:
    """What of the axis lies outside the opening hours of a day."""
    shut, at = [], first
    for start, end in sorted(opened):
        if at < min(start, last):
            shut.append((at, min(start, last)))
        at = max(at, end)
    if at < last:
        shut.append((at, last))
    return shut


def clock(minutes: int) -> str:
    """ "09:35"; the end of a day is "24:00"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hours_elsewhere(hours: Iterable[int], day: date, zone: ZoneInfo, other: ZoneInfo) -> list[str]:
    """What the clock in ``other`` shows on the hours (in minutes) of ``day`` in ``zone``."""
    shown = (datetime.combine(day, time(minutes // 60), tzinfo=zone).astimezone(other) for minutes in hours)
    return [f"{at:%H:%M}" for at in shown]


def months_later(day: date, months: int) -> date:
    """The first of the month so many months after that of ``day``."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def month_around(day: date) -> list[list[date]]:
    """The weeks, Monday to Sunday, that hold the month of ``day``."""
    first = day.replace(day=1)
    at = first - first.weekday() * _DAY
    weeks: list[list[date]] = []
    while not weeks or (at.year, at.month) == (day.year, day.month):
        weeks.append([at + number * _DAY for number in range(7)])
        at += 7 * _DAY
    return weeks


def _seconds(at: datetime) -> int:
    """Of the day, by the clock on the wall, rounded up."""
    return at.hour * 3600 + at.minute * 60 + at.second + bool(at.microsecond)


def _drawn_end(piece: Piece[Shown]) -> int:
    return max(piece.end, piece.start + LEAST_HEIGHT)


def _clusters(ordered: Sequence[Piece[Shown]]) -> Iterable[list[Piece[Shown]]]:
    """Groups of pieces that overlap, directly or through others."""
    cluster: list[Piece[Shown]] = []
    reach = 0
    for piece in ordered:
        if cluster and piece.start >= reach:
            yield cluster
            cluster = []
        reach = max(reach, _drawn_end(piece)) if cluster else _drawn_end(piece)
        cluster.append(piece)
    if cluster:
        yield cluster


def _lay_cluster(cluster: Sequence[Piece[Shown]]) -> list[Laid[Shown]]:
    ends = [0] * LANES
    placed: list[tuple[Piece[Shown], int]] = []
    for piece in cluster:
        lane = next((number for number, end in enumerate(ends) if end <= piece.start), None)
        if lane is not None:
            ends[lane] = _drawn_end(piece)
        placed.append((piece, 0 if lane is None else lane + 1))
    lanes = max(lane for _piece, lane in placed)
    return [Laid(piece, lane, lanes) for piece, lane in placed]
