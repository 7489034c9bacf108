"""A week of My Calendar: appointments and what lies outside, for one host."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import ngettext

from accounts.models import Member
from availability.core.hours import DayHours, midnight, open_windows
from availability.core.intervals import moment
from availability.models import BlockingSource, BusyTime, WeeklyHours
from availability.queries.busy import busy_times_of
from bookings.core.week import DAY_MINUTES, LEAST_HEIGHT, STEP, Laid, Piece, axis, clock, closed, lay, pieces
from bookings.models import Appointment, Status
from bookings.queries.team import given_by

DAYS = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is drawn. ``title`` is empty for time of which the reader may only know that it is busy.

    ``uid`` is the appointment's, with ``is_session`` that of a class session.
    """

    kind: str
    starts_at: datetime
    ends_at: datetime
    title: str = ""
    detail: str = ""
    uid: UUID | None = None
    is_session: bool = False
    is_free: bool = False
    is_cancelled: bool = False
    is_past: bool = False
    all_day: bool = False


@dataclass(frozen=True, slots=True)
class WeekDay:
    """``closed``: stretches outside the schedule, as clock times. ``without_room``: what no lane was left for."""

    date: date
    is_today: bool
    all_day: list[Entry]
    laid: list["Drawn"]
    without_room: list[Entry]
    closed: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        return not (self.all_day or self.laid)


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry with its place on the clock. ``lane`` is "1/2", or empty for the whole width."""

    entry: Entry
    start: str
    end: str
    lane: str


@dataclass(frozen=True, slots=True)
class Week:
    """``start`` and ``end`` of the axis and ``hours`` on it as clock times; ``now`` likewise, to five minutes."""

    first: date
    days: list[WeekDay]
    start: str
    end: str
    hours: list[str]
    now: str

    @property
    def last(self) -> date:
        return self.first + (DAYS - 1) * _DAY


def week_of(host: Member, *, first: date, zone: ZoneInfo, now: datetime, own: bool) -> Week:
    """Seven days from ``first`` in ``zone``; three queries.

    ``own``: the reader is the host and sees everything of all their accounts. Otherwise the appointments of the
    host's account, and that the host is busy, never with what (P4).
    """
    days = [first + number * _DAY for number in range(DAYS)]
    start, end = moment(midnight(first, zone)), moment(midnight(first + DAYS * _DAY, zone))
    entries = [*_appointments(host, start, end, now, own), *_outside(host, start, end, now, own)]
    placed = [piece for entry in entries for piece in pieces(entry, entry.starts_at, entry.ends_at, zone)]
    opened = _opening_hours(host, days, zone)
    timed = [piece for piece in placed if not _fills_its_day(piece) and first <= piece.day <= days[-1]]
    drawn = [(piece.start, min(max(piece.end, piece.start + LEAST_HEIGHT), DAY_MINUTES)) for piece in timed]
    hours = axis([*drawn, *((one.start, one.end) for one in opened)])
    local = now.astimezone(zone)
    return Week(
        first=first,
        days=[_day(day, placed, opened, hours, has_hours=bool(opened), today=local.date()) for day in days],
        start=clock(hours[0]),
        end=clock(hours[1]),
        hours=[clock(minutes) for minutes in range(hours[0], hours[1], 60)],
        now=_on_axis(local, hours),
    )


def _appointments(host: Member, start: datetime, end: datetime, now: datetime, own: bool) -> Iterator[Entry]:
    """Each once, and a class session once for all its customers."""
    theirs = given_by(Member.objects.filter(user=host.user_id))
    found = Appointment.objects.filter(theirs).overlapping(start, end)
    together: dict[UUID, list[Appointment]] = {}
    for one in found.select_related("calendar__account").order_by("starts_at", "pk"):
        together.setdefault(one.session_uid or one.uid, []).append(one)
    for uid, taken in together.items():
        active = [one for one in taken if one.is_active]
        if own or taken[0].calendar.account_id == host.account_id:
            yield _session(uid, taken, active, now) if taken[0].session_uid else _appointment(taken[0], now)
        elif active:
            one = active[0]
            yield Entry(kind="event", starts_at=one.starts_at, ends_at=one.ends_at, is_past=one.ends_at <= now)


def _appointment(one: Appointment, now: datetime) -> Entry:
    return Entry(
        kind="pending" if one.status == Status.PENDING else "appointment",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        title=one.customer_name,
        detail=one.calendar.name,
        uid=one.uid,
        is_cancelled=not one.is_active,
        is_past=one.ends_at <= now,
    )


def _session(uid: UUID, taken: Sequence[Appointment], active: Sequence[Appointment], now: datetime) -> Entry:
    one = (active or taken)[0]
    return Entry(
        kind="pending" if any(seat.status == Status.PENDING for seat in active) else "appointment",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        title=one.calendar.name,
        detail=ngettext("%(count)d customer", "%(count)d customers", len(active)) % {"count": len(active)},
        uid=uid,
        is_session=True,
        is_cancelled=not active,
        is_past=one.ends_at <= now,
    )


def _outside(host: Member, start: datetime, end: datetime, now: datetime, own: bool) -> Iterable[Entry]:
    if own:
        counted = BlockingSource.objects.filter(member__user_id=host.user_id).values("source")
        rows = BusyTime.objects.filter(user_id=host.user_id, source__in=counted).reaching(start, end)
        found = list(rows.select_related("source").order_by("start", "end", "pk"))
    else:
        found = [one for one in busy_times_of(host, start=start, end=end) if one.blocks]
    for one in found:
        yield Entry(
            kind="event",
            starts_at=one.start,
            ends_at=one.end,
            title=one.label if own else "",
            detail=one.source.name if own else "",
            is_free=not one.blocks,
            is_past=one.end <= now,
            all_day=one.all_day,
        )


def _opening_hours(host: Member, days: list[date], zone: ZoneInfo) -> list[Piece[None]]:
    """When the host's default schedule is open, as the clock in ``zone`` shows it."""
    rows = WeeklyHours.objects.filter(schedule__member=host, schedule__is_default=True).select_related("schedule")
    hours = [(row.schedule.time_zone, DayHours(row.weekday, row.opens_minute, row.closes_minute)) for row in rows]
    if not hours:
        return []
    home = ZoneInfo(str(hours[0][0]))
    windows = open_windows((day for _zone, day in hours), home, days[0] - 2 * _DAY, days[-1] + _DAY)
    found = (piece for window in windows for piece in pieces(None, moment(window.start), moment(window.end), zone))
    return [piece for piece in found if days[0] <= piece.day <= days[-1]]


def _fills_its_day(piece: Piece[Entry]) -> bool:
    return piece.shown.all_day or (piece.start, piece.end) == (0, DAY_MINUTES)


def _day(
    day: date,
    placed: Iterable[Piece[Entry]],
    opened: Iterable[Piece[None]],
    hours: tuple[int, int],
    *,
    has_hours: bool,
    today: date,
) -> WeekDay:
    here = [piece for piece in placed if piece.day == day]
    laid = lay(piece for piece in here if not _fills_its_day(piece))
    open_here = [(piece.start, piece.end) for piece in opened if piece.day == day]
    shut = closed(open_here, first=hours[0], last=hours[1]) if has_hours else []
    return WeekDay(
        date=day,
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
