"""Hiding, pausing and switching off."""

from datetime import timedelta

import pytest

from availability.services import calendar_state
from tests.factories import NOW, CalendarFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
PAIRS = [
    ("hidden_at", calendar_state.hide_calendar, calendar_state.show_calendar),
    ("paused_at", calendar_state.pause_calendar, calendar_state.resume_calendar),
    ("switched_off_at", calendar_state.switch_off_calendar, calendar_state.switch_on_calendar),
]


@pytest.mark.parametrize(("name", "begin", "end"), PAIRS)
def test_each_state_begins_and_ends_and_makes_slots_stale(name, begin, end):
    calendar = CalendarFactory()
    first = calendar.epoch

    begin(calendar, now=NOW)
    calendar.refresh_from_db()
    second = calendar.epoch
    assert (getattr(calendar, name), calendar.edition) == (NOW, 2)

    end(calendar)
    calendar.refresh_from_db()
    assert (getattr(calendar, name), calendar.edition) == (None, 3)
    assert len({first, second, calendar.epoch}) == 3


@pytest.mark.parametrize(("name", "begin", "end"), PAIRS)
def test_doing_it_twice_changes_nothing_more(name, begin, end):
    calendar = CalendarFactory()
    begin(calendar, now=NOW)
    calendar.refresh_from_db()
    epoch = calendar.epoch

    begin(calendar, now=LATER)

    calendar.refresh_from_db()
    assert (getattr(calendar, name), calendar.edition, calendar.epoch) == (NOW, 2, epoch)
