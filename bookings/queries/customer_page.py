"""What a customer reads on the page of their own appointment: how it stands, what they may change, what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from accounts.models import OutgoingMail
from bookings.models import Appointment, AppointmentChange, BookingTerms, ChangeKind, Status, Who
from bookings.queries.terms import allowed_to_customer

# whether somebody came is between the staff
_UNTOLD = (ChangeKind.SHOWED, ChangeKind.NO_SHOW, ChangeKind.ATTENDANCE_OPEN)
# why something moved in a connected calendar, or by itself, is in nobody's words
_WITH_REASON = (Who.CUSTOMER, Who.STAFF, Who.OPERATOR)


class Stage(StrEnum):
    """How an appointment stands for its customer; ``BEGUN``: under way."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    BEGUN = "begun"
    OVER = "over"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"

    @property
    def is_closed(self) -> bool:
        return self in (Stage.CANCELLED, Stage.DECLINED, Stage.EXPIRED)

    @property
    def takes_place(self) -> bool:
        """It has its time, and that has not passed."""
        return self in (Stage.PENDING, Stage.CONFIRMED, Stage.BEGUN)


class Change(Enum):
    """What a customer may do themselves."""

    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


class Hindrance(StrEnum):
    """Why a customer cannot change it. ``SWITCHED_OFF``: nobody can online; ``PAUSED``: there are no times now."""

    CLOSED = "closed"
    OVER = "over"
    BEGUN = "begun"
    SWITCHED_OFF = "switched-off"
    TOO_LATE = "too-late"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Step:
    """One change. ``moved_from`` is None where the time stayed; ``host`` is named where another one took over."""

    kind: str
    by_customer: bool
    at: datetime
    reason: str
    starts_at: datetime
    moved_from: datetime | None
    host: str


@dataclass(frozen=True, slots=True)
class Told:
    """The mail about the latest step. ``sent_at`` is None while it is on its way."""

    email: str
    sent_at: datetime | None


def stage_of(appointment: Appointment, *, now: datetime) -> Stage:
    """A request nobody answered in time counts as expired at once, not only when a worker has said so."""
    closed = {Status.CANCELLED: Stage.CANCELLED, Status.DECLINED: Stage.DECLINED, Status.EXPIRED: Stage.EXPIRED}
    status = appointment.status
    if status in closed:
        return closed[status]
    if appointment.has_run_out(now):
        return Stage.EXPIRED
    if appointment.ends_at <= now or status in (Status.SHOWED, Status.NO_SHOW):
        return Stage.OVER
    if appointment.starts_at <= now:
        return Stage.BEGUN
    return Stage.PENDING if status == Status.PENDING else Stage.CONFIRMED


def hindrance(appointment: Appointment, terms: BookingTerms, change: Change, *, now: datetime) -> Hindrance | None:
    """What keeps the customer from this change; None if nothing does."""
    stage = stage_of(appointment, now=now)
    by_stage = {Stage.OVER: Hindrance.OVER, Stage.BEGUN: Hindrance.BEGUN}
    if stage.is_closed or stage in by_stage:
        return Hindrance.CLOSED if stage.is_closed else by_stage[stage]
    moves = change is Change.RESCHEDULE
    if not (terms.may_reschedule if moves else terms.may_cancel):
        return Hindrance.SWITCHED_OFF
    allowed = allowed_to_customer(appointment, terms, now=now)
    if not (allowed.reschedule if moves else allowed.cancel):
        return Hindrance.TOO_LATE
    return Hindrance.PAUSED if moves and not appointment.calendar.is_open else None


def steps_of(appointment: Appointment) -> tuple[Step, ...]:
    """What the customer may know of its history, the first step first; one query."""
    changes = AppointmentChange.objects.filter(appointment=appointment).exclude(kind__in=_UNTOLD)
    found = tuple(_steps(list(changes.select_related("host__user").order_by("pk"))))
    return found or (_first_of_old(appointment),)


def told(appointment: Appointment, steps: tuple[Step, ...]) -> Told | None:
    """The mail to the customer about the last of ``steps``; None if there is none, or it will not get there."""
    mails = OutgoingMail.objects.filter(subject_uid=appointment.uid, kind=steps[-1].kind)
    about_it = mails.filter(
        account=appointment.calendar.account_id, sequence=appointment.sequence, recipient=appointment.contact.email
    )
    mail = about_it.filter(parked_at__isnull=True, dropped_at__isnull=True).first()
    return Told(mail.recipient, mail.sent_at) if mail else None


def _steps(changes: list[AppointmentChange]) -> Iterator[Step]:
    before: AppointmentChange | None = None
    for change in changes:
        yield Step(
            kind=change.kind,
            by_customer=change.who == Who.CUSTOMER,
            at=change.at,
            reason=change.reason if change.who in _WITH_REASON else "",
            starts_at=change.starts_at,
            moved_from=before.starts_at if before and before.starts_at != change.starts_at else None,
            host=change.host.user.name if before and before.host_id != change.host_id else "",
        )
        before = change


def _first_of_old(appointment: Appointment) -> Step:
    """Appointments from before there was a history: that they were booked is known."""
    return Step(ChangeKind.BOOKED, True, appointment.booked_at, "", appointment.starts_at, None, "")
