"""How a push ended, written into its row: struck off, put back for another try, or parked and told."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from bookings.queries.wanted import wanted_item
from integrations.models import Decision, PendingPush, QuestionKind, RemoteCalendar
from integrations.models.calendars import CapabilityChoice
from integrations.ports import ProviderError, Unreachable
from integrations.sync.asking import ask, withdraw
from integrations.sync.backoff import pause_asked_for, wait_after, wait_for
from integrations.sync.claims import ClaimLost
from integrations.sync.copies import member_at
from integrations.sync.journal import note
from integrations.sync.outcome import pause
from integrations.sync.standing import subject_of
from integrations.sync.writability import tell_not_writable

# so many tries whose worker never came back make a row poison
MOST_UNFINISHED = 3
STOPPED = gettext_noop("Writing this appointment stopped unexpectedly, again and again.")
UNEXPECTED = gettext_noop("Writing this appointment failed unexpectedly.")


def still_ours(pending: PendingPush) -> bool:
    """Locks the row; False when another worker has claimed it since, who will then find what we wrote."""
    return PendingPush.objects.select_for_update().filter(pk=pending.pk, fence=pending.fence).exists()


def demand_ours(pending: PendingPush) -> None:
    """Raises ClaimLost."""
    if not still_ours(pending):
        raise ClaimLost


def strike_off(pending: PendingPush, *, now: datetime) -> None:
    """Done, unless the item changed while we wrote: then the row stays and is due."""
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    done, _rows = claimed.filter(revision=pending.revision).delete()
    if not done:
        claimed.update(claimed_until=None, due_at=now, attempts=0, unfinished=0, error="")
    withdraw(QuestionKind.STUCK, [subject_of(pending.uid, pending.remote_calendar)], now=now)


def put_back(pending: PendingPush, *, error: str, due_at: datetime) -> None:
    """Another try, whose pause counts this one."""
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    claimed.update(claimed_until=None, due_at=due_at, unfinished=0, error=error[:300])


def wait(pending: PendingPush, *, until: datetime) -> None:
    """No try was made, so none is counted."""
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    claimed.update(claimed_until=None, due_at=until, attempts=max(pending.attempts - 1, 0), unfinished=0)


def try_again(pending: PendingPush, error: ProviderError, *, now: datetime) -> None:
    """A server that does not answer, or asks to be left alone, is left alone by all pushes of the login."""
    due_at = now + wait_for(error, pending.attempts)
    is_new = str(error)[:300] != pending.error
    with transaction.atomic(durable=True):
        put_back(pending, error=str(error), due_at=due_at)
        if is_new:
            _note(Decision.PUSH_FAILED, pending, str(error), now=now, retry_at=due_at)
    asked = pause_asked_for(error)
    if asked is not None or isinstance(error, Unreachable):
        pause(pending.remote_calendar.connection, until=due_at, looks_too=asked is not None)


def give_up(pending: PendingPush, *, now: datetime) -> None:
    """The try ended in an exception nobody expected: put back, and in the end parked. ``unfinished`` stays."""
    if pending.unfinished >= MOST_UNFINISHED:
        park(pending, UNEXPECTED, now=now)
        return
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    claimed.update(claimed_until=None, due_at=now + wait_after(pending.attempts), error=UNEXPECTED)


def park(pending: PendingPush, reason: str, *, now: datetime, kind: QuestionKind = QuestionKind.STUCK) -> None:
    """Nothing more is tried until the item, the calendar or its owner's choice changes; its owner is told."""
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    with transaction.atomic(durable=True):
        if not claimed.update(claimed_until=None, parked_at=now, unfinished=0, error=reason[:300]):
            return
        _note(Decision.PUSH_STOPPED, pending, reason, now=now)
        _tell(pending, reason, kind, now=now)


def note_read_only(remote: RemoteCalendar, *, now: datetime) -> None:
    RemoteCalendar.objects.filter(pk=remote.pk).update(capability=CapabilityChoice.READ_ONLY, write_refused_at=now)


def _tell(pending: PendingPush, reason: str, kind: QuestionKind, *, now: datetime) -> None:
    remote = pending.remote_calendar
    if kind == QuestionKind.NOT_WRITABLE:
        tell_not_writable(remote, reason, now=now)
    elif (member := member_at(wanted_item(pending.uid), remote)) is not None:
        subject, item = subject_of(pending.uid, remote), pending.uid
        ask(kind, subject, member=member, now=now, item=item, remote=remote, facts={"error": reason})


def _note(
    decision: Decision, pending: PendingPush, reason: str, *, now: datetime, retry_at: datetime | None = None
) -> None:
    remote = pending.remote_calendar
    note(
        decision,
        now=now,
        connection=remote.connection,
        remote=remote,
        item=pending.uid,
        retry_at=retry_at,
        reason=reason,
    )
