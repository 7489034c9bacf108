"""Which host time a taker gives up when it moves: its own, its hold's, and that of a session only these two sit in."""

# the beginning of a statement; with neither ``besides`` nor ``hold`` nothing is given up
GIVEN_UP = """
    WITH mine AS MATERIALIZED (
        SELECT uid FROM unnest(ARRAY[%(besides)s::uuid, %(hold)s::uuid]) AS asked (uid) WHERE uid IS NOT NULL),
    given_up AS MATERIALIZED (
        SELECT uid FROM mine
        UNION ALL
        SELECT session.uid
          FROM availability_classsession session JOIN availability_seat seat ON seat.session_id = session.id
         WHERE seat.uid IN (SELECT uid FROM mine)
           AND NOT EXISTS (
               SELECT FROM availability_seat other
                WHERE other.session_id = session.id AND other.uid NOT IN (SELECT uid FROM mine)
                  AND (other.expires_at IS NULL OR other.expires_at > statement_timestamp())))
"""
