"""What lies in the database about appointments, in the words of the reference model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import OutgoingMail
from availability.models import Calendar, HostTime, Seat
from availability.queries.slots import open_slots
from bookings.models import Appointment, AppointmentChange
from tests.flows.booking_model import DAY, Mail

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Witness:
    """``users`` and ``emails`` of the hosts by their number, ``members`` by calendar, ``uids`` by label."""

    users: Sequence[int]
    emails: Sequence[str]
    calendars: Sequence[Calendar]
    members: Sequence[Sequence[object]]
    uids: dict[str, UUID] = field(default_factory=dict)

    def rows(self) -> dict[str, object]:
        return {
            "appointments": self.appointments(),
            "times": self.times(),
            "seats": self.seats(),
            "steps": self.steps(),
            "mails": self.mails(),
        }

    def appointments(self) -> dict[str, object]:
        found = {}
        for one in Appointment.objects.select_related("host").prefetch_related("further_hosts"):
            users = {one.host.user_id, *(member.user_id for member in one.further_hosts.all())}
            expires = minutes(one.expires_at) if one.status == "pending" and one.expires_at else None
            hosts = (one.host.user_id, *sorted(users - {one.host.user_id}))
            found[self._label(one.uid)] = (
                minutes(one.starts_at), self.numbers(hosts), one.status, one.sequence, expires, one.is_active,
            )  # fmt: skip
        return found

    def times(self) -> set[tuple[str, int, int, int, bool]]:
        live = HostTime.objects.filter(Q(expires_at=None) | Q(expires_at__gt=Now())).exclude(kind="session")
        return {
            (self._label(one.uid), *self.numbers([one.user_id]), minutes(one.starts_at), minutes(one.ends_at),
             one.exclusive)
            for one in live
        }  # fmt: skip

    def seats(self) -> dict[tuple[int, int], frozenset[str]]:
        """By session; a session without host time of its own counts as none."""
        found: dict[tuple[int, int], frozenset[str]] = {}
        uids = set(HostTime.objects.filter(kind="session", exclusive=True).values_list("uid", flat=True))
        for seat in Seat.objects.select_related("session"):
            session = seat.session
            if session.uid in uids and session.seats_taken <= session.seats:
                number = [one.pk for one in self.calendars].index(session.calendar_id)
                key = (number, minutes(session.starts_at))
                found[key] = found.get(key, frozenset()) | {self._label(seat.uid)}
        return found

    def steps(self) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for one in AppointmentChange.objects.annotate(uid=F("appointment__uid")).order_by("pk"):
            found.setdefault(self._label(one.uid), []).append((one.kind, one.sequence))
        return found

    def mails(self) -> dict[str, list[Mail]]:
        found: dict[str, list[Mail]] = {}
        for one in OutgoingMail.objects.exclude(kind__startswith="reminder"):
            label = self._label(one.subject_uid)
            to = None if one.recipient == email_of(label) else self.emails.index(one.recipient)
            found.setdefault(label, []).append(Mail(one.kind, to, one.sequence))
        return {label: sorted(mails, key=str) for label, mails in found.items()}

    def offer(self, number: int, now: datetime, *, stored: bool) -> list[tuple[int, tuple[int, ...]]]:
        calendar = Calendar.objects.select_related("account").get(pk=self.calendars[number].pk)
        besides = None if stored else uuid4()
        slots = open_slots(calendar, start=MONDAY, end=MONDAY + 3 * DAY * MINUTE, now=now, besides=besides)
        known = {member.pk: self.users.index(member.user_id) for member in self.members[number]}
        return [(minutes(slot.starts_at), tuple(known[host] for host in slot.hosts)) for slot in slots]

    def numbers(self, users: Sequence[int]) -> tuple[int, ...]:
        return tuple(self.users.index(user) for user in users)

    def _label(self, uid: UUID) -> str:
        return next((label for label, known in self.uids.items() if known == uid), f"unknown {uid}")


def email_of(label: str) -> str:
    return f"{label}@customers.example.org"


def moment(minutes: int) -> datetime:
    return MONDAY + minutes * MINUTE


def minutes(at: datetime) -> int:
    return int((at - MONDAY) / MINUTE)
