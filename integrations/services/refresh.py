"""Refresh: read the logins behind busy sources while a customer waits for their booking (Y15)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from threading import Thread
from time import monotonic, sleep
from typing import NamedTuple

from accounts.services.crew import Crew, wait_for
from integrations.models import Connection, RemoteCalendar
from integrations.models.calendars import readable
from integrations.sync.claims import being_read, claim_for_booking, release
from integrations.sync.looking import look_in_passing

# threads of one web process, each with a database session
CREW_SIZE = 12
# a look that nobody waits for any more may still end well
LONGER = timedelta(seconds=3)
# seconds between looks at who is done: short at first, as most reads are
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.05, 0.2


class _Standing(NamedTuple):
    """Which login a source belongs to, and when it was read last."""

    login: int
    read_at: datetime | None


class CalendarRefresher:
    """Answers ``availability.ports.SourceRefresher``: each login in a thread of its own, one read of it at a time."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew

    def refresh(self, sources: Collection[int], within: timedelta) -> None:
        """Who is being read by somebody else already is waited for; who may not be asked now is left out."""
        until = monotonic() + within.total_seconds()
        before = _standing(sources)
        logins = {standing.login for standing in before.values()}
        threads: list[Thread | None] = []
        pause = _SHORTEST_PAUSE
        while logins:
            claims = claim_for_booking(logins)
            threads += [self._hand_over(claim, within) for claim in claims]
            logins = _waited_for(logins - {claim.pk for claim in claims}, before)
            if not logins or monotonic() + pause >= until:
                break
            sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        wait_for(threads, within=timedelta(seconds=max(until - monotonic(), 0)))

    def _hand_over(self, claim: Connection, within: timedelta) -> Thread | None:
        """A claim nobody is free for is given back."""
        thread = self._crew.start(str(claim.pk), partial(look_in_passing, claim, within=within + LONGER))
        if thread is None:
            release(claim)
        return thread


def _standing(sources: Collection[int]) -> dict[int, _Standing]:
    """By source, those that belong to a calendar which can be read."""
    remotes = RemoteCalendar.objects.filter(readable(), source__in=sources)
    rows = remotes.values_list("source_id", "connection_id", "source__read_at")
    return {source: _Standing(login, read_at) for source, login, read_at in rows if source is not None}


def _waited_for(logins: Collection[int], before: Mapping[int, _Standing]) -> set[int]:
    """Those of the logins that somebody else is at, as long as they have not read what we wait for."""
    if not logins:
        return set()
    remotes = RemoteCalendar.objects.filter(source__in=before.keys(), connection__in=being_read(logins))
    rows = remotes.values_list("source_id", "connection_id", "source__read_at")
    return {login for source, login, read_at in rows if source is not None and read_at == before[source].read_at}
