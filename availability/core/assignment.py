"""Which of the free hosts gets an appointment: round robin, mode *availability* (T4, T6)."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Candidate(NamedTuple):
    """A host who is free: an opaque key, a priority (the larger goes first), and when they were last booked.

    ``last_booked_at`` in epoch seconds; None for a host who never was.
    """

    key: object
    priority: int
    last_booked_at: int | None = None


class DecidingRule(StrEnum):
    """What set the chosen host apart from the next one in the order."""

    ONLY_ONE = "only_one"
    PRIORITY = "priority"
    LEAST_RECENT = "least_recent"
    TEAM_ORDER = "team_order"


class Choice(NamedTuple):
    """The chosen host, the rule that decided, and everybody considered in the order of preference."""

    chosen: Candidate
    rule: DecidingRule
    considered: tuple[Candidate, ...]


class NobodyToChoose(ValueError):
    """There is no candidate to choose from."""


def choose(candidates: Iterable[Candidate]) -> Choice:
    """The first in the order of ``order_candidates``, and why; ``NobodyToChoose`` if there is none."""
    considered = order_candidates(candidates)
    if not considered:
        raise NobodyToChoose("Nobody is free")
    return Choice(considered[0], _deciding_rule(considered), considered)


def order_candidates(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Highest priority first, then least recently booked (never booked first), then as given: team order."""
    return tuple(sorted(candidates, key=_preference))


def _preference(candidate: Candidate) -> tuple[int, bool, int]:
    booked_at = candidate.last_booked_at
    return -candidate.priority, booked_at is not None, booked_at or 0


def _deciding_rule(considered: tuple[Candidate, ...]) -> DecidingRule:
    if len(considered) == 1:
        return DecidingRule.ONLY_ONE
    first, second = considered[:2]
    if first.priority != second.priority:
        return DecidingRule.PRIORITY
    if first.last_booked_at != second.last_booked_at:
        return DecidingRule.LEAST_RECENT
    return DecidingRule.TEAM_ORDER
