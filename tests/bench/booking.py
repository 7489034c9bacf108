"""Booking under contention: 32 customers with a connection each, with lock and constraint and without."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median
from threading import Barrier
from typing import NamedTuple
from unittest import mock

from django.db import connection, connections
from django.utils.text import slugify

from accounts.models import Account, Member, User
from accounts.roles import Role
from availability.models import (
    Calendar,
    CalendarMember,
    CalendarType,
    ClassSession,
    HostTime,
    Schedule,
    Seat,
    WeeklyHours,
)
from availability.services import reserve
from bookings.services.book import Customer, SlotTaken, book_appointment
from tests.bench import databases
from tests.bench.findings import Finding
from tests.bench.site import tidy

PART = "booking"
CUSTOMERS = 32
MOST_SECONDS = 2
# the goal for attempts a second is 0.7 of those without a promise: at most so many times the time
MUST, GOAL, GOAL_P99 = 1 / 0.3, 1 / 0.7, 1.5
_BARE = "without_promise"
_RACES = ("one slot", "overlapping slots", "last seat")
_NAMES = (*_RACES, "slots of their own")
_GRID = timedelta(minutes=5)


class Race(NamedTuple):
    """What every customer wants in turn: ``wishes[customer][turn]``."""

    name: str
    calendar: Calendar
    wishes: Sequence[Sequence[datetime]]


class Ran(NamedTuple):
    """``waits`` in seconds, one an attempt."""

    seconds: float
    waits: Sequence[float]
    errors: Sequence[str]
    booked: int

    @property
    def each(self) -> float:
        return self.seconds / len(self.waits)

    @property
    def p99(self) -> float:
        return sorted(self.waits)[int(len(self.waits) * 0.99)]


def measure(rounds: int, *, now: datetime, is_quick: bool) -> Iterator[Finding]:
    turns = 2 if is_quick else 7
    races = _races(turns, now=now)
    home = connection.settings_dict["NAME"]
    databases.copy(_BARE)
    for race in races:
        ran: dict[str, list[Ran]] = {"ours": [], "bare": []}
        deadlocks = _deadlocks()
        for _ in range(rounds):
            ran["ours"].append(_run(race, now))
            with _without_promise(home):
                ran["bare"].append(_run(race, now))
        yield from _found(race, ran, deadlocks=_deadlocks() - deadlocks)


def _found(race: Race, ran: dict[str, list[Ran]], *, deadlocks: int) -> Iterator[Finding]:
    ours, bare = ran["ours"], ran["bare"]
    each = {who: median(one.each for one in runs) for who, runs in ran.items()}
    p99 = {who: median(one.p99 for one in runs) for who, runs in ran.items()}
    slowest = max(wait for one in ours for wait in one.waits)
    twice = sum(one.booked for one in bare) - sum(one.booked for one in ours)
    speeds = ", ".join(f"{who} {1 / seconds:.0f} attempts/s" for who, seconds in each.items())
    yield Finding(PART, f"{race.name}, time for an attempt", each["ours"] / each["bare"], MUST, GOAL, note=speeds)
    waits = ", ".join(f"{who} {seconds * 1000:.0f} ms" for who, seconds in p99.items())
    yield Finding(PART, f"{race.name}, p99", p99["ours"] / p99["bare"], None, GOAL_P99, note=waits)
    most = MOST_SECONDS * 1000 if race.name in _RACES else None
    yield Finding(PART, f"{race.name}, slowest in ms", round(slowest * 1000), most, is_count=True)
    note = f"{twice} more than there is room for without lock and constraint"
    yield Finding(PART, f"{race.name}, booked twice", _booked_twice(), 0, 0, is_count=True, note=note)
    errors = Counter(error for one in ours for error in one.errors)
    yield Finding(PART, f"{race.name}, errors", errors.total(), 0, 0, is_count=True, note=" ".join(errors))
    yield Finding(PART, f"{race.name}, deadlocks", deadlocks, 0, 0, is_count=True)


def _races(turns: int, *, now: datetime) -> list[Race]:
    """The turns lie days apart, so that one does not decide the next.

    Without lock and constraint nearly every attempt books, which takes longer than to be refused; so the last race,
    where everybody gets what they want, shows what the promise costs.
    """
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    days = [first + timedelta(days=turn) for turn in range(turns)]
    near, apart = (
        [[day + customer * step for day in days] for customer in range(CUSTOMERS)] for step in (_GRID, 6 * _GRID)
    )
    account = Account.objects.create(name="Rush", slug="rush", time_zone="UTC")
    one, overlapping, seat, own = (_calendar(account, name) for name in _NAMES)
    seat.type, seat.seats = CalendarType.CLASS, 1
    seat.save()
    wishes = ([days] * CUSTOMERS, near, [days] * CUSTOMERS, apart)
    return [Race(*each) for each in zip(_NAMES, (one, overlapping, seat, own), wishes, strict=True)]


def _calendar(account: Account, name: str) -> Calendar:
    slug = slugify(name)
    user = User.objects.create(email=f"{slug}@rush.example.org", name=name, time_zone="UTC")
    member = Member.objects.create(account=account, user=user, role=Role.STAFF, slug=slug)
    schedule = Schedule.objects.create(member=member, name="Always", time_zone="UTC", is_default=True)
    WeeklyHours.objects.bulk_create(
        WeeklyHours(schedule=schedule, weekday=day, opens_minute=0, closes_minute=0) for day in range(7)
    )
    calendar = Calendar.objects.create(
        account=account, name=name, slug=slug, interval=_GRID, minimum_notice=timedelta()
    )
    CalendarMember.objects.create(calendar=calendar, member=member)
    return calendar


@contextmanager
def _without_promise(home: str) -> Iterator[None]:
    """The same in a database without the constraint, and nobody waits for anybody."""
    databases.move_to(_BARE)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE availability_hosttime DROP CONSTRAINT IF EXISTS host_is_never_booked_twice")
    nobody: Callable[..., None] = lambda *_asked: None  # noqa: E731
    with mock.patch.multiple(reserve, lock_hosts=nobody, lock_calendar=nobody, keep_calendar=nobody):
        yield
    databases.move_to(home)


def _run(race: Race, now: datetime) -> Ran:
    """Every turn begins for all at one moment. The first is not measured: new connections have to find their feet."""
    _clear()
    tidy()
    barrier = Barrier(CUSTOMERS)
    errors: list[str] = []

    def take(number: int) -> list[tuple[float, float]]:
        turns = []
        for start in race.wishes[number]:
            barrier.wait()
            begun = time.perf_counter()
            errors.extend(_attempt(race.calendar, start, number, now))
            turns.append((begun, time.perf_counter()))
        connections.close_all()
        return turns[1:]

    with ThreadPoolExecutor(CUSTOMERS) as pool:
        turns = [turn for each in pool.map(take, range(CUSTOMERS)) for turn in each]
    seconds = max(end for _begun, end in turns) - min(begun for begun, _end in turns)
    return Ran(seconds, [end - begun for begun, end in turns], errors, _booked())


def _attempt(calendar: Calendar, start: datetime, number: int, now: datetime) -> Iterator[str]:
    customer = Customer(name="Ada", email=f"c{number}@example.org", time_zone="UTC", locale="en-gb")
    try:
        book_appointment(calendar, starts_at=start, customer=customer, now=now, key=f"{number} {start:%d %H:%M}")
    except SlotTaken:
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
        yield type(error).__name__


def _booked() -> int:
    return HostTime.objects.filter(calendar__account__slug="rush").count() + Seat.objects.count()


def _booked_twice() -> int:
    """Pairs of a host's times that overlap, and seats that are not there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM availability_hosttime one JOIN availability_hosttime other"
            " ON one.user_id = other.user_id AND one.id < other.id AND one.starts_at < other.ends_at"
            " AND other.starts_at < one.ends_at"
            " WHERE one.calendar_id IN (SELECT id FROM availability_calendar WHERE name = ANY(%s))",
            [list(_NAMES)],
        )
        overlaps: int = cursor.fetchone()[0]
    return overlaps + sum(max(session.places.count() - session.seats, 0) for session in ClassSession.objects.all())


def _clear() -> None:
    """What the round before booked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE bookings_appointment, bookings_contact, accounts_outgoingmail, availability_classsession,"
            " availability_assignment, django_q_ormq CASCADE"
        )
    HostTime.objects.filter(calendar__account__slug="rush").delete()


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        counted: int = cursor.fetchone()[0]
    return counted
