"""How a look at a connection ended, written down: its state, its reason, and when it is looked at next."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_noop

from availability.services.sources import mark_failing
from integrations.models import Connection, ConnectionState, RemoteCalendar
from integrations.models.calendars import configured
from integrations.models.connection import ConnectionQuerySet
from integrations.ports import LoginRefused, ProviderError
from integrations.sync.backoff import FIRST_LOOK, next_interval, pause_asked_for, wait_after, wait_for

# after a refused login nothing is sent for so long, then one probe decides
PROBE_AFTER = timedelta(minutes=3)
# one failure may be chance; from the second on the owner is told
FAILURES_BEFORE_TELLING = 2
_UNEXPECTED = gettext_noop("Reading this login failed unexpectedly.")


def note_success(connection: Connection, *, now: datetime) -> None:
    _claimed(connection).update(
        state=ConnectionState.CONNECTED,
        reason="",
        failures=0,
        refused_at=None,
        paused_until=None,
        unfinished=0,
        claimed_until=None,
        looked_at=now,
        synced_at=now,
        next_look_at=now + next_interval(settings.SYNC_INTERVAL_SECONDS),
    )


def note_failure(connection: Connection, error: ProviderError, *, now: datetime) -> None:
    """Tried again later and later. What was not read in this look fails from now on, and keeps its busy times."""
    failures = connection.failures + 1
    asked = pause_asked_for(error)
    _claimed(connection).update(
        state=_state_after(failures, connection),
        reason=str(error)[:300],
        failures=failures,
        paused_until=None if asked is None else now + asked,
        unfinished=0,
        claimed_until=None,
        looked_at=now,
        next_look_at=now + wait_for(error, failures, first=FIRST_LOOK),
    )
    mark_unread_as_failing(connection, now=now)


def note_unexpected_failure(connection: Connection, *, now: datetime) -> None:
    """The look ended in an exception nobody expected."""
    failures = connection.failures + 1
    _claimed(connection).update(
        state=_state_after(failures, connection),
        reason=_UNEXPECTED,
        failures=failures,
        unfinished=0,
        claimed_until=None,
        looked_at=now,
        next_look_at=now + wait_after(failures, first=FIRST_LOOK),
    )
    mark_unread_as_failing(connection, now=now)


def note_cut_short(connection: Connection, *, now: datetime) -> None:
    """A look in passing ended early: it says nothing of the login, and the next regular look comes when it would."""
    _claimed(connection).update(unfinished=0, claimed_until=None, looked_at=now)


def expect_the_worst(connection: Connection, *, now: datetime) -> None:
    """Looks at this login ended their workers: should this one too, the next is a good while away."""
    _claimed(connection).update(
        state=ConnectionState.FAILING,
        reason=_UNEXPECTED,
        next_look_at=now + wait_after(connection.unfinished, first=FIRST_LOOK),
    )


def note_refused_login(connection: Connection, error: LoginRefused, *, now: datetime) -> None:
    """The first refusal stops everything until one probe; a refused probe waits for the owner."""
    accepted_so_far = Q(refused_at__isnull=True)
    mine = Connection.objects.filter(pk=connection.pk).exclude(state=ConnectionState.BROKEN)
    reason = str(error)[:300]
    probed = mine.filter(refused_at__lte=now - PROBE_AFTER).update(state=ConnectionState.BROKEN, reason=reason)
    if not probed:
        mine.filter(accepted_so_far).update(
            state=ConnectionState.FAILING, reason=reason, refused_at=now, next_look_at=now + PROBE_AFTER
        )
    _claimed(connection).update(claimed_until=None, unfinished=0, looked_at=now)
    mark_unread_as_failing(connection, now=now)


def note_broken(connection: Connection, reason: str, *, now: datetime) -> None:
    """Its owner must act: nothing is tried before."""
    _claimed(connection).update(
        state=ConnectionState.BROKEN, reason=reason[:300], claimed_until=None, unfinished=0, looked_at=now
    )
    mark_unread_as_failing(connection, now=now)


def pause(connection: Connection, *, until: datetime, looks_too: bool) -> None:
    """No pushes before ``until``; with ``looks_too`` nothing at all is sent."""
    mine = Connection.objects.filter(pk=connection.pk)
    mine.update(paused_until=Greatest(Coalesce("paused_until", until), until))
    if looks_too:
        mine.update(next_look_at=Greatest("next_look_at", until))


def note_problem(remote: RemoteCalendar, error: ProviderError, *, now: datetime) -> None:
    """This calendar alone cannot be read; its busy times stay, and it is shown as failing."""
    RemoteCalendar.objects.filter(pk=remote.pk).update(problem=str(error)[:300])
    if remote.source is not None:
        mark_failing(remote.source, since=now)


def mark_unread_as_failing(connection: Connection, *, now: datetime) -> None:
    unread = RemoteCalendar.objects.filter(configured(), connection=connection, source__isnull=False)
    for remote in unread.exclude(source__read_at=now).select_related("source").distinct():
        if remote.source is not None:
            mark_failing(remote.source, since=now)


def _state_after(failures: int, connection: Connection) -> str:
    return ConnectionState.FAILING if failures >= FAILURES_BEFORE_TELLING else connection.state


def _claimed(connection: Connection) -> ConnectionQuerySet:
    return Connection.objects.filter(pk=connection.pk, fence=connection.fence)
