"""One login connected twice, both times linked to one calendar: neither takes the other's events for its own."""

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.models import Member
from availability.models import BusyTime, Calendar
from bookings.models import Appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.reschedule import reschedule_appointment
from integrations.models import PendingPush, RemoteCalendar, RemoteCopy
from tests.factories import (
    CalendarFactory,
    CalendarMemberFactory,
    ConfigurationFactory,
    MemberFactory,
    ScheduleFactory,
)
from tests.integrations.sync.fault_world import HOUR, MINUTE, NINE, FaultWorld, asked

ROUNDS = 20
LAST_OF_DAY = 6


class Echo:
    """Two services of two accounts whose appointments lie in one calendar. ``changes``: what must be written once."""

    def __init__(self, world: FaultWorld, other: Calendar) -> None:
        self.world, self.other = world, other
        self.services = (world.service, other)
        self.written = self.deleted = 0
        self._slots = iter(
            [NINE + day * 24 * HOUR + hour * HOUR for day in (0, 1, 2, 3, 6, 7) for hour in range(LAST_OF_DAY)]
        )

    def book(self, service: Calendar) -> Appointment:
        self.written += 1
        return self.world.book(starts_at=next(self._slots), calendar=service)

    def move(self, appointment: Appointment) -> None:
        self.written += 1
        reschedule_appointment(appointment, starts_at=next(self._slots), now=self.world.now)

    def cancel(self, appointment: Appointment) -> None:
        self.deleted += 1
        cancel_appointment(appointment, now=self.world.now)

    def play(self) -> None:
        """Twenty rounds; the first appointment of each is moved and the last cancelled on the way."""
        booked: list[Appointment] = []
        for number in range(ROUNDS):
            if number < ROUNDS // 2:
                booked += [self.book(service) for service in self.services]
            elif number < ROUNDS - 4:
                self.move(booked[number - ROUNDS // 2])
            elif number < ROUNDS - 2:
                self.cancel(booked[-1 - (number - ROUNDS + 4)])
            self.world.round()
        self.world.settle(6)

    def demand_one_write_a_change(self) -> None:
        counts = self.world.server.counts
        assert (len(self.world.server.puts), counts["DELETE"]) == (self.written, self.deleted)
        standing = Appointment.objects.active().count()
        assert (len(self.world.copies_there()), RemoteCopy.objects.count()) == (standing, standing)
        assert not PendingPush.objects.exists()
        assert asked() == []


@pytest.fixture
def world(db: None) -> FaultWorld:
    return FaultWorld()


@pytest.fixture
def home(world: FaultWorld) -> RemoteCalendar:
    return world.add_calendar("Home", primary=True)


def _service_of(member: Member) -> Calendar:
    ScheduleFactory(member=member)
    service: Calendar = CalendarFactory(account=member.account)
    CalendarMemberFactory(calendar=service, member=member)
    return service


def test_two_users_of_one_login_write_each_change_once_and_see_the_other_as_busy_only(
    world: FaultWorld, home: RemoteCalendar
) -> None:
    grace = MemberFactory(slug="grace")
    configuration = ConfigurationFactory(member=grace)
    hers = world.know(world.there(home), world.connect(grace.user), configuration)
    configuration.primary = hers
    configuration.save()
    echo = Echo(world, _service_of(grace))

    echo.play()

    echo.demand_one_write_a_change()
    assert _busy(home) == _times(echo.other)
    assert _busy(hers) == _times(world.service)
    assert set(BusyTime.objects.values_list("label", flat=True)) == {""}


def test_one_login_that_serves_two_accounts_writes_each_change_once_and_blocks_nothing_twice(
    world: FaultWorld, home: RemoteCalendar
) -> None:
    second = MemberFactory(user=world.member.user, slug="second")
    configuration = ConfigurationFactory(member=second, primary=home)
    configuration.conflicts.add(home)
    echo = Echo(world, _service_of(second))

    echo.play()

    echo.demand_one_write_a_change()
    assert _busy(home) == []


@pytest.mark.parametrize("act", [lambda echo, one: echo.cancel(one), lambda echo, one: echo.move(one)])
def test_what_one_account_does_leaves_the_copies_of_the_other_alone(
    world: FaultWorld, home: RemoteCalendar, act: Callable[[Echo, Appointment], None]
) -> None:
    grace = MemberFactory(slug="grace")
    configuration = ConfigurationFactory(member=grace)
    configuration.primary = world.know(world.there(home), world.connect(grace.user), configuration)
    configuration.save()
    echo = Echo(world, _service_of(grace))
    mine, hers = (echo.book(service) for service in echo.services)
    world.round(3)
    before = world.server.text_of(world.ours(mine))

    act(echo, hers)
    world.round(6, after=2 * MINUTE)

    assert world.server.text_of(world.ours(mine)) == before
    echo.demand_one_write_a_change()


def _busy(remote: RemoteCalendar) -> list[tuple[datetime, datetime]]:
    found = BusyTime.objects.filter(source=remote.source, blocks=True)
    return list(found.order_by("start").values_list("start", "end"))


def _times(service: Calendar) -> list[tuple[datetime, datetime]]:
    standing = Appointment.objects.active().filter(calendar=service)
    return list(standing.order_by("starts_at").values_list("starts_at", "ends_at"))
