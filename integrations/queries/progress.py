"""How far a look at a connection has come, since somebody asked for one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from integrations.models import Connection
from integrations.queries.connections import read_since

# times a page asks; then it says that nobody need wait
MOST_TIMES_ASKED = 60


class Stage(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Progress:
    """``read`` of ``calendars`` in use; ``seen``: the last look before the one asked for, ``asked``: times asked."""

    stage: Stage
    read: int
    calendars: int
    seen: datetime | None
    asked: int

    @property
    def goes_on(self) -> bool:
        return self.stage in {Stage.WAITING, Stage.READING}


def progress_of(connection: Connection, *, seen: datetime | None, asked: int) -> Progress:
    """``connection`` as ``connections_of`` gives it."""
    calendars = int(getattr(connection, "in_use", 0))
    read = min(read_since(connection, seen), calendars)
    return Progress(_stage(connection, seen, asked), read, calendars, seen, asked)


def _stage(connection: Connection, seen: datetime | None, asked: int) -> Stage:
    looked_at = connection.looked_at
    if looked_at is not None and (seen is None or looked_at > seen):
        return Stage.FAILED if connection.failures or connection.refused_at else Stage.DONE
    if not connection.is_working or asked >= MOST_TIMES_ASKED:
        return Stage.UNKNOWN
    return Stage.READING if getattr(connection, "is_being_read", False) else Stage.WAITING
