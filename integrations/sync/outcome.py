"""How a look at a connection ended, written down: its state, its reason, and when it is looked at next."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Case, DateTimeField, F, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_noop

from availability.services.retry import durable
from availability.services.sources import mark_failing
from integrations.models import Connection, ConnectionState, Decision, RemoteCalendar, RemoteCopy
from integrations.models.calendars import configured
from integrations.models.connection import ConnectionQuerySet
from integrations.ports import LoginRefused, ProviderError
from integrations.sync.backoff import FIRST_LOOK, PROBE_AFTER, next_interval, pause_asked_for, wait_after, wait_for
from integrations.sync.journal import note
from integrations.sync.noting import note_mended, note_trouble

# one failure may be chance; from the second on the owner is told
FAILURES_BEFORE_TELLING = 2
# seconds; shorter looks are not told apart
WORTH_NOTING = 1.0
_UNEXPECTED = gettext_noop("Reading this login failed unexpectedly.")


def note_success(connection: Connection, *, now: datetime) -> None:
    """Looked at again after the interval, or as soon as a copy there is to be checked."""
    pause = _newer_pause(connection)
    regular = now + next_interval(settings.SYNC_INTERVAL_SECONDS)
    noted = _written(
        _unrefused(connection),
        partial(note_mended, connection, now=now),
        state=ConnectionState.CONNECTED,
        reason="",
        failures=0,
        refused_at=None,
        broken_at=None,
        times_told=0,
        paused_until=pause,
        unfinished=0,
        claimed_until=None,
        looked_at=now,
        synced_at=now,
        next_look_at=Greatest(Least(Value(regular), _next_check(connection, now=now)), pause),
    )
    if not noted:
        note_cut_short(connection, now=now)


def note_failure(connection: Connection, error: ProviderError, *, now: datetime) -> None:
    """Tried again later and later. What was not read in this look fails from now on, and keeps its busy times."""
    failures = connection.failures + 1
    asked = pause_asked_for(error)
    again = now + wait_for(error, failures, first=FIRST_LOOK)
    pause = _newer_pause(connection) if asked is None else Greatest(Value(now + asked), _newer_pause(connection))
    noted = _written(
        _unrefused(connection),
        _failed(connection, str(error), again=again, now=now),
        state=_state_after(failures, connection),
        reason=str(error)[:300],
        failures=failures,
        paused_until=pause,
        unfinished=0,
        claimed_until=None,
        looked_at=now,
        next_look_at=Greatest(Value(again), pause),
    )
    if not noted:
        note_cut_short(connection, now=now)
    mark_unread_as_failing(connection, now=now)


def note_unexpected_failure(connection: Connection, *, now: datetime) -> None:
    """The look ended in an exception nobody expected."""
    failures = connection.failures + 1
    again = now + wait_after(failures, first=FIRST_LOOK)
    _written(
        _claimed(connection),
        _failed(connection, _UNEXPECTED, again=again, now=now),
        state=_state_after(failures, connection),
        reason=_UNEXPECTED,
        failures=failures,
        unfinished=0,
        claimed_until=None,
        looked_at=now,
        next_look_at=again,
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


def note_length(connection: Connection, *, seconds: float) -> None:
    """How long a look or a push took. What matters is forgotten by halves: a trap does not reset itself."""
    if max(seconds, connection.look_seconds) >= WORTH_NOTING:
        mine = Connection.objects.filter(pk=connection.pk)
        mine.update(look_seconds=Greatest(Value(seconds), F("look_seconds") / 2))


def note_refused_login(connection: Connection, error: LoginRefused, *, now: datetime) -> None:
    """The first refusal stops everything until one probe; a refused probe waits for its owner.

    A refusal of a password that was replaced meanwhile says nothing of the new one.
    """
    durable(partial(_refuse, connection, str(error)[:300], now=now))
    if _claimed(connection).update(claimed_until=None, unfinished=0, looked_at=now):
        mark_unread_as_failing(connection, now=now)


def note_broken(connection: Connection, reason: str, *, now: datetime) -> None:
    """Its owner must act: nothing is tried before."""
    _written(
        _claimed(connection),
        partial(note, Decision.BROKEN, now=now, connection=connection, reason=reason[:300]),
        state=ConnectionState.BROKEN,
        reason=reason[:300],
        broken_at=Coalesce("broken_at", Value(now)),
        claimed_until=None,
        unfinished=0,
        looked_at=now,
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
    reason, claim = str(error)[:300], remote.connection
    tell = partial(note_trouble, Decision.CALENDAR_FAILED, is_new=not remote.problem, reason=reason, now=now)
    _written(RemoteCalendar.objects.filter(pk=remote.pk), partial(tell, claim=claim, remote=remote), problem=reason)
    if remote.source is not None:
        mark_failing(remote.source, since=now)


def mark_unread_as_failing(connection: Connection, *, now: datetime) -> None:
    unread = RemoteCalendar.objects.filter(configured(), connection=connection, source__isnull=False)
    for remote in unread.exclude(source__read_at=now).select_related("source").distinct():
        if remote.source is not None:
            mark_failing(remote.source, since=now)


def _refuse(connection: Connection, reason: str, *, now: datetime) -> None:
    """Within a transaction: BROKEN when the probe was refused too, else nothing until the probe."""
    mine = Connection.objects.filter(pk=connection.pk, connected_at=connection.connected_at)
    mine = mine.exclude(state=ConnectionState.BROKEN)
    tell = partial(note, now=now, connection=connection, reason=reason)
    if mine.filter(refused_at__lte=now - PROBE_AFTER).update(
        state=ConnectionState.BROKEN, reason=reason, broken_at=now
    ):
        tell(Decision.BROKEN)
    elif mine.filter(refused_at__isnull=True).update(
        state=ConnectionState.FAILING, reason=reason, refused_at=now, next_look_at=now + PROBE_AFTER
    ):
        tell(Decision.LOGIN_REFUSED, retry_at=now + PROBE_AFTER)


def _failed(connection: Connection, reason: str, *, again: datetime, now: datetime) -> Callable[[], None]:
    tell = partial(note_trouble, Decision.LOOK_FAILED, is_new=not connection.failures, reason=reason[:300])
    return partial(tell, claim=connection, retry_at=again, now=now)


def _written(rows: QuerySet[Any], then: Callable[[], None], **facts: object) -> bool:
    """What the row says from now on, and with it what the journal says of it; False where the row is not ours."""

    def write() -> bool:
        written = bool(rows.update(**facts))
        if written:
            then()
        return written

    return durable(write)


def _state_after(failures: int, connection: Connection) -> str:
    return ConnectionState.FAILING if failures >= FAILURES_BEFORE_TELLING else connection.state


def _claimed(connection: Connection) -> ConnectionQuerySet:
    return Connection.objects.filter(pk=connection.pk, fence=connection.fence)


def _unrefused(connection: Connection) -> ConnectionQuerySet:
    """The claimed row, unless a push was refused the login since: then nothing but that counts."""
    return _claimed(connection).filter(refused_at=connection.refused_at)


def _newer_pause(connection: Connection) -> Combinable:
    """The pause a push was asked for since the claim; an older one is over."""
    seen = connection.paused_until
    if seen is None:
        return F("paused_until")
    return Case(When(paused_until=seen, then=None), default="paused_until", output_field=DateTimeField())


def _next_check(connection: Connection, *, now: datetime) -> Subquery:
    copies = RemoteCopy.objects.filter(remote_calendar__connection=connection.pk, check_at__gt=now)
    return Subquery(copies.order_by("check_at").values("check_at")[:1])
