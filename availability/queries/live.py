"""What is read anew for every answer, and the stored days with the versions that say whether they hold: one query.

One statement is one snapshot, so that a stored day, its versions, holds and counts belong together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Member
from availability.core.clock import Full, Limits, full, months_of, weeks_around
from availability.core.intervals import Interval, moment
from availability.core.offer import Gathering, HostLive, Live, Month
from availability.core.slots import Taken
from availability.models import Calendar, CalendarType
from availability.models.calendar import LONGEST_BUFFER
from availability.queries.moving import GIVEN_UP
from availability.queries.rows import rows
from availability.queries.settings import limits_of, reach_of, rules_of, zone_of

# a calendar that was never read blocks for this long at most (Y15)
FIRST_READ_PATIENCE = timedelta(minutes=15)
# rows computed by other rules than these are not current
ENGINE = 1
_REACH = LONGEST_BUFFER + timedelta(days=2)
_DAY_SECONDS = 86_400

# kind, five numbers, a text, bytes
_CREW = """
    , crew AS MATERIALIZED (
        SELECT place.position, place.id, place.member_id, member.user_id, place.is_fixed, person.is_active,
               hours.day_limit, hours.week_limit, hours.time_zone
          FROM availability_calendarmember place
          JOIN accounts_member member ON member.id = place.member_id
          JOIN accounts_user person ON person.id = member.user_id
          LEFT JOIN availability_schedule hours
                 ON hours.id = COALESCE(place.schedule_id, (
                    SELECT id FROM availability_schedule usual
                     WHERE usual.member_id = place.member_id AND usual.is_default))
         WHERE place.calendar_id = %(calendar)s AND (%(only)s::bigint[] IS NULL OR place.member_id = ANY(%(only)s)))
    SELECT 'crew', row_number() OVER (ORDER BY position, id), member_id, user_id, day_limit::bigint, week_limit::bigint,
           concat(is_fixed::int, is_active::int, time_zone), NULL::bytea
      FROM crew
    UNION ALL
    SELECT 'held', user_id, floor(extract(epoch FROM starts_at))::bigint, ceil(extract(epoch FROM ends_at))::bigint,
           extract(epoch FROM buffer_before)::bigint, extract(epoch FROM buffer_after)::bigint, uid::text, NULL
      FROM availability_hosttime
     WHERE user_id IN (SELECT user_id FROM crew) AND kind = 'hold' AND ends_at > %(start)s AND starts_at < %(end)s
       AND expires_at > statement_timestamp() AND uid IS DISTINCT FROM %(hold)s
       AND uid NOT IN (SELECT uid FROM given_up)
    UNION ALL
    SELECT 'begun', time.user_id, floor(extract(epoch FROM time.starts_at))::bigint, NULL, NULL, NULL, NULL, NULL
      FROM availability_hosttime time JOIN crew USING (user_id)
     WHERE (crew.day_limit IS NOT NULL OR crew.week_limit IS NOT NULL) AND time.kind <> 'hold'
       AND time.ends_at > %(weeks_start)s AND time.starts_at < %(weeks_end)s
       AND time.uid NOT IN (SELECT uid FROM given_up)
"""
_STALE = """
    UNION ALL
    SELECT 'stale', blocking.member_id, blocking.source_id, NULL, NULL, NULL, NULL, NULL
      FROM availability_blockingsource blocking JOIN availability_busysource source ON source.id = blocking.source_id
     WHERE blocking.member_id IN (SELECT member_id FROM crew)
       AND (source.read_at IS NULL AND %(now)s - source.asked_at < %(patience)s
            OR (source.read_at IS NULL OR %(now)s - source.read_at > blocking.stale_after)
               AND blocking.when_stale = 'block')
"""
_STORED = """
    UNION ALL
    SELECT 'stored', day - DATE '1970-01-01', versions, epoch, NULL, NULL, NULL, starts
      FROM availability_storedday WHERE calendar_id = %(calendar)s AND day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT 'version', day - DATE '1970-01-01', sum(version)::bigint, NULL, NULL, NULL, NULL, NULL
      FROM availability_hostday
     WHERE user_id IN (SELECT user_id FROM crew) AND day BETWEEN %(first_version)s AND %(last_version)s
     GROUP BY day
    UNION ALL
    SELECT 'epoch', epoch, NULL, NULL, NULL, NULL, NULL, NULL FROM availability_calendar WHERE id = %(calendar)s
"""
_SESSIONS = """
    UNION ALL
    SELECT 'session', session.user_id, floor(extract(epoch FROM session.starts_at))::bigint,
           session.seats - (SELECT count(*) FROM availability_seat seat
                             WHERE seat.session_id = session.id AND seat.uid IS DISTINCT FROM %(hold)s
                               AND seat.uid IS DISTINCT FROM %(besides)s
                               AND (seat.expires_at IS NULL OR seat.expires_at > statement_timestamp())),
           NULL, NULL, NULL, NULL
      FROM availability_classsession session
     WHERE session.calendar_id = %(calendar)s AND session.starts_at BETWEEN %(start)s AND %(end)s
