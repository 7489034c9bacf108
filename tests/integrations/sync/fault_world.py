"""The sync tests' world over the real adapter: the fault server in process, asked as the workers would ask it."""

import re
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from availability.models import BusySource
from bookings.models import Appointment
from bookings.services.book import Customer, book_appointment
from integrations.models import (
    CalendarConfiguration,
    Connection,
    Decision,
    JournalEntry,
    OpenQuestion,
    PendingPush,
    RemoteCalendar,
    RemoteCopy,
)
from integrations.ports import CalendarProvider
from integrations.providers.caldav.hrefs import key_of
from integrations.sync.claims import claim_due_connections
from integrations.sync.pull import pull
from integrations.sync.push import push
from tests.factories import (
    NOW,
    CalendarFactory,
    CalendarMemberFactory,
    ConfigurationFactory,
    ConnectionFactory,
    MemberFactory,
    ScheduleFactory,
)
from tests.integrations.sync.world import HOUR, MINUTE, NINE, World, event
from tests.servers.fault_caldav import Calendar, FaultCalDAV, Killed, Login, Request, open_direct

__all__ = ["HOUR", "MINUTE", "NINE", "FaultWorld", "event"]

ADA = Customer(name="Ada Lovelace", email="ada@example.org", time_zone="UTC", locale="en-gb")
DAY = timedelta(days=1)
# more than may vanish at once
MANY = 14


