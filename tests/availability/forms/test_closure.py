"""What the form of a closure refuses, and how it says so."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from availability.forms.closure import ClosureForm

BERLIN = ZoneInfo("Europe/Berlin")


def test_days_without_times_are_closed_as_a_whole():
    form = ClosureForm({"first": "2026-12-24"}, zone=BERLIN)

    assert form.is_valid()
    assert form.starts_at == datetime(2026, 12, 23, 23, tzinfo=UTC)
    assert form.ends_at == datetime(2026, 12, 24, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "field", "message"),
    [
        ({"name": "Christmas"}, "first", "Please choose the first day."),
        ({"first": "soon"}, "first", "This is not a day we know. Example: 2026-12-24"),
        ({"first": "0001-01-01"}, "first", "This is not a day we know. Example: 2026-12-24"),
        ({"first": "9999-12-31"}, "first", "This is not a day we know. Example: 2026-12-24"),
        ({"first": "2026-12-24", "last": "9999-12-31"}, "last", "This is not a day we know. Example: 2026-12-24"),
        ({"first": "2026-12-24", "opens": "noon"}, "opens", "This is not a time of day. Example: 12:30"),
        ({"first": "2026-12-24", "last": "2026-12-23"}, "last", "The last day is before the first."),
        (
            {"first": "2026-12-24", "opens": "12:00", "closes": "12:00"},
            "closes",
            "This is not after the time from which you are closed.",
        ),
        (
            {"first": "2027-03-28", "opens": "02:30"},
            "opens",
            "02:30 does not exist on 28 March 2027: the clocks are put forward over it.",
        ),
        (
            {"first": "2027-03-27", "last": "2027-03-28", "closes": "02:30"},
            "closes",
            "02:30 does not exist on 28 March 2027: the clocks are put forward over it.",
        ),
        ({"first": "2026-12-24", "last": "2028-12-26"}, "last", "A closure lasts two years at most."),
    ],
)
def test_what_cannot_be_is_said_next_to_its_field(asked, field, message):
    assert ClosureForm(asked, zone=BERLIN).errors == {field: [message]}


@pytest.mark.parametrize(
    ("asked", "field"), [({"first": "2011-12-30"}, "first"), ({"first": "2011-12-29", "last": "2011-12-30"}, "last")]
)
def test_a_day_that_the_zone_skips_cannot_be_closed(asked, field):
    form = ClosureForm(asked, zone=ZoneInfo("Pacific/Apia"))

    assert form.errors == {field: ["30 December 2011 does not exist in your time zone."]}


def test_two_years_are_not_too_long():
    assert ClosureForm({"first": "2026-12-24", "last": "2028-12-23"}, zone=BERLIN).is_valid()
