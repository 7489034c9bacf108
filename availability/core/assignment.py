"""Which of the free hosts gets an appointment: round robin in both modes (T4–T6)."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Candidate(NamedTuple):
    """A host who is free: an opaque key, a priority (the larger goes first), when they were last booked, how often.

    ``last_booked_at`` in epoch seconds; None for a host who never was. ``booked``: the count of T5.
    """

    key: object
    priority: int
    last_booked_at: int | None = None
    booked: int = 0


class Mode(StrEnum):
    """How hosts are weighed against each other."""

    AVAILABILITY = "availability"
    EQUAL = "equal"


class DecidingRule(StrEnum):
    """What decided: why there was no choice, or what set the chosen host apart from the next one in the order."""

    ONLY_ONE = "only_one"
    NAMED = "named"
    KEPT = "kept"
    EVERYBODY = "everybody"
    PRIORITY = "priority"
    LEAST_RECENT = "least_recent"
    LEAST_BOOKED = "least_booked"
    TEAM_ORDER = "team_order"
    OVERBOOKED = "overbooked"


class Choice(NamedTuple):
    """The chosen host, the rule that decided, and everybody considered in the order of preference."""

    chosen: Candidate
    rule: DecidingRule
    considered: tuple[Candidate, ...]


class NobodyToChoose(ValueError):
    """There is no candidate to choose from."""


def choose(candidates: Iterable[Candidate], mode: Mode = Mode.AVAILABILITY, *, prefer: object | None = None) -> Choice:
    """The first in the order of preference, and why; ``NobodyToChoose`` if there is none.

    Mode *availability*: highest priority, then least recently booked (never booked first), then as given, which
    is team order. Mode *equal*: least booked, then as given. ``prefer`` goes first if among them.
    """
    considered = sorted(candidates, key=_by_priority if mode is Mode.AVAILABILITY else _by_count)
    if not considered:
        raise NobodyToChoose("Nobody is free")
    kept = [one for one in considered if prefer is not None and one.key == prefer]
    if kept:
        others = (one for one in considered if one.key != prefer)
        return Choice(kept[0], DecidingRule.KEPT, (*kept, *others))
    return Choice(considered[0], _deciding_rule(considered, mode), tuple(considered))


def _by_priority(candidate: Candidate) -> tuple[int, bool, int]:
    booked_at = candidate.last_booked_at
    return -candidate.priority, booked_at is not None, booked_at or 0


def _by_count(candidate: Candidate) -> int:
    return candidate.booked


def _deciding_rule(considered: list[Candidate], mode: Mode) -> DecidingRule:
    if len(considered) == 1:
        return DecidingRule.ONLY_ONE
    first, second = considered[:2]
    if mode is Mode.EQUAL:
        return DecidingRule.TEAM_ORDER if first.booked == second.booked else DecidingRule.LEAST_BOOKED
    if first.priority != second.priority:
        return DecidingRule.PRIORITY
    if first.last_booked_at != second.last_booked_at:
        return DecidingRule.LEAST_RECENT
    return DecidingRule.TEAM_ORDER
