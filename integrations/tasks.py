"""What django-q2 runs. A row is the work, a task a nudge: losing or doubling any of these changes nothing.

The clock is read here, and it is the database's: two machines whose clocks differ agree on what is due.
"""

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from traceback import extract_tb

import structlog
from django.db import connection as database
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from integrations.models import CalendarConfiguration, Connection, PendingPush, RemoteCalendar
from integrations.models.connection import CredentialMismatch
from integrations.ports import CalendarProvider
from integrations.providers.registry import provider_of
from integrations.sync.claims import ClaimLost, claim_connection, claim_due_connections, claim_for_expansion, release
from integrations.sync.crew import Crew, wait_for
from integrations.sync.expansion import EXPANDED_FOR
from integrations.sync.outcome import expect_the_worst, note_broken, note_unexpected_failure
from integrations.sync.pull import expand_again, pull
from integrations.sync.push import give_up, push

log = structlog.get_logger(__name__)

# threads of one worker, each with a database session: looks, and pushes
CREW_SIZE = 20
PUSH_CREW_SIZE = 8
# how long a task waits for what it handed over: the queue itself must stay quick
PATIENCE = timedelta(seconds=5)
# pushes a thread makes for one login before others have their turn
MOST_PUSHES = 200
MOST_UNFINISHED_LOOKS = 3
_NOT_OURS = gettext_noop("The stored password does not belong to this login. Enter it again.")

_lookers = Crew(CREW_SIZE)
_pushers = Crew(PUSH_CREW_SIZE)


def look_at_due() -> None:
    """Read the logins whose time has come."""
    due = claim_due_connections(min(_lookers.free(), CREW_SIZE), now=_now())
    wait_for([_hand_over(_look, connection) for connection in due], within=PATIENCE)


def look_at_one(pk: int) -> None:
    """Read this login now: it was just connected, or chosen for something."""
    connection = claim_connection(pk, now=_now())
    if connection is not None:
        wait_for([_hand_over(_look, connection)], within=PATIENCE)


def push_due() -> None:
    """Write what is due, a thread for each login."""
    due = PendingPush.objects.due(_now())
    pks = due.order_by().values_list("remote_calendar__connection", flat=True).distinct()[:PUSH_CREW_SIZE]
    wait_for([_pushers.start_or_repeat(str(pk), partial(_push_all_of, pk)) for pk in pks], within=PATIENCE)


def push_one(pk: int) -> None:
    """Write what is due for the login this row belongs to. Where a thread is at it already, it looks once more."""
    row = PendingPush.objects.filter(pk=pk).values_list("remote_calendar__connection", flat=True).first()
    if row is not None:
        wait_for([_pushers.start_or_repeat(str(row), partial(_push_all_of, row))], within=PATIENCE)


def expand_due() -> None:
    """Expand stored events anew where the window has moved by a day, also for logins that cannot be read now."""
    stale = RemoteCalendar.objects.filter(source__isnull=False, expanded_at__lte=_now() - EXPANDED_FOR)
    pks = stale.order_by().values_list("connection", flat=True).distinct()[:CREW_SIZE]
    wait_for([_hand_over(_expand, claim) for claim in claim_for_expansion(list(pks))], within=PATIENCE)


def _hand_over(work: Callable[[Connection], None], claim: Connection) -> Thread | None:
    """A claim nobody is free for is given back, and stays due."""
    thread = _lookers.start(str(claim.pk), partial(_within_boundary, work, claim))
    if thread is None:
        release(claim)
    return thread


def _within_boundary(work: Callable[[Connection], None], claim: Connection) -> None:
    """The outermost call of a thread that holds a claim: nothing unexpected leaves the row claimed."""
    try:
        work(claim)
    except CredentialMismatch:
        note_broken(claim, _NOT_OURS, now=_now())
    except Exception as error:  # noqa: BLE001
        _log_unexpected("look_failed", error, connection=claim.pk)
        note_unexpected_failure(claim, now=_now())


def _look(connection: Connection) -> None:
    now = _now()
    if connection.unfinished > MOST_UNFINISHED_LOOKS:
        expect_the_worst(connection, now=now)
    with closing(provider_of(connection)) as provider:
        pull(connection, provider=provider, now=now)


def _expand(connection: Connection) -> None:
    with closing(provider_of(connection)) as provider, suppress(ClaimLost):
        expand_again(connection, provider=provider, now=_now())
    release(connection)


def _push_all_of(connection_pk: int) -> None:
    """The outermost call of a thread that pushes: copies that must go before those that must come."""
    connection = Connection.objects.get(pk=connection_pk)
    try:
        with closing(provider_of(connection)) as provider:
            for _turn in range(MOST_PUSHES):
                pending = _next_push(connection)
                if pending is None:
                    return
                _push(pending, provider)
    except CredentialMismatch:
        note_broken(connection, _NOT_OURS, now=_now())
    except Exception as error:  # noqa: BLE001
        _log_unexpected("pushes_failed", error, connection=connection_pk)


def _next_push(connection: Connection) -> PendingPush | None:
    somebodys_primary = CalendarConfiguration.objects.filter(primary=OuterRef("remote_calendar"))
    due = PendingPush.objects.due(_now()).filter(remote_calendar__connection=connection)
    due = due.annotate(comes=Exists(somebodys_primary)).order_by("comes", "due_at")
    return due.select_related("remote_calendar__connection").first()


def _push(pending: PendingPush, provider: CalendarProvider) -> None:
    try:
        push(pending, provider=provider, now=_now())
    except Exception as error:  # noqa: BLE001
        _log_unexpected("push_failed", error, pending_push=pending.pk)
        give_up(pending, now=_now())


def _log_unexpected(event: str, error: Exception, **ids: int) -> None:
    """What and where, never the text: it may hold what somebody wrote into their calendar."""
    frames = extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]
    log.error(event, error=type(error).__name__, where=where, **ids)


def _now() -> datetime:
    with database.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
