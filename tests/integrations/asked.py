"""A host with a connected calendar, an appointment in it, and questions about it."""

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import OutgoingMail
from availability.models import CalendarMember
from bookings.models import Appointment
from bookings.services.book import Customer, book_appointment
from integrations.models import Connection, OpenQuestion, QuestionKind, RemoteCalendar, RemoteCopy
from integrations.sync.asking import ask
from integrations.sync.standing import subject_of
from tests.factories import (
    NOW,
    CalendarMemberFactory,
    ConfigurationFactory,
    ConnectionFactory,
    RemoteCalendarFactory,
)

# 10:00 in Berlin, tomorrow
TEN = NOW + timedelta(hours=26)
HALF = timedelta(minutes=30)
HOUR = timedelta(hours=1)
ADA = Customer(name="Ada Lovelace", email="ada@example.org", time_zone="Europe/London", locale="en-gb")


class Desk:
    """``appointment`` lies in ``remote``, the primary calendar of ``member``."""

    def __init__(self, **calendar: object) -> None:
        place: CalendarMember = CalendarMemberFactory(calendar__name="First visit", **calendar)
        self.calendar, self.member = place.calendar, place.member
        self.connection: Connection = ConnectionFactory(user=self.user, username="host@example.org")
        self.remote: RemoteCalendar = RemoteCalendarFactory(connection=self.connection, name="Work")
        ConfigurationFactory(member=self.member, primary=self.remote)
        self.appointment = self.book(TEN)

    @property
    def user(self):
        return self.member.user

    def book(self, starts_at: datetime, customer: Customer = ADA) -> Appointment:
        appointment = book_appointment(self.calendar, starts_at=starts_at, customer=customer, now=NOW)
        self.copy(appointment.session_uid or appointment.uid)
        return appointment

    def copy(self, uid: UUID) -> RemoteCopy:
        found, _new = RemoteCopy.objects.get_or_create(
            uid=uid,
            remote_calendar=self.remote,
            defaults={"remote_uid": f"{uid}@holdfast", "url": "https://dav.example.org/a.ics", "etag": "1"},
        )
        return found

    def lose(self, *appointments: Appointment) -> None:
        """They are not in the remote calendar any more."""
        uids = [one.session_uid or one.uid for one in appointments]
        RemoteCopy.objects.filter(uid__in=uids).update(missing_since=NOW)

    def ask(self, kind: QuestionKind, *, about: Appointment | None = None, **facts: object) -> OpenQuestion:
        about = about or self.appointment
        item = about.session_uid or about.uid
        if kind in {QuestionKind.BRAKE, QuestionKind.NOT_WRITABLE}:
            question = ask(kind, str(self.remote.pk), member=self.member, now=NOW, remote=self.remote, facts=facts)
        else:
            times = {"starts_at": about.starts_at.isoformat(), "ends_at": about.ends_at.isoformat()}
            subject = subject_of(item, self.remote)
            # a conflict is found by what blocks, not by a copy
            remote = None if kind == QuestionKind.CONFLICT else self.remote
            question = ask(kind, subject, member=self.member, now=NOW, item=item, remote=remote, facts=times | facts)
        assert question is not None
        return OpenQuestion.objects.get(uid=question.uid)

    def ask_about_move(self, reason: str = "not_allowed", by: timedelta = HOUR, **facts: object) -> OpenQuestion:
        there = {
            "there_starts_at": (self.appointment.starts_at + by).isoformat(),
            "there_ends_at": (self.appointment.ends_at + by).isoformat(),
        }
        return self.ask(QuestionKind.PUT_BACK, reason=reason, **there, **facts)

    def ask_about_conflict(self) -> OpenQuestion:
        times = {"event_starts_at": TEN.isoformat(), "event_ends_at": (TEN + HOUR).isoformat()}
        return self.ask(QuestionKind.CONFLICT, calendar="Family", **times)

    def ask_about_many(self) -> tuple[OpenQuestion, list[Appointment]]:
        """Three appointments are missing at once."""
        lost = [self.appointment, self.book(TEN + HOUR), self.book(TEN + 2 * HOUR)]
        self.lose(*lost)
        return self.ask(QuestionKind.BRAKE, count=3, of=4), lost


def mails(kind: str) -> list[str]:
    """Who got mails of this kind."""
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))
