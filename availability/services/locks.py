"""One lock per host: whoever changes a user's time holds it to the end of the transaction.

Before it the calendar's row: wholly where seats, limits or counts are at stake, else so that its type stays.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from availability.models import Calendar

# the first key of our advisory locks; the second is the user's id, or a hold's uid in 32 bits
HOSTS = 0x484F
HOLDS = 0x4848


def lock_calendar(calendar: Calendar) -> None:
    """Wait for the calendar's row; rows that refer to it can still be written."""
    _lock_row("FOR NO KEY UPDATE", calendar)


def keep_calendar(calendar: Calendar) -> None:
    """Until the end of the transaction nobody deletes the calendar or changes its type; all else may go on."""
    _lock_row("FOR KEY SHARE", calendar)


def lock_hold(uid: UUID) -> None:
    """Wait for whoever takes time for the same hold, or gives it up for an appointment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [HOLDS, str(uid)])


def lock_hosts(user_ids: Iterable[int]) -> None:
    """Wait for the hosts' locks, ascending, so that two who want the same ones never wait for each other."""
    with connection.cursor() as cursor:
        for user_id in sorted(set(user_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [HOSTS, user_id])


def lock_host(user_id: int) -> None:
    lock_hosts((user_id,))


def _lock_row(how: str, calendar: Calendar) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT FROM availability_calendar WHERE id = %s {how}", [calendar.pk])
