"""A week or a day of My Calendar on the clock: a column for each day, or for each of several hosts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Member
from availability.core.hours import DayHours, open_windows
from availability.core.intervals import moment
from availability.models import WeeklyHours
from bookings.core.week import DAY_MINUTES, LEAST_HEIGHT, STEP, Laid, Piece, axis, clock, closed, lay, pieces
from bookings.queries.entries import Entry, Looking, entries_of

DAYS = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry with its place on the clock. ``lane`` is "1/2", or empty for the whole width."""

    entry: Entry
    start: str
    end: str
    lane: str


@dataclass(frozen=True, slots=True)
class Column:
    """``host``: whose, where there are several. ``closed``: stretches outside the schedule, as clock times.

    ``without_room``: what no lane was left for.
    """

    date: date
    host: Member | None
    is_today: bool
    all_day: list[Entry]
    laid: list[Drawn]
    without_room: list[Entry]
    closed: list[tuple[str, str]]

    @property
    def name(self) -> str:
        """What the elements of this column are named after."""
        return f"{self.date:%Y-%m-%d}{f'-{self.host.slug}' if self.host else ''}"

    @property
    def is_empty(self) -> bool:
        return not (self.all_day or self.laid)


@dataclass(frozen=True, slots=True)
class Clock:
    """``start`` and ``end`` of the axis and ``hours`` on it as clock times; ``now`` likewise, to five minutes."""

    first: date
    last: date
    columns: list[Column]
    start: str
    end: str
    minutes: range
    now: str

    @property
    def hours(self) -> list[str]:
        return [clock(minutes) for minutes in self.minutes]


def week_of(looking: Looking, *, first: date, now: datetime) -> Clock:
    """Seven days from ``first``; the hosts' time is laid over each other, hours only for one of them."""
    days = [first + number * _DAY for number in range(DAYS)]
    return _clock(looking, [(day, None) for day in days], now)


def day_of(looking: Looking, *, day: date, now: datetime) -> Clock:
    """One day, the hosts side by side."""
    if len(looking.hosts) == 1:
        return _clock(looking, [(day, None)], now)
    return _clock(looking, [(day, host) for host in looking.hosts], now)


def _clock(looking: Looking, columns: Sequence[tuple[date, Member | None]], now: datetime) -> Clock:
    zone, first, last = looking.zone, columns[0][0], columns[-1][0]
    start, end = looking.span(first, last)
    entries = entries_of(looking, start=start, end=end, now=now)
    placed = [
        piece
        for entry in entries
        for piece in pieces(entry, entry.starts_at, entry.ends_at, looking.zone_of(entry), first=first, last=last)
    ]
    opened = _opening_hours(looking, first, last)
    timed = [piece for piece in placed if not _fills_its_day(piece)]
    drawn = [(piece.start, min(max(piece.end, piece.start + LEAST_HEIGHT), DAY_MINUTES)) for piece in timed]
    hours = axis([*drawn, *((piece.start, piece.end) for open_ in opened.values() for piece in open_)])
    local = now.astimezone(zone)
    return Clock(
        first=first,
        last=last,
        columns=[
            _column(day, host, placed, opened.get((host or looking.hosts[0]).pk), hours, today=local.date())
            for day, host in columns
        ],
        start=clock(hours[0]),
        end=clock(hours[1]),
        minutes=range(hours[0], hours[1], 60),
        now=_on_axis(local, hours),
    )


def _opening_hours(looking: Looking, first: date, last: date) -> dict[int, list[Piece[None]]]:
    """When the default schedule of each host (by id) is open, as the clock of the reader shows it.

    Nobody's for a week in which the hours of several would be laid over each other. One query.
    """
    if first != last and len(looking.hosts) > 1:
        return {}
    rows = WeeklyHours.objects.filter(schedule__member__in=looking.hosts, schedule__is_default=True)
    fields = ("schedule__member_id", "schedule__time_zone", "weekday", "opens_minute", "closes_minute")
    by_host: dict[tuple[int, str], list[DayHours]] = {}
    for host, home, *hours in rows.values_list(*fields):
        by_host.setdefault((host, str(home)), []).append(DayHours(*hours))
    return {
        host: [
            piece
            for window in open_windows(hours, ZoneInfo(home), first - 2 * _DAY, last + _DAY)
            for piece in pieces(None, moment(window.start), moment(window.end), looking.zone, first=first, last=last)
        ]
        for (host, home), hours in by_host.items()
    }


def _fills_its_day(piece: Piece[Entry]) -> bool:
    return piece.shown.all_day or (piece.start, piece.end) == (0, DAY_MINUTES)


def _column(
    day: date,
    host: Member | None,
    placed: Iterable[Piece[Entry]],
    opened: Sequence[Piece[None]] | None,
    hours: tuple[int, int],
    *,
    today: date,
) -> Column:
    """``opened``: None where no hours are drawn."""
    here = [piece for piece in placed if piece.day == day and (host is None or host.user_id in piece.shown.whose)]
    laid = lay(piece for piece in here if not _fills_its_day(piece))
    open_here = [(piece.start, piece.end) for piece in opened or () if piece.day == day]
    shut = [] if opened is None else closed(open_here, first=hours[0], last=hours[1])
    return Column(
        date=day,
        host=host,
        is_today=day == today,
        all_day=[piece.shown for piece in here if _fills_its_day(piece)],
        laid=[_drawn(one) for one in laid if one.lane],
        without_room=[one.piece.shown for one in laid if not one.lane],
        closed=[(clock(start), clock(end)) for start, end in shut],
    )


def _drawn(one: Laid[Entry]) -> Drawn:
    lane = f"{one.lane}/{one.lanes}" if one.lanes > 1 else ""
    return Drawn(one.piece.shown, clock(one.piece.start), clock(one.piece.end), lane)


def _on_axis(local: datetime, hours: tuple[int, int]) -> str:
    minutes = local.hour * 60 + local.minute // STEP * STEP
    return clock(minutes) if hours[0] <= minutes < hours[1] else ""
