"""What apps above give to this one: where the copies of an item lie, and whether they are in step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from accounts.models import Member


class CopyState(StrEnum):
    IN_STEP = "in_step"
    WAITING = "waiting"
    HELD_UP = "held_up"
    STUCK = "stuck"
    CHECKED = "checked"
    MISSING = "missing"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPlace:
    """A copy of one of our items, or the place of one that is still to be written.

    ``calendar`` and ``where`` are its owner's own, and are shown to nobody else. ``at``: when it was written last or,
    while it waits, when it is tried next. ``page``: where its owner mends what is wrong; empty where nothing is.
    """

    user_id: int
    whose: str
    where: str
    calendar: str
    state: CopyState
    at: datetime | None = None
    page: str = ""


# the item's name everywhere: an appointment's, an own item's, or a class session's
CopyTeller: TypeAlias = Callable[[UUID, datetime], Sequence[CopyPlace]]

_tellers: list[CopyTeller] = []


def tell_copies_with(teller: CopyTeller) -> None:
    """From now on ``teller`` is asked as well where copies of an item lie at ``now``."""
    _tellers.append(teller)


def copies_of(uid: UUID, *, now: datetime) -> list[CopyPlace]:
    """One for each calendar outside that has a copy or waits for one; none where nothing is connected."""
    return [place for teller in _tellers for place in teller(uid, now)]


# whether a calendar outside is connected for this member, one small query
ConnectionTeller: TypeAlias = Callable[[Member], bool]

_connection_tellers: list[ConnectionTeller] = []


def tell_connected_with(teller: ConnectionTeller) -> None:
    """From now on ``teller`` is asked as well whether a member has connected a calendar (U9)."""
    _connection_tellers.append(teller)


def is_connected(member: Member) -> bool:
    return any(teller(member) for teller in _connection_tellers)
