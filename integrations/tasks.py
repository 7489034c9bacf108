"""What django-q2 runs. A row is the work, a task a nudge: losing or doubling any of these changes nothing.

The clock is read here, and it is the database's: two machines whose clocks differ agree on what is due.
"""

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from threading import Thread

from django.db.models import Exists, OuterRef

from accounts.queries import database_now
from accounts.services.crew import Crew, wait_for
from accounts.services.unexpected import log_unexpected
from integrations.models import CalendarConfiguration, Connection, PendingPush, RemoteCalendar
from integrations.models.connection import CredentialMismatch
from integrations.ports import CalendarProvider
from integrations.providers.registry import provider_of
from integrations.sync.claims import ClaimLost, claim_connection, claim_due_connections, claim_for_expansion, release
from integrations.sync.expansion import EXPANDED_FOR
from integrations.sync.looking import NOT_OURS, look, within_boundary
from integrations.sync.outcome import note_broken
from integrations.sync.pull import expand_again
from integrations.sync.push import give_up, push

# threads of one worker, each with a database session: looks, and pushes
CREW_SIZE = 20
PUSH_CREW_SIZE = 8
# how long a task waits for what it handed over: the queue itself must stay quick
PATIENCE = timedelta(seconds=5)
# pushes a thread makes for one login before others have their turn
MOST_PUSHES = 200

_lookers = Crew(CREW_SIZE)
_pushers = Crew(PUSH_CREW_SIZE)


def look_at_due() -> None:
    """Read the logins whose time has come."""
    due = claim_due_connections(min(_lookers.free(), CREW_SIZE), now=database_now())
    wait_for([_hand_over(look, connection) for connection in due], within=PATIENCE)


def look_at_one(pk: int) -> None:
    """Read this login now: it was just connected, or chosen for something."""
    connection = claim_connection(pk, now=database_now())
    if connection is not None:
        wait_for([_hand_over(look, connection)], within=PATIENCE)


def push_due() -> None:
    """Write what is due, a thread for each login."""
    due = PendingPush.objects.due(database_now())
    pks = due.order_by().values_list("remote_calendar__connection", flat=True).distinct()[:PUSH_CREW_SIZE]
    wait_for([_pushers.start_or_repeat(str(pk), partial(_push_all_of, pk)) for pk in pks], within=PATIENCE)


def push_one(pk: int) -> None:
    """Write what is due for the login this row belongs to. Where a thread is at it already, it looks once more."""
    row = PendingPush.objects.filter(pk=pk).values_list("remote_calendar__connection", flat=True).first()
    if row is not None:
        wait_for([_pushers.start_or_repeat(str(row), partial(_push_all_of, row))], within=PATIENCE)


def expand_due() -> None:
    """Expand stored events anew where the window has moved by a day, also for logins that cannot be read now."""
    stale = RemoteCalendar.objects.filter(source__isnull=False, expanded_at__lte=database_now() - EXPANDED_FOR)
    pks = stale.order_by().values_list("connection", flat=True).distinct()[:CREW_SIZE]
    expand = partial(within_boundary, _expand)
    wait_for([_hand_over(expand, claim) for claim in claim_for_expansion(list(pks))], within=PATIENCE)


def _hand_over(work: Callable[[Connection], None], claim: Connection) -> Thread | None:
    """A claim nobody is free for is given back, and stays due."""
    thread = _lookers.start(str(claim.pk), partial(work, claim))
    if thread is None:
        release(claim)
    return thread


def _expand(connection: Connection) -> None:
    with closing(provider_of(connection)) as provider, suppress(ClaimLost):
        expand_again(connection, provider=provider, now=database_now())
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
        note_broken(connection, NOT_OURS, now=database_now())
    except Exception as error:  # noqa: BLE001
        log_unexpected("pushes_failed", error, connection=connection_pk)


def _next_push(connection: Connection) -> PendingPush | None:
    somebodys_primary = CalendarConfiguration.objects.filter(primary=OuterRef("remote_calendar"))
    due = PendingPush.objects.due(database_now()).filter(remote_calendar__connection=connection)
    due = due.annotate(comes=Exists(somebodys_primary)).order_by("comes", "due_at")
    return due.select_related("remote_calendar__connection").first()


def _push(pending: PendingPush, provider: CalendarProvider) -> None:
    try:
        push(pending, provider=provider, now=database_now())
    except Exception as error:  # noqa: BLE001
        log_unexpected("push_failed", error, pending_push=pending.pk)
        give_up(pending, now=database_now())
