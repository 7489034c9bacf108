"""The outside as we know it: logins, their calendars, what lies in them, and what of ours must lie there."""

from integrations.models.calendars import CalendarConfiguration, RemoteCalendar
from integrations.models.connection import Connection, ConnectionState, Provider
from integrations.models.copies import PendingPush, RemoteCopy
from integrations.models.events import RemoteEvent
from integrations.models.tries import ConnectionTry

__all__ = [
    "CalendarConfiguration",
    "Connection",
    "ConnectionState",
    "ConnectionTry",
    "PendingPush",
    "Provider",
    "RemoteCalendar",
    "RemoteCopy",
    "RemoteEvent",
]
