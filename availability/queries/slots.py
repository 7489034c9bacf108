"""The slots on offer: stored days where they hold, computed ones where not, and over both what moves with the clock."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from accounts.models import Member
from availability.core.clock import months_of
from availability.core.intervals import Interval, moment
from availability.core.look_busy import hides
from availability.core.offer import JOINT, Live, Times, cut, listed, offered
from availability.core.packing import unpack
from availability.core.rules import HostTimes
from availability.core.several import all_starts
from availability.core.slots import SlotRules
from availability.models import Calendar, CalendarType
from availability.queries.hosts import times_of
from availability.queries.live import Found, read, reading_of, utc_days
from availability.queries.settings import reach_of, rules_of, span_of, zone_of

# mostly the first of them are not far away
_FIRST_STEP, _STEP = timedelta(days=2), timedelta(days=31)
_DAY_SECONDS = 86_400
Starts = Mapping[int, Sequence[int]]


class Slot(NamedTuple):
    """A start on offer, and the members (their primary keys) who are free then, in team order.

    Instants are aware and in UTC. ``seats_left`` is None but for classes.
    """

    starts_at: datetime
    ends_at: datetime
    hosts: tuple[int, ...]
    seats_left: int | None = None


def open_slots(
    calendar: Calendar,
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    host: Member | None = None,
    hold: UUID | None = None,
    besides: UUID | None = None,
    hidden: bool = False,
) -> tuple[Slot, ...]:
    """Slots that start within ``[start, end)``, soonest first; with ``host`` only theirs.

    ``hold``: the reader's own, which is looked through. ``besides``: a taker whose time is looked through, for
    moving it; nothing stored helps then. ``hidden``: those that *look busy* hides as well. One query if all days
    are stored and current, three if not, for any number of days and hosts.
    """
    within = within_reach(calendar, start=start, end=end, now=now)
    if within is None:
        return ()
    known = _known(calendar, within, now=now, host=host, hold=hold, besides=besides)
    found = offered(known.starts, known.live, rules_of(calendar), within)
    starts = ((moment(one.start), one) for one in found if hidden or _is_shown(calendar, one.start))
    return tuple(Slot(at, at + calendar.duration, one.hosts, one.seats_left) for at, one in starts)


def open_times(
    calendar: Calendar,
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    host: Member | None = None,
    found: Found | None = None,
) -> Times:
    """``open_slots`` for whom every object counts. ``found``: what was read together with the calendar."""
    within = within_reach(calendar, start=start, end=end, now=now)
    if within is None:
        return Times()
    known = _known(calendar, within, now=now, host=host, found=found)
    return shown(calendar, listed(known.starts, known.live, rules_of(calendar), within))


def within_reach(calendar: Calendar, *, start: datetime, end: datetime, now: datetime) -> Interval | None:
    """What of ``[start, end)`` can be booked at all."""
    asked = span_of(start, end)
    return reach_of(calendar, now).within(asked) if asked and calendar.is_open else None


def shown(calendar: Calendar, times: Times) -> Times:
    """Without those that *look busy* hides, which it does of no class."""
    if not calendar.look_busy or times.seats_left is not None:
        return times
    return Times([start for start in times.starts if not hides(calendar.pk, start, calendar.look_busy)])


def next_slots(
    calendar: Calendar,
    *,
    after: datetime,
    now: datetime,
    count: int,
    host: Member | None = None,
    besides: UUID | None = None,
) -> tuple[Slot, ...]:
    """The first ``count`` slots from ``after`` on, looked for month by month up to the end of the date range.

    ``besides`` as in ``open_slots``.
    """
    reach = reach_of(calendar, now)
    found: list[Slot] = []
    start, last, step = max(after, now, moment(reach.first)), moment(reach.latest), _FIRST_STEP
    while start < last and len(found) < count:
        found += open_slots(calendar, start=start, end=start + step, now=now, host=host, besides=besides)
        start, step = start + step, _STEP
    return tuple(found[:count])


class _Known(NamedTuple):
    """The starts by the rules that do not move with the clock, stored or computed, and what does."""

    starts: Starts
    live: Live


def _known(
    calendar: Calendar,
    within: Interval,
    *,
    now: datetime,
    host: Member | None,
    hold: UUID | None = None,
    besides: UUID | None = None,
    found: Found | None = None,
) -> _Known:
    span = counted_with(calendar, within, now)
    if found is None:
        reading = read(calendar, span, now=now, named=host, hold=hold, besides=besides)
    else:
        reading = reading_of(calendar, span, found, now=now, named=host)
    days = utc_days(span)
    current = [] if besides else [day for day in days if day in reading.stored and reading.stored[day].is_current]
    by_day: dict[date, Starts] = {day: unpack(reading.stored[day].starts) for day in current}
    by_day |= compute_days(calendar, [day for day in days if day not in by_day], besides=besides)
    return _Known(_put_together(by_day[day] for day in days), reading.live)


def _is_shown(calendar: Calendar, start: int) -> bool:
    """*Look busy* hides some, but of no class."""
    if not calendar.look_busy or calendar.type == CalendarType.CLASS:
        return True
    return not hides(calendar.pk, start, calendar.look_busy)


def counted_with(calendar: Calendar, within: Interval, now: datetime) -> Interval:
    """The span to look at: in equal distribution, who is ahead depends on all that is open in the month (T5)."""
    if not calendar.shares_equally:
        return within
    months = months_of(within, zone_of(calendar))
    return reach_of(calendar, now).within(Interval(months[0].start, months[-1].end)) or within


def compute_days(calendar: Calendar, days: Collection[date], *, besides: UUID | None = None) -> dict[date, Starts]:
    """The starts of each host on each of these UTC days by all rules that do not move with the clock.

    Two queries, none for no days. A collective has the common starts of all its hosts alone.
    """
    if not days:
        return {}
    spans = [_span_of_days(run) for run in _runs(sorted(days))]
    times = times_of(calendar, Interval(spans[0].start, spans[-1].end), besides=besides)
    rules = rules_of(calendar)
    found: dict[date, Starts] = {day: {} for day in days}
    for span in spans:
        for day, part in _by_day(starts_by_host(calendar, times, rules, span), span):
            found[day] = part
    return found


def starts_by_host(calendar: Calendar, times: Mapping[int, HostTimes], rules: SlotRules, span: Interval) -> Starts:
    """The starts of each host by all rules that do not move with the clock; of a collective the common ones alone."""
    if calendar.type == CalendarType.COLLECTIVE:
        return {JOINT: all_starts(times.values(), rules=rules, span=span)}
    return {member: one.open_starts(rules, span) for member, one in times.items()}


def _runs(days: Sequence[date]) -> Iterator[Sequence[date]]:
    """Days that follow each other."""
    first = 0
    for at in range(1, len(days) + 1):
        if at == len(days) or days[at] - days[at - 1] != timedelta(days=1):
            yield days[first:at]
            first = at


def _span_of_days(days: Sequence[date]) -> Interval:
    first = (days[0] - date(1970, 1, 1)).days
    return Interval(first * _DAY_SECONDS, (first + len(days)) * _DAY_SECONDS)


def _by_day(starts: Starts, span: Interval) -> Iterator[tuple[date, Starts]]:
    for day in utc_days(span):
        first = (day - date(1970, 1, 1)).days * _DAY_SECONDS
        one_day = Interval(first, first + _DAY_SECONDS)
        yield day, {key: cut(found, one_day) for key, found in starts.items()}


def _put_together(parts: Iterable[Starts]) -> Starts:
    together: dict[int, list[int]] = {}
    for part in parts:
        for key, starts in part.items():
            together.setdefault(key, []).extend(starts)
    return together
