"""Staff change what others change or book at this moment, tried with real connections: no error, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, connections, transaction
from django.db.models.signals import post_delete

from availability.models import BusySource, Calendar, CalendarMember, Schedule, StoredDay
from availability.services.delete_calendar import delete_calendar
from availability.services.delete_schedule import delete_schedule
from availability.services.locks import lock_host
from availability.services.save_calendar import MemberChoice, write_calendar
from availability.services.sources import close_source, open_source, set_blocking_sources
from availability.services.store import store_slots
from integrations.models import CalendarConfiguration, RemoteCalendar
from integrations.services.configure import set_conflicts, set_primary
from integrations.services.connections import delete_connection
from tests.availability.situations import reserve, team
from tests.factories import NOW, CalendarMemberFactory, MemberFactory, RemoteCalendarFactory, ScheduleFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(first, second, then=lambda: None):
    """``second`` on another connection after ``first`` and before ``then``, which commits."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            running = pool.submit(_apart, second)
            while not (running.done() or _somebody_waits()):
                pass
            then()
        return running.result()


def _apart(use_case):
    try:
        return use_case()
    finally:
        connections.close_all()


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def settings_of(calendar):
    return {"type": calendar.type, "name": calendar.name, "slug": calendar.slug}


@pytest.fixture
def place():
    (one,) = team(1)
    return one


@pytest.fixture
def other_hours(place):
    return ScheduleFactory(member=place.member, is_default=False)


def test_a_schedule_deleted_while_a_calendar_chooses_it_gives_way_to_the_default(place, other_hours):
    chosen = [MemberChoice(place.member, other_hours)]

    at_once(
        lambda: write_calendar(place.calendar, settings=settings_of(place.calendar), team=chosen, now=NOW),
        lambda: delete_schedule(other_hours),
    )

    assert CalendarMember.objects.get().schedule is None
    assert not Schedule.objects.filter(pk=other_hours.pk).exists()


def test_a_calendar_that_chooses_a_schedule_just_deleted_gets_the_default(place, other_hours):
    chosen = [MemberChoice(place.member, other_hours)]
    delete_schedule(Schedule.objects.get(pk=other_hours.pk))

    write_calendar(place.calendar, settings=settings_of(place.calendar), team=chosen, now=NOW)

    assert CalendarMember.objects.get().schedule is None


def test_a_calendar_nobody_booked_is_deleted_though_a_worker_stores_its_days(place):
    calendar = Calendar.objects.select_related("account").get()
    stored = Event()

    def store_once(**_):
        if not stored.is_set():
            stored.set()
            with ThreadPoolExecutor(1) as pool:
                pool.submit(_apart, lambda: store_slots(calendar, now=NOW)).result(30)

    post_delete.connect(store_once, sender=CalendarMember)
    try:
        delete_calendar(calendar)
    finally:
        post_delete.disconnect(store_once, sender=CalendarMember)

    assert stored.is_set()
    assert not Calendar.objects.exists()
    assert not StoredDay.objects.exists()


def test_two_sources_closed_at_once_with_a_booking_do_not_wait_in_a_circle(place):
    elsewhere = CalendarMemberFactory(member=MemberFactory(user=place.member.user), calendar__type="class")
    ScheduleFactory(member=elsewhere.member)
    places = (place, elsewhere)
    sources = [open_source(place.member.user, name="Private", page_url="", now=NOW) for _one in places]
    for one, source in zip(places, sources, strict=True):
        set_blocking_sources(one.member, [source], now=NOW)
    BusySource.objects.update(read_at=NOW)

    at_once(
        lambda: close_source(sources[0]),
        lambda: reserve(elsewhere),
        then=lambda: close_source(sources[1]),
    )

    assert not BusySource.objects.exists()


@pytest.mark.parametrize("change", ["choose", "delete"])
def test_who_changes_sources_waits_for_a_worker_before_holding_its_rows(place, change):
    remote = RemoteCalendarFactory(connection__user=place.member.user)
    set_conflicts(place.member, [remote], now=NOW)
    changes = {
        "choose": lambda: set_conflicts(place.member, [], now=NOW),
        "delete": lambda: delete_connection(remote.connection),
    }

    at_once(
        lambda: lock_host(place.member.user_id),
        changes[change],
        then=lambda: RemoteCalendar.objects.filter(pk=remote.pk).update(cursor="7"),
    )

    assert not BusySource.objects.exists()


def test_of_two_who_choose_the_primary_at_once_the_second_counts(place):
    first = RemoteCalendarFactory(connection__user=place.member.user)
    second = RemoteCalendarFactory(connection=first.connection)
    set_primary(place.member, first, now=NOW)

    at_once(
        lambda: CalendarConfiguration.objects.update(primary=second),
        lambda: set_primary(place.member, None, now=NOW),
    )

    assert CalendarConfiguration.objects.get().primary is None
