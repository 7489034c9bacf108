"""The record an assignment leaves, as staff read it: what decided, who was weighed, who was passed over (T6)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Member
from availability.core.assignment import DecidingRule
from availability.core.intervals import moment
from availability.models import Assignment

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Considered:
    """Somebody who was free. What was not weighed is None: the priority, and how often they were booked that month.

    ``last_booked_at``: when they were chosen last before, if ever.
    """

    name: str
    is_chosen: bool
    priority: int | None = None
    booked: int | None = None
    last_booked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody who could not be chosen, and the codes of what was in the way."""

    name: str
    codes: tuple[str, ...]
    booked: int | None = None


@dataclass(frozen=True, slots=True)
class AssignmentRecord:
    """``rule`` as recorded, one of ``DecidingRule``. ``considered`` in the order of preference.

    ``also``: who always takes part.
    """

    rule: str
    host: str
    decided_at: datetime
    considered: tuple[Considered, ...]
    also: tuple[str, ...]
    passed_over: tuple[PassedOver, ...]


def assignment_of(uid: UUID) -> AssignmentRecord | None:
    """The last assignment of the taker ``uid``; two queries. Who left the account is not named any more."""
    return records_of(last_assignments((uid,)).values()).get(uid)


def last_assignments(uids: Collection[UUID]) -> dict[UUID, Assignment]:
    """Of each of these takers, if it has any; one query."""
    assigned = Assignment.objects.filter(uid__in=uids).select_related("member__user")
    return {one.uid: one for one in assigned.order_by("uid", "-assigned_at", "-pk").distinct("uid")}


def records_of(assignments: Collection[Assignment]) -> dict[UUID, AssignmentRecord]:
    """By taker; one query. Who left the account is not named any more."""
    looked_at = {one["member"] for assignment in assignments for one in assignment.candidates}
    members = Member.objects.filter(pk__in=looked_at).select_related("user")
    names = {member.pk: str(member.user) for member in members}
    return {assignment.uid: _record(assignment, names) for assignment in assignments}


def _record(record: Assignment, names: Mapping[int, str]) -> AssignmentRecord:
    known: list[Entry] = [one for one in record.candidates if one["member"] in names]
    others = [one for one in known if "priority" not in one]
    counts = _counts_bookings(record.rule, known)
    return AssignmentRecord(
        rule=record.rule,
        host=str(record.member.user),
        decided_at=record.assigned_at,
        considered=tuple(_considered(known, names, chosen=record.member_id, counts=counts)),
        also=tuple(names[one["member"]] for one in others if not one["reasons"] and one["member"] != record.member_id),
        passed_over=tuple(
            PassedOver(names[one["member"]], tuple(one["reasons"]), one["booked"] if counts else None)
            for one in others
            if one["reasons"]
        ),
    )


def _considered(known: Sequence[Entry], names: Mapping[int, str], *, chosen: int, counts: bool) -> Iterator[Considered]:
    for one in known:
        if "priority" in one:
            last = one.get("last_booked_at")
            yield Considered(
                name=names[one["member"]],
                is_chosen=one["member"] == chosen,
                priority=one["priority"] or None,
                booked=one.get("booked", 0) if counts else None,
                last_booked_at=moment(last) if last else None,
            )


def _counts_bookings(rule: str, known: Sequence[Entry]) -> bool:
    """Whether bookings were counted: in equal distribution alone, where nobody has a priority."""
    weighed = [one for one in known if "priority" in one]
    if any(one["priority"] for one in weighed):
        return False
    return rule == DecidingRule.LEAST_BOOKED or (len(weighed) > 1 and rule != DecidingRule.EVERYBODY)
