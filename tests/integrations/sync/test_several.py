"""Items of several hosts or several customers: one copy in each host's primary calendar (T2, T8, Y8)."""

from datetime import timedelta

import pytest

from availability.models import BusySource, Calendar
from bookings.models import Appointment
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.reschedule import reschedule_appointment
from integrations.models import Connection, PendingPush, RemoteCalendar, RemoteCopy
from integrations.providers.caldav.hrefs import key_of
from integrations.services.configure import set_primary
from tests.factories import (
    NOW,
    CalendarFactory,
    CalendarMemberFactory,
    ConfigurationFactory,
    ConnectionFactory,
    MemberFactory,
    RemoteCalendarFactory,
    ScheduleFactory,
)
from tests.fakes.memory_provider import LOGIN
from tests.integrations.sync.world import NINE, World

HOUR = timedelta(hours=1)
ADA = Customer(name="Ada Lovelace", email="ada@example.org", time_zone="UTC", locale="en-gb")


class Colleague:
    """A second host, whose primary calendar lies on the same server, in the same login or at the same place."""

    def __init__(self, world: World, remote_url: str) -> None:
        self.member = MemberFactory(account=world.member.account, slug="grace")
        ScheduleFactory(member=self.member)
        connection = ConnectionFactory(
            user=self.member.user, server_url=LOGIN.server_url, username=LOGIN.username, password=LOGIN.password
        )
        Connection.objects.filter(pk=connection.pk).update(home_url=world.connection.home_url)
        self.remote: RemoteCalendar = RemoteCalendarFactory(
            connection=connection, key=key_of(remote_url), url=remote_url
        )
        ConfigurationFactory(member=self.member, primary=self.remote)


@pytest.fixture
def home(world: World) -> RemoteCalendar:
    ScheduleFactory(member=world.member)
    return world.add_calendar("Home", primary=True)


@pytest.fixture
def colleague(world: World) -> Colleague:
    return Colleague(world, world.server.add_calendar("Colleague"))


@pytest.fixture
def board(world: World, colleague: Colleague) -> Calendar:
    calendar = CalendarFactory(account=world.member.account, type="collective", name="Board")
    for member in (world.member, colleague.member):
        CalendarMemberFactory(calendar=calendar, member=member, is_lead=member == world.member)
    return calendar


def _book(calendar: Calendar, **more: object) -> Appointment:
    return book_appointment(calendar, starts_at=NINE, customer=ADA, now=NOW, **more)


def _texts(world: World, remote: RemoteCalendar) -> list[str]:
    return list(world.server.objects(remote.url).values())


def test_a_collective_appointment_lies_in_the_calendars_of_all(
    world: World, home: RemoteCalendar, colleague: Colleague, board: Calendar
) -> None:
    appointment = _book(board)

    world.push_all()

    (mine,), (theirs,) = _texts(world, home), _texts(world, colleague.remote)
    assert f"UID:{appointment.uid}@holdfast" in mine
    assert f"UID:{appointment.uid}@holdfast" in theirs
    assert "SUMMARY:Board: Ada Lovelace" in theirs


def test_it_leaves_all_of_them_when_cancelled(
    world: World, home: RemoteCalendar, colleague: Colleague, board: Calendar
) -> None:
    appointment = _book(board)
    world.push_all()

    cancel_appointment(appointment, now=NOW)
    world.push_all()

    assert _texts(world, home) == _texts(world, colleague.remote) == []
    assert not RemoteCopy.objects.exists()


def test_it_leaves_the_calendar_of_whoever_no_longer_takes_part(
    world: World, home: RemoteCalendar, colleague: Colleague
) -> None:
    calendar = CalendarFactory(account=world.member.account, type="round_robin", keeps_host=False)
    places = [CalendarMemberFactory(calendar=calendar, member=one) for one in (world.member, colleague.member)]
    appointment = _book(calendar, host=world.member)
    world.push_all()
    places[0].delete()

    reschedule_appointment(appointment, starts_at=NINE + HOUR, now=NOW)
    world.push_all()

    assert _texts(world, home) == []
    assert len(_texts(world, colleague.remote)) == 1


