"""How long until a booking stands in the host's calendar, and until a change there is known here: with real workers."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, connections

from accounts.models import Account, Member, User
from accounts.roles import Role
from availability.models import (
    BlockingSource,
    BusySource,
    BusyTime,
    Calendar,
    CalendarMember,
    DateRange,
    Schedule,
    WeeklyHours,
)
from bookings.models import Appointment
from bookings.services.book import Customer, book_appointment
from config.heartbeats import last_heard
from integrations.models import CalendarConfiguration, Connection
from integrations.services.connect import connect
from tests.bench.findings import Finding
from tests.bench.sync_events import apple_event, name_of
from tests.bench.sync_places import PASSWORD
from tests.servers.fault_caldav import FaultCalDAV, HttpFront
from tests.servers.fault_caldav.exchange import Answer, Request

PART = "sync latency"
MOST_SECONDS = 2.0
# of a server that is rather slow, so that a first read of 10,000 events takes longer than all the bookings
SLOW_ANSWER = 0.4
_PATIENCE = 60.0
# bookings after which every worker has loaded what it needs
_UNTIL_WARM = 8
_BETWEEN_BOOKINGS = 0.1
_LOOK_AGAIN = 0.01
# after the last of the events
_DAYS_AHEAD = 380


class Amounts(NamedTuple):
    bookings: int
    events: int
    edits: int


FULL, QUICK = Amounts(40, 10_000, 8), Amounts(2, 100, 1)


class Desk(NamedTuple):
    """A host with two calendars outside: what is booked is written into ``Own``, and ``Work`` counts, too."""

    calendar: Calendar
    connection: Connection


class WatchedServer(FaultCalDAV):
    """``written``: when each object was first there, by its path."""

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[str, float] = {}

    def exchange(self, request: Request) -> Answer:
        answer = super().exchange(request)
        if request.method == "PUT" and answer.status in {201, 204}:
            self.written.setdefault(request.path, time.perf_counter())
        return answer


def measure(*, now: datetime, is_quick: bool) -> Iterator[Finding]:
    amounts = QUICK if is_quick else FULL
    with ExitStack() as stack:
        server = WatchedServer()
        prompt = stack.enter_context(HttpFront(server)).url
        slow = stack.enter_context(HttpFront(server, seconds_an_answer=SLOW_ANSWER)).url
        _forget_other_work(now)
        desk = _desk(server, prompt, "prompt", events=100, now=now)
        with _workers(interval=1):
            _wait_for(lambda: _is_read(desk))
            _book(server, desk, range(_UNTIL_WARM))
            numbers = range(_UNTIL_WARM, _UNTIL_WARM + amounts.bookings)
            yield _pushed("booking until it is written", _book(server, desk, numbers))
            yield _seen(1, _edits(server, desk, amounts.edits, interval=1, now=now))
            reading = _desk(server, slow, "slow", events=amounts.events, now=now)
            seconds = _book(server, reading, range(amounts.bookings))
            note = "its calendar was still being read" if not _is_read(reading) else "the first read ended before"
            yield _pushed("booking until it is written, during a first read", seconds, note=note)
            Connection.objects.filter(pk=reading.connection.pk).update(switched_off_at=now)
        with _workers(interval=5):
            yield _seen(5, _edits(server, desk, amounts.edits, interval=5, now=now))


def _pushed(what: str, seconds: Sequence[float], *, note: str = "") -> Finding:
    told = f"p50 {_part(seconds, 0.5):.0f} ms, {len(seconds)} bookings"
    value = round(_part(seconds, 0.95))
    most = MOST_SECONDS * 1000
    return Finding(
        PART, f"{what}, p95 in ms", value, most, most, is_count=True, note=", ".join(filter(None, (told, note)))
    )


def _seen(interval: int, seconds: Sequence[float]) -> Finding:
    most = (interval + MOST_SECONDS) * 1000
    what = f"a change there until it is known, looking every {interval} s, slowest in ms"
    note = f"p50 {_part(seconds, 0.5):.0f} ms, p95 {_part(seconds, 0.95):.0f} ms, {len(seconds)} changes"
    return Finding(PART, what, round(max(seconds) * 1000), most, most, is_count=True, note=note)


def _part(seconds: Sequence[float], share: float) -> float:
    """In milliseconds."""
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)] * 1000


@contextmanager
def _workers(*, interval: int) -> Iterator[None]:
    """`manage.py work`, once it has given a sign of life."""
    heard = last_heard()
    command = [sys.executable, "manage.py", "work"]
    environment = os.environ | {"SYNC_INTERVAL_SECONDS": str(interval)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(lambda: last_heard() != heard)
            yield
        finally:
            process.terminate()


def _book(server: WatchedServer, desk: Desk, numbers: Iterable[int]) -> list[float]:
    """Seconds from each booking's end until its event lies in the calendar."""
    customer = Customer(name="Ada", email="ada@example.org", time_zone="UTC", locale="en-gb")
    booked: list[tuple[Appointment, float]] = []
    for number in numbers:
        # at night, eight in each, when no series goes on
        now = _now()
        night = now.replace(hour=20, minute=0, second=0, microsecond=0) + timedelta(days=_DAYS_AHEAD + number // 8)
        starts_at = night + number % 8 * timedelta(hours=1)
        appointment = book_appointment(desk.calendar, starts_at=starts_at, customer=customer, now=now)
        booked.append((appointment, time.perf_counter()))
        time.sleep(_BETWEEN_BOOKINGS)
    return [_written_at(server, str(one.uid)) - at for one, at in booked]


def _written_at(server: WatchedServer, uid: str) -> float:
    found: list[float] = []

    def is_there() -> bool:
        found.extend(at for path, at in list(server.written.items()) if uid in path)
        return bool(found)

    _wait_for(is_there)
    return found[0]


def _edits(server: WatchedServer, desk: Desk, count: int, *, interval: int, now: datetime) -> list[float]:
    """Seconds from a phone's change until the new time blocks here."""
    calendar = server.logins["prompt"].calendars["work"]
    took = []
    for number in range(count):
        start = now.replace(microsecond=0) + timedelta(days=100 + number, minutes=interval)
        uid = calendar.objects[name_of(2 * number + 1)].uid
        server.move(uid, start, start + timedelta(hours=1))
        began = time.perf_counter()
        times = BusyTime.objects.filter(source__remote_calendar__connection=desk.connection, start=start)
        _wait_for(times.exists)
        took.append(time.perf_counter() - began)
        # the next change comes at any moment between two looks
        time.sleep(interval * (number * 0.37 % 1))
    return took


def _desk(server: WatchedServer, url: str, name: str, *, events: int, now: datetime) -> Desk:
    login = server.add_login(name, PASSWORD)
    work = server.add_calendar(login, "Work")
    server.add_calendar(login, "Own")
    for number in range(events):
        server.put(work, name_of(number), apple_event(number, of=events, now=now))
    member = _member(name)
    _calendar_of(member, name)
    connection = connect(member.user, provider="caldav", server_url=url, username=name, password=PASSWORD, now=_now())
    configuration = CalendarConfiguration.objects.create(member=member)
    for remote in connection.remote_calendars.all():
        # asked for long ago: a calendar that was never read keeps bookings away for a quarter of an hour only
        asked_at = now - timedelta(hours=1)
        remote.source = BusySource.objects.create(user=member.user, name=remote.name, asked_at=asked_at)
        remote.save()
        BlockingSource.objects.create(member=member, source=remote.source)
        configuration.conflicts.add(remote)
        if remote.name == "Own":
            configuration.primary = remote
    configuration.save()
    Connection.objects.filter(pk=connection.pk).update(next_look_at=_now())
    return Desk(Calendar.objects.get(account=member.account, slug=name), connection)


def _member(name: str) -> Member:
    account, _is_new = Account.objects.get_or_create(slug="latency", defaults={"name": "Latency", "time_zone": "UTC"})
    user = User.objects.create(email=f"{name}@latency.example.org", name=name, time_zone="UTC")
    return Member.objects.create(account=account, user=user, role=Role.STAFF, slug=name)


def _calendar_of(member: Member, name: str) -> None:
    schedule = Schedule.objects.create(member=member, name="Always", time_zone="UTC", is_default=True)
    WeeklyHours.objects.bulk_create(
        WeeklyHours(schedule=schedule, weekday=day, opens_minute=0, closes_minute=0) for day in range(7)
    )
    calendar = Calendar.objects.create(
        account=member.account,
        name=name,
        slug=name,
        interval=timedelta(hours=1),
        minimum_notice=timedelta(),
        date_range=DateRange.FIXED,
        range_first=_now().date() + timedelta(days=_DAYS_AHEAD),
        range_last=_now().date() + timedelta(days=_DAYS_AHEAD + 14),
    )
    CalendarMember.objects.create(calendar=calendar, member=member)


def _is_read(desk: Desk) -> bool:
    return not desk.connection.remote_calendars.filter(source__read_at__isnull=True).exists()


def _forget_other_work(now: datetime) -> None:
    """What other measurements have left for workers to do."""
    Connection.objects.update(switched_off_at=now)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_outgoingmail, django_q_ormq CASCADE")


def _wait_for(is_so: Callable[[], Any]) -> None:
    give_up_at = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > give_up_at:
            connections.close_all()
            raise TimeoutError("What was waited for did not come.")
        time.sleep(_LOOK_AGAIN)


def _now() -> datetime:
    return datetime.now(UTC)
