"""Two hosts with logins at a calendar server that misbehaves: where the trials of the sync take place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import connection as database

from accounts.models import Member
from availability.models import BusySource, CalendarType
from availability.models import Calendar as Page
from availability.services.sources import set_blocking_sources
from integrations.models import Connection, Direction, RemoteCalendar, WhenDeleted
from integrations.providers.caldav.hrefs import key_of
from tests.factories import (
    NOW,
    AccountFactory,
    CalendarFactory,
    CalendarMemberFactory,
    ConfigurationFactory,
    ConnectionFactory,
    MemberFactory,
    RemoteCalendarFactory,
    ScheduleFactory,
)
from tests.servers.fault_caldav import Calendar, FaultCalDAV, Login

ZONE = "Europe/Berlin"
HALF_HOUR = timedelta(minutes=30)
# 8 in UTC
TUESDAY = datetime(2026, 11, 24, 8, tzinfo=UTC)
# what a run leaves behind, in an order in which it can go
_LEFT_BEHIND = (
    "integrations_openquestion",
    "integrations_journalentry",
    "integrations_pendingpush",
    "integrations_remotecopy",
    "integrations_remoteevent",
    "integrations_calendarconfiguration_conflicts",
    "integrations_calendarconfiguration",
    "integrations_remotecalendar",
    "integrations_connection",
    "bookings_appointmentchange",
    "bookings_appointment_further_hosts",
    "bookings_appointment",
    "bookings_contact",
    "accounts_outgoingmail",
    "availability_assignment",
    "availability_hosttime",
    "availability_hostday",
    "availability_storedday",
    "availability_busytime",
    "availability_blockingsource",
    "availability_busysource",
    "django_q_ormq",
)


@dataclass(eq=False)
class Account:
    """A host's login on both sides. ``folders``: the calendars there, and how we know them."""

    host: int
    login: Login
    connection: Connection
    folders: list[tuple[Calendar, RemoteCalendar]] = field(default_factory=list)


@dataclass
class Host:
    """``primary``: where appointments are written. ``counted``: what is read for conflicts beside it."""

    member: Member
    accounts: list[Account] = field(default_factory=list)
    primary: Calendar | None = None
    counted: list[Calendar] = field(default_factory=list)


class SyncWorld:
    """People and their pages stay; logins, calendars and appointments are made anew for each run."""

    def __init__(self, *, tuesday: datetime = TUESDAY) -> None:
        """What can be booked begins on this day at 8 in UTC, and ends on Thursday at 16."""
        self.days = tuple(tuesday + timedelta(days=number) for number in range(3))
        self.starts = tuple(day + number * HALF_HOUR for day in self.days for number in range(16))
        place = AccountFactory(time_zone=ZONE)
        self.members = [MemberFactory(account=place), MemberFactory(account=place)]
        for member in self.members:
            ScheduleFactory(member=member)
        ada, grace = self.members
        self._pages = {
            1: [_page(ada), _page(ada)],
            2: [
                _page(ada),
                _page(grace),
                _page(ada, grace, kind=CalendarType.ROUND_ROBIN),
                _page(ada, grace, kind=CalendarType.COLLECTIVE),
            ],
        }

    def begin(self, random: Random, server: FaultCalDAV, *, when_deleted: WhenDeleted | None = None) -> None:
        """Nothing of an earlier run is left, and the hosts have new logins at this server.

        ``when_deleted``: what all of them have chosen; by chance otherwise.
        """
        self.clear()
        self._when_deleted = when_deleted
        self.server = server
        number = random.choice((1, 1, 2))
        self.pages: list[Page] = self._pages[number]
        self.hosts = [self._host(random, index) for index in range(number)]

    def clear(self) -> None:
        with database.cursor() as cursor:
            cursor.execute("; ".join(f"DELETE FROM {table}" for table in _LEFT_BEHIND))

    @property
    def accounts(self) -> Iterator[Account]:
        for host in self.hosts:
            yield from host.accounts

    def is_read(self, calendar: Calendar) -> bool:
        """As their owners have it, whatever the site has made of it."""
        return any(calendar is one for host in self.hosts for one in (host.primary, *host.counted))

    def _host(self, random: Random, index: int) -> Host:
        host = Host(self.members[index])
        configuration = ConfigurationFactory(member=host.member)
        for number in range(random.choice((1, 1, 2))):
            host.accounts.append(self._account(random, host, index, number))
        folders = [folder for account in host.accounts for folder in account.folders]
        host.primary, primary = folders[0]
        configuration.primary = primary
        configuration.save()
        counted = [remote for _calendar, remote in folders if random.random() < 0.7]
        configuration.conflicts.set(counted)
        host.counted = [calendar for calendar, remote in folders if remote in counted]
        for _calendar, remote in folders:
            if remote in counted or remote == primary:
                remote.source = BusySource.objects.create(user=host.member.user, name=remote.name)
                remote.save(update_fields=["source"])
        set_blocking_sources(host.member, [remote.source for remote in counted], now=NOW)
        return host

    def _account(self, random: Random, host: Host, index: int, number: int) -> Account:
        login = self.server.add_login(f"person{index}-{number}@example.com", "password")
        kind = random.choice((Direction.TWO_WAY, Direction.TWO_WAY, Direction.ONE_WAY, Direction.CUSTOM))
        policy = random.choice(tuple(WhenDeleted))
        if self._when_deleted is not None:
            kind, policy = Direction.CUSTOM, self._when_deleted
        connection = ConnectionFactory(
            user=host.member.user,
            server_url=f"{self.server.origin}/",
            username=login.username,
            password=login.password,
            home_url=self.server.origin + login.home,
            direction=kind,
            when_deleted=policy,
        )
        account = Account(index, login, connection)
        for each in range(random.choice((1, 2, 3))):
            calendar = self.server.add_calendar(login, f"Calendar {index}-{number}-{each}")
            url = self.server.url_of(calendar)
            remote = RemoteCalendarFactory(connection=connection, key=key_of(url), url=url, name=calendar.title)
            account.folders.append((calendar, remote))
        return account


def _page(*members: Member, kind: CalendarType = CalendarType.SERVICE) -> Page:
    page: Page = CalendarFactory(account=members[0].account, type=kind, keeps_host=True)
    for position, member in enumerate(members):
        CalendarMemberFactory(calendar=page, member=member, position=position, is_lead=position == 0)
    return page
