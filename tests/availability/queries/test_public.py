"""What is read together with a public calendar gives the very answer that asking step by step gives."""

from datetime import timedelta

import pytest

from accounts.models import User
from availability.core.intervals import instant
from availability.models import BusySource, Calendar, Schedule, StoredDay
from availability.queries.public import public_calendar
from availability.queries.slots import open_slots
from availability.services.busy import Stretch, record_busy_times
from availability.services.store import store_slots
from availability.services.versions import change_epoch
from tests.availability.situations import DAY, HOUR, MONDAY, TEN, busy, change, hold, reserve, team
from tests.factories import NOW, CalendarFactory

pytestmark = pytest.mark.django_db
END = MONDAY + 14 * DAY
KINDS = {
    "service": (1, {"type": "service"}),
    "simple": (1, {"type": "simple"}),
    "class": (1, {"type": "class", "seats": 3}),
    "round robin": (2, {"type": "round_robin"}),
    "equal": (2, {"type": "round_robin", "assignment_mode": "equal"}),
    "collective": (2, {"type": "collective"}),
}


def times(calendar, **options):
    """Starts with the seats left, from what is read at once."""
    first, last = (MONDAY - DAY).date(), END.date()
    public = public_calendar(calendar.account.slug, calendar.slug, first=first, last=last, now=NOW)
    found = public.open_times(**({"start": MONDAY, "end": END, "now": NOW} | options))
    return list(zip(found.starts, found.seats_left or [None] * len(found.starts), strict=True))


def step_by_step(calendar, **options):
    slots = open_slots(calendar, **({"start": MONDAY, "end": END, "now": NOW} | options))
    return [(instant(slot.starts_at), slot.seats_left) for slot in slots]


def store(place):
    # the epoch may have moved on
    store_slots(Calendar.objects.get(pk=place.calendar.pk), now=NOW)


def leave_it(place):
    pass


def book(place):
    reserve(place)


def book_and_store(place):
    reserve(place)
    store(place)


def book_with_wide_buffers(place):
    change(place.calendar, buffer_before=30 * HOUR, buffer_after=timedelta(days=2))
    change_epoch(place.calendar)
    store(place)
    reserve(place, TEN + 3 * DAY)


def hold_it(place):
    hold(place)


def have_an_event(place):
    busy(place.member, TEN, TEN + 4 * HOUR)


def lose_sight_of_a_source(place):
    source = busy(place.member, TEN, TEN + HOUR)
    store(place)
    BusySource.objects.filter(pk=source.pk).update(read_at=NOW - DAY)
    place.member.blocking_sources.update(when_stale="block")


def fix(place):
    reserve(place, host=None if place.calendar.type == "collective" else place.member)
    store(place)
    place.is_fixed = True
    place.save()


def switch_off(place):
    User.objects.filter(pk=place.member.user_id).update(is_active=False)


def take_away_all(place):
    place.calendar.calendar_members.all().delete()


def change_settings(place):
    change(place.calendar, duration=HOUR)
    change_epoch(place.calendar)


def look_busy(place):
    change(place.calendar, look_busy=40)


def shorten_the_date_range(place):
    change(place.calendar, horizon_days=2)


def limit_the_calendar(place):
    change(place.calendar, day_limit=1)
    reserve(place)


def limit_the_host(place):
    Schedule.objects.filter(member=place.member).update(day_limit=1)
    reserve(place)


def pause(place):
    change(place.calendar, paused_at=NOW)


def forget_a_day(place):
    StoredDay.objects.filter(day=(MONDAY + 2 * DAY).date()).delete()


def forget_the_first_day(place):
    StoredDay.objects.filter(day=MONDAY.date()).delete()


HAPPENINGS = [
    *(leave_it, book, book_and_store, book_with_wide_buffers, hold_it, have_an_event, lose_sight_of_a_source, fix),
    *(switch_off, take_away_all, change_settings, look_busy, shorten_the_date_range, limit_the_calendar),
    *(limit_the_host, pause, forget_a_day, forget_the_first_day),
]


@pytest.mark.parametrize("happens", HAPPENINGS, ids=lambda happens: happens.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_at_once_is_what_is_read_step_by_step(kind, happens):
    hosts, settings = KINDS[kind]
    place, *_others = team(hosts, **settings)
    store(place)
    happens(place)

    found = times(place.calendar)

    assert found == step_by_step(place.calendar)
    StoredDay.objects.all().delete()
    assert found == step_by_step(place.calendar)


@pytest.mark.parametrize("kind", KINDS)
def test_one_hosts_times_are_those_of_that_host(kind):
    hosts, settings = KINDS[kind]
    place, *_others = team(hosts, **settings)
    reserve(place)
    store(place)

    assert times(place.calendar, host=place.member) == step_by_step(place.calendar, host=place.member)


def test_as_time_goes_by_starts_pass_and_nothing_else_changes():
    (place,) = team(1, type="service", minimum_notice=2 * HOUR)
    store(place)
    later = TEN + 10 * timedelta(minutes=1)

    assert times(place.calendar, now=later) == step_by_step(place.calendar, now=later)


@pytest.mark.parametrize("kind", ["service", "simple", "round robin", "collective"])
def test_stored_days_take_no_further_query(kind, django_assert_num_queries):
    hosts, settings = KINDS[kind]
    place, *_others = team(hosts, **settings)
    store(place)
    calendar = place.calendar
    first, last = (MONDAY - DAY).date(), END.date()

    with django_assert_num_queries(1):
        public = public_calendar(calendar.account.slug, calendar.slug, first=first, last=last, now=NOW)
        found = public.open_times(start=MONDAY, end=END, now=NOW)

    assert found.starts


@pytest.mark.parametrize("day_of_event", [3, 8])
def test_an_event_beside_the_days_asked_for_reaches_them_by_the_calendars_buffers(day_of_event):
    (place,) = team(1, type="service", buffer_before=30 * HOUR, buffer_after=30 * HOUR)
    source = busy(place.member, MONDAY + 30 * DAY, MONDAY + 31 * DAY)
    store(place)
    begins = TEN + day_of_event * DAY
    record_busy_times(source, {"another": [Stretch("1", begins, begins + HOUR, True)]}, now=NOW)
    calendar, start, end = place.calendar, MONDAY + 4 * DAY, MONDAY + 8 * DAY

    public = public_calendar(calendar.account.slug, calendar.slug, first=start.date(), last=(end - DAY).date(), now=NOW)

    found = public.open_times(start=start, end=end, now=NOW)
    assert [*found.starts] == [at for at, _seats in step_by_step(calendar, start=start, end=end)]


def test_nobody_finds_a_calendar_that_is_switched_off_or_was_never_there():
    calendar = CalendarFactory(switched_off_at=NOW)
    first = last = MONDAY.date()

    assert public_calendar(calendar.account.slug, calendar.slug, first=first, last=last, now=NOW) is None
    assert public_calendar(calendar.account.slug, "nothing", first=first, last=last, now=NOW) is None
