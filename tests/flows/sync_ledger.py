"""What was done in a trial of the sync, by whom: kept apart from the site and the server, and held against both."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from integrations.sync.ours import SUFFIX, item_uid_of
from tests.servers.fault_caldav import Calendar

Span = tuple[datetime, datetime]


class Kind(StrEnum):
    """What somebody did to a copy of ours with their phone; or that it is to be written anew, elsewhere."""

    ANEW = "anew"
    MOVED = "moved"
    REMOVED = "removed"
    NOTED = "noted"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Edit:
    """``known``: we had it in writing that the copy lies there, and it shall. ``note``: the words that were added."""

    kind: Kind
    host: int
    span: Span | None = None
    note: str = ""
    known: bool = True
    into: Calendar | None = None


@dataclass
class Foreign:
    """An event that is not ours. ``busy``: when it blocks; ``version`` rises with each change."""

    text: str
    busy: frozenset[Span]
    version: int = 0


@dataclass
class Booking:
    """``times``: each that was acknowledged here, in order. ``edits`` of its copies, in order."""

    times: list[datetime]
    is_cancelled: bool = False
    edits: list[Edit] = field(default_factory=list)

    def edits_of(self, host: int, *kinds: Kind) -> list[Edit]:
        return [edit for edit in self.edits if edit.host == host and (not kinds or edit.kind in kinds)]


@dataclass
class Ledger:
    """``events`` by path. ``trouble``: faults, deaths and others at the same row. ``steps``: in words."""

    events: dict[str, Foreign] = field(default_factory=dict)
    bookings: dict[UUID, Booking] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    trouble: int = 0
    deaths: int = 0
    changes: int = 0
    mass_removal: set[UUID] = field(default_factory=set)
    late_creations: set[UUID] = field(default_factory=set)

    def note(self, *words: object) -> None:
        self.steps.append(" ".join(str(word) for word in words))


def item_of(uid: str) -> UUID | None:
    """Which of our items an object bears the name of."""
    return item_uid_of(uid) if uid.endswith(SUFFIX) else None
