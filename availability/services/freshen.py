"""Freshen: before an appointment is committed, calendars that were not read for a while are asked again (Y15)."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

import structlog
from django.conf import settings

from accounts.models import Member
from availability.core.intervals import moment
from availability.models import Calendar
from availability.ports import refresher
from availability.queries.choice import choose_host
from availability.queries.judge import Judgement, judge
from availability.queries.out_of_date import sources_older_than
from availability.queries.settings import reach_of

log = structlog.get_logger(__name__)


def freshen(
    calendar: Calendar,
    *,
    starts_at: datetime,
    now: datetime,
    host: Member | None = None,
    prefer: Member | None = None,
    hold: UUID | None = None,
    besides: UUID | None = None,
) -> None:
    """Have read what is older than ``FRESHNESS_SECONDS`` of the sources of whoever would be given this time now.

    Outside of any transaction, and without a lock; ``FRESHNESS_BUDGET_SECONDS`` at most. Arguments as in
    ``reserve_time``. If a fresh look makes somebody else the one, their sources are read too. Decides nothing: what
    could not be read in time goes on as its policy says. One query where all is fresh.
    """
    until = monotonic() + settings.FRESHNESS_BUDGET_SECONDS
    if not calendar.looks_outside or not _may_be_open(calendar, starts_at, now):
        return
    look = partial(judge, calendar, starts_at, now=now, host=host, hold=hold, besides=besides)
    asked: set[int] = set()
    while (left := until - monotonic()) > 0:
        stale = sources_older_than(timedelta(seconds=settings.FRESHNESS_SECONDS), calendar)
        if all(source in asked for _member, source in stale):
            return
        chosen = _chosen(calendar, starts_at, look, prefer)
        wanted = {source for member, source in stale if member in chosen} - asked
        if not wanted:
            return
        _refresh(wanted, within=timedelta(seconds=left))
        asked |= wanted


def _may_be_open(calendar: Calendar, starts_at: datetime, now: datetime) -> bool:
    """What the calendar and the clock alone forbid is refused later; nobody outside is asked for it."""
    reach = reach_of(calendar, now)
    if not calendar.is_open or starts_at.microsecond:
        return False
    return moment(max(reach.earliest, reach.first)) <= starts_at < moment(reach.latest)


def _chosen(
    calendar: Calendar, starts_at: datetime, look: Callable[[], Judgement], prefer: Member | None
) -> Collection[int]:
    """The members who would give their time now; none for a time that is refused as things stand."""
    try:
        seen = look()
    except Calendar.DoesNotExist:
        return ()
    chosen = choose_host(calendar, seen, starts_at, prefer) if seen.verdict.is_open else None
    return chosen.keys if chosen else ()


def _refresh(sources: Collection[int], *, within: timedelta) -> None:
    try:
        refresher().refresh(sources, within)
    # the outside is behind this door: whatever goes wrong there, the booking goes on with what is known
    except Exception as error:  # noqa: BLE001
        log.error("refresh_failed", error=type(error).__name__, sources=sorted(sources))
