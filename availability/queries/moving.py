"""Which host time a taker gives up when it moves: its own, and that of a session in which it alone has a seat."""

# the beginning of a statement; with no ``besides`` nothing is given up
GIVEN_UP = """
    WITH given_up AS MATERIALIZED (
        SELECT %(besides)s::uuid AS uid WHERE %(besides)s::uuid IS NOT NULL
        UNION ALL
        SELECT session.uid
          FROM availability_classsession session JOIN availability_seat seat ON seat.session_id = session.id
         WHERE seat.uid = %(besides)s::uuid AND session.seats_taken = 1)
"""
