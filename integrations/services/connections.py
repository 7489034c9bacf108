"""What an owner does with a connection: look now, switch it off and on, delete it."""

from datetime import datetime, timedelta

from django.db.models import F

from accounts.models import Member
from availability.models import BusySource
from availability.services.retry import durable
from availability.services.sources import close_source, hold_sources_of
from integrations.models import Connection, ConnectionState
from integrations.services.configure import bring_sources_in_line, locked_configuration
from integrations.services.nudge import nudge_look

# unless its owner says otherwise, what is known of a connection that is switched off blocks for so long
USUALLY_BLOCKS = timedelta(days=14)


class NotWorking(Exception):
    """The connection is switched off or waits for a password: there is nothing to look with."""


def sync_now(connection: Connection, *, now: datetime) -> None:
    """Due at once. Raises NotWorking."""
    working = Connection.objects.working().filter(pk=connection.pk)
    if not working.update(next_look_at=now, paused_until=None):
        raise NotWorking
    nudge_look(connection.pk)


def switch_off(connection: Connection, *, now: datetime, blocks_until: datetime | None = None) -> None:
    """Nothing is read or written any more, and pending pushes wait.

    What is known goes on blocking until ``blocks_until``; with None its events stop blocking now.
    """

    def switch() -> None:
        hold_sources_of(connection.user_id, members=_members(connection))
        on = Connection.objects.filter(pk=connection.pk, switched_off_at__isnull=True)
        if on.update(
            switched_off_at=now, blocks_until=blocks_until, claimed_until=None, claimed_by="", fence=F("fence") + 1
        ):
            _bring_in_line(connection, now=now)

    durable(switch)


def switch_on(connection: Connection, *, now: datetime) -> None:
    """Its events block again, and it is looked at at once."""

    def switch() -> None:
        hold_sources_of(connection.user_id, members=_members(connection))
        off = Connection.objects.filter(pk=connection.pk, switched_off_at__isnull=False)
        if off.update(switched_off_at=None, blocks_until=None, next_look_at=now):
            _bring_in_line(connection, now=now)
            if connection.state != ConnectionState.BROKEN:
                nudge_look(connection.pk)

    durable(switch)


def stop_blocking(*, now: datetime) -> int:
    """What is known of a connection that is switched off blocks until the day its owner named; how many reached it."""
    over = Connection.objects.defer("credential").filter(switched_off_at__isnull=False, blocks_until__lte=now)
    connections = list(over.select_related("user").order_by("pk"))
    for connection in connections:
        _stop_blocking(connection, now=now)
    return len(connections)


def _stop_blocking(connection: Connection, *, now: datetime) -> None:
    def stop() -> None:
        hold_sources_of(connection.user_id, members=_members(connection))
        if Connection.objects.filter(pk=connection.pk, blocks_until__lte=now).update(blocks_until=None):
            _bring_in_line(connection, now=now)

    durable(stop)


def _members(connection: Connection) -> list[Member]:
    """Its owner's places where calendars are configured."""
    return list(Member.objects.filter(user=connection.user_id, calendar_configuration__isnull=False).order_by("pk"))


def _bring_in_line(connection: Connection, *, now: datetime) -> None:
    """In every account of its owner, the sources that count now are those that should."""
    for member in _members(connection):
        bring_sources_in_line(locked_configuration(member), now=now)


def delete_connection(connection: Connection) -> None:
    """The secret, the mirror and the busy times go at once; what lies at the provider stays there."""

    def delete() -> None:
        hold_sources_of(connection.user_id)
        sources = list(BusySource.objects.filter(remote_calendar__connection=connection))
        Connection.objects.filter(pk=connection.pk).delete()
        for source in sources:
            close_source(source)

    durable(delete)
