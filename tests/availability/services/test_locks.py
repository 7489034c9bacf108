"""What the locks guard: two at once, the first not yet committed. Each trial fails when its lock is taken away."""

from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from availability.models import ClassSession, HostTime
from availability.services import busy as busy_service
from availability.services import reserve as reserve_service
from availability.services.busy import Stretch, record_busy_times
from availability.services.reserve import SlotTaken
from tests.availability.situations import HALF_HOUR, HOUR, MINUTE, TEN, busy, reserve, team
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


def meanwhile(first, second):
    """Do ``second`` on another connection after ``first`` and before its commit; the codes it was refused with."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            running = pool.submit(_apart, second)
            while not (running.done() or _somebody_waits()):
                wait([running], timeout=0.02)
        return running.result()


def _apart(use_case):
    try:
        with transaction.atomic():
            use_case()
    except SlotTaken as refused:
        return refused.codes
    finally:
        connections.close_all()
    return ()


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def without_host_locks(monkeypatch):
    monkeypatch.setattr(reserve_service, "lock_hosts", lambda users: None)
    monkeypatch.setattr(busy_service, "lock_host", lambda user: None)


def without_calendar_locks(monkeypatch):
    monkeypatch.setattr(reserve_service, "lock_calendar", lambda calendar: None)


@pytest.mark.parametrize(("broken", "codes"), [(None, ("BUFFER",)), (without_host_locks, ())])
def test_neighbours_booked_at_once_keep_their_buffers(monkeypatch, broken, codes):
    place = CalendarMemberFactory(calendar__buffer_after=15 * MINUTE)
    if broken:
        broken(monkeypatch)

    assert meanwhile(partial(reserve, place), partial(reserve, place, TEN + HALF_HOUR)) == codes
    assert HostTime.objects.count() == (1 if codes else 2)


@pytest.mark.parametrize(("broken", "codes"), [(None, ("EVENT",)), (without_host_locks, ())])
def test_a_booking_waits_for_an_event_that_is_being_recorded(monkeypatch, broken, codes):
    place = CalendarMemberFactory()
    source = busy(place.member, TEN + 5 * HOUR, TEN + 6 * HOUR)
    event = {"new": [Stretch("1", TEN, TEN + HOUR, blocks=True)]}
    if broken:
        broken(monkeypatch)

    assert meanwhile(partial(record_busy_times, source, event, now=NOW), partial(reserve, place)) == codes


@pytest.mark.parametrize(("broken", "codes"), [(None, ("DAY_LIMIT",)), (without_calendar_locks, ())])
def test_two_hosts_booked_at_once_keep_the_limit_of_their_calendar(monkeypatch, broken, codes):
    first, second = team(2, day_limit=1)
    if broken:
        broken(monkeypatch)

    one, other = (
        partial(reserve, first, TEN + hour * HOUR, host=place.member) for hour, place in enumerate((first, second))
    )
    assert meanwhile(one, other) == codes


@pytest.mark.parametrize(("broken", "codes"), [(None, ("ROUND_ROBIN_LEAD",)), (without_calendar_locks, ())])
def test_two_booked_at_once_keep_the_lead_cap(monkeypatch, broken, codes):
    first, second = team(2, assignment_mode="equal", lead_cap=1)
    busy(second.member, TEN, TEN + HOUR)
    if broken:
        broken(monkeypatch)

    assert meanwhile(partial(reserve, first), partial(reserve, first, TEN + HALF_HOUR)) == (codes and (*codes, "EVENT"))


def test_of_two_who_want_the_last_seat_at_once_one_gets_it():
    (place,) = team(1, type="class", seats=2)
    reserve(place)

    assert meanwhile(partial(reserve, place), partial(reserve, place)) == ("SEATS",)
    assert ClassSession.objects.get().seats_taken == 2


def test_of_two_who_open_a_session_at_once_both_get_a_seat():
    (place,) = team(1, type="class", seats=2)

    assert meanwhile(partial(reserve, place), partial(reserve, place)) == ()
    assert ClassSession.objects.get().seats_taken == 2


def test_whoever_loses_a_host_is_given_the_next_one():
    first, second = team(2)

    assert meanwhile(partial(reserve, first), partial(reserve, first)) == ()
    assert set(HostTime.objects.values_list("user", flat=True)) == {first.member.user_id, second.member.user_id}


def test_whoever_names_a_host_and_loses_them_is_refused():
    first, _second = team(2)

    named = partial(reserve, first, host=first.member, uid=uuid4())
    assert meanwhile(partial(reserve, first), named) == ("BOOKED",)
