"""The schedule form: what is refused, beside which field, in which words; and that what was typed stays."""

import pytest
from django.http import QueryDict

from availability.core.hours import DayHours, Opening
from availability.forms.hours import TypedHours, TypedOpening, rows_of
from availability.forms.schedule import ScheduleForm, day_name
from availability.forms.zones import zone_names
from tests.factories import MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, SUNDAY = 0, 1, 6


@pytest.fixture
def member():
    return MemberFactory()


def typed(*openings, **fields):
    """A form as a browser sends it: ``openings`` are (weekday, from, until)."""
    data = QueryDict(mutable=True)
    data.update({"name": "Practice hours", "time_zone": "Europe/Berlin", **fields})
    for weekday, opens, closes in openings:
        data[f"{day_name(weekday)}_on"] = "on"
        data.appendlist(f"{day_name(weekday)}_opens", opens)
        data.appendlist(f"{day_name(weekday)}_closes", closes)
    return data


def refused(member, *openings, **fields):
    form = ScheduleForm(typed(*openings, **fields), member=member)
    return {name: list(errors) for name, errors in form.errors.items()}


def test_a_week_is_read_as_it_was_typed(member):
    form = ScheduleForm(
        typed((MONDAY, "13:30", "18:00"), (MONDAY, "9:00", "12:30"), (4, "22:00", "02:00"), day_limit="6"),
        member=member,
    )

    assert form.is_valid()
    assert list(form.hours()) == [DayHours(0, 540, 750), DayHours(0, 810, 1080), DayHours(4, 1320, 120)]
    assert (form.terms().name, str(form.terms().time_zone), form.terms().day_limit, form.terms().week_limit) == (
        "Practice hours",
        "Europe/Berlin",
        6,
        None,
    )
    assert not form.terms().works_on_holidays


@pytest.mark.parametrize(
    ("opens", "closes", "read"),
    [
        ("00:00", "00:00", (0, 0)),
        ("09:00", "24:00", (540, 1440)),
        ("09:00", "09:00", (540, 540)),
        ("9:05", "17:00:00", (545, 1020)),
    ],
)
def test_every_way_to_write_a_time_is_understood(member, opens, closes, read):
    form = ScheduleForm(typed((MONDAY, opens, closes)), member=member)

    assert form.is_valid()
    assert list(form.hours()) == [DayHours(0, *read)]


@pytest.mark.parametrize(
    ("openings", "day", "said"),
    [
        ([(0, "09:00", "12:30"), (0, "12:00", "18:00")], "day_0", "09:00–12:30 and 12:00–18:00 overlap."),
        ([(0, "09:00", "12:30"), (0, "09:00", "12:30")], "day_0", "09:00–12:30 and 09:00–12:30 overlap."),
        ([(0, "22:00", "02:00"), (1, "01:00", "05:00")], "day_1", "Monday 22:00–02:00 runs into Tuesday 01:00–05:00."),
        ([(6, "22:00", "02:00"), (0, "00:00", "05:00")], "day_0", "Sunday 22:00–02:00 runs into Monday 00:00–05:00."),
        ([(0, "10:00", "10:00"), (1, "09:00", "17:00")], "day_1", "Monday 10:00–10:00 runs into Tuesday 09:00–17:00."),
        (
            [(0, "09:00", "34:00")],
            "day_0",
            "“34:00” is past the end of the day. Hours that pass midnight end at a time",
        ),
        ([(0, "25:00", "26:00")], "day_0", "“25:00” is past the end of the day."),
        ([(0, "24:00", "02:00")], "day_0", "What begins at midnight belongs to the next day, at 00:00."),
        ([(0, "9", "17")], "day_0", "“9” is not a time of the day. Example: 09:30"),
        ([(0, "09:75", "17:00")], "day_0", "“09:75” is not a time of the day."),
        ([(0, "-1:00", "17:00")], "day_0", "“-1:00” is not a time of the day."),
        ([(0, "٠٩:٠٠", "17:00")], "day_0", "is not a time of the day."),
        ([(0, "09:00", "")], "day_0", "Hours have a beginning and an end."),
        ([(0, "", "17:00")], "day_0", "Hours have a beginning and an end."),
        ([(0, "", "")], "day_0", "There are no hours on this day yet. Add some, or switch the day off."),
        ([(0, "00:00", "00:01")] * 30, "day_0", "More than 24 openings on one day cannot be kept."),
    ],
)
def test_hours_that_make_no_sense_are_refused_beside_their_day(member, openings, day, said):
    errors = refused(member, *openings)

    assert list(errors) == [day]
    assert said in errors[day][0]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"time_zone": "Europe/Atlantis"}, "time_zone", "There is no time zone “Europe/Atlantis”."),
        ({"time_zone": ""}, "time_zone", "Please fill this in."),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "There is no time zone"),
        ({"name": ""}, "name", "Please fill this in."),
        ({"name": "x" * 81}, "name", "80"),
        ({"name": "a\x00b"}, "name", "We cannot keep a character in this text."),
        ({"day_limit": "0"}, "day_limit", "1"),
        ({"day_limit": "-3"}, "day_limit", "1"),
        ({"week_limit": "many"}, "week_limit", "number"),
        ({"week_limit": "99999999999"}, "week_limit", "1000"),
    ],
)
def test_what_else_makes_no_sense_is_refused_beside_its_field(member, fields, field, said):
    errors = refused(member, (MONDAY, "09:00", "17:00"), **fields)

    assert list(errors) == [field]
    assert said in errors[field][0]


