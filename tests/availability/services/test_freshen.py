"""Whose calendars are asked again before an appointment is committed, and when nobody's are (Y15)."""

from datetime import timedelta

import pytest
import structlog
from django.db.models.functions import Now

from availability import ports
from availability.models import BusySource
from availability.services.busy import Stretch, record_busy_times
from availability.services.freshen import freshen
from availability.services.sources import mark_read
from tests.availability.situations import HALF_HOUR, MINUTE, TEN, busy, change, hold, keep_free, team
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.django_db
LONG_AGO = NOW - timedelta(days=1)


class Outside:
    """``asked``: the sources of each question. ``events`` come in with the next answer, ``error`` instead of one."""

    def __init__(self):
        self.asked, self.withins, self.events, self.error = [], [], {}, None

    def refresh(self, sources, within):
        self.asked.append(set(sources))
        self.withins.append(within)
        if self.error:
            raise self.error
        for source in BusySource.objects.filter(pk__in=sources):
            start = self.events.get(source.pk)
            if start is not None:
                record_busy_times(source, {"new": [Stretch("1", start, start + HALF_HOUR, True)]}, now=NOW)
            mark_read(source, now=BusySource.objects.values_list(Now(), flat=True)[0])


@pytest.fixture
def outside():
    before, fake = ports.refresher(), Outside()
    ports.register(fake)
    yield fake
    ports.register(before)


@pytest.fixture
def place(db):
    return CalendarMemberFactory()


def stale(member, *, age=3 * MINUTE):
    """A source that counts for the member and was read so long ago; it holds an event of another day."""
    source = busy(member, LONG_AGO, LONG_AGO + HALF_HOUR)
    BusySource.objects.filter(pk=source.pk).update(read_at=None if age is None else Now() - age)
    return source


def ask(place, starts_at=TEN, **options):
    freshen(place.calendar, starts_at=starts_at, **({"now": NOW} | options))


def test_a_calendar_that_was_just_read_is_not_asked_again(place, outside):
    stale(place.member, age=MINUTE)

    ask(place)

    assert outside.asked == []


def test_one_query_is_all_that_fresh_calendars_cost(place, outside, django_assert_num_queries):
    stale(place.member, age=MINUTE)

    with django_assert_num_queries(1):
        ask(place)


def test_simple_calendars_ask_nobody_and_cost_nothing(place, outside, django_assert_num_queries):
    stale(place.member)
    change(place.calendar, type="simple")

    with django_assert_num_queries(0):
        ask(place)

    assert outside.asked == []


def test_a_calendar_that_was_not_read_for_a_while_is_asked_within_the_budget(place, outside, settings):
    settings.FRESHNESS_BUDGET_SECONDS = 2
    source = stale(place.member)

    ask(place)

    assert outside.asked == [{source.pk}]
    assert timedelta() < outside.withins[0] <= timedelta(seconds=2)


def test_a_calendar_that_was_never_read_and_no_longer_blocks_is_asked(place, outside):
    source = stale(place.member, age=None)
    BusySource.objects.update(asked_at=LONG_AGO)

    ask(place)

    assert outside.asked == [{source.pk}]


def test_what_a_user_keeps_free_themselves_is_never_out_of_date(place, outside):
    keep_free(place.member.user, LONG_AGO, LONG_AGO + HALF_HOUR)

    ask(place)

    assert outside.asked == []


@pytest.mark.parametrize("starts_at", [TEN - timedelta(hours=5), LONG_AGO, NOW + timedelta(days=61), TEN + MINUTE / 7])
def test_for_a_time_that_is_refused_anyway_nobody_is_asked(place, outside, starts_at):
    stale(place.member)

    ask(place, starts_at)

    assert outside.asked == []


def test_for_a_time_that_is_taken_nobody_is_asked(place, outside):
    stale(place.member)
    hold(place)

    ask(place)

    assert outside.asked == []


def test_the_customers_own_hold_is_looked_through(place, outside):
    source = stale(place.member)
    kept = hold(place)

    ask(place, hold=kept)

    assert outside.asked == [{source.pk}]


def test_of_several_hosts_only_the_one_who_would_be_chosen_is_asked(outside):
    first, second = team(2)
    source = stale(first.member)
    stale(second.member)

    ask(first)

    assert outside.asked == [{source.pk}]


def test_the_host_who_is_asked_for_or_preferred_is_the_one(outside):
    first, second = team(2)
    stale(first.member)
    source = stale(second.member)

    ask(first, host=second.member)
    BusySource.objects.update(read_at=Now() - 3 * MINUTE)
    ask(first, prefer=second.member)

    assert outside.asked == [{source.pk}] * 2


def test_a_fixed_host_is_asked_with_the_chosen_one(outside):
    first, second, fixed = team(3)
    fixed.is_fixed = True
    fixed.save()
    sources = [stale(place.member).pk for place in (first, second, fixed)]

    ask(first)

    assert outside.asked == [{sources[0], sources[2]}]


def test_all_hosts_of_a_collective_are_asked_at_once(outside):
    places = team(3, type="collective")
    sources = {stale(place.member).pk for place in places}

    ask(places[0])

    assert outside.asked == [sources]


def test_the_host_of_a_class_is_asked(outside):
    (place,) = team(1, type="class", seats=5)
    source = stale(place.member)

    ask(place)

    assert outside.asked == [{source.pk}]


def test_whoever_is_chosen_instead_of_a_host_found_busy_is_asked_too(outside):
    first, second, third = team(3)
    sources = [stale(place.member).pk for place in (first, second, third)]
    outside.events[sources[0]] = TEN

    ask(first)

    assert outside.asked == [{sources[0]}, {sources[1]}]
    assert outside.withins[1] < outside.withins[0]


def test_nobody_is_asked_twice_though_nothing_could_be_read(place, outside):
    outside.refresh = lambda sources, within: outside.asked.append(set(sources))
    source = stale(place.member)

    ask(place)

    assert outside.asked == [{source.pk}]


def test_without_a_budget_nobody_is_asked(place, outside, settings):
    settings.FRESHNESS_BUDGET_SECONDS = 0
    stale(place.member)

    ask(place)

    assert outside.asked == []


def test_whatever_goes_wrong_outside_stays_there_and_is_logged_without_its_words(place, outside):
    outside.error = ZeroDivisionError("Dentist")
    source = stale(place.member)

    with structlog.testing.capture_logs() as logs:
        ask(place)

    (line,) = logs
    assert (line["event"], line["error"], line["sources"]) == ("refresh_failed", "ZeroDivisionError", [source.pk])
    assert "Dentist" not in str(line)


def test_nobody_is_asked_for_a_calendar_that_is_gone(place, outside):
    stale(place.member)
    calendar = place.calendar
    type(calendar).objects.filter(pk=calendar.pk).delete()

    ask(place)

    assert outside.asked == []
