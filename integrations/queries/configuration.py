"""Questions about which remote calendars a member could use, and which they do."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Member
from availability.models import BlockingSource
from integrations.models import CalendarConfiguration, Connection, RemoteCalendar


@dataclass(frozen=True, slots=True)
class Choice:
    """A remote calendar on the configuration page. ``offered_as_…``: it can be chosen, or left as it is."""

    remote: RemoteCalendar
    is_primary: bool
    is_checked: bool
    offered_as_primary: bool
    offered_as_conflict: bool

    @property
    def counts(self) -> bool:
        return self.is_primary or self.is_checked


def choices_of(member: Member) -> list[Choice]:
    """All calendars of the member's working logins, and what is configured already whatever its login does."""
    configuration = CalendarConfiguration.objects.filter(member=member).first()
    primary = configuration.primary_id if configuration else None
    checked = set(configuration.conflicts.values_list("pk", flat=True)) if configuration else set()
    working = Q(connection__in=Connection.objects.working(), gone_at__isnull=True)
    shown = calendars_of_user(member).filter(working | Q(pk__in={primary, *checked} - {None}))
    return [_choice(member, remote, primary, checked) for remote in shown.order_by("connection", "name", "pk")]


def stale_before(member: Member, *, now: datetime) -> datetime:
    """Calendars read before this are out of date for the member (Y15)."""
    blocking = BlockingSource.objects.filter(member=member).first() or BlockingSource()
    return now - blocking.stale_after


def calendars_of_user(member: Member) -> QuerySet[RemoteCalendar]:
    owned = RemoteCalendar.objects.filter(connection__user=member.user_id)
    return owned.select_related("connection", "source").defer("connection__credential")


def may_be_primary(member: Member, remote: RemoteCalendar) -> bool:
    return _is_reachable(member, remote) and remote.can_be_written


def may_be_checked(member: Member, remote: RemoteCalendar) -> bool:
    return _is_reachable(member, remote) and remote.can_be_read


def _is_reachable(member: Member, remote: RemoteCalendar) -> bool:
    return remote.connection.user_id == member.user_id and remote.connection.is_working


def _choice(member: Member, remote: RemoteCalendar, primary: int | None, checked: set[int]) -> Choice:
    is_primary, is_checked = remote.pk == primary, remote.pk in checked
    return Choice(
        remote=remote,
        is_primary=is_primary,
        is_checked=is_checked,
        offered_as_primary=is_primary or may_be_primary(member, remote),
        offered_as_conflict=is_checked or may_be_checked(member, remote),
    )
