"""Dates with other hours than the week."""

from datetime import date

import pytest

from availability.core.hours import Opening
from availability.models import DateOverride
from availability.queries.overrides import OtherDays, coming_overrides, overrides_between
from tests.factories import ScheduleFactory

pytestmark = pytest.mark.django_db
EVE, CHRISTMAS, BOXING, NEXT = (date(2026, 12, day) for day in (24, 25, 26, 27))


@pytest.fixture
def schedule():
    schedule = ScheduleFactory()
    for day, opens, closes in ((EVE, 1320, 120), (EVE, 540, 720), (CHRISTMAS, None, None), (BOXING, None, None)):
        DateOverride.objects.create(schedule=schedule, date=day, opens_minute=opens, closes_minute=closes)
    DateOverride.objects.create(schedule=ScheduleFactory(), date=NEXT)
    return schedule


def test_what_opens_is_known_by_date_and_closed_opens_nothing(schedule):
    assert overrides_between(schedule, EVE, CHRISTMAS) == {
        EVE: (Opening(540, 720), Opening(1320, 120)),
        CHRISTMAS: (),
    }


def test_days_in_a_row_that_are_alike_are_one(schedule):
    assert coming_overrides(schedule, today=EVE) == [
        OtherDays(EVE, EVE, (Opening(540, 720), Opening(1320, 120))),
        OtherDays(CHRISTMAS, BOXING, ()),
    ]


def test_past_days_are_left_out(schedule):
    assert coming_overrides(schedule, today=BOXING) == [OtherDays(BOXING, BOXING, ())]


def test_alike_days_with_another_between_are_two(schedule):
    DateOverride.objects.create(schedule=schedule, date=date(2026, 12, 28))

    assert [(run.first, run.last) for run in coming_overrides(schedule, today=CHRISTMAS)] == [
        (CHRISTMAS, BOXING),
        (date(2026, 12, 28), date(2026, 12, 28)),
    ]
