"""Leases and fences: who works at a row, and how a worker that came too late is known.

Leases are compared by the database's clock. The fence rises with every claim; whoever writes says which fence they
hold, and a stale one writes nothing.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from socket import gethostname

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from integrations.models import Connection, PendingPush
from integrations.models.connection import ConnectionQuerySet

# for the sake of bookings a login is read once in so long, however many book and however it went
BETWEEN_BOOKINGS = timedelta(seconds=15)


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


def claim_due_connections(limit: int, *, now: datetime) -> list[Connection]:
    """Up to ``limit`` connections whose time for a look has come, those waiting longest first."""
    with transaction.atomic(durable=True):
        return _claim(Connection.objects.due(now).order_by("next_look_at")[:limit])


def claim_connection(pk: int, *, now: datetime) -> Connection | None:
    """One connection, due or not, unless a refused login or the server's wish forbids to ask already."""
    free = Q(refused_at__isnull=True) & (Q(paused_until__isnull=True) | Q(paused_until__lte=now))
    with transaction.atomic(durable=True):
        waiting = Connection.objects.working().unclaimed().filter(free | Q(next_look_at__lte=now), pk=pk)
        return next(iter(_claim(waiting)), None)


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


def keep_claim(connection: Connection) -> None:
    """Within a transaction that writes: raises ClaimLost unless the claim still holds, and prolongs it."""
    held = Connection.objects.filter(pk=connection.pk, fence=connection.fence, switched_off_at__isnull=True)
    if not held.update(claimed_until=Now() + _lease()):
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
