"""Pull: one look at the home of a login, then a read of each calendar in use that moved."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from integrations.models import Connection, RemoteCalendar
from integrations.models.calendars import configured
from integrations.ports import (
    AccessLost,
    CalendarProvider,
    Gone,
    LoginRefused,
    ProviderError,
    Refused,
    TemporarilyUnavailable,
    Unreachable,
)
from integrations.sync.backoff import pause_asked_for
from integrations.sync.checking import settle_due
from integrations.sync.claims import ClaimLost, keep_claim
from integrations.sync.conflicts import find_conflicts
from integrations.sync.copies import Hand
from integrations.sync.expansion import expand_stored, needs_expansion
from integrations.sync.home import list_home, note_calendars
from integrations.sync.mirror import Mirror
from integrations.sync.outcome import note_cut_short, note_failure, note_problem, note_refused_login, note_success
from integrations.sync.reading import mark_unchanged, needs_reading, read_calendar

log = structlog.get_logger(__name__)


def pull(connection: Connection, *, provider: CalendarProvider, now: datetime) -> None:
    """Read the claimed connection. How it went stands in its row afterwards; nothing is raised for the outside."""
    try:
        expand_again(connection, provider=provider, now=now)
        failed = _look(connection, provider=provider, now=now)
        _settle(connection, provider=provider, now=now)
        find_conflicts(connection, now=now)
        if failed is not None:
            raise failed
    except ClaimLost:
        log.info("claim_lost", connection=connection.pk)
    except LoginRefused as error:
        note_refused_login(connection, error, now=now)
    except ProviderError as error:
        note_failure(connection, error, now=now)
    else:
        note_success(connection, now=now)


def pull_in_passing(connection: Connection, *, provider: CalendarProvider, now: datetime) -> None:
    """As :func:`pull`, while a customer waits: what was stored is not expanded anew, and little is made of a failure.

    The time is short, so that a server which is merely slow fails here. Only what it says itself is written down: that
    it refuses the login, or wants to be left alone.
    """
    try:
        failed = _look(connection, provider=provider, now=now)
        if failed is not None:
            raise failed
    except ClaimLost:
        log.info("claim_lost", connection=connection.pk)
    except LoginRefused as error:
        note_refused_login(connection, error, now=now)
    except ProviderError as error:
        log.info("look_in_passing_failed", connection=connection.pk, error=type(error).__name__)
        if pause_asked_for(error) is None:
            note_cut_short(connection, now=now)
        else:
            note_failure(connection, error, now=now)
    else:
        note_success(connection, now=now)


def expand_again(connection: Connection, *, provider: CalendarProvider, now: datetime) -> None:
    """Stored events whose window or zone has moved are expanded anew; the server is not asked."""
    zone = _zone_of(connection)
    for remote in _in_use(connection):
        if needs_expansion(remote, zone=zone, now=now):
            expand_stored(remote, claim=connection, provider=provider, zone=zone, now=now)


def _settle(connection: Connection, *, provider: CalendarProvider, now: datetime) -> None:
    """Copies of ours that were changed outside, or are not where they were."""

    def keep() -> None:
        keep_claim(connection)

    settle_due(Hand(connection, provider, _zone_of(connection), now, keep))


def _look(connection: Connection, *, provider: CalendarProvider, now: datetime) -> ProviderError | None:
    """One calendar's trouble does not keep the others from being read, and is handed back; a server's is raised."""
    listed = list_home(connection, provider=provider)
    note_calendars(connection, listed, now=now)
    tokens = {calendar.key: calendar.token for calendar in listed}
    zone = _zone_of(connection)
    failed: ProviderError | None = None
    for remote in _in_use(connection):
        if remote.key not in tokens or not remote.can_be_read:
            continue
        mirror = Mirror(remote=remote, claim=connection, provider=provider, zone=zone, now=now)
        try:
            _read_if_needed(mirror, tokens[remote.key])
        except ProviderError as error:
            if _concerns_all(error):
                raise
            note_problem(remote, error, now=now)
            failed = failed or (None if isinstance(error, AccessLost | Gone | Refused) else error)
    return failed


def _read_if_needed(mirror: Mirror, token: str) -> None:
    if needs_reading(mirror, token):
        read_calendar(mirror, token)
    else:
        mark_unchanged(mirror)


def _concerns_all(error: ProviderError) -> bool:
    """Whether the next calendar of this login need not be tried."""
    asked = isinstance(error, TemporarilyUnavailable) and pause_asked_for(error) is not None
    return asked or isinstance(error, LoginRefused | Unreachable)


def _in_use(connection: Connection) -> list[RemoteCalendar]:
    """Calendars somebody's configuration names; one that lost its busy source is not read."""
    named = connection.remote_calendars.filter(configured(), source__isnull=False)
    return list(named.select_related("source").order_by("pk").distinct())


def _zone_of(connection: Connection) -> ZoneInfo:
    return ZoneInfo(str(connection.user.time_zone))
