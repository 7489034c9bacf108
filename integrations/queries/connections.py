"""Questions about somebody's logins. No page ever needs the credential, so none loads it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Account, Member, User
from bookings.queries.wanted import coming_uids
from integrations.models import Connection, RemoteCalendar, RemoteCopy
from integrations.models.connection import ConnectionQuerySet


def connections_of(user: User) -> ConnectionQuerySet:
    """With the number of its ``calendars`` and of those ``in_use``; one query."""
    listed = RemoteCalendar.objects.filter(connection=OuterRef("pk"), gone_at__isnull=True)
    used = listed.filter(source__isnull=False)
    connections = Connection.objects.of(user).defer("credential").select_related("user")
    return connections.annotate(calendars=_count(listed), in_use=_count(used)).order_by("created_at", "pk")


def calendars_of(connection: Connection) -> QuerySet[RemoteCalendar]:
    return connection.remote_calendars.filter(gone_at__isnull=True).select_related("source").order_by("name", "pk")


def accounts_reached(connection: Connection, remote: RemoteCalendar | None = None) -> Sequence[Account]:
    """Where a calendar of this connection counts, or this one: written to or checked for conflicts."""
    calendars = (
        connection.remote_calendars.all() if remote is None else connection.remote_calendars.filter(pk=remote.pk)
    )
    named = Q(calendar_configuration__primary__in=calendars) | Q(calendar_configuration__conflicts__in=calendars)
    members = Member.objects.filter(named, user=connection.user_id)
    return list(Account.objects.filter(members__in=members).distinct().order_by("name"))


def coming_copies(connection: Connection, *, now: datetime) -> int:
    """How many coming appointments of its owner have a copy there."""
    coming = [uid for member in connection.user.memberships.all() for uid in coming_uids(member, now=now)]
    return RemoteCopy.objects.filter(remote_calendar__connection=connection, uid__in=coming).count()


def _count(calendars: QuerySet[RemoteCalendar]) -> Coalesce:
    per_connection = calendars.order_by().values("connection").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(per_connection, output_field=IntegerField()), 0)
