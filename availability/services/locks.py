"""One lock per host: whoever changes a user's time holds it to the end of the transaction.

Before it, where seats, limits or counts are at stake, the calendar's row.
"""

from collections.abc import Iterable

from django.db import connection

from availability.models import Calendar

# the first key of our advisory locks; the second is the user's id
HOSTS = 0x484F


def lock_calendar(calendar: Calendar) -> None:
    """Wait for the calendar's row; rows that refer to it can still be written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM availability_calendar WHERE id = %s FOR NO KEY UPDATE", [calendar.pk])


def lock_hosts(user_ids: Iterable[int]) -> None:
    """Wait for the hosts' locks, ascending, so that two who want the same ones never wait for each other."""
    with connection.cursor() as cursor:
        for user_id in sorted(set(user_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [HOSTS, user_id])


def lock_host(user_id: int) -> None:
    lock_hosts((user_id,))
