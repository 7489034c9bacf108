"""Leases and fences: who works at a row, and how a worker that came too late is known.

Leases are compared by the database's clock. The fence rises with every claim; whoever writes says which fence they
hold, and a stale one writes nothing.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from socket import gethostname
from typing import Any

from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from integrations.models import Connection, ConnectionState, PendingPush
from integrations.models.connection import ConnectionQuerySet
from integrations.sync.backoff import PROBE_AFTER
from integrations.sync.lanes import SLOW

# for the sake of bookings a login is read once in so long, however many book and however it went
BETWEEN_BOOKINGS = timedelta(seconds=15)
# looks at one server at a time, over all workers, and how many of them are at logins that are slow, failing or new
EACH_SERVER = 8
HEAVY_EACH_SERVER = 6
# the key of the advisory lock under which connections are chosen
_CHOOSING = 0x4850

# Two statements in one round trip and, outside a transaction, in one of their own: a process that is stopped here
# keeps nobody else from choosing. The second sees what others chose while the first waited for them.
_CLAIM_DUE = """
    SELECT pg_advisory_xact_lock(%(choosing)s);
    WITH held AS (
        SELECT server, count(*) AS looks,
            count(*) FILTER (WHERE look_seconds >= %(slow_from)s OR failures > 0 OR looked_at IS NULL) AS heavy
        FROM integrations_connection WHERE claimed_until > statement_timestamp() GROUP BY server
    ), due AS (
        SELECT id, server, next_look_at,
            look_seconds >= %(slow_from)s OR failures > 0 AS slow,
            look_seconds >= %(slow_from)s OR failures > 0 OR looked_at IS NULL AS heavy
        FROM integrations_connection
        WHERE next_look_at <= %(now)s AND switched_off_at IS NULL AND state <> %(broken)s
            AND (claimed_until IS NULL OR claimed_until <= statement_timestamp())
            AND (refused_at IS NULL OR refused_at <= %(probed)s)
            AND (%(only)s::bigint IS NULL OR id = %(only)s)
    ), at_server AS (
        SELECT due.*, %(each_server)s - coalesce(looks, 0) AS free,
            %(heavy_each_server)s - coalesce(held.heavy, 0) AS free_for_heavy,
            row_number() OVER (PARTITION BY server, due.heavy ORDER BY next_look_at, id) AS place
        FROM due LEFT JOIN held USING (server)
    ), in_lane AS (
        SELECT *, row_number() OVER (PARTITION BY slow ORDER BY next_look_at, id) AS place_in_lane
        FROM at_server WHERE place <= CASE WHEN heavy THEN least(free, free_for_heavy) ELSE free END
    ), fitting AS (
        SELECT *, row_number() OVER (PARTITION BY server ORDER BY next_look_at, id) AS place_of_all
        FROM in_lane WHERE NOT slow OR place_in_lane <= %(slow)s
    ), chosen AS (
        SELECT id FROM integrations_connection
        WHERE id = ANY (ARRAY(
            SELECT id FROM fitting WHERE place_of_all <= free ORDER BY next_look_at, id LIMIT %(limit)s
        )) AND next_look_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= statement_timestamp())
        FOR UPDATE SKIP LOCKED
    )
    UPDATE integrations_connection AS claimed SET
        claimed_until = statement_timestamp() + %(lease)s, claimed_by = %(claimed_by)s,
        fence = fence + 1, unfinished = unfinished + 1
    FROM chosen WHERE claimed.id = chosen.id RETURNING claimed.id
