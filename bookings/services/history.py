"""What happened to an appointment: a step in its history, the news to the calendars outside, the mails."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Member
from accounts.services.outgoing import Addressed, queue_mail
from bookings.models import Appointment, AppointmentChange, ChangeKind, Who
from bookings.models.change import TOLD
from bookings.queries.team import hosts_of
from bookings.signals import item_changed


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something to an appointment; ``member`` for staff."""

    who: Who
    member: Member | None = None


CUSTOMER, OPERATOR, OUTSIDE, SYSTEM = (Author(who) for who in (Who.CUSTOMER, Who.OPERATOR, Who.OUTSIDE, Who.SYSTEM))


def staff(member: Member) -> Author:
    return Author(Who.STAFF, member)


def note_change(
    appointment: Appointment,
    kind: ChangeKind,
    *,
    by: Author,
    now: datetime,
    reason: str = "",
    former: Iterable[Member] = (),
    former_session: UUID | None = None,
) -> None:
    """Within the transaction that changed the appointment, which is given as it is now.

    ``former``: its hosts before; whoever is not among them any more is told that it is gone. ``former_session``: the
    class session it was a seat of before.
    """
    AppointmentChange.objects.create(
        appointment=appointment,
        kind=kind,
        who=by.who,
        member=by.member,
        at=now,
        reason=reason,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        host=appointment.host,
        place=appointment.place,
        is_confirmed=appointment.confirmed_at is not None,
    )
    if kind not in TOLD:
        return
    # what stands in the hosts' calendars is the session, not the seat
    before = {former_session or appointment.uid} if former else set()
    for uid in sorted({*before, appointment.session_uid or appointment.uid}):
        item_changed.send(Appointment, uid=uid, now=now)
    queue_mail(
        appointment.calendar.account,
        subject_uid=appointment.uid,
        sequence=appointment.sequence,
        mails=_mails(appointment, kind, by, tuple(former)),
        due_at=now,
    )


def _mails(appointment: Appointment, kind: ChangeKind, by: Author, former: tuple[Member, ...]) -> Iterator[Addressed]:
    """The customer and every host but the one who did it: a host knows what they did themselves."""
    yield Addressed(kind.value, appointment.contact.email)
    hosts = hosts_of(appointment)
    doer = by.member.user_id if by.member else None
    known = {member.user_id for member in former}
    as_new = ChangeKind.BOOKED if appointment.confirmed_at else ChangeKind.REQUESTED
    for host in hosts:
        is_new = kind == ChangeKind.RESCHEDULED and host.user_id not in known
        told = as_new if is_new else kind
        if host.user_id != doer and host.user.is_active:
            yield Addressed(f"host_{told.value}", host.user.email)
    for gone in former:
        if gone.user_id not in {doer, *(host.user_id for host in hosts)} and gone.user.is_active:
            yield Addressed(f"host_{ChangeKind.CANCELLED.value}", gone.user.email)
