"""Lengths of time: a number and a unit."""

from datetime import timedelta

import pytest
from django import forms

from availability.forms.durations import LengthField

MINUTE = timedelta(minutes=1)


class LengthForm(forms.Form):
    length = LengthField(label="Length")


def read(number, unit="minutes"):
    return LengthForm({"length": number, "length_unit": unit})


@pytest.mark.parametrize(
    ("number", "unit", "length"),
    [
        ("30", "minutes", 30 * MINUTE),
        ("1.5", "hours", 90 * MINUTE),
        ("1,5", "hours", 90 * MINUTE),
        ("0", "days", timedelta()),
        ("7", "days", timedelta(days=7)),
        (" 45 ", "", 45 * MINUTE),
    ],
)
def test_a_number_and_a_unit_make_a_length(number, unit, length):
    form = read(number, unit)

    assert form.is_valid()
    assert form.cleaned_data["length"] == length


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        ("", "minutes", "Please write a number. 0 is fine."),
        ("soon", "minutes", "Please write a number, such as 30."),
        ("-5", "minutes", "Please write a number, such as 30."),
        ("NaN", "minutes", "Please write a number, such as 30."),
        ("Infinity", "days", "Please write a number, such as 30."),
        ("1e12", "days", "This is too long."),
        ("9999999", "days", "This is too long."),
        ("0.3", "minutes", "Please give whole minutes."),
        ("5", "fortnights", "Choose minutes, hours or days."),
    ],
)
def test_nonsense_is_refused_with_a_sentence(number, unit, said):
    assert read(number, unit).errors == {"length": [said]}


def test_what_is_too_short_or_too_long_gets_the_fields_own_sentence():
    def errors(number):
        form = read(number)
        form.fields["length"].keep_within(5 * MINUTE, 10 * MINUTE, "Five to ten minutes.")
        return form.errors

    assert errors("4") == errors("11") == {"length": ["Five to ten minutes."]}
    assert errors("5") == errors("10") == {}


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(), [0, "minutes"]),
        (90 * MINUTE, [90, "minutes"]),
        (120 * MINUTE, [2, "hours"]),
        (timedelta(days=7), [7, "days"]),
        (timedelta(seconds=90), [1.5, "minutes"]),
    ],
)
def test_a_length_is_shown_in_the_largest_unit_that_fits(length, shown):
    assert LengthField().widget.decompress(length) == shown


def test_the_same_length_in_another_unit_is_no_change():
    form = LengthForm({"length": "60", "length_unit": "minutes"}, initial={"length": timedelta(hours=1)})

    assert not form.has_changed()


def test_the_number_carries_the_fields_name_id_and_message():
    html = str(read("x")["length"])

    number = html.partition("<input")[2].partition(">")[0]
    assert 'name="length" value="x"' in number
    assert 'id="id_length"' in number
    assert 'aria-describedby="id_length_error"' in number
    assert 'aria-invalid="true"' in number
    assert html.count("aria-invalid") == 1
    assert '<label class="visually-hidden" for="id_length_unit">' in html
