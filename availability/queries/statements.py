"""The statements that read what moves with the clock."""

from availability.models import Calendar, CalendarType
from availability.queries.moving import GIVEN_UP
from availability.queries.settings import limits_of

# who serves a calendar, and by which schedule
CREW = """
          FROM availability_calendarmember place
          JOIN accounts_member member ON member.id = place.member_id AND member.left_at IS NULL
          JOIN accounts_user person ON person.id = member.user_id
          LEFT JOIN availability_schedule hours
                 ON hours.id = COALESCE(place.schedule_id, (
                    SELECT id FROM availability_schedule usual
                     WHERE usual.member_id = place.member_id AND usual.is_default))
"""
IS_HELD = """
           kind = 'hold' AND ends_at > %(start)s AND starts_at < %(end)s AND expires_at > statement_timestamp()
"""
IS_STALE = """
           (source.read_at IS NULL AND %(now)s - source.asked_at < %(patience)s
            OR (source.read_at IS NULL OR %(now)s - source.read_at > blocking.stale_after)
               AND blocking.when_stale = 'block')
"""

# kind, five numbers, a text, bytes
_CREW = f"""
    , crew AS MATERIALIZED (
        SELECT place.position, place.id, place.member_id, member.user_id, place.is_fixed, person.is_active,
               hours.day_limit, hours.week_limit, hours.time_zone
          {CREW}
         WHERE place.calendar_id = %(calendar)s AND (%(only)s::bigint[] IS NULL OR place.member_id = ANY(%(only)s)))
    SELECT 'crew', row_number() OVER (ORDER BY position, id), member_id, user_id, day_limit::bigint, week_limit::bigint,
           concat(is_fixed::int, is_active::int, time_zone), NULL::bytea
      FROM crew
    UNION ALL
    SELECT 'held', user_id, floor(extract(epoch FROM starts_at))::bigint, ceil(extract(epoch FROM ends_at))::bigint,
           extract(epoch FROM buffer_before)::bigint, extract(epoch FROM buffer_after)::bigint, uid::text, NULL
      FROM availability_hosttime
     WHERE user_id IN (SELECT user_id FROM crew) AND {IS_HELD} AND uid IS DISTINCT FROM %(hold)s
       AND uid NOT IN (SELECT uid FROM given_up)
    UNION ALL
    SELECT 'begun', time.user_id, floor(extract(epoch FROM time.starts_at))::bigint, NULL, NULL, NULL, NULL, NULL
      FROM availability_hosttime time JOIN crew USING (user_id)
     WHERE (crew.day_limit IS NOT NULL OR crew.week_limit IS NOT NULL) AND time.kind <> 'hold'
       AND time.ends_at > %(weeks_start)s AND time.starts_at < %(weeks_end)s
       AND time.uid NOT IN (SELECT uid FROM given_up)
"""  # noqa: S608
_STALE = f"""
    UNION ALL
    SELECT 'stale', blocking.member_id, blocking.source_id, NULL, NULL, NULL, NULL, NULL
      FROM availability_blockingsource blocking JOIN availability_busysource source ON source.id = blocking.source_id
     WHERE blocking.member_id IN (SELECT member_id FROM crew)
       AND {IS_STALE}
"""  # noqa: S608
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


def statement_for(calendar: Calendar) -> str:
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
