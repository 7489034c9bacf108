"""What somebody who works here may see of appointments (P2): their own, and as a manager those of the account."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from accounts.models import Member
from availability.queries.sessions import session_of
from bookings.models import Appointment
from bookings.queries.team import Team, given_by


@dataclass(frozen=True, slots=True)
class Session:
    """A class session: the appointments in it, cancelled ones last. ``seats`` is None when all were cancelled."""

    appointments: Sequence[Appointment]
    seats: int | None

    @property
    def one(self) -> Appointment:
        """Calendar, host and time are the same for all."""
        return self.appointments[0]

    @property
    def taken(self) -> int:
        return sum(one.is_active for one in self.appointments)


def appointment_for(members: Collection[Member], uid: UUID) -> Appointment | None:
    """The appointment, if one of the reader's places lets them see it; None equals that there is none."""
    found = Appointment.objects.filter(seen_by(members), uid=uid)
    return found.select_related("calendar__account", "contact", "host__user", "host__account").first()


def session_for(members: Collection[Member], uid: UUID) -> Session | None:
    """The class session, if one of the reader's places lets them see it; None equals that there is none."""
    related = ("calendar__account", "contact", "host__user", "host__account")
    seats = Appointment.objects.filter(seen_by(members), session_uid=uid).select_related(*related)
    appointments = sorted(seats, key=lambda one: (not one.is_active, one.booked_at, one.pk))
    if not appointments:
        return None
    standing = session_of(uid)
    return Session(appointments, standing.seats if standing else None)


def seen_by(members: Collection[Member]) -> Q:
    """Appointments one of these places lets their user see."""
    mine = given_by(Member.objects.present().filter(user__in={member.user_id for member in members}))
    return mine | Q(calendar__account__in={member.account_id for member in members if member.manages})


def colleagues_of(member: Member) -> Sequence[Member]:
    """Whose calendars this member may look at: a manager's whole account, else nobody's."""
    if not member.manages:
        return ()
    colleagues = Member.objects.present().filter(account=member.account).select_related("user", "account")
    return list(colleagues.order_by("user__name"))


@dataclass(frozen=True, slots=True)
class HostChoice:
    """Whom staff may take an appointment for: one of ``choice`` where there is one, else ``usual``.

    None for ``usual``: whoever is free, or everybody where all take part.
    """

    choice: Sequence[Member]
    usual: Member | None


def host_choice(member: Member, team: Team, *, current: Member | None = None) -> HostChoice:
    """Managers choose among all, staff book with themselves; what is moved stays with its ``current`` host at first."""
    if not team.others:
        return HostChoice((), None)
    usual = next((one for one in team.others if one == current), None)
    if current is not None and usual is None:
        usual = team.others[0]
    if not member.manages:
        return HostChoice((), usual or next((one for one in team.others if one == member), None))
    return HostChoice(team.others if len(team.others) > 1 else (), usual)
