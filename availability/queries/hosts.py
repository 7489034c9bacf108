"""What opens and closes the time of each host of a calendar, from live rows: two queries for any number of days.

Instants are whole seconds since the epoch: starts are rounded down and ends up, so that rounding never offers time that
is taken.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from availability.core.hours import DayHours, Opening, Plan, WeekHours, plan
from availability.core.intervals import Interval, moment
from availability.core.rules import HostTimes
from availability.core.slots import Busy, Closed, Taken
from availability.models import Calendar, CalendarType
from availability.models.calendar import LONGEST_BUFFER
from availability.queries.holidays import holidays_between
from availability.queries.moving import GIVEN_UP
from availability.queries.rows import rows
from availability.queries.settings import rules_of

_REACH = int(LONGEST_BUFFER.total_seconds())
_DAY_SECONDS = 86_400
# hours of a date may run into the next one, and the zone may be a day ahead or behind
_AROUND = timedelta(days=3)

_PLACES = """
    SELECT place.member_id, member.user_id, hours.id, hours.time_zone, hours.works_on_holidays,
           (SELECT jsonb_agg(jsonb_build_array(weekday, opens_minute, closes_minute))
              FROM availability_weeklyhours WHERE schedule_id = hours.id),
           (SELECT jsonb_agg(jsonb_build_array(date, opens_minute, closes_minute))
              FROM availability_dateoverride WHERE schedule_id = hours.id AND date BETWEEN %(first)s AND %(last)s),
           (SELECT jsonb_agg(jsonb_build_array(floor(extract(epoch FROM starts_at))::bigint,
                                               ceil(extract(epoch FROM ends_at))::bigint, id))
              FROM availability_closure
             WHERE account_id = %(account)s AND ends_at > %(start)s AND starts_at < %(end)s),
           (SELECT jsonb_build_array(country, subdivision) FROM availability_publicholidays
             WHERE account_id = %(account)s)
      FROM availability_calendarmember place
      JOIN accounts_member member ON member.id = place.member_id
      LEFT JOIN availability_schedule hours
             ON hours.id = COALESCE(place.schedule_id, (SELECT id FROM availability_schedule usual
                                                         WHERE usual.member_id = place.member_id AND usual.is_default))
     WHERE place.calendar_id = %(calendar)s AND (%(only)s::bigint[] IS NULL OR place.member_id = ANY(%(only)s))
     ORDER BY place.position, place.id
"""
_TIMES = """
    SELECT 0, user_id, floor(extract(epoch FROM starts_at))::bigint, ceil(extract(epoch FROM ends_at))::bigint,
           extract(epoch FROM buffer_before)::int, extract(epoch FROM buffer_after)::int, NULL::bigint, uid::text,
           %(is_class)s AND kind = 'session' AND calendar_id = %(calendar)s
      FROM availability_hosttime
     WHERE user_id = ANY(%(users)s) AND ends_at > %(start)s AND starts_at < %(end)s AND kind <> 'hold'
       AND uid NOT IN (SELECT uid FROM given_up)
    UNION ALL
    SELECT 1, busy.user_id, floor(extract(epoch FROM busy.start))::bigint,
           ceil(extract(epoch FROM busy."end"))::bigint, 0, 0, busy.id, NULL, source.is_own
      FROM availability_busytime busy
      JOIN availability_busysource source ON source.id = busy.source_id
     WHERE busy.user_id = ANY(%(users)s) AND busy."end" > %(start)s AND busy.start < %(end)s AND busy.blocks
       AND (source.is_own OR %(outside)s AND EXISTS (
            SELECT FROM availability_blockingsource blocking
              JOIN accounts_member member ON member.id = blocking.member_id
             WHERE blocking.source_id = busy.source_id AND member.user_id = busy.user_id
               AND member.id = ANY(%(members)s)))
"""


class Place(NamedTuple):
    """A member's place on a calendar, and the hours that count there."""

    member_id: int
    user_id: int
    hours: WeekHours | None


@dataclass(frozen=True, slots=True)
class Hosts:
    """Who serves a calendar, in team order, and what is closed for all of them."""

    places: tuple[Place, ...]
    closed: tuple[Closed, ...]