def test_a_name_is_used_once_by_a_member_and_again_by_others(member):
    mine = ScheduleFactory(member=member, name="Practice hours")
    data = typed((MONDAY, "09:00", "17:00"))

    assert "There is another schedule of this name." in refused(member, (MONDAY, "09:00", "17:00"))["name"][0]
    assert ScheduleForm(data, member=member, schedule=mine).is_valid()
    assert ScheduleForm(data, member=MemberFactory()).is_valid()


def test_a_message_marks_the_hours_it_concerns_and_everything_typed_stays(member):
    openings = (MONDAY, "09:00", "12:30"), (MONDAY, "14:00", "18:00"), (MONDAY, "12:00", "13:00")
    form = ScheduleForm(typed(*openings, name=""), member=member)

    rows = rows_of(form["day_0"])

    assert [(row.opens, row.closes, row.is_bad) for row in rows] == [
        ("09:00", "12:30", True),
        ("14:00", "18:00", False),
        ("12:00", "13:00", True),
    ]
    assert form["time_zone"].value() == "Europe/Berlin"


def test_hours_that_run_into_the_next_day_are_marked_there(member):
    form = ScheduleForm(typed((0, "22:00", "02:00"), (1, "09:00", "12:00"), (1, "01:00", "02:00")), member=member)

    assert [row.is_bad for row in rows_of(form["day_1"])] == [False, True]
    assert [row.is_bad for row in rows_of(form["day_0"])] == [False]


def test_empty_rows_beside_hours_are_left_out(member):
    form = ScheduleForm(typed((MONDAY, "09:00", "17:00"), (MONDAY, "", "")), member=member)

    assert form.is_valid()
    assert list(form.hours()) == [DayHours(0, 540, 1020)]


def test_a_day_switched_off_is_closed_whatever_its_rows_say(member):
    data = typed((MONDAY, "09:00", "nonsense"), (TUESDAY, "09:00", "17:00"))
    del data["day_0_on"]
    form = ScheduleForm(data, member=member)

    assert form.is_valid()
    assert list(form.hours()) == [DayHours(1, 540, 1020)]


def test_what_can_be_read_is_drawn_while_the_rest_is_missing(member):
    form = ScheduleForm(
        typed((MONDAY, "09:00", ""), (MONDAY, "13:00", "18:00"), (SUNDAY, "x", "y"), time_zone="Europe/Atlantis"),
        member=member,
    )

    assert list(form.readable_hours()) == [DayHours(0, 780, 1080)]
    assert str(form.zone()) == "Europe/Berlin"


def test_every_zone_of_the_list_can_be_chosen(member):
    form = ScheduleForm(member=member)

    offered = [name for _area, zones in form.fields["time_zone"].choices for name, _city in zones]
    assert sorted(offered) == list(zone_names())
    assert {"Europe/Berlin", "Asia/Kathmandu", "America/Argentina/Buenos_Aires", "UTC"} <= set(offered)


def test_rows_are_added_and_removed_without_losing_the_others():
    morning = TypedHours(True, (TypedOpening("09:00", "12:00"),))

    longer = morning.after("add")

    assert longer.openings == (TypedOpening("09:00", "12:00"), TypedOpening())
    assert longer.after("add") == longer
    assert longer.after("remove", "0") == TypedHours(True, (TypedOpening(),))
    assert longer.after("remove", "7") == longer
    assert longer.after("remove", "x") == longer
    assert longer.after("remove", "9" * 5000) == longer


def test_without_its_last_hours_a_day_is_closed_and_opening_it_again_proposes_some():
    closed = TypedHours(True, (TypedOpening("09:00", "12:00"),)).after("remove", "0")

    assert closed == TypedHours.of(())
    assert not closed.is_open
    assert closed.after("add") == TypedHours(True, (TypedOpening("09:00", "17:00"),))


def test_stored_hours_stand_in_the_fields_as_browsers_take_them():
    assert TypedHours.of([Opening(1080, 1440), Opening(0, 540)]) == TypedHours(
        True, (TypedOpening("00:00", "09:00"), TypedOpening("18:00", "00:00"))
    )