"""
_TAKERS = """
    UNION ALL
    SELECT 'taker', floor(extract(epoch FROM min(starts_at)))::bigint, NULL, NULL, NULL, NULL, NULL, NULL
      FROM availability_hosttime
     WHERE calendar_id = %(calendar)s AND kind <> 'hold' AND starts_at >= %(weeks_start)s AND starts_at < %(weeks_end)s
       AND uid NOT IN (SELECT uid FROM given_up)
     GROUP BY uid
"""
_COUNTS = """
    UNION ALL
    SELECT 'count', month.number, time.user_id, count(*), NULL, NULL, NULL, NULL
      FROM unnest(%(month_starts)s::timestamptz[], %(month_ends)s::timestamptz[])
           WITH ORDINALITY AS month (starts_at, ends_at, number)
      JOIN availability_hosttime time ON time.calendar_id = %(calendar)s
       AND time.starts_at >= month.starts_at AND time.starts_at < month.ends_at
     WHERE time.kind = 'appointment' AND time.booked_at >= %(counted_from)s
       AND time.uid NOT IN (SELECT uid FROM given_up)
     GROUP BY month.number, time.user_id
"""


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

    ``only`` narrows to these members. The hold ``hold`` is looked through, and the taker ``besides`` not counted.
    """
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    arguments = _arguments(calendar, span, now=now, only=only, hold=hold, besides=besides)
    for kind, *columns in rows(_statement(calendar), arguments):
        found[kind].append(tuple(columns))
    crew = _crew(found["crew"])
    live = Live(
        reach=reach_of(calendar, now),
        hosts=_hosts(calendar, crew, found),
        gathering=Gathering.ALL if calendar.type == CalendarType.COLLECTIVE else Gathering.ANY,
        is_open=calendar.is_open,
        full=full((row[0] for row in found["taker"]), limits_of(calendar), zone_of(calendar)),
        months=_months(calendar, span, crew, found["count"]),
        lead_cap=calendar.lead_cap,
        named=named.pk if named else None,
        seats=calendar.seats if calendar.type == CalendarType.CLASS else None,
    )
    versions = _versions(calendar, span, found["version"])
    (epoch,) = (row[0] for row in found["epoch"])
    return Reading(live, {one.member_id: one.user_id for one in crew}, _stored(found, versions, epoch), versions)


def utc_days(span: Interval) -> list[date]:
    """The UTC days that ``span`` touches, ascending."""
    first, last = span.start // _DAY_SECONDS, (span.end - 1) // _DAY_SECONDS
    return [_day(number) for number in range(first, last + 1)]


def version_reach(calendar: Calendar) -> tuple[int, int]:
    """How many days before and after a UTC day its slots depend on.

    Appointments make known their own buffers themselves: only the calendar's own and the duration count here.
    """
    rules = rules_of(calendar)
    before = -(-rules.buffer_before // _DAY_SECONDS)
    return before, (_DAY_SECONDS + rules.duration + rules.buffer_after - 2) // _DAY_SECONDS


def _statement(calendar: Calendar) -> str:
    parts = [GIVEN_UP, _CREW, _STORED]
    if calendar.looks_outside:
        parts.append(_STALE)
    if calendar.type == CalendarType.CLASS:
        parts.append(_SESSIONS)
    if limits_of(calendar):
        parts.append(_TAKERS)
    if calendar.shares_equally:
        parts.append(_COUNTS)
    return "".join(parts)


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
        "start": moment(span.start) - _REACH,
        "end": moment(span.end) + _REACH,
        # a week in any zone, whatever the schedule's is
        "weeks_start": moment(weeks.start) - _REACH,
        "weeks_end": moment(weeks.end) + _REACH,
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


def _hosts(
    calendar: Calendar, crew: Iterable[_Crew], found: Mapping[str, list[tuple[Any, ...]]]
) -> dict[int, HostLive]:
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


def _versions(calendar: Calendar, span: Interval, found: Iterable[tuple[Any, ...]]) -> dict[date, int]:
    """For each day of the span, the sum over the days its slots depend on."""
    back, onward = version_reach(calendar)
    of_day = {row[0]: row[1] for row in found}
    numbers = range(span.start // _DAY_SECONDS, (span.end - 1) // _DAY_SECONDS + 1)
    return {
        _day(number): sum(of_day.get(near, 0) for near in range(number - back, number + onward + 1))
        for number in numbers
    }


def _stored(
    found: Mapping[str, list[tuple[Any, ...]]], versions: Mapping[date, int], epoch: int
) -> dict[date, StoredRow]:
    stored = {}
    for number, stored_versions, stored_epoch, *_rest, starts in found.get("stored", ()):
        day = _day(number)
        is_current = stored_epoch == epoch ^ ENGINE and stored_versions == versions[day]
        stored[day] = StoredRow(bytes(starts), is_current)
    return stored


def _day(number: int) -> date:
    return date.fromordinal(_EPOCH_ORDINAL + number)


_EPOCH_ORDINAL = datetime(1970, 1, 1, tzinfo=UTC).date().toordinal()
