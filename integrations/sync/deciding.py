"""What it means that a copy of ours stands otherwise than we wrote it: pure, so that every case can be written down."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from integrations.ports import SeenCopy


class Span(NamedTuple):
    """When an item stands: aware, in UTC; whether it is marked as free; whether it is a matter of whole days."""

    starts_at: datetime
    ends_at: datetime
    free: bool = False
    all_day: bool = False

    @property
    def length(self) -> float:
        """In seconds."""
        return (self.ends_at - self.starts_at).total_seconds()


class Step(StrEnum):
    """What is done about it."""

    LEAVE = "leave"
    """It is over, or stands as it should; what its host added stays."""
    WRITE = "write"
    """Ours has moved on: written over the version seen."""
    MOVE = "move"
    """Its host moved it: the appointment follows, if the new time is allowed."""
    PUT_BACK = "put_back"
    """Written as it should stand, and its host is told why."""
    DELETED = "deleted"
    """It is marked as cancelled there: the same as deleted."""
    REMOVE = "remove"
    """What it was a copy of is no more."""


class Reason(StrEnum):
    """Why a copy is put back."""

    ONE_WAY = "one_way"
    NOT_ALLOWED = "not_allowed"
    NOT_LEAD = "not_lead"
    CLASS = "class"
    LENGTH = "length"
    REPEATS = "repeats"
    ALL_DAY = "all_day"
    FREE = "free"
    CHANGED_HERE = "changed_here"
    CANNOT_BE_READ = "cannot_be_read"


@dataclass(frozen=True, slots=True)
class Situation:
    """``wanted``: how the item stands with us, None when it is no more; ``written``: how we wrote it last, if known.
    ``tried``: how else it may stand by our own hand, because nobody knows how the try ended.

    ``may_move``: moves are followed. ``leads``: this copy's host answers for the item. ``is_session``: a class.
    ``is_own``: an own item, whose length is its host's business. ``is_behind``: a push waits to be made.
    """

    seen: SeenCopy
    wanted: Span | None
    written: Span | None
    now: datetime
    may_move: bool
    leads: bool = True
    is_session: bool = False
    is_own: bool = False
    is_behind: bool = False
    tried: tuple[Span, ...] = ()

    @property
    def left(self) -> tuple[Span, ...]:
        """As our own hand may have left it."""
        return self.tried if self.written is None else (self.written, *self.tried)


class Decided(NamedTuple):
    """``span``: where it was moved, for MOVE and, where known, PUT_BACK."""

    step: Step
    reason: Reason | None = None
    span: Span | None = None


def decide(situation: Situation) -> Decided:
    """One outcome for every situation."""
    wanted, seen = situation.wanted, situation.seen
    if wanted is None:
        return Decided(Step.REMOVE)
    if wanted.ends_at <= situation.now:
        return Decided(Step.LEAVE)
    if seen.cancelled:
        return Decided(Step.DELETED)
    there = _span_of(seen)
    if there != wanted and any(stands_as(seen, span) for span in situation.left):
        return Decided(Step.WRITE)
    if disturbed := _disturbance(seen, there, wanted):
        return Decided(Step.PUT_BACK, disturbed, there)
    return Decided(Step.LEAVE) if there == wanted or there is None else _of_a_move(situation, wanted, there)


def stands_as(seen: SeenCopy, written: Span) -> bool:
    """Whether nothing of what we own was changed: when it is, and that it is."""
    return not seen.cancelled and not seen.recurs and _span_of(seen) == written


def _of_a_move(situation: Situation, wanted: Span, there: Span) -> Decided:
    """``there`` is another time than the wanted one: who moved, they or we, or both?"""
    if situation.written is None and situation.is_behind:
        return Decided(Step.WRITE)
    written = situation.written or wanted
    reason = _objection(situation, wanted, written, there)
    return Decided(Step.PUT_BACK, reason, there) if reason else Decided(Step.MOVE, None, there)


def _objection(situation: Situation, wanted: Span, written: Span, there: Span) -> Reason | None:
    """Why the appointment does not follow."""
    objections = (
        (wanted != written, Reason.CHANGED_HERE),
        (not situation.may_move, Reason.ONE_WAY),
        (not situation.leads, Reason.NOT_LEAD),
        (situation.is_session, Reason.CLASS),
        (there.length != wanted.length and not situation.is_own, Reason.LENGTH),
    )
    return next((reason for applies, reason in objections if applies), None)


def _disturbance(seen: SeenCopy, there: Span | None, wanted: Span) -> Reason | None:
    """What the item cannot be."""
    disturbances = (
        (there is None, Reason.CANNOT_BE_READ),
        (seen.recurs, Reason.REPEATS),
        (seen.all_day != wanted.all_day, Reason.ALL_DAY),
        (seen.transparent != wanted.free, Reason.FREE),
    )
    return next((reason for applies, reason in disturbances if applies), None)


def _span_of(seen: SeenCopy) -> Span | None:
    if seen.starts_at is None or seen.ends_at is None:
        return None
    return Span(seen.starts_at, seen.ends_at, seen.transparent, seen.all_day)
