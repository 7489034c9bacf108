"""Nobody is ever booked twice (B3), tried with real connections at once, and that the trial could fail."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from availability.models import ClassSession, HostTime, Seat
from availability.services import reserve
from bookings.models import Appointment
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.without_constraint import without_constraint

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
CLIENTS = 50
ALWAYS_OPEN = [(day, 0, 0) for day in range(7)]


def test_fifty_customers_race_for_one_slot_and_one_gets_it():
    place = _open_place()

    answers = _race([(place.calendar, _coming_hour())] * CLIENTS)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}
    assert all(answer.json()["next_slots"] for answer in answers if answer.status_code == 409)
    assert Appointment.objects.count() == HostTime.objects.count() == 1


def test_a_host_in_two_accounts_is_booked_once_for_overlapping_times():
    here = _open_place()
    there = _open_place(user=here.member.user)
    start = _coming_hour()

    answers = _race([(here.calendar, start), (there.calendar, start + timedelta(minutes=15))] * (CLIENTS // 2))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}
    assert Appointment.objects.count() == HostTime.objects.count() == 1


def test_without_the_constraint_and_the_lock_the_same_race_books_twice(monkeypatch):
    """The positive control: what keeps the promise is switched off, and the trial sees it."""
    place = _open_place()
    monkeypatch.setattr(reserve, "lock_hosts", lambda user_ids: None)

    with without_constraint():
        answers = _race([(place.calendar, _coming_hour())] * CLIENTS)

    assert Counter(answer.status_code for answer in answers)[201] > 1


def test_without_the_lock_the_constraint_alone_does_not_keep_buffers(monkeypatch):
    """The other positive control: overlapping is refused still, but not coming too near."""
    place = _open_place(buffer_after=timedelta(minutes=15))
    hours = [_coming_hour() + timedelta(hours=2 * number) for number in range(CLIENTS // 2)]
    monkeypatch.setattr(reserve, "lock_hosts", lambda user_ids: None)

    _race([(place.calendar, start + late) for start in hours for late in (timedelta(), timedelta(minutes=30))])

    times = list(HostTime.objects.order_by("starts_at"))
    assert all(second.starts_at >= first.ends_at for first, second in pairwise(times))
    assert any(second.starts_at < first.ends_at + first.buffer_after for first, second in pairwise(times))


def test_the_constraint_alone_keeps_the_promise_without_an_error_page(monkeypatch):
    place = _open_place()
    monkeypatch.setattr(reserve, "lock_hosts", lambda user_ids: None)

    answers = _race([(place.calendar, _coming_hour())] * CLIENTS)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}


def test_of_twenty_customers_who_want_the_last_seats_of_a_class_as_many_get_one_as_there_are():
    place = _open_place(type="class", seats=7)
    start = _coming_hour()
    assert {answer.status_code for answer in _race([(place.calendar, start)] * 6)} == {201}

    answers = _race([(place.calendar, start)] * 20)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert {tuple(answer.json()["reasons"]) for answer in answers if answer.status_code == 409} == {("SEATS",)}
    assert _seats_taken() == Appointment.objects.count() == 7


def test_seats_of_a_class_that_nobody_has_joined_are_never_oversold():
    place = _open_place(type="class", seats=5)

    answers = _race([(place.calendar, _coming_hour())] * 20)

    assert Counter(answer.status_code for answer in answers) == {201: 5, 409: 15}
    assert _seats_taken() == Seat.objects.count() == Appointment.objects.count() == 5
    assert HostTime.objects.get().uid == ClassSession.objects.get().uid


def test_the_check_on_seats_alone_never_oversells(monkeypatch):
    """The locks are switched off: the guarded count keeps the promise, without an error page."""
    place = _open_place(type="class", seats=5)
    monkeypatch.setattr(reserve, "lock_hosts", lambda user_ids: None)
    monkeypatch.setattr(reserve, "lock_calendar", lambda calendar: None)

    answers = _race([(place.calendar, _coming_hour())] * 20)

    assert set(Counter(answer.status_code for answer in answers)) <= {201, 409}
    assert _seats_taken() == Appointment.objects.count() <= 5


def test_hosts_of_a_collective_are_never_booked_twice():
    """Each of two hosts can be booked alone as well; whoever is first takes both or one."""
    board = _open_place(type="collective")
    other = _open_member(account=board.calendar.account)
    CalendarMemberFactory(calendar=board.calendar, member=other)
    alone = CalendarMemberFactory(calendar=CalendarFactory(account=board.calendar.account), member=other)
    start = _coming_hour()

    answers = _race([(board.calendar, start), (alone.calendar, start)] * 10)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert Counter(HostTime.objects.values_list("user", flat=True)).most_common(1)[0][1] == 1


def _seats_taken():
    return ClassSession.objects.get().seats_taken


def _open_place(*, user=None, **calendar):
    """A calendar of half an hours on a quarter-hour grid, open day and night, with one host."""
    member = _open_member(**({"user": user} if user else {}))
    calendar = CalendarFactory(account=member.account, interval=timedelta(minutes=15), **calendar)
    return CalendarMemberFactory(calendar=calendar, member=member)


def _open_member(**facts):
    member = MemberFactory(**facts)
    ScheduleFactory(member=member, hours=ALWAYS_OPEN)
    return member


def _coming_hour():
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=26)


def _race(wishes):
    """Post every wish for (calendar, start) at the same moment, each on a connection of its own."""
    barrier = Barrier(len(wishes))

    def book(number, wish):
        calendar, start = wish
        body = {"start": start.isoformat(), "name": f"Customer {number}", "email": f"c{number}@example.org"}
        url = f"/api/v1/calendars/{calendar.account.slug}/{calendar.slug}/appointments"
        client = Client(raise_request_exception=False)
        barrier.wait()
        try:
            return client.post(
                url, json.dumps(body), content_type="application/json", headers={"idempotency-key": str(uuid4())}
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(wishes)) as pool:
        return list(pool.map(book, range(len(wishes)), wishes))