def times_of(
    calendar: Calendar,
    span: Interval,
    *,
    only: Collection[int] | None = None,
    hold: UUID | None = None,
    besides: UUID | None = None,
) -> dict[int, HostTimes]:
    """By member, in team order, all that matters for starts within ``span``; inactive members too.

    ``only`` narrows to these members; time of the taker ``besides`` is looked through (for moving it), and a
    session that only ``hold`` holds. Keys are the taker's uid as text, the primary keys of busy times and closures.
    """
    days = whole_days(span)
    hosts = _hosts(calendar, days, only)
    taken, busy = _times(calendar, hosts, days, hold=hold, besides=besides)
    duration = rules_of(calendar).duration
    found = {}
    for place in hosts.places:
        opened = plan(place.hours, days, duration) if place.hours else Plan(())
        found[place.member_id] = HostTimes(
            windows=opened.windows,
            shut=opened.shut,
            taken=tuple(taken[place.user_id]),
            busy=tuple(busy[place.user_id]),
            closed=hosts.closed,
        )
    return found


def whole_days(span: Interval) -> Interval:
    """The UTC days that ``span`` touches: hours are worked out for these, so that the next question finds them."""
    first = span.start // _DAY_SECONDS * _DAY_SECONDS
    return Interval(first, -(-span.end // _DAY_SECONDS) * _DAY_SECONDS)


def _hosts(calendar: Calendar, span: Interval, only: Collection[int] | None) -> Hosts:
    start, end = moment(span.start), moment(span.end)
    first, last = start.date() - _AROUND, end.date() + _AROUND
    arguments = {
        "calendar": calendar.pk,
        "account": calendar.account_id,
        "first": first,
        "last": last,
        "start": start - _AROUND,
        "end": end + _AROUND,
        "only": None if only is None else list(only),
    }
    places: list[Place] = []
    closed: tuple[Closed, ...] = ()
    for member, user, schedule, zone, all_year, *parts in rows(_PLACES, arguments):
        weekly, overrides, closures, country = (json.loads(part) if part else () for part in parts)
        closed = tuple(Closed(*one) for one in closures)
        hours = None
        if schedule is not None:
            free_days = () if all_year else _holidays(country, first, last)
            hours = WeekHours(_weekly(weekly), ZoneInfo(zone), _overrides(overrides), free_days)
        places.append(Place(member, user, hours))
    return Hosts(tuple(places), closed)


def _weekly(stored: Iterable[tuple[int, int, int]]) -> tuple[DayHours, ...]:
    return tuple(sorted(DayHours(*one) for one in stored))


def _overrides(stored: Iterable[tuple[str, int | None, int | None]]) -> tuple[Any, ...]:
    by_date: dict[date, list[Opening]] = defaultdict(list)
    for day, opens, closes in stored:
        openings = by_date[date.fromisoformat(day)]
        if opens is not None and closes is not None:
            openings.append(Opening(opens, closes))
    return tuple((day, tuple(sorted(by_date[day]))) for day in sorted(by_date))


def _holidays(country: Sequence[str], first: date, last: date) -> tuple[tuple[date, str], ...]:
    if not country:
        return ()
    code, subdivision = country
    return tuple(sorted(holidays_between(code, subdivision, first, last).items()))


def _times(
    calendar: Calendar, hosts: Hosts, span: Interval, *, hold: UUID | None, besides: UUID | None
) -> tuple[Mapping[int, list[Taken]], Mapping[int, list[Busy]]]:
    arguments = {
        "calendar": calendar.pk,
        "users": [place.user_id for place in hosts.places],
        "members": [place.member_id for place in hosts.places],
        "start": moment(span.start - _REACH),
        "end": moment(span.end + rules_of(calendar).duration + _REACH),
        "hold": hold,
        "besides": besides,
        "is_class": calendar.type == CalendarType.CLASS,
        "outside": calendar.looks_outside,
    }
    taken: dict[int, list[Taken]] = defaultdict(list)
    busy: dict[int, list[Busy]] = defaultdict(list)
    for kind, user, start, end, before, after, key, uid, flag in rows(GIVEN_UP + _TIMES, arguments):
        if kind:
            busy[user].append(Busy(start, end, key, flag))
        else:
            taken[user].append(Taken(start, end, before, after, uid, flag))
    return taken, busy
