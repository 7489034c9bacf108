"""What django-q2 runs. A row is the work, a task a nudge: losing or doubling any of these changes nothing.

The clock is read here, and it is the database's: two machines whose clocks differ agree on what is due.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from itertools import count
from threading import Lock, Thread
from time import monotonic
from typing import NamedTuple

from django.db.models import Exists, F, Min, OuterRef, Q

from accounts.queries import database_now
from accounts.services.crew import Crew, wait_for
from accounts.services.unexpected import log_unexpected
from integrations.models import CalendarConfiguration, Connection, PendingPush, RemoteCalendar
from integrations.models.connection import CredentialMismatch
from integrations.ports import CalendarProvider
from integrations.providers.registry import provider_of
from integrations.services import connections
from integrations.services.answering import withdraw_settled
from integrations.services.forget_journal import forget_old_entries
from integrations.services.telling import tell_of_broken
from integrations.sync.claims import ClaimLost, claim_connection, claim_due_connections, claim_for_expansion, release
from integrations.sync.expansion import EXPANDED_FOR
from integrations.sync.lanes import SLOW, Lanes, is_slow
from integrations.sync.looking import NOT_OURS, look, within_boundary
from integrations.sync.outcome import note_broken, note_length
from integrations.sync.pull import expand_again
from integrations.sync.push import give_up, push

# threads of one worker, each with a database session: looks, and pushes
CREW_SIZE = 20
PUSH_CREW_SIZE = 8
# logins of one server that a worker writes to at a time
PUSHES_EACH_SERVER = 3
# how long a task waits for what it handed over: other tasks wait behind it
PATIENCE = timedelta(milliseconds=200)
# a thread goes on with what is due next for so long, and pushes for one login for so long
TURN = timedelta(seconds=10)
# pushes a thread makes for one login before others have their turn
MOST_PUSHES = 200

_lookers, _look_lanes = Crew(CREW_SIZE), Lanes(CREW_SIZE)
_pushers, _push_lanes = Crew(PUSH_CREW_SIZE), Lanes(PUSH_CREW_SIZE, each_server=PUSHES_EACH_SERVER)
# one thread at a time counts the places that are left and fills them
_choosing = Lock()
_turns = count()


def look_at_due() -> None:
    """Read the logins whose time has come."""
    wait_for([_hand_over(_look_on, claim) for claim in _claim_due(CREW_SIZE)], within=PATIENCE)


def look_at_one(pk: int) -> None:
    """Read this login now: it was just connected, or chosen for something. Without a free place it waits, due."""
    with _choosing:
        slow = _look_lanes.free(slow=True)
        claim = claim_connection(pk, now=database_now(), slow=slow) if _look_lanes.free() else None
        if claim is None or not _has_entered(claim):
            return
    wait_for([_hand_over(_look_on, claim)], within=PATIENCE)


def push_due() -> None:
    """Write what is due, a thread for each login."""
    wait_for([_start_pushing(login) for login in _logins_to_push_for()], within=PATIENCE)


def push_one(pk: int) -> None:
    """Write what is due for the login this row belongs to. Whoever is at it already looks once more when done."""
    logins = Connection.objects.filter(remote_calendars__pending_pushes=pk)
    due = [_Login(*row) for row in logins.values_list("pk", "server", "look_seconds", "failures")]
    wait_for([_start_pushing(one.pk) for one in due if one.has_entered()], within=PATIENCE)


def expand_due() -> None:
    """Expand stored events anew where that is due, also for logins that cannot be read now."""
    read = RemoteCalendar.objects.filter(source__isnull=False, expanded_at__isnull=False)
    stale = read.filter(Q(expanded_at__lte=database_now() - EXPANDED_FOR) | Q(expanded_zone=""))
    _expand_those_of(list(stale.order_by().values_list("connection", flat=True).distinct()))


def expand_one(pk: int) -> None:
    """Expand what is stored of this login anew now: its owner wants other events to block."""
    _expand_those_of([pk])


def tell_broken() -> int:
    """How many owners of broken connections were written to. Questions that nobody need answer any more are closed."""
    now = database_now()
    withdraw_settled(now=now)
    return tell_of_broken(now=now)


def stop_blocking() -> int:
    """How many connections that are switched off have reached the day until which they were to block."""
    return connections.stop_blocking(now=database_now())


def forget_journal() -> int:
    """Daily or oftener; how many old entries were deleted."""
    return forget_old_entries(now=database_now())


def _expand_those_of(pks: Sequence[int]) -> None:
    expand = partial(_in_its_place, partial(within_boundary, _expand))
    with _choosing:
        claims = claim_for_expansion(pks[: _look_lanes.free()])
        entered = [claim for claim in claims if _has_entered(claim)]
    wait_for([_hand_over(expand, claim) for claim in entered], within=PATIENCE)


def _claim_due(limit: int) -> list[Connection]:
    with _choosing:
        limit, slow = min(limit, _look_lanes.free()), _look_lanes.free(slow=True)
        claims = claim_due_connections(limit, now=database_now(), slow=slow)
        return [claim for claim in claims if _has_entered(claim)]


def _has_entered(claim: Connection) -> bool:
    """A claim there is no place for is given back, and stays due."""
    slow = is_slow(look_seconds=claim.look_seconds, failures=claim.failures)
    entered = _look_lanes.enter(claim.pk, server=claim.server, slow=slow)
    if not entered:
        release(claim)
    return entered


def _hand_over(work: Callable[[Connection], None], claim: Connection) -> Thread | None:
    """A claim nobody is free for is given back, too."""
    thread = _lookers.start(f"look {next(_turns)}", partial(work, claim))
    if thread is None:
        _look_lanes.leave(claim.pk)
        release(claim)
    return thread


def _look_on(claim: Connection) -> None:
    """A thread's turn: this login, then those waiting longest."""
    until = monotonic() + TURN.total_seconds()
    following: Connection | None = claim
    try:
        while following is not None:
            must_give_way = partial(_look_lanes.must_give_way, following.pk)
            _in_its_place(partial(look, must_give_way=must_give_way), following)
            following = next(iter(_claim_due(1)), None) if monotonic() < until else None
    except Exception as error:  # noqa: BLE001
        log_unexpected("turn_failed", error, connection=claim.pk)


