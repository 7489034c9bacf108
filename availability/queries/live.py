"""What is read anew for every answer, and the stored days with the versions that say whether they hold: one query.

One statement is one snapshot, so that a stored day, its versions, holds and counts belong together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID
from zlib import crc32
from zoneinfo import ZoneInfo

from accounts.models import Member
from availability.core.clock import Full, Limits, full, months_of, weeks_around
from availability.core.intervals import Interval, moment
from availability.core.offer import Gathering, HostLive, Live, Month
from availability.core.slots import Taken
from availability.core.zones_version import zones_version
from availability.models import Calendar, CalendarType
from availability.models.calendar import LONGEST_BUFFER
from availability.queries.rows import rows
from availability.queries.settings import limits_of, reach_of, rules_of, zone_of
from availability.queries.statements import statement_for

# a calendar that was never read blocks for this long at most (Y15)
FIRST_READ_PATIENCE = timedelta(minutes=15)
# rows computed by other rules, holidays or time zones than these are not current
ENGINE = crc32(f"1 {version('holidays')} {zones_version()}".encode())
# further away nothing is in the way of a start
REACH = LONGEST_BUFFER + timedelta(days=2)
_DAY_SECONDS = 86_400

# the rows of a reading by their kind, which is left out of them
Found: TypeAlias = Mapping[str, Sequence[tuple[Any, ...]]]


class StoredRow(NamedTuple):
    """A stored day as it was found; ``is_current`` says whether it still holds."""

    starts: bytes
    is_current: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """``live`` for the core; ``users`` by member; ``stored`` by UTC day.

    ``versions`` by UTC day are what a day that is computed afterwards is stored with.
    """

    live: Live
    users: Mapping[int, int]
    stored: Mapping[date, StoredRow]
    versions: Mapping[date, int]


class _Crew(NamedTuple):
    member_id: int
    user_id: int
    limits: Limits
    zone: ZoneInfo | None
    is_fixed: bool
    is_active: bool


def read(
    calendar: Calendar,
    span: Interval,
    *,
    now: datetime,
    named: Member | None = None,
    only: Collection[int] | None = None,
    hold: UUID | None = None,
    besides: UUID | None = None,
) -> Reading:
    """One query, for any number of days and hosts. In equal distribution ``span`` covers whole months.

    ``Calendar.DoesNotExist`` if it was deleted. ``only`` narrows to these members. The hold ``hold`` is looked
    through, and the taker ``besides`` not counted.
    """
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    arguments = _arguments(calendar, span, now=now, only=only, hold=hold, besides=besides)
    for kind, *columns in rows(statement_for(calendar), arguments):
        found[kind].append(tuple(columns))
    return reading_of(calendar, span, found, now=now, named=named)


def reading_of(
    calendar: Calendar, span: Interval, found: Found, *, now: datetime, named: Member | None = None
) -> Reading:
    """What the rows say; rows of other days do no harm."""
    crew = _crew(found["crew"])
    live = Live(
        reach=reach_of(calendar, now),
        hosts=_hosts(calendar, crew, found),
        gathering=Gathering.ALL if calendar.type == CalendarType.COLLECTIVE else Gathering.ANY,
        is_open=calendar.is_open,
        full=full((row[0] for row in found.get("taker", ())), limits_of(calendar), zone_of(calendar)),
        months=_months(calendar, span, crew, found.get("count", ())),
        lead_cap=calendar.lead_cap,
        named=named.pk if named else None,
        seats=calendar.seats if calendar.type == CalendarType.CLASS else None,
    )
    changed = {row[0]: row[1] for row in found.get("version", ())}
    days = utc_days(span)
    versions = dict(zip(days, versions_of(calendar, _day_numbers(span), changed), strict=True))
    epoch = next((row[0] for row in found.get("epoch", ())), None)
    if epoch is None:
        raise Calendar.DoesNotExist
    return Reading(live, {one.member_id: one.user_id for one in crew}, _stored(found, versions, epoch), versions)


def utc_days(span: Interval) -> list[date]:
    """The UTC days that ``span`` touches, ascending."""
    return [_day(number) for number in _day_numbers(span)]


def _day_numbers(span: Interval) -> range:
    return range(span.start // _DAY_SECONDS, (span.end - 1) // _DAY_SECONDS + 1)


def version_reach(calendar: Calendar) -> tuple[int, int]:
    """How many days before and after a UTC day its slots depend on.

    Appointments make known their own buffers themselves: only the calendar's own and the duration count here.
    """
    rules = rules_of(calendar)
    before = -(-rules.buffer_before // _DAY_SECONDS)
    return before, (_DAY_SECONDS + rules.duration + rules.buffer_after - 2) // _DAY_SECONDS


def _arguments(
    calendar: Calendar,
    span: Interval,
    *,
    now: datetime,
    only: Collection[int] | None,
    hold: UUID | None,
    besides: UUID | None,
) -> dict[str, Any]:
    days = utc_days(span)
    back, onward = version_reach(calendar)
    weeks = weeks_around(span, zone_of(calendar)) if limits_of(calendar) else span
    months = months_of(span, zone_of(calendar)) if calendar.shares_equally else ()
    return {
        "calendar": calendar.pk,
        "only": None if only is None else list(only),
        "hold": hold,
        "besides": besides,
        "now": now,
        "patience": FIRST_READ_PATIENCE,
        "start": moment(span.start) - REACH,
        "end": moment(span.end) + REACH,
        # a week in any zone, whatever the schedule's is
        "weeks_start": moment(weeks.start) - REACH,
        "weeks_end": moment(weeks.end) + REACH,
        "first": days[0],
        "last": days[-1],
        "first_version": days[0] - timedelta(days=back),
        "last_version": days[-1] + timedelta(days=onward),
        "month_starts": [moment(month.start) for month in months],
        "month_ends": [moment(month.end) for month in months],
        "counted_from": calendar.members_changed_at,
    }


def _crew(found: Iterable[tuple[Any, ...]]) -> list[_Crew]:
    crew = []
    for _number, member, user, day_limit, week_limit, text, _bytes in sorted(found, key=lambda row: row[0]):
        zone = ZoneInfo(text[2:]) if len(text) > 2 else None
        crew.append(_Crew(member, user, Limits(day_limit, week_limit), zone, text[0] == "1", text[1] == "1"))
    return crew


def _hosts(calendar: Calendar, crew: Iterable[_Crew], found: Found) -> dict[int, HostLive]:
    held: dict[int, list[Taken]] = defaultdict(list)
    for user, start, end, before, after, uid, _bytes in found.get("held", ()):
        held[user].append(Taken(start, end, before, after, uid))
    begun: dict[int, list[int]] = defaultdict(list)
    for user, start, *_rest in found.get("begun", ()):
        begun[user].append(start)
    seats: dict[int, dict[int, int]] = defaultdict(dict)
    for user, start, left, *_rest in found.get("session", ()):
        seats[user][start] = left
    stale = {row[0]: row[1] for row in found.get("stale", ())}
    fixed_count = calendar.type == CalendarType.ROUND_ROBIN
    hosts = {}
    for one in crew:
        is_needed = (one.is_fixed and fixed_count) or calendar.type == CalendarType.COLLECTIVE
        if one.is_active or is_needed:
            hosts[one.member_id] = HostLive(
                held=tuple(held[one.user_id]),
                stale=stale.get(one.member_id),
                full=full(begun[one.user_id], one.limits, one.zone) if one.zone else Full(),
                seats_left=seats[one.user_id],
                is_needed=is_needed,
                is_away=not one.is_active,
            )
    return hosts


def _months(
    calendar: Calendar, span: Interval, crew: Iterable[_Crew], counted: Iterable[tuple[Any, ...]]
) -> tuple[Month, ...]:
    if not calendar.shares_equally:
        return ()
    members = {one.user_id: one.member_id for one in crew}
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    for number, user, count, *_rest in counted:
        if user in members:
            counts[number][members[user]] = count
    months = months_of(span, zone_of(calendar))
    return tuple(Month(month, counts[number]) for number, month in enumerate(months, start=1))


def versions_of(calendar: Calendar, numbers: range, changed: Mapping[int, int]) -> list[int]:
    """For each of these days, as a number from 1970 on like those of ``changed``: the sum over what its slots reach."""
    if not changed:
        return [0] * len(numbers)
    back, onward = version_reach(calendar)
    return [sum([changed.get(near, 0) for near in range(day - back, day + onward + 1)]) for day in numbers]


def _stored(found: Found, versions: Mapping[date, int], epoch: int) -> dict[date, StoredRow]:
    ours, stored = epoch ^ ENGINE, {}
    for number, stored_versions, stored_epoch, *_rest, starts in found.get("stored", ()):
        day = _day(number)
        stored[day] = StoredRow(starts, stored_epoch == ours and stored_versions == versions.get(day))
    return stored


def _day(number: int) -> date:
    return date.fromordinal(_EPOCH_ORDINAL + number)


_EPOCH_ORDINAL = datetime(1970, 1, 1, tzinfo=UTC).date().toordinal()
