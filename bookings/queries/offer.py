"""What the public page offers: five weeks, a day, its times, in the reader's zone."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Member
from availability.core.hours import midnight
from availability.core.intervals import moment
from availability.models import Calendar
from availability.queries.settings import reach_of
from availability.queries.slots import Slot, next_slots, open_slots
from bookings.core.five_weeks import Page, Part, Tide, page_for, part_of_day, tide
from bookings.core.zones import is_doubled


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the page, with the number of free times."""

    date: date
    free: int
    tide: Tide
    is_today: bool
    is_selected: bool
    begins_month: bool


@dataclass(frozen=True, slots=True)
class Time:
    """A slot as a button: ``local`` in the reader's zone; ``is_doubled`` when the clock shows it twice that day."""

    slot: Slot
    local: datetime
    is_doubled: bool

    @property
    def value(self) -> str:
        """The start for links and forms."""
        return utc_words(self.slot.starts_at)


@dataclass(frozen=True, slots=True)
class Offer:
    """The page. ``day`` is None when nothing was chosen and nothing is free.

    ``soonest``: on the first page, its first free time. ``next``: the first one after a page with nothing free.
    """

    page: Page
    weeks: tuple[tuple[Day, ...], ...]
    day: date | None
    parts: tuple[tuple[Part, tuple[Time, ...]], ...]
    free: int
    any_free: bool
    soonest: Time | None
    next: Time | None

    @property
    def last_day(self) -> date:
        return self.page.end - timedelta(days=1)


def offer(
    calendar: Calendar,
    *,
    zone: ZoneInfo,
    now: datetime,
    host: Member | None = None,
    asked: date | None = None,
    day: date | None = None,
    besides: UUID | None = None,
    hold: UUID | None = None,
    without: datetime | None = None,
) -> Offer:
    """The five weeks from ``asked`` or around ``day``: ``open_slots``, and ``next_slots`` if nothing is free.

    ``besides``: the taker whose own time is looked through, for moving it. ``hold``: the reader's, which is as well.
    ``without``: a start that is left out, because it is where the taker is already.
    """
    reach = reach_of(calendar, now)
    today = now.astimezone(zone).date()
    first, last = (moment(at).astimezone(zone).date() for at in (reach.first, reach.latest - 1))
    page = page_for(first=max(first, today), last=last, asked=asked, day=day)
    start, end = _midnight(page.first, zone), _midnight(page.end, zone)
    slots = open_slots(calendar, start=start, end=end, now=now, host=host, hold=hold, besides=besides)
    times = as_times((slot for slot in slots if slot.starts_at != without), zone)
    selected = _selected(page, times, day)
    shown = [one for one in times if one.local.date() == selected]
    # one more where one may be left out
    count = 0 if times else 2 if without else 1
    later = next_slots(calendar, after=end, now=now, count=count, host=host, besides=besides)
    following = as_times((slot for slot in later if slot.starts_at != without), zone)
    return Offer(
        page=page,
        weeks=_weeks(page, Counter(one.local.date() for one in times), today, selected),
        day=selected,
        parts=_by_part(shown),
        free=len(shown),
        any_free=bool(times),
        soonest=times[0] if times and page.earlier is None else None,
        next=following[0] if following else None,
    )


def utc_words(at: datetime) -> str:
    """For links and forms: in UTC, so that no plus sign gets lost on the way."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_times(slots: Iterable[Slot], zone: ZoneInfo) -> tuple[Time, ...]:
    locals_ = ((slot, slot.starts_at.astimezone(zone)) for slot in slots)
    return tuple(Time(slot, local, is_doubled(local)) for slot, local in locals_)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return moment(midnight(day, zone))


def _selected(page: Page, times: tuple[Time, ...], day: date | None) -> date | None:
    if day is not None and page.first <= day < page.end:
        return day
    return times[0].local.date() if times else None


def _weeks(page: Page, free: Counter[date], today: date, selected: date | None) -> tuple[tuple[Day, ...], ...]:
    days = [
        Day(
            date=day,
            free=free[day],
            tide=tide(free[day]),
            is_today=day == today,
            is_selected=day == selected,
            begins_month=day.day == 1,
        )
        for day in page.days
    ]
    return tuple(tuple(days[at : at + 7]) for at in range(0, len(days), 7))


def _by_part(times: Iterable[Time]) -> tuple[tuple[Part, tuple[Time, ...]], ...]:
    parts: dict[Part, list[Time]] = defaultdict(list)
    for one in times:
        parts[part_of_day(one.local.hour)].append(one)
    return tuple((part, tuple(found)) for part, found in parts.items())
