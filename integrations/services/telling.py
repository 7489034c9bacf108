"""Telling owners by mail that a connection is broken (Y16): at once, and again on day 3, 7 and 14."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from accounts.services.outgoing import Addressed, queue_mail
from availability.services.retry import durable
from integrations.models import CalendarConfiguration, Connection, ConnectionState

MAIL = "connection_broken"
# the day it broke is day 1
_AFTER = tuple(timedelta(days=day - 1) for day in (1, 3, 7, 14))
_NAMES = UUID("6c80e6ec-fe8c-407a-9aa1-6d050acb4347")


def tell_of_broken(*, now: datetime) -> int:
    """How many owners were written to. Who was not told in time gets one mail, not all that were missed."""
    broken = _broken().filter(broken_at__lte=now, times_told__lt=len(_AFTER)).defer("credential").select_related("user")
    return sum(durable(partial(_tell, connection, now)) for connection in broken.order_by("broken_at", "pk"))


def subject_uid_of(connection: Connection) -> UUID:
    """What the mails about this breakdown are about; another one has another name."""
    since = connection.broken_at.isoformat() if connection.broken_at else ""
    return uuid5(_NAMES, f"{connection.pk} {since}")


def broken_connection(subject_uid: UUID) -> Connection | None:
    """The one that mails about ``subject_uid`` tell of; None once it is mended, switched off or deleted."""
    broken = _broken().filter(broken_at__isnull=False).defer("credential").select_related("user")
    return next((one for one in broken if subject_uid_of(one) == subject_uid), None)


def place_to_tell_from(connection: Connection) -> Member | None:
    """One of its owner's places, first one whose configuration uses the connection."""
    uses = Q(primary__connection=connection) | Q(conflicts__connection=connection)
    used = CalendarConfiguration.objects.filter(uses, member=OuterRef("pk"))
    places = Member.objects.present().filter(user=connection.user_id).select_related("account", "user")
    return places.annotate(is_used=Exists(used)).order_by("-is_used", "pk").first()


def _broken() -> QuerySet[Connection]:
    return Connection.objects.filter(state=ConnectionState.BROKEN, switched_off_at__isnull=True)


def _tell(connection: Connection, now: datetime) -> bool:
    due = _due(connection, now)
    same = _broken().filter(pk=connection.pk, broken_at=connection.broken_at, times_told=connection.times_told)
    if due <= connection.times_told or not same.update(times_told=due):
        return False
    place = place_to_tell_from(connection)
    if place is None or not connection.user.is_active:
        return False
    mail = Addressed(MAIL, connection.user.email)
    queue_mail(place.account, subject_uid=subject_uid_of(connection), sequence=due, mails=[mail], due_at=now)
    return True


def _due(connection: Connection, now: datetime) -> int:
    """How many mails should have been written by now."""
    if connection.broken_at is None:
        return 0
    return sum(connection.broken_at + after <= now for after in _AFTER)
