"""Setting up a connection: its calendars, the accounts they count in, and its sync options, all at once (Y11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Member
from availability.services.retry import durable
from availability.services.sources import hold_sources_of, share_titles
from integrations.models import CalendarConfiguration, Connection, RemoteCalendar
from integrations.queries.configuration import may_be_checked, may_be_primary
from integrations.services.configure import CannotBeChosen, bring_sources_in_line, locked_configuration, move_along
from integrations.services.nudge import nudge_look
from integrations.services.sync_settings import SyncSettings, set_sync_settings


@dataclass(frozen=True, slots=True)
class Plan:
    """What its owner wants of a connection.

    ``linked``: the calendar appointments are written to; None: none of this connection. ``checked``: those that are
    read. ``members``: the owner's places whose accounts all this counts in; elsewhere nothing of the connection does.
    ``shared``: calendars whose titles colleagues see.
    """

    connection: Connection
    linked: RemoteCalendar | None
    checked: tuple[RemoteCalendar, ...]
    members: tuple[Member, ...]
    settings: SyncSettings
    shared: tuple[RemoteCalendar, ...] = ()


def set_up(plan: Plan, *, now: datetime) -> None:
    """All of it or nothing, and a look at once. Raises CannotBeChosen."""
    durable(lambda: carry_out(plan, now=now))


def carry_out(plan: Plan, *, now: datetime) -> None:
    """As :func:`set_up`, within the caller's transaction."""
    connection = plan.connection
    places = _places(connection)
    hold_sources_of(connection.user_id, members=places)
    # before sources are opened: they are shown as these say
    set_sync_settings(connection, plan.settings, now=now)
    for member in places:
        _configure(plan, member, now=now)
    _share(plan)
    Connection.objects.working().filter(pk=connection.pk).update(next_look_at=now, paused_until=None)
    nudge_look(connection.pk)


def _places(connection: Connection) -> list[Member]:
    return list(Member.objects.present().filter(user=connection.user_id).select_related("user").order_by("pk"))


def _configure(plan: Plan, member: Member, *, now: datetime) -> None:
    counts = member in plan.members
    if not counts and not CalendarConfiguration.objects.filter(member=member).exists():
        return
    configuration = locked_configuration(member)
    former, checked = configuration.primary, list(configuration.conflicts.all())
    kept = [remote for remote in checked if remote.connection_id != plan.connection.pk]
    _demand(plan, member, already=[*checked, former] if former else checked)
    configuration.primary = _primary(plan, former, counts=counts)
    configuration.save(update_fields=["primary"])
    configuration.conflicts.set([*kept, *plan.checked] if counts else kept)
    bring_sources_in_line(configuration, now=now)
    if configuration.primary != former:
        move_along(member, former, now=now)


def _demand(plan: Plan, member: Member, *, already: Sequence[RemoteCalendar]) -> None:
    """Raises CannotBeChosen. What was chosen before may stay."""
    if member not in plan.members:
        return
    if plan.linked is not None and plan.linked not in already and not may_be_primary(member, plan.linked):
        raise CannotBeChosen
    if not all(remote in already or may_be_checked(member, remote) for remote in plan.checked):
        raise CannotBeChosen


def _primary(plan: Plan, former: RemoteCalendar | None, *, counts: bool) -> RemoteCalendar | None:
    """A primary calendar of another connection stays unless this one takes its place."""
    if counts and plan.linked is not None:
        return plan.linked
    return None if former is not None and former.connection_id == plan.connection.pk else former


def _share(plan: Plan) -> None:
    read = RemoteCalendar.objects.filter(connection=plan.connection, source__isnull=False)
    sources = {pk: source for pk, source in read.values_list("pk", "source") if source is not None}
    shared = [sources[remote.pk] for remote in plan.shared if remote.pk in sources]
    share_titles(plan.connection.user, shared, among=list(sources.values()))
