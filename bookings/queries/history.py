"""The history of an appointment as staff read it: what happened when, by whom, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _

from accounts.models import Member
from bookings.models import Appointment, AppointmentChange, ChangeKind, Who


@dataclass(frozen=True, slots=True)
class Step:
    """One change. ``by`` in words; ``starts_at`` and ``host`` as they were after it."""

    CLOSING: ClassVar[tuple[ChangeKind, ...]] = (ChangeKind.CANCELLED, ChangeKind.DECLINED, ChangeKind.EXPIRED)

    kind: ChangeKind
    by: str
    at: datetime
    reason: str
    starts_at: datetime
    host: str

    @property
    def has_time(self) -> bool:
        """Whether the step gave the appointment its time, so that the time is worth telling."""
        return self.kind in {ChangeKind.REQUESTED, ChangeKind.BOOKED, ChangeKind.RESCHEDULED}


def history_of(appointment: Appointment, *, reader: Member) -> tuple[Step, ...]:
    """All steps, the first one first; one query."""
    changes = AppointmentChange.objects.filter(appointment=appointment).select_related("member__user", "host__user")
    return tuple(_step(change, reader) for change in changes.order_by("pk"))


def closing_step(appointment: Appointment, *, reader: Member) -> Step | None:
    """The step that ended it; None while it has its time."""
    if appointment.is_active:
        return None
    return next((step for step in reversed(history_of(appointment, reader=reader)) if step.kind in Step.CLOSING), None)


def _step(change: AppointmentChange, reader: Member) -> Step:
    return Step(
        kind=ChangeKind(change.kind),
        by=_author(change, reader),
        at=change.at,
        reason=change.reason,
        starts_at=change.starts_at,
        host=str(change.host.user),
    )


def _author(change: AppointmentChange, reader: Member) -> str:
    """ "by you"; of staff who left the account only that it was staff is known."""
    if change.who == Who.STAFF and change.member:
        is_reader = change.member.user_id == reader.user_id
        return _("by you") if is_reader else _("by %(name)s") % {"name": change.member.user}
    words = {
        Who.CUSTOMER: _("by the customer"),
        Who.STAFF: _("by staff"),
        Who.OPERATOR: _("by the operator"),
        Who.OUTSIDE: _("in a connected calendar"),
        Who.SYSTEM: _("by itself"),
    }
    return words[Who(change.who)]
