"""A dry run of setting up a connection: what My Calendar would show of it, and what would be written; nothing is kept.

Counted by the code the sync itself uses: the plan is carried out and taken back in one transaction, which leaves the
pushes it would ask for; calendars nobody has read yet are read, expanded and counted without storing anything.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from availability.models import BusyTime
from availability.queries.busy import shown_span
from availability.services.retry import durable
from bookings.queries.wanted import coming_uids, wanted_item
from integrations.models import Connection, PendingPush, RemoteCalendar, RemoteCopy
from integrations.models.calendars import configured
from integrations.models.connection import CredentialMismatch
from integrations.ports import CalendarProvider, ProviderError
from integrations.providers.registry import provider_of
from integrations.services.set_up import Plan, carry_out
from integrations.sync.copies import is_wanted_in
from integrations.sync.mirror import Mirror
from integrations.sync.push import needs_no_writing
from integrations.sync.reading import BATCH

# how long somebody who looks at the page waits for the server
WITHIN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class DryRun:
    """``brings``: events My Calendar would show; None: they could not be read. ``sends``: items that would be written.

    ``lies_there``: items that are there already and stay. ``takes_away``: copies that would leave other calendars.
    """

    brings: int | None
    sends: int
    lies_there: int
    takes_away: int


def dry_run(plan: Plan, *, now: datetime) -> DryRun:
    """Raises CannotBeChosen."""
    trial = durable(lambda: _try_out(plan, now=now))
    try:
        brings: int | None = _events(plan, trial.used, now=now)
    except (ProviderError, CredentialMismatch):
        brings = None
    return DryRun(brings, len(trial.sends), len(trial.lies_there - trial.sends), trial.takes_away)


def needs_reading(plan: Plan) -> bool:
    """Whether the server must be asked, because a calendar of the plan was never read."""
    calendars = {*plan.checked, plan.linked} - {None}
    return plan.settings.shows_events and any(remote and not _is_mirrored(remote) for remote in calendars)


@dataclass(frozen=True, slots=True)
class _Trial:
    used: tuple[RemoteCalendar, ...]
    sends: frozenset[UUID]
    lies_there: frozenset[UUID]
    takes_away: int


def _try_out(plan: Plan, *, now: datetime) -> _Trial:
    carry_out(plan, now=now)
    mine = PendingPush.objects.filter(remote_calendar__connection__user=plan.connection.user_id)
    due = mine.filter(parked_at__isnull=True).select_related("remote_calendar__connection")
    due = due.defer("remote_calendar__connection__credential")
    verdicts = [(one, _would(one.uid, one.remote_calendar)) for one in due]
    writes = [one for one, verdict in verdicts if verdict is _Would.WRITE]
    used = plan.connection.remote_calendars.filter(configured()).select_related("source").distinct().order_by("pk")
    trial = _Trial(
        used=tuple(used),
        sends=frozenset(one.uid for one in writes if one.remote_calendar == plan.linked),
        lies_there=_lying_there(plan, now=now),
        takes_away=sum(verdict is _Would.TAKE_AWAY for _one, verdict in verdicts),
    )
    transaction.set_rollback(True)
    return trial


class _Would(Enum):
    WRITE = auto()
    TAKE_AWAY = auto()
    NOTHING = auto()


def _would(uid: UUID, remote: RemoteCalendar) -> _Would:
    """What a push would do now."""
    item, copy = wanted_item(uid), RemoteCopy.objects.filter(uid=uid, remote_calendar=remote).first()
    if item is None or not is_wanted_in(remote, item, copy):
        lies_there = copy is not None and copy.url != "" and copy.left_out_at is None
        return _Would.TAKE_AWAY if lies_there else _Would.NOTHING
    is_left = needs_no_writing(remote, item, copy) or remote.gone_at is not None
    return _Would.NOTHING if is_left else _Would.WRITE


def _lying_there(plan: Plan, *, now: datetime) -> frozenset[UUID]:
    coming = {uid for member in plan.members for uid in coming_uids(member, now=now)}
    copies = RemoteCopy.objects.filter(remote_calendar=plan.linked, uid__in=coming) if plan.linked else ()
    return frozenset(copy.uid for copy in copies if copy.url and _would(copy.uid, copy.remote_calendar) is _Would.WRITE)


def _events(plan: Plan, used: Sequence[RemoteCalendar], *, now: datetime) -> int:
    settings, connection = plan.settings, plan.connection
    if not settings.shows_events:
        return 0
    zone = ZoneInfo(str(connection.user.time_zone))
    start, end = shown_span(
        days_before=settings.shown_days_before, days_after=settings.shown_days_after, zone=zone, now=now
    )
    mirrored = [remote.source_id for remote in used if _is_mirrored(remote)]
    stored = BusyTime.objects.reaching(start, end).filter(source__in=mirrored).count()
    unread = [remote for remote in used if remote.can_be_read and not _is_mirrored(remote)]
    return stored + (_read(connection, unread, start, end, zone=zone, now=now) if unread else 0)


def _is_mirrored(remote: RemoteCalendar) -> bool:
    return remote.source is not None and remote.source.read_at is not None


def _read(
    connection: Connection,
    remotes: Iterable[RemoteCalendar],
    start: datetime,
    end: datetime,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    with closing(provider_of(connection, within=WITHIN)) as provider:
        mirrors = [Mirror(remote, connection, provider, zone, now) for remote in remotes]
        return sum(_occurrences(mirror, provider, start, end) for mirror in mirrors)


def _occurrences(mirror: Mirror, provider: CalendarProvider, start: datetime, end: datetime) -> int:
    url = mirror.remote.url
    listed, found = provider.list_changes(url, since="").present, 0
    for first in range(0, len(listed), BATCH):
        _rows, groups = mirror.weighed(provider.fetch(url, listed[first : first + BATCH]).events)
        found += sum(one.end > start and one.start < end for times in groups.values() for one in times)
    return found