"""


class ClaimLost(Exception):
    """Somebody else has the row by now, or its owner switched it off: nothing more may be written."""


def claim_push(pending: PendingPush, *, now: datetime) -> bool:
    """Take the row if it is due and nobody is at it. The try is counted before it is made."""
    with transaction.atomic(durable=True):
        due = PendingPush.objects.due(now).filter(pk=pending.pk)
        if not due.select_for_update(of=("self",), skip_locked=True).values_list("pk"):
            return False
        PendingPush.objects.filter(pk=pending.pk).update(
            claimed_until=Now() + _lease(),
            claimed_by=gethostname(),
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            unfinished=F("unfinished") + 1,
        )
        pending.refresh_from_db()
    return True


def claim_due_connections(limit: int, *, now: datetime, slow: int | None = None) -> list[Connection]:
    """Up to ``limit`` connections whose time for a look has come, those waiting longest first.

    No more of one server than it has places left, and of those known to be slow or failing ``slow`` at most.
    """
    return _claim_due(limit, now=now, slow=limit if slow is None else slow)


def claim_connection(pk: int, *, now: datetime, slow: int = 1) -> Connection | None:
    """One connection, due or not, unless a refused login or the server's wish forbids to ask already.

    Where it has to wait for a place it is due from now on.
    """
    free = Q(refused_at__isnull=True) & (Q(paused_until__isnull=True) | Q(paused_until__lte=now))
    Connection.objects.working().filter(free, pk=pk, next_look_at__gt=now).update(next_look_at=now)
    return next(iter(_claim_due(1, now=now, slow=slow, only=pk)), None)


def claim_for_booking(pks: Collection[int]) -> list[Connection]:
    """Those that may be read while a customer waits. Should this process die meanwhile, the lease is short."""
    with transaction.atomic(durable=True):
        askable = Connection.objects.working().unclaimed().filter(_is_askable(), pk__in=pks)
        return _claim(askable.order_by("pk"), lease=BETWEEN_BOOKINGS)


def being_read(pks: Collection[int]) -> ConnectionQuerySet:
    """Those somebody is at. One that may be asked and could not be claimed is being claimed by somebody just now."""
    claimed = Q(claimed_until__gt=Now())
    return Connection.objects.working().filter(claimed | _is_askable(), pk__in=pks)


def claim_for_expansion(pks: Collection[int]) -> list[Connection]:
    """Connections whose stored events are expanded anew: the server is not asked, so any state will do."""
    with transaction.atomic(durable=True):
        return _claim(Connection.objects.unclaimed().filter(pk__in=pks, switched_off_at__isnull=True))


def keep_claim(connection: Connection, *, news: bool = False) -> None:
    """Within a transaction that writes: raises ClaimLost unless the claim still holds, and prolongs it.

    ``news``: what is written may lie on an appointment.
    """
    held = Connection.objects.filter(pk=connection.pk, fence=connection.fence, switched_off_at__isnull=True)
    stored = {"has_news": True} if news else {}
    if not held.update(claimed_until=Now() + _lease(), **stored):
        raise ClaimLost


def release(connection: Connection) -> None:
    """Give the claim back without a word about how it went."""
    Connection.objects.filter(pk=connection.pk, fence=connection.fence).update(claimed_until=None, unfinished=0)


def release_dead_claims() -> None:
    """Nobody works on this machine any more: what was claimed here need not wait for its lease to end.

    Should somebody work here after all, the fence keeps their late writes out.
    """
    for rows in (Connection.objects.all(), PendingPush.objects.all()):
        rows.filter(claimed_by=gethostname(), claimed_until__gt=Now()).update(claimed_until=None)


def _is_askable() -> Q:
    """Nothing is known against asking: no refusal, no wish to be left alone, no look that never came back."""
    rested = Q(looked_at__isnull=True) | Q(looked_at__lte=Now() - BETWEEN_BOOKINGS)
    unpaused = Q(paused_until__isnull=True) | Q(paused_until__lte=Now())
    return rested & unpaused & Q(refused_at__isnull=True, unfinished=0)


def _claim_due(limit: int, *, now: datetime, slow: int, only: int | None = None) -> list[Connection]:
    if limit <= 0:
        return []
    wanted: dict[str, Any] = {
        "choosing": _CHOOSING,
        "slow_from": SLOW.total_seconds(),
        "now": now,
        "broken": ConnectionState.BROKEN.value,
        "probed": now - PROBE_AFTER,
        "only": only,
        "each_server": EACH_SERVER,
        "heavy_each_server": HEAVY_EACH_SERVER,
        "slow": slow,
        "limit": limit,
        "lease": _lease(),
        "claimed_by": gethostname(),
    }
    with database.cursor() as cursor:
        cursor.execute(_CLAIM_DUE, wanted)
        cursor.nextset()
        claimed = [pk for (pk,) in cursor.fetchall()]
    # the credential is read by whoever uses it: one that cannot be decrypted must not harm the other rows
    found = Connection.objects.select_related("user").defer("credential").filter(pk__in=claimed)
    return list(found.order_by("next_look_at", "pk")) if claimed else []


def _claim(connections: ConnectionQuerySet, *, lease: timedelta | None = None) -> list[Connection]:
    # the credential is read by whoever uses it: one that cannot be decrypted must not harm the other rows
    free = connections.select_related("user").defer("credential")
    claimed = list(free.select_for_update(of=("self",), skip_locked=True))
    Connection.objects.filter(pk__in=[connection.pk for connection in claimed]).update(
        claimed_until=Now() + (lease or _lease()),
        claimed_by=gethostname(),
        fence=F("fence") + 1,
        unfinished=F("unfinished") + 1,
    )
    for connection in claimed:
        connection.fence += 1
        connection.unfinished += 1
    return claimed


def _lease() -> timedelta:
    return timedelta(seconds=settings.SYNC_LEASE_SECONDS)
