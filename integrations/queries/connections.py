"""Questions about somebody's logins. No page ever needs the credential, so none loads it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from accounts.models import Account, Member, User
from bookings.queries.wanted import coming_uids
from integrations.models import Connection, RemoteCalendar, RemoteCopy
from integrations.models.connection import ConnectionQuerySet


def connections_of(user: User) -> ConnectionQuerySet:
    """With the number of its ``calendars``, of those ``in_use`` and of the ``accounts`` they count in; one query.

    ``is_being_read``: somebody is at it just now.
    """
    listed = RemoteCalendar.objects.filter(connection=OuterRef("pk"), gone_at__isnull=True)
    used = listed.filter(source__isnull=False)
    connections = Connection.objects.of(user).defer("credential").select_related("user")
    return connections.annotate(
        calendars=_count(listed),
        in_use=_count(used),
        accounts=Coalesce(Subquery(_accounts(), output_field=IntegerField()), 0),
        is_being_read=ExpressionWrapper(Q(claimed_until__gt=Now()), output_field=BooleanField()),
    ).order_by("created_at", "pk")


def read_since(connection: Connection, before: datetime | None) -> int:
    """How many of its calendars in use were read after ``before``; None: ever."""
    read = connection.remote_calendars.filter(gone_at__isnull=True, source__read_at__isnull=False)
    return (read if before is None else read.filter(source__read_at__gt=before)).count()


def calendars_of(connection: Connection) -> QuerySet[RemoteCalendar]:
    return connection.remote_calendars.filter(gone_at__isnull=True).select_related("source").order_by("name", "pk")


def members_using(connection: Connection) -> set[int]:
    """Its owner's places in whose accounts a calendar of it counts."""
    calendars = connection.remote_calendars.all()
    named = Q(calendar_configuration__primary__in=calendars) | Q(calendar_configuration__conflicts__in=calendars)
    return set(Member.objects.present().filter(named, user=connection.user_id).values_list("pk", flat=True))


def accounts_reached(connection: Connection, remote: RemoteCalendar | None = None) -> Sequence[Account]:
    """Where a calendar of this connection counts, or this one: written to or checked for conflicts."""
    calendars = (
        connection.remote_calendars.all() if remote is None else connection.remote_calendars.filter(pk=remote.pk)
    )
    named = Q(calendar_configuration__primary__in=calendars) | Q(calendar_configuration__conflicts__in=calendars)
    members = Member.objects.present().filter(named, user=connection.user_id)
    return list(Account.objects.filter(members__in=members).distinct().order_by("name"))


def coming_copies(connection: Connection, *, now: datetime) -> int:
    """How many coming appointments of its owner have a copy there."""
    coming = [uid for member in connection.user.memberships.all() for uid in coming_uids(member, now=now)]
    return RemoteCopy.objects.filter(remote_calendar__connection=connection, uid__in=coming).count()


def _accounts() -> QuerySet[Any]:
    """For each connection, in how many of its owner's accounts a calendar of it counts."""
    primary = Q(calendar_configuration__primary__connection=OuterRef("pk"))
    checked = Q(calendar_configuration__conflicts__connection=OuterRef("pk"))
    members = Member.objects.present().filter(primary | checked, user=OuterRef("user")).order_by().values("user")
    return members.annotate(number=Count("pk", distinct=True)).values("number")


def _count(calendars: QuerySet[RemoteCalendar]) -> Coalesce:
    per_connection = calendars.order_by().values("connection").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(per_connection, output_field=IntegerField()), 0)
