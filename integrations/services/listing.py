"""Keep what the home lists, when somebody connects."""

from collections.abc import Iterable
from datetime import datetime

from integrations.models import Connection, RemoteCalendar
from integrations.ports import ListedCalendar

_SEEN = ("url", "name", "colour", "capability", "unlisted_at", "gone_at", "write_refused_at", "problem")


def keep_listed(connection: Connection, listed: Iterable[ListedCalendar], *, now: datetime) -> None:
    """Know the calendars of the home; one the home no longer lists is gone. How far each was read stays as it was."""
    rows = {calendar.key: _row(connection, calendar) for calendar in listed}
    RemoteCalendar.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=("connection", "key"), update_fields=_SEEN
    )
    known = RemoteCalendar.objects.filter(connection=connection, gone_at__isnull=True)
    known.exclude(key__in=rows).update(gone_at=now)


def _row(connection: Connection, listed: ListedCalendar) -> RemoteCalendar:
    return RemoteCalendar(
        connection=connection,
        key=listed.key,
        url=listed.url,
        name=listed.name[:200],
        colour=listed.colour[:20],
        capability=listed.capability.value,
    )