def _in_its_place(work: Callable[[Connection], None], claim: Connection) -> None:
    try:
        work(claim)
    finally:
        _look_lanes.leave(claim.pk)


def _expand(connection: Connection) -> None:
    with closing(provider_of(connection)) as provider, suppress(ClaimLost):
        expand_again(connection, provider=provider, now=database_now())
    release(connection)


class _Login(NamedTuple):
    pk: int
    server: str
    look_seconds: float
    failures: int

    def has_entered(self) -> bool:
        slow = is_slow(look_seconds=self.look_seconds, failures=self.failures)
        return _push_lanes.enter(self.pk, server=self.server, slow=slow)


def _logins_to_push_for() -> Iterator[int]:
    """Those waiting longest first, as far as there is a place for them."""
    due = PendingPush.objects.due(database_now()).order_by()
    login = F("remote_calendar__connection")
    facts = (F(f"remote_calendar__connection__{name}") for name in ("server", "look_seconds", "failures"))
    rows = due.values_list(login, *facts).annotate(since=Min("due_at")).order_by("since")
    return (one.pk for one in (_Login(*row[:4]) for row in rows) if one.has_entered())


def _start_pushing(login: int) -> Thread | None:
    thread = _pushers.start(f"push {next(_turns)}", partial(_push_on, login))
    if thread is None:
        _push_lanes.leave(login)
    return thread


def _push_on(login: int) -> None:
    """A thread's turn: this login, then those waiting longest."""
    until = monotonic() + TURN.total_seconds()
    following: int | None = login
    try:
        while following is not None:
            try:
                _push_all_of(following)
            finally:
                _push_lanes.leave(following)
            following = next(_logins_to_push_for(), None) if monotonic() < until else None
    except Exception as error:  # noqa: BLE001
        log_unexpected("turn_failed", error, connection=login)


def _push_all_of(connection_pk: int) -> None:
    """Copies that must go before those that must come."""
    connection = Connection.objects.defer("credential").get(pk=connection_pk)
    until = monotonic() + TURN.total_seconds()
    try:
        with closing(provider_of(connection)) as provider:
            for _number in range(MOST_PUSHES):
                pending = _next_push(connection)
                if pending is None or monotonic() > until:
                    return
                _push_timed(pending, provider)
    except CredentialMismatch:
        note_broken(connection, NOT_OURS, now=database_now())
    except Exception as error:  # noqa: BLE001
        log_unexpected("pushes_failed", error, connection=connection_pk)


def _next_push(connection: Connection) -> PendingPush | None:
    """None also when the password was replaced meanwhile: what we would sign in with is of no use any more."""
    somebodys_primary = CalendarConfiguration.objects.filter(primary=OuterRef("remote_calendar"))
    same_password = {"remote_calendar__connection__connected_at": connection.connected_at}
    due = PendingPush.objects.due(database_now()).filter(remote_calendar__connection=connection, **same_password)
    due = due.annotate(comes=Exists(somebodys_primary)).order_by("comes", "due_at")
    return due.select_related("remote_calendar__connection").first()


def _push_timed(pending: PendingPush, provider: CalendarProvider) -> None:
    began = monotonic()
    _push(pending, provider)
    seconds = monotonic() - began
    if seconds >= SLOW.total_seconds():
        note_length(pending.remote_calendar.connection, seconds=seconds)


def _push(pending: PendingPush, provider: CalendarProvider) -> None:
    try:
        push(pending, provider=provider, now=database_now())
    except Exception as error:  # noqa: BLE001
        log_unexpected("push_failed", error, pending_push=pending.pk)
        give_up(pending, now=database_now())
