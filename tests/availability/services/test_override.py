"""Other hours on single days are saved and taken back, wholly or not at all."""

from datetime import date

import pytest
from django.db import DataError

from availability.core.hours import Opening
from availability.models import Calendar, DateOverride, Schedule
from availability.services.save_override import remove_override, save_override
from availability.services.schedule_rows import ChangedMeanwhile
from tests.factories import CalendarFactory, CalendarMemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
EVE, CHRISTMAS, BOXING = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)
MORNING, NIGHT = Opening(540, 720), Opening(1320, 120)


@pytest.fixture
def schedule():
    return ScheduleFactory()


@pytest.fixture
def calendar(schedule):
    calendar = CalendarFactory(account=schedule.member.account)
    return CalendarMemberFactory(calendar=calendar, member=schedule.member).calendar


def rows(schedule):
    return list(schedule.overrides.values_list("date", "opens_minute", "closes_minute"))


def epoch_of(calendar):
    return Calendar.objects.get(pk=calendar.pk).epoch


def test_each_day_gets_exactly_these_hours(schedule, calendar):
    save_override(schedule, edition=1, days=(EVE, CHRISTMAS), openings=[MORNING, NIGHT])

    assert rows(schedule) == [(EVE, 540, 720), (EVE, 1320, 120), (CHRISTMAS, 540, 720), (CHRISTMAS, 1320, 120)]
    assert Schedule.objects.get().edition == 2
    assert epoch_of(calendar) != calendar.epoch


def test_closed_is_a_row_without_times(schedule):
    save_override(schedule, edition=1, days=(EVE, EVE), openings=[])

    assert rows(schedule) == [(EVE, None, None)]


def test_what_was_on_these_days_goes_and_the_others_stay(schedule):
    save_override(schedule, edition=1, days=(EVE, BOXING), openings=[])
    save_override(schedule, edition=2, days=(CHRISTMAS, CHRISTMAS), openings=[MORNING])

    assert rows(schedule) == [(EVE, None, None), (CHRISTMAS, 540, 720), (BOXING, None, None)]


def test_days_that_are_no_longer_among_the_changed_ones_open_by_the_week_again(schedule):
    save_override(schedule, edition=1, days=(EVE, BOXING), openings=[])

    save_override(schedule, edition=2, days=(EVE, EVE), openings=[MORNING], instead_of=(EVE, BOXING))

    assert rows(schedule) == [(EVE, 540, 720)]


def test_days_are_taken_back(schedule, calendar):
    save_override(schedule, edition=1, days=(EVE, BOXING), openings=[])
    epoch = epoch_of(calendar)

    remove_override(schedule, edition=2, days=(EVE, CHRISTMAS))

    assert rows(schedule) == [(BOXING, None, None)]
    assert Schedule.objects.get().edition == 3
    assert epoch_of(calendar) != epoch


def test_the_second_of_two_is_told_and_overwrites_nothing(schedule, calendar):
    save_override(schedule, edition=1, days=(EVE, EVE), openings=[MORNING])
    epoch = epoch_of(calendar)

    with pytest.raises(ChangedMeanwhile):
        save_override(schedule, edition=1, days=(EVE, EVE), openings=[])
    with pytest.raises(ChangedMeanwhile):
        remove_override(schedule, edition=1, days=(EVE, EVE))

    assert rows(schedule) == [(EVE, 540, 720)]
    assert epoch_of(calendar) == epoch


def test_nothing_is_half_saved_when_the_database_refuses_a_row(schedule, calendar):
    save_override(schedule, edition=1, days=(EVE, EVE), openings=[MORNING])

    with pytest.raises(DataError):
        save_override(schedule, edition=2, days=(EVE, BOXING), openings=[NIGHT, Opening(10**6, 0)])

    assert rows(schedule) == [(EVE, 540, 720)]
    assert Schedule.objects.get().edition == 2


def test_a_whole_year_is_saved_with_a_fixed_number_of_statements(schedule, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        save_override(schedule, edition=1, days=(EVE, date(2027, 12, 24)), openings=[MORNING, NIGHT])

    assert DateOverride.objects.count() == 2 * 366
