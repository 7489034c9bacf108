"""The step of an appointment's history that a mail tells of, with the appointment as it was after it."""

from copy import copy
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Account, Member
from bookings.models import Appointment, AppointmentChange, ChangeKind
from bookings.models.appointment import CLOSING
from bookings.models.change import TOLD
from bookings.queries.team import hosts_of

_RELATED = ("calendar__account", "contact", "host__user", "host__account")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``kind``: what it is to the recipient; a host who comes to a rescheduled appointment is booked.

    ``appointment``: as it was after the step, ``before``: as it was until then, if that is known; both unsaved.
    """

    kind: ChangeKind
    change: AppointmentChange
    appointment: Appointment
    before: Appointment | None
    hosts: tuple[Member, ...]

    @property
    def account(self) -> Account:
        return self.appointment.calendar.account

    @property
    def shown(self) -> Appointment:
        """As the recipient is to know it: whoever it was taken from knows it as it was before."""
        was_moved_away = self.kind == ChangeKind.CANCELLED and self.change.kind == ChangeKind.RESCHEDULED
        return self.before if self.before and was_moved_away else self.appointment


def appointment_of(uid: UUID) -> Appointment | None:
    return Appointment.objects.select_related(*_RELATED).filter(uid=uid).first()


def find_step(uid: UUID, sequence: int, kind: ChangeKind) -> Step | None:
    """None when the appointment is gone, or was never at this step."""
    appointment = appointment_of(uid)
    if appointment is None:
        return None
    changes = appointment.changes.filter(kind__in=TOLD, sequence__lte=sequence)
    latest = list(changes.select_related("host__user", "host__account", "member__user").order_by("-sequence")[:2])
    if not latest or latest[0].sequence != sequence:
        return None
    change, earlier = latest[0], latest[1:]
    return Step(
        kind=kind,
        change=change,
        appointment=_as_after(appointment, change),
        before=_as_after(appointment, earlier[0]) if earlier else None,
        hosts=_hosts_after(appointment, change),
    )


def _as_after(appointment: Appointment, change: AppointmentChange) -> Appointment:
    then = copy(appointment)
    then.starts_at, then.ends_at = change.starts_at, change.ends_at
    then.host, then.place, then.sequence = change.host, change.place, change.sequence
    then.changed_at = change.at
    then.confirmed_at = (appointment.confirmed_at or change.at) if change.is_confirmed else None
    for fact in CLOSING:
        setattr(then, fact, change.at if fact == f"{change.kind}_at" else None)
    return then


def _hosts_after(appointment: Appointment, change: AppointmentChange) -> tuple[Member, ...]:
    """Who else took part is known of the appointment as it is now, so it is told while its host is the same."""
    return hosts_of(appointment) if appointment.host_id == change.host_id else (change.host,)
