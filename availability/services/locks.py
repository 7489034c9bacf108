"""One lock per host: whoever changes a user's time holds it to the end of the transaction."""

from collections.abc import Iterable

from django.db import connection

# the first key of our advisory locks; the second is the user's id
HOSTS = 0x484F


def lock_hosts(user_ids: Iterable[int]) -> None:
    """Wait for the hosts' locks, ascending, so that two who want the same ones never wait for each other."""
    with connection.cursor() as cursor:
        for user_id in sorted(set(user_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [HOSTS, user_id])


def lock_host(user_id: int) -> None:
    lock_hosts((user_id,))
