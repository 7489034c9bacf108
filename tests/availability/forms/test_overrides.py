"""The form for other hours on single days."""

from datetime import date

import pytest
from django.http import QueryDict

from availability.core.hours import Opening
from availability.forms.overrides import OverrideForm

TODAY = date(2026, 11, 23)
EVE, NEW_YEAR = date(2026, 12, 24), date(2027, 1, 1)


def form_of(*openings, **fields):
    data = QueryDict(mutable=True)
    data.update({"first": "2026-12-24", "last": "", "hours_on": "on" if openings else "closed", **fields})
    for opens, closes in openings:
        data.appendlist("hours_opens", opens)
        data.appendlist("hours_closes", closes)
    return OverrideForm(data, today=TODAY)


def test_one_day_with_other_hours():
    form = form_of(("22:00", "02:00"), ("09:00", "12:00"))

    assert form.is_valid()
    assert (form.days(), form.openings()) == ((EVE, EVE), (Opening(540, 720), Opening(1320, 120)))
    assert form.instead_of() is None


def test_several_days_closed():
    form = form_of(last="2027-01-01")

    assert form.is_valid()
    assert (form.days(), form.openings()) == ((EVE, NEW_YEAR), ())


def test_today_and_a_whole_year_can_be_entered():
    assert form_of(first="2026-11-23", last="2027-11-23").is_valid()


@pytest.mark.parametrize(
    ("openings", "fields", "field", "said"),
    [
        ([], {"first": "2026-11-22"}, "first", "22 November 2026 is past. Choose today or a later day."),
        ([], {"first": "0001-01-01"}, "first", "is past"),
        ([], {"first": "9999-12-31"}, "first", "More than three years ahead nothing can be entered yet."),
        ([], {"last": "9999-12-31"}, "last", "More than three years ahead"),
        ([], {"first": ""}, "first", "Please fill this in."),
        ([], {"first": "24.12.2026"}, "first", "This is not a date. Example: 2026-12-24"),
        ([], {"first": "2026-02-30"}, "first", "This is not a date."),
        ([], {"last": "x"}, "last", "This is not a date."),
        ([], {"last": "2026-12-23"}, "last", "The last day is before the first."),
        ([], {"last": "2027-12-25"}, "last", "These are more than 366 days. Enter them in parts."),
        ([("09:00", "12:00"), ("11:00", "13:00")], {}, "hours", "09:00–12:00 and 11:00–13:00 overlap."),
        ([("", "")], {}, "hours", "There are no hours yet. Add some, or choose “Closed”."),
        ([("09:00", "33:00")], {}, "hours", "“33:00” is past the end of the day."),
        (
            [("22:00", "02:00"), ("01:00", "05:00")],
            {"last": "2026-12-26"},
            "hours",
            "On days in a row these hours run into those of the next morning.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(openings, fields, field, said):
    form = form_of(*openings, **fields)

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert said in form.errors[field][0]


def test_on_one_day_alone_the_night_may_reach_the_hour_at_which_the_day_opened():
    assert form_of(("22:00", "02:00"), ("01:00", "05:00")).is_valid()


def test_all_round_on_days_in_a_row_only_touches():
    assert form_of(("00:00", "00:00"), last="2026-12-26").is_valid()


def test_the_days_that_are_changed_are_known_and_those_past_are_left_alone():
    form = form_of(was_first="2026-11-20", was_last="2026-12-01")

    assert form.instead_of() == (TODAY, date(2026, 12, 1))


def test_they_are_known_while_other_answers_are_not_right_yet():
    assert form_of(first="", was_first="2026-12-24", was_last="2026-12-24").instead_of() == (EVE, EVE)
    assert form_of(was_first="x", was_last="2026-12-24").instead_of() is None