def test_where_a_login_takes_a_uid_once_the_second_copy_gets_another(
    world: World, home: RemoteCalendar, colleague: Colleague, board: Calendar
) -> None:
    world.server.takes_a_uid_once = True
    appointment = _book(board)

    world.push_all()

    uids = {copy.remote_uid for copy in RemoteCopy.objects.all()}
    assert len(uids) == 2
    assert f"{appointment.uid}@holdfast" in uids
    assert [len(_texts(world, remote)) for remote in (home, colleague.remote)] == [1, 1]
    assert not PendingPush.objects.exists()
    cancel_appointment(appointment, now=NOW)
    world.push_all()
    assert _texts(world, home) == _texts(world, colleague.remote) == []


def test_two_hosts_who_share_one_calendar_have_one_event_there(world: World, home: RemoteCalendar) -> None:
    colleague = Colleague(world, home.url)
    calendar = CalendarFactory(account=world.member.account, type="collective")
    for member in (world.member, colleague.member):
        CalendarMemberFactory(calendar=calendar, member=member)
    appointment = _book(calendar)

    world.push_all()

    assert len(_texts(world, home)) == 1
    cancel_appointment(appointment, now=NOW)
    world.push_all()
    assert _texts(world, home) == []
    assert not PendingPush.objects.exists()


def test_the_copy_of_one_host_does_not_block_another_who_reads_it(
    world: World, home: RemoteCalendar, colleague: Colleague, board: Calendar
) -> None:
    read = _as_read_by(world, colleague.remote)
    appointment = _book(board)
    world.push_all()

    world.pull()

    assert read.events.get().item_uid == appointment.uid
    assert world.blocked() == []


def _as_read_by(world: World, remote: RemoteCalendar) -> RemoteCalendar:
    """The same calendar, listed in the login of the first host and checked for conflicts."""
    source = BusySource.objects.create(user=world.member.user, name="Theirs")
    listed = RemoteCalendarFactory(connection=world.connection, key=remote.key, url=remote.url, source=source)
    world.configuration.conflicts.add(listed)
    return listed


def test_seats_of_a_class_are_one_event_that_goes_with_the_last(world: World, home: RemoteCalendar) -> None:
    yoga = CalendarFactory(account=world.member.account, type="class", name="Yoga", seats=8)
    CalendarMemberFactory(calendar=yoga, member=world.member)
    seats = [_book(yoga) for _number in range(2)]
    world.push_all()
    (text,) = _texts(world, home)
    assert "SUMMARY:Yoga (2 of 8)" in text

    cancel_appointment(seats[0], now=NOW)
    world.push_all()
    (text,) = _texts(world, home)
    assert "SUMMARY:Yoga (1 of 8)" in text

    cancel_appointment(seats[1], now=NOW)
    world.push_all()
    assert _texts(world, home) == []


def test_a_seat_that_moves_changes_both_sessions(world: World, home: RemoteCalendar) -> None:
    yoga = CalendarFactory(account=world.member.account, type="class", name="Yoga", seats=8)
    CalendarMemberFactory(calendar=yoga, member=world.member)
    first, _second = _book(yoga), _book(yoga)
    world.push_all()

    reschedule_appointment(first, starts_at=NINE + HOUR, now=NOW)
    world.push_all()

    texts = _texts(world, home)
    assert len(texts) == 2
    assert all("SUMMARY:Yoga (1 of 8)" in text for text in texts)


def test_the_coming_items_of_somebody_who_takes_part_move_with_their_primary_calendar(
    world: World, home: RemoteCalendar, colleague: Colleague, board: Calendar
) -> None:
    _book(board)
    yoga = CalendarFactory(account=world.member.account, type="class")
    CalendarMemberFactory(calendar=yoga, member=colleague.member)
    for _number in range(3):
        book_appointment(yoga, starts_at=NINE + HOUR, customer=ADA, now=NOW)

    assert set_primary(colleague.member, None, now=NOW) == 2
