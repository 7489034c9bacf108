"""The outside as we know it: logins, their calendars, what lies in them, and what of ours must lie there."""

from integrations.models.calendars import CalendarConfiguration, RemoteCalendar
from integrations.models.connection import Connection, ConnectionState, Direction, Provider, WhenDeleted
from integrations.models.copies import PendingPush, RemoteCopy
from integrations.models.events import RemoteEvent
from integrations.models.journal import Decision, JournalEntry
from integrations.models.questions import AnswerKind, OpenQuestion, QuestionKind
from integrations.models.tries import ConnectionTry

__all__ = [
    "AnswerKind",
    "CalendarConfiguration",
    "Connection",
    "ConnectionState",
    "ConnectionTry",
    "Decision",
    "Direction",
    "JournalEntry",
    "OpenQuestion",
    "PendingPush",
    "Provider",
    "QuestionKind",
    "RemoteCalendar",
    "RemoteCopy",
    "RemoteEvent",
    "WhenDeleted",
]
