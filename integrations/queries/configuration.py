"""Questions about which remote calendars a member could use, and which they do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Member
from availability.models import BlockingSource, BusyTime
from integrations.models import CalendarConfiguration, Connection, RemoteCalendar

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Choice:
    """A remote calendar on the configuration page. ``offered_as_…``: it can be chosen, or left as it is.

    ``next_week``: how many events it holds in the coming seven days; None as long as nobody has it read.
    """

    remote: RemoteCalendar
    is_primary: bool
    is_checked: bool
    offered_as_primary: bool
    offered_as_conflict: bool
    next_week: int | None = None

    @property
    def counts(self) -> bool:
        return self.is_primary or self.is_checked


def choices_of(member: Member, *, now: datetime, connection: Connection | None = None) -> list[Choice]:
    """All calendars of all the member's logins (or this one) that are still there, and what is configured already."""
    configuration = CalendarConfiguration.objects.filter(member=member).first()
    primary = configuration.primary_id if configuration else None
    checked = set(configuration.conflicts.values_list("pk", flat=True)) if configuration else set()
    shown = calendars_of_user(member).filter(Q(gone_at__isnull=True) | Q(pk__in={primary, *checked} - {None}))
    shown = shown if connection is None else shown.filter(connection=connection)
    shown = shown.annotate(next_week=_events_until(now, now + _WEEK)).order_by("connection", "name", "pk")
    return [_choice(member, remote, primary, checked, next_week=_known(remote)) for remote in shown]


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


def _events_until(start: datetime, end: datetime) -> Coalesce:
    events = BusyTime.objects.reaching(start, end).filter(source=OuterRef("source"))
    counted = events.order_by().values("source").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _known(remote: RemoteCalendar) -> int | None:
    has_been_read = remote.source is not None and remote.source.read_at is not None
    return int(getattr(remote, "next_week", 0)) if has_been_read else None


def _choice(
    member: Member, remote: RemoteCalendar, primary: int | None, checked: set[int], *, next_week: int | None
) -> Choice:
    is_primary, is_checked = remote.pk == primary, remote.pk in checked
    return Choice(
        remote=remote,
        is_primary=is_primary,
        is_checked=is_checked,
        offered_as_primary=is_primary or may_be_primary(member, remote),
        offered_as_conflict=is_checked or may_be_checked(member, remote),
        next_week=next_week,
    )
