"""A host with a login at a calendar server in memory: what the sync tests start from."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from availability.models import BusySource, BusyTime
from bookings.models import Appointment
from bookings.signals import item_changed
from integrations.models import CalendarConfiguration, Connection, PendingPush, RemoteCalendar
from integrations.ports import Capability
from integrations.providers.caldav.hrefs import key_of
from integrations.sync.pull import pull
from integrations.sync.push import push
from tests.factories import (
    NOW,
    CalendarFactory,
    ConfigurationFactory,
    ConnectionFactory,
    ContactFactory,
    MemberFactory,
    RemoteCalendarFactory,
)
from tests.fakes.memory_provider import LOGIN, MemoryProvider, MemoryServer

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
# a Tuesday, 09:00 UTC
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def event(
    *, uid: str = "theirs", start: datetime = NINE, end: datetime | None = None, lines: Sequence[str] = ()
) -> str:
    """An iCalendar object of one event; ``lines`` are added to it."""
    stretch = [f"DTSTART:{_stamp(start)}", f"DTEND:{_stamp(end or start + HOUR)}"]
    body = [f"UID:{uid}", "DTSTAMP:20261101T000000Z", *stretch, "SUMMARY:Dentist", *lines]
    wrapped = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Test//EN",
        "BEGIN:VEVENT",
        *body,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(wrapped) + "\r\n"


class World:
    """One host, one login, one server; calendars are added to both sides at once."""

    def __init__(self) -> None:
        self.server = MemoryServer()
        self.provider = MemoryProvider(self.server)
        self.member = MemberFactory(slug="ada")
        self.connection: Connection = ConnectionFactory(
            user=self.member.user,
            server_url=LOGIN.server_url,
            username=LOGIN.username,
            home_url=self.server.home.url,
            password=LOGIN.password,
        )
        self.configuration: CalendarConfiguration = ConfigurationFactory(member=self.member)
        self.service = CalendarFactory(account=self.member.account, name="First meeting")

    def add_calendar(
        self, name: str, *, primary: bool = False, capability: Capability = Capability.WRITE
    ) -> RemoteCalendar:
        """A remote calendar on the server, known here and checked for conflicts."""
        url = self.server.add_calendar(name, capability=capability)
        remote: RemoteCalendar = RemoteCalendarFactory(
            connection=self.connection, key=key_of(url), url=url, name=name, capability=str(capability)
        )
        remote.source = BusySource.objects.create(user=self.member.user, name=name)
        remote.save()
        self.configuration.conflicts.add(remote)
        if primary:
            self.choose_primary(remote)
        return remote

    def choose_primary(self, remote: RemoteCalendar | None) -> None:
        self.configuration.primary = remote
        self.configuration.save()

    def book(self, *, starts_at: datetime = NINE, calendar: Any = None) -> Appointment:
        appointment = Appointment.objects.create(
            calendar=calendar or self.service,
            contact=ContactFactory(account=self.member.account),
            host=self.member,
            customer_name="Ada Lovelace",
            starts_at=starts_at,
            ends_at=starts_at + HOUR / 2,
            booked_at=NOW,
            changed_at=NOW,
            confirmed_at=NOW,
        )
        changed(appointment)
        return appointment

    def pull(self, *, now: datetime = NOW, provider: MemoryProvider | None = None) -> None:
        connection = Connection.objects.select_related("user").get(pk=self.connection.pk)
        pull(connection, provider=provider or self.provider, now=now)
        self.connection.refresh_from_db()

    def push_all(self, *, now: datetime = NOW, provider: MemoryProvider | None = None) -> None:
        """Every push that is due, in no particular order, once."""
        for pending in PendingPush.objects.due(now):
            push(pending, provider=provider or self.provider, now=now)

    def blocked(self) -> list[tuple[datetime, datetime]]:
        """What blocks the host, as stored."""
        return list(BusyTime.objects.filter(blocks=True).order_by("start").values_list("start", "end"))


def changed(appointment: Appointment, *, now: datetime = NOW) -> None:
    item_changed.send(Appointment, uid=appointment.uid, now=now)


def cancel(appointment: Appointment, *, now: datetime = NOW) -> None:
    Appointment.objects.filter(pk=appointment.pk).update(cancelled_at=now)
    changed(appointment, now=now)


def move(appointment: Appointment, starts_at: datetime, *, now: datetime = NOW) -> None:
    Appointment.objects.filter(pk=appointment.pk).update(starts_at=starts_at, ends_at=starts_at + HOUR / 2, sequence=1)
    changed(appointment, now=now)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
