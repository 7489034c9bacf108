"""Somebody cannot come: keep their time free of new bookings, and do what was decided about each appointment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from accounts.models import Member
from availability.services.locks import lock_hosts
from availability.services.retry import durable
from bookings.models import Appointment, OwnItem, OwnItemKind
from bookings.queries.absence import Absence
from bookings.services.hand_over import (
    AlreadyClosed,
    AlreadyOver,
    ChangedMeanwhile,
    SlotTaken,
    cancel_for_absent,
    hand_over,
)
from bookings.services.history import Author
from bookings.services.own_item_time import keep_time
from bookings.signals import item_changed


class Fate(Enum):
    """What is to become of an appointment."""

    GIVE = "give"
    CANCEL = "cancel"
    LEAVE = "leave"


class Refusal(Enum):
    """Why it could not be done."""

    TAKEN = "taken"
    CHANGED = "changed"
    CLOSED = "closed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Decision:
    """``stands_at``: where whoever decided has seen it; ``to``: who gets it, if it is given."""

    appointment: Appointment
    fate: Fate
    stands_at: datetime
    to: Member | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the decisions, each in one of these."""

    given: list[Decision] = field(default_factory=list)
    cancelled: list[Decision] = field(default_factory=list)
    left: list[Decision] = field(default_factory=list)
    refused: list[tuple[Decision, Refusal]] = field(default_factory=list)


def keep_absence(absent: Member, *, absence: Absence, title: str, now: datetime) -> OwnItem:
    """An own item that keeps the time free in all calendars of the person; asked for again, the same one."""

    def keep() -> OwnItem:
        lock_hosts((absent.user_id,))
        standing = OwnItem.objects.standing().filter(
            account=absent.account_id,
            kind=OwnItemKind.BLOCK,
            blocks=True,
            starts_at=absence.starts_at,
            ends_at=absence.ends_at,
            assignees=absent,
        )
        return standing.first() or _add(absent, absence, title, now)

    return durable(keep, finds_itself=True)


def settle(decisions: Iterable[Decision], *, absent: Member, by: Author, message: str, now: datetime) -> Outcome:
    """Each in a transaction of its own, so that one that cannot be done keeps none of the others from it.

    Done again, nothing changes and nobody is told twice.
    """
    outcome = Outcome()
    for decision in decisions:
        try:
            _settle(decision, absent, by, message, now)
        except SlotTaken:
            outcome.refused.append((decision, Refusal.TAKEN))
        except ChangedMeanwhile:
            outcome.refused.append((decision, Refusal.CHANGED))
        except AlreadyClosed:
            outcome.refused.append((decision, Refusal.CLOSED))
        except AlreadyOver:
            outcome.refused.append((decision, Refusal.OVER))
        else:
            _done(outcome, decision.fate).append(decision)
    return outcome


def _settle(decision: Decision, absent: Member, by: Author, message: str, now: datetime) -> None:
    one, stands_at = decision.appointment, decision.stands_at
    if decision.fate is Fate.CANCEL:
        cancel_for_absent(one, absent=absent, stands_at=stands_at, now=now, by=by, reason=message)
    elif decision.fate is Fate.GIVE and decision.to is not None:
        hand_over(one, absent=absent, to=decision.to, stands_at=stands_at, now=now, by=by, reason=message)


def _done(outcome: Outcome, fate: Fate) -> list[Decision]:
    return {Fate.GIVE: outcome.given, Fate.CANCEL: outcome.cancelled, Fate.LEAVE: outcome.left}[fate]


def _add(absent: Member, absence: Absence, title: str, now: datetime) -> OwnItem:
    item = OwnItem.objects.create(
        account_id=absent.account_id,
        kind=OwnItemKind.BLOCK,
        title=title,
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
        all_day=absence.all_day,
        blocks=True,
        changed_at=now,
    )
    item.assignees.set([absent])
    keep_time(item, now=now)
    item_changed.send(OwnItem, uid=item.uid, now=now)
    return item
