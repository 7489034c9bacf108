"""Asking for a push: rows that say which copies may be behind, written in the transaction of the change itself."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.services.nudge import nudge
from bookings.queries.wanted import wanted_item
from integrations.models import CalendarConfiguration, PendingPush, RemoteCopy

# due_at is the earlier of two clocks: a web machine whose clock is ahead must not delay the push
_ASK = """
    INSERT INTO integrations_pendingpush
        (uid, remote_calendar_id, revision, attempts, unfinished, due_at, claimed_by, fence, error)
    SELECT %(uid)s, wanted.pk, 1, 0, 0, LEAST(%(now)s, statement_timestamp()), '', 0, ''
    FROM unnest(%(remote_calendars)s::bigint[]) AS wanted (pk)
    ORDER BY wanted.pk
    ON CONFLICT (uid, remote_calendar_id) DO UPDATE SET
        revision = integrations_pendingpush.revision + 1,
        attempts = 0, unfinished = 0, parked_at = NULL, error = '', due_at = EXCLUDED.due_at
    RETURNING id
"""


def ask_for_push(uid: UUID, *, now: datetime) -> None:
    """The item changed: every copy of it, and the primary calendars of its hosts, may be behind."""
    RemoteCopy.objects.filter(uid=uid, put_backs__gt=0).update(put_backs=0)
    _ask_for(uid, _concerned(uid), now=now)


def ask_for_push_of(uid: UUID, remote_calendar_id: int, *, now: datetime) -> None:
    """One copy was changed outside, or is not there."""
    _ask_for(uid, (remote_calendar_id,), now=now)


def _ask_for(uid: UUID, remote_calendars: Collection[int], *, now: datetime) -> None:
    if not remote_calendars:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"uid": uid, "now": now, "remote_calendars": sorted(remote_calendars)})
        asked = [row[0] for row in cursor.fetchall()]
    for pk in asked:
        # were it lost, the supervisor would find the row due
        nudge("integrations.tasks.push_one", pk, save=True)


def _concerned(uid: UUID) -> Collection[int]:
    copies = RemoteCopy.objects.filter(uid=uid).values_list("remote_calendar_id", flat=True)
    pending = PendingPush.objects.filter(uid=uid).values_list("remote_calendar_id", flat=True)
    return {*copies, *pending, *_primaries_of_hosts(uid)}


def _primaries_of_hosts(uid: UUID) -> Collection[int]:
    wanted = wanted_item(uid)
    if wanted is None or not wanted.looks_outside:
        return ()
    primaries = CalendarConfiguration.objects.filter(member__in=wanted.members, primary__isnull=False)
    return primaries.values_list("primary_id", flat=True)
