"""Which remote calendars count for a member: the primary one, and those checked for conflicts."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import F
from django.urls import reverse

from accounts.models import Member
from availability.models import BusySource, WhenStale
from availability.services.retry import durable
from availability.services.sources import (
    close_source,
    hold_sources_of,
    open_source,
    set_blocking_sources,
    set_staleness,
    show_sources,
)
from bookings.queries.wanted import coming_uids
from integrations.models import CalendarConfiguration, Connection, RemoteCalendar
from integrations.models.calendars import configured
from integrations.queries.configuration import may_be_checked, may_be_primary
from integrations.services.nudge import nudge_look
from integrations.sync.outbox import ask_for_push
from integrations.sync.writability import can_be_written_again


class CannotBeChosen(Exception):
    """This remote calendar cannot serve in this place, or is not this member's to choose."""


def set_primary(member: Member, remote: RemoteCalendar | None, *, now: datetime) -> int:
    """Appointments are written to ``remote`` from now on (None: nowhere); the coming ones move along.

    Returns how many move. Raises CannotBeChosen.
    """

    def choose() -> int:
        configuration = locked_configuration(member)
        if configuration.primary == remote:
            return 0
        if remote is not None and not may_be_primary(member, remote):
            raise CannotBeChosen
        configuration.primary, former = remote, configuration.primary
        configuration.save(update_fields=["primary"])
        bring_sources_in_line(configuration, now=now)
        return move_along(member, former, now=now)

    return durable(choose)


def move_along(member: Member, former: RemoteCalendar | None, *, now: datetime) -> int:
    """The coming appointments go from the ``former`` primary to the one that is chosen now; how many these are."""
    if former is not None:
        can_be_written_again(former, now=now)
    coming = coming_uids(member, now=now)
    for uid in coming:
        ask_for_push(uid, now=now)
    return len(coming)


def set_conflicts(
    member: Member,
    remotes: Collection[RemoteCalendar],
    *,
    now: datetime,
    stale_after: timedelta | None = None,
    when_stale: WhenStale = WhenStale.WARN,
) -> None:
    """Exactly these are checked, and the primary with them. Raises CannotBeChosen.

    ``stale_after`` and ``when_stale``: what happens when they could not be read for so long; None keeps what is so.
    """

    def choose() -> None:
        configuration = locked_configuration(member)
        checked = set(configuration.conflicts.values_list("pk", flat=True))
        if not all(remote.pk in checked or may_be_checked(member, remote) for remote in remotes):
            raise CannotBeChosen
        configuration.conflicts.set(remotes)
        bring_sources_in_line(configuration, now=now)
        if stale_after is not None:
            set_staleness(member, stale_after=stale_after, when_stale=when_stale)

    durable(choose)


def locked_configuration(member: Member) -> CalendarConfiguration:
    """Calendars and the host first, then our rows, as everywhere; the bare row, since joined ones may have changed."""
    hold_sources_of(member.user_id, members=(member,))
    CalendarConfiguration.objects.get_or_create(member=member)
    return CalendarConfiguration.objects.select_for_update().get(member=member)


def bring_sources_in_line(configuration: CalendarConfiguration, *, now: datetime) -> None:
    """Each calendar in use reports as a busy source, once per user; one that nobody uses any more is forgotten.

    Of a connection that is switched off they count as long as its owner wants.
    """
    member = configuration.member
    used = _in_use(configuration)
    sources = [(remote.source or _open(remote, member, now=now), remote.connection_id) for remote in used]
    silent = _silent(member, now=now)
    set_blocking_sources(member, [source for source, connection in sources if connection not in silent], now=now)
    read = RemoteCalendar.objects.filter(connection__user=member.user, source__isnull=False)
    _close(list(read.exclude(configured()).select_related("source")))
    due = Connection.objects.working().filter(pk__in={remote.connection_id for remote in used})
    due.update(next_look_at=now)
    for pk in due.values_list("pk", flat=True):
        nudge_look(pk)


def _silent(member: Member, *, now: datetime) -> set[int]:
    """Connections of this member that are switched off, and whose events block no longer."""
    off = Connection.objects.filter(user=member.user_id, switched_off_at__isnull=False)
    return set(off.exclude(blocks_until__gt=now).values_list("pk", flat=True))


def _in_use(configuration: CalendarConfiguration) -> Sequence[RemoteCalendar]:
    in_use = set(configuration.conflicts.values_list("pk", flat=True))
    if configuration.primary_id is not None:
        in_use.add(configuration.primary_id)
    # locked, so that two accounts of one user do not open two sources for one calendar
    return list(RemoteCalendar.objects.select_for_update().filter(pk__in=in_use).order_by("pk"))


def _open(remote: RemoteCalendar, member: Member, *, now: datetime) -> BusySource:
    page = reverse("integrations:connection", args=[remote.connection_id])
    remote.source = open_source(member.user, name=remote.name, page_url=page, now=now)
    remote.save(update_fields=["source"])
    asked = Connection.objects.defer("credential").get(pk=remote.connection_id)
    show_sources(
        [remote.source.pk],
        is_shown=asked.shows_events,
        days_before=asked.shown_days_before,
        days_after=asked.shown_days_after,
    )
    return remote.source


def _close(remotes: Collection[RemoteCalendar]) -> None:
    """Nothing stays of what was read: a later choice reads afresh. A worker still at it finds its fence gone."""
    if not remotes:
        return
    sources = [remote.source for remote in remotes if remote.source is not None]
    closed = RemoteCalendar.objects.filter(pk__in=[remote.pk for remote in remotes])
    closed.update(
        source=None,
        token="",
        cursor="",
        listed_in_full_at=None,
        expanded_at=None,
        expanded_zone="",
        held_back_at=None,
        missing_rounds=0,
    )
    for remote in remotes:
        remote.events.all().delete()
    for source in sources:
        close_source(source)
    connections = {remote.connection_id for remote in remotes}
    Connection.objects.filter(pk__in=connections).update(fence=F("fence") + 1, claimed_until=None)
