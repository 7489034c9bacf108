"""Whoever changes what slots depend on says so: which days of whom, which calendars, and whom it nudges."""

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django_q.models import OrmQ

from accounts.services import nudge
from availability.models import Calendar, HostDay
from availability.services.busy import Stretch, record_busy_times
from availability.services.release import release_time
from availability.services.sources import close_source, set_blocking_sources
from availability.services.versions import (
    change_epoch,
    change_epochs_of_account,
    change_epochs_of_members,
    raise_versions,
)
from tests.availability.services.test_locks import meanwhile
from tests.availability.situations import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    TEN,
    also_in,
    busy,
    change,
    keep_free,
    reserve,
    team,
)
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def days(user):
    """The days of November on which the user's time changed, and how often."""
    return dict(HostDay.objects.filter(user=user).values_list("day__day", "version"))


@pytest.fixture
def place():
    return CalendarMemberFactory()


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "end", "raised"),
    [
        (TEN, TEN + HOUR, {23: 1}),
        (MONDAY, MONDAY + DAY, {23: 1}),
        (MONDAY - MINUTE, MONDAY + DAY + MINUTE, {22: 1, 23: 1, 24: 1}),
        (MONDAY, MONDAY, {}),
    ],
    ids=["an hour", "a whole day", "a minute more each way", "no time at all"],
)
def test_the_days_in_utc_that_are_touched_are_raised(start, end, raised):
    user = UserFactory()

    raise_versions(user.pk, [(start, end)], now=NOW)

    assert days(user) == raised


def test_a_day_touched_by_several_stretches_is_raised_once():
    user = UserFactory()

    raise_versions(user.pk, [(TEN, TEN + HOUR), (TEN + HOUR, TEN + DAY)], now=NOW)
    raise_versions(user.pk, [(TEN, TEN + HOUR)], now=NOW)

    assert days(user) == {23: 2, 24: 1}


def test_what_no_stored_day_can_reach_is_left_out():
    user = UserFactory()

    raise_versions(
        user.pk, [(datetime.min.replace(tzinfo=NOW.tzinfo), datetime.max.replace(tzinfo=NOW.tzinfo))], now=NOW
    )

    found = HostDay.objects.filter(user=user)
    assert found.earliest("day").day == TODAY - timedelta(days=9)
    assert found.latest("day").day == TODAY + timedelta(days=800)


def test_nothing_is_raised_for_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        raise_versions(1, [], now=NOW)


def test_a_booking_raises_its_days_buffers_included_and_giving_it_back_does_so_again(place):
    change(place.calendar, buffer_after=14 * HOUR)
    uid = uuid4()
    reserve(place, uid=uid)
    assert days(place.member.user) == {23: 1}

    release_time(uid, now=NOW)
    assert days(place.member.user) == {23: 2}

    reserve(place, TEN + HOUR)
    assert days(place.member.user) == {23: 3, 24: 1}


def test_a_move_raises_the_days_it_leaves_and_those_it_reaches(place):
    uid = uuid4()
    reserve(place, uid=uid)

    reserve(place, TEN + 2 * DAY, uid=uid)

    assert days(place.member.user) == {23: 2, 25: 1}


def test_a_booking_of_all_raises_the_day_of_each():
    first, second = team(2, type="collective")

    reserve(first)

    assert days(first.member.user) == days(second.member.user) == {23: 1}


def test_events_raise_only_the_days_whose_blocked_time_changes(place):
    source = busy(place.member, TEN, TEN + HOUR)
    HostDay.objects.all().delete()
    same = Stretch("1", TEN, TEN + HOUR, blocks=True, label="Another title")

    record_busy_times(source, {"event": [same]}, now=NOW)
    assert days(place.member.user) == {}

    record_busy_times(source, {"event": [same, Stretch("2", TEN + DAY, TEN + DAY + HOUR, blocks=True)]}, now=NOW)
    assert days(place.member.user) == {24: 1}

    record_busy_times(source, {"event": []}, now=NOW)
    assert days(place.member.user) == {23: 1, 24: 2}


def test_free_events_raise_nothing_until_they_block(place):
    source = busy(place.member, TEN, TEN + HOUR, blocks=False)
    assert days(place.member.user) == {}

    record_busy_times(source, {"event": [Stretch("1", TEN, TEN + HOUR, blocks=True)]}, now=NOW)
    assert days(place.member.user) == {23: 1}


def test_time_that_users_keep_free_raises_their_days(place):
    keep_free(place.member.user, TEN, TEN + DAY)

    assert days(place.member.user) == {23: 1, 24: 1}


@pytest.mark.django_db(transaction=True)
def test_two_who_change_the_same_day_at_once_both_count():
    user = UserFactory()
    change_it = partial(raise_versions, user.pk, [(TEN, TEN + HOUR)], now=NOW)

    meanwhile(change_it, change_it)

    assert days(user) == {23: 2}


# ── epochs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def changed(act):
    """The calendars whose epoch ``act`` changes."""
    before = dict(Calendar.objects.values_list("pk", "epoch"))
    act()
    after = dict(Calendar.objects.values_list("pk", "epoch"))
    return {pk for pk in before if before[pk] != after[pk]}


@pytest.fixture
def four(place):
    """The place's calendar, another of the same member, one of the same account, one of the same user elsewhere."""
    account = place.calendar.account
    same_member = CalendarMemberFactory(calendar=CalendarFactory(account=account), member=place.member)
    return [place.calendar, same_member.calendar, CalendarFactory(account=account), also_in(place).calendar]


def test_a_calendars_own_settings_change_its_epoch_alone(four):
    assert changed(lambda: change_epoch(four[0])) == {four[0].pk}


def test_schedules_of_a_member_change_the_epochs_of_their_calendars(place, four):
    assert changed(lambda: change_epochs_of_members([place.member])) == {four[0].pk, four[1].pk}


def test_closures_and_holidays_change_the_epochs_of_the_account(four):
    assert changed(lambda: change_epochs_of_account(four[0].account)) == {one.pk for one in four[:3]}


def test_choosing_and_closing_sources_changes_the_epochs_of_those_they_count_for(place, four):
    source = busy(place.member, TEN, TEN + HOUR)

    assert changed(lambda: set_blocking_sources(place.member, [source], now=NOW)) == {four[0].pk, four[1].pk}
    assert changed(lambda: close_source(source)) == {four[0].pk, four[1].pk}


def test_an_epoch_is_never_one_that_was_there_before(place):
    seen = set()
    for _ in range(20):
        change_epoch(place.calendar)
        seen.add(Calendar.objects.get(pk=place.calendar.pk).epoch)

    assert len(seen) == 20


# ── nudges ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def nudged():
    return sorted((row.task["func"], row.task["args"]) for row in OrmQ.objects.all())


def test_a_worker_is_nudged_once_it_is_committed(place, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reserve(place)
        change_epoch(place.calendar)
        assert nudged() == []

    assert nudged() == [
        ("availability.tasks.store_slots_of_calendar", (place.calendar.pk,)),
        ("availability.tasks.store_slots_of_host", (place.member.user_id,)),
    ]


def test_a_booking_stands_when_nobody_can_be_nudged(place, monkeypatch, django_capture_on_commit_callbacks):
    def fail(*arguments, **options):
        raise ConnectionError

    monkeypatch.setattr(nudge, "async_task", fail)

    with django_capture_on_commit_callbacks(execute=True):
        reserve(place)

    assert days(place.member.user) == {23: 1}
