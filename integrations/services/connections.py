"""What an owner does with a connection: look now, switch it off and on, delete it."""

from datetime import datetime

from django.db.models import F

from availability.models import BusySource
from availability.services.retry import durable
from availability.services.sources import close_source, hold_sources_of
from integrations.models import Connection, ConnectionState
from integrations.services.nudge import nudge_look


class NotWorking(Exception):
    """The connection is switched off or waits for a password: there is nothing to look with."""


def sync_now(connection: Connection, *, now: datetime) -> None:
    """Due at once. Raises NotWorking."""
    working = Connection.objects.working().filter(pk=connection.pk)
    if not working.update(next_look_at=now, paused_until=None):
        raise NotWorking
    nudge_look(connection.pk)


def switch_off(connection: Connection, *, now: datetime) -> None:
    """Nothing is read or written any more; what is known goes on blocking, and pending pushes wait."""
    on = Connection.objects.filter(pk=connection.pk, switched_off_at__isnull=True)
    on.update(switched_off_at=now, claimed_until=None, fence=F("fence") + 1)


def switch_on(connection: Connection, *, now: datetime) -> None:
    off = Connection.objects.filter(pk=connection.pk, switched_off_at__isnull=False)
    if off.update(switched_off_at=None, next_look_at=now) and connection.state != ConnectionState.BROKEN:
        nudge_look(connection.pk)


def delete_connection(connection: Connection) -> None:
    """The secret, the mirror and the busy times go at once; what lies at the provider stays there."""

    def delete() -> None:
        hold_sources_of(connection.user_id)
        sources = list(BusySource.objects.filter(remote_calendar__connection=connection))
        Connection.objects.filter(pk=connection.pk).delete()
        for source in sources:
            close_source(source)

    durable(delete)