class FaultWorld(World):
    """One host whose only login is at the fault server. ``now`` moves with every round; ``open`` signs in."""

    def __init__(self, server: FaultCalDAV | None = None) -> None:
        self.server = server or FaultCalDAV()
        self.login: Login = self.server.add_login()
        self.open: Callable[[Connection], CalendarProvider] = self._open_direct
        self.now = NOW
        self.member = MemberFactory(slug="ada", user__time_zone="UTC")
        ScheduleFactory(member=self.member)
        # the passwords this site has
        self.login_known = Login(self.login.username, self.login.password, "", "")
        self.connection: Connection = self.connect(self.member.user)
        self.configuration: CalendarConfiguration = ConfigurationFactory(member=self.member)
        self.service = CalendarFactory(account=self.member.account, name="First meeting")
        CalendarMemberFactory(calendar=self.service, member=self.member)

    def _open_direct(self, connection: Connection) -> CalendarProvider:
        known = (
            self.login_known if connection.username == self.login.username else self.server.logins[connection.username]
        )
        return open_direct(self.server, known)

    def connect(self, user: Any, login: Login | None = None) -> Connection:
        login = login or self.login
        connection: Connection = ConnectionFactory(
            user=user,
            server_url=f"{self.server.origin}/",
            username=login.username,
            home_url=self.server.origin + self.server.href(login.home),
            password=login.password,
        )
        return connection

    def add_calendar(self, name: str, *, primary: bool = False, **facts: Any) -> RemoteCalendar:
        """On the server, known here and checked for conflicts."""
        calendar = self.server.add_calendar(self.login, name, **facts)
        remote = self.know(calendar, self.connection, self.configuration)
        if primary:
            self.choose_primary(remote)
        return remote

    def know(
        self, calendar: Calendar, connection: Connection, configuration: CalendarConfiguration | None
    ) -> RemoteCalendar:
        """As if a look had listed it; read only if a configuration is named."""
        url = self.server.url_of(calendar)
        remote = RemoteCalendar.objects.create(
            connection=connection, key=key_of(url), url=url, name=calendar.title, capability="write"
        )
        if configuration is not None:
            remote.source = BusySource.objects.create(user=connection.user, name=calendar.title)
            remote.save()
            configuration.conflicts.add(remote)
        return remote

    def there(self, remote: RemoteCalendar) -> Calendar:
        """The calendar as the server has it."""
        found = (one for one in self.login.calendars.values() if key_of(self.server.url_of(one)) == remote.key)
        return next(found)

    def put(self, remote: RemoteCalendar, name: str = "theirs", *, start: datetime = NINE, **more: Any) -> None:
        """An event of somebody else, an hour long."""
        self.server.put(self.there(remote), f"{name}.ics", event(uid=name, start=start, **more))

    def fill(self, remote: RemoteCalendar, number: int = MANY) -> None:
        for index in range(number):
            self.put(remote, f"theirs-{index}", start=NINE + timedelta(days=index + 1))

    def book(self, *, starts_at: datetime = NINE, calendar: Any = None) -> Appointment:
        """As a customer does it, by every rule."""
        return book_appointment(calendar or self.service, starts_at=starts_at, customer=ADA, now=self.now)

    def ours(self, appointment: Appointment) -> str:
        """The UID our copy has there."""
        return RemoteCopy.objects.get(uid=appointment.uid).remote_uid

    def look(self) -> None:
        """Every login whose time has come, as a worker would claim it."""
        for claim in claim_due_connections(50, now=self.now):
            with suppress(Killed), closing(self.open(claim)) as provider:
                pull(claim, provider=provider, now=self.now)
        self.connection.refresh_from_db()

    def push_due(self) -> None:
        for pending in PendingPush.objects.due(self.now).select_related("remote_calendar__connection__user"):
            with suppress(Killed), closing(self.open(pending.remote_calendar.connection)) as provider:
                push(pending, provider=provider, now=self.now)

    def round(self, number: int = 1, *, after: timedelta = MINUTE) -> None:
        """A look at whatever is due, then the pushes that are; time passes before each."""
        for _round in range(number):
            self.now += after
            self.look()
            self.push_due()

    def look_now(self) -> None:
        """A look at once, whatever the schedule says."""
        Connection.objects.update(next_look_at=self.now)
        self.look()

    def settle(self, number: int = 6, *, after: timedelta = MINUTE) -> None:
        """Honest rounds, each with a look."""
        self.server.faults = lambda _request: None
        for _round in range(number):
            self.now += after
            self.look_now()
            self.push_due()

    def meet(self, *choices: Any) -> None:
        """The next requests meet these faults, each choice its own."""

        def choose(request: Any) -> Any:
            return next((fault for choice in choices if (fault := choice(request)) is not None), None)

        self.server.faults = choose

    def copies_there(self) -> list[str]:
        """Paths of what of ours lies on the server."""
        return sorted(path for path, text in self.server.texts().items() if "@holdfast" in text)

    def theirs(self) -> list[tuple[datetime, datetime]]:
        """When the events of others lie there, in order."""
        texts = (text for text in self.server.texts().values() if "@holdfast" not in text)
        return sorted((_moment(text, "DTSTART"), _moment(text, "DTEND")) for text in texts)

    def remote(self, remote: RemoteCalendar) -> RemoteCalendar:
        return RemoteCalendar.objects.get(pk=remote.pk)


class Fetches:
    """Names of the objects that were asked for, from now on."""

    def __init__(self, world: FaultWorld) -> None:
        self.names: list[str] = []
        world.server.faults = self._note

    def _note(self, request: Request) -> None:
        if b"calendar-multiget" in request.body:
            self.names += [name.decode() for name in re.findall(rb"/([^/<]+)\.ics</d:href>", request.body)]
        elif request.method == "GET":
            self.names.append(request.path.rpartition("/")[2].removesuffix(".ics"))


def change(world: FaultWorld, home: RemoteCalendar) -> None:
    """One event moves, one is new, one is deleted."""
    world.put(home, "theirs-1", start=NINE + DAY + 3 * HOUR)
    world.put(home, "new", start=NINE + DAY + 5 * HOUR)
    world.server.remove(world.there(home), "theirs-2.ics")


def decisions() -> list[str]:
    """What the journal says happened, oldest first."""
    return list(JournalEntry.objects.order_by("at", "pk").values_list("decision", flat=True))


def is_noted(decision: Decision) -> bool:
    return decision in decisions()


def asked() -> list[str]:
    """The kinds of the open questions."""
    return list(OpenQuestion.objects.open().order_by("pk").values_list("kind", flat=True))


def _moment(text: str, name: str) -> datetime:
    stamp = text.partition(f"\r\n{name}:")[2].partition("\r\n")[0]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
