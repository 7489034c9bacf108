"""What somebody who works here may see of appointments (P2): their own, and as a manager those of the account."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q

from accounts.models import Member
from availability.models import Assignment
from bookings.models import Appointment


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who was free. ``last_booked_at``: when they were chosen last before, if ever."""

    name: str
    priority: int
    last_booked_at: datetime | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Why this host (T6). ``rule`` as recorded: only_one, priority, least_recent or team_order."""

    rule: str
    decided_at: datetime
    candidates: Sequence[Candidate]


def appointment_for(members: Collection[Member], uid: UUID) -> Appointment | None:
    """The appointment, if one of the reader's places lets them see it; None equals that there is none."""
    mine = Q(host__user__in={member.user_id for member in members})
    managed = Q(calendar__account__in={member.account_id for member in members if member.manages})
    found = Appointment.objects.filter(mine | managed, uid=uid)
    return found.select_related("calendar__account", "contact", "host__user", "host__account").first()


def decision_about(appointment: Appointment) -> Decision | None:
    """The last assignment of this appointment; two queries."""
    record = Assignment.objects.filter(uid=appointment.uid).order_by("-assigned_at", "-pk").first()
    if record is None:
        return None
    names = {
        member.pk: member.user.name
        for member in Member.objects.filter(pk__in=[one["member"] for one in record.candidates]).select_related("user")
    }
    candidates = [
        Candidate(
            name=names[one["member"]],
            priority=one["priority"],
            last_booked_at=one["last_booked_at"] and datetime.fromtimestamp(one["last_booked_at"], UTC),
            is_chosen=one["member"] == record.member_id,
        )
        for one in record.candidates
        if one["member"] in names
    ]
    return Decision(rule=record.rule, decided_at=record.assigned_at, candidates=candidates)


def colleagues_of(member: Member) -> Sequence[Member]:
    """Whose calendars this member may look at: a manager's whole account, else nobody's."""
    if not member.manages:
        return ()
    return list(Member.objects.filter(account=member.account).select_related("user", "account").order_by("user__name"))
