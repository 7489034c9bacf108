"""A member leaves the account: nothing new is booked with them, and what is booked goes the way that was decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Member
from accounts.services.leave import leave_within
from accounts.services.member_changes import LastOwner, NotTheirs
from availability.models import Calendar
from availability.services.leave_calendars import leave_calendars_within
from availability.services.retry import durable
from bookings.services.absence import Decision, Outcome, settle
from bookings.services.history import staff

__all__ = ["LastOwner", "Left", "NotTheirs", "let_go"]


@dataclass(frozen=True, slots=True)
class Left:
    """``paused``: the calendars that had nobody else; ``outcome``: what became of the appointments."""

    paused: Sequence[Calendar]
    outcome: Outcome


def let_go(member: Member, *, decisions: Iterable[Decision], by: Member, message: str, now: datetime) -> Left:
    """Off all calendars and out of the account first, so that nothing is booked meanwhile; then each appointment.

    For somebody who has left already it settles what is still theirs. Raises ``LastOwner`` and ``NotTheirs``;
    nothing is changed then.
    """

    def leave() -> Sequence[Calendar]:
        leave_within(member, by=by, now=now)
        return leave_calendars_within(member, now=now)

    paused = durable(leave)
    member.refresh_from_db(fields=["left_at"])
    return Left(paused, settle(decisions, absent=member, by=staff(by), message=message, now=now))
