import pytest

from bookings.core.event_title import USUAL, event_title


@pytest.mark.parametrize(
    ("template", "title"),
    [
        (USUAL, "Yoga: Ada"),
        ("{customer} ({calendar})", "Ada (Yoga)"),
        ("Busy", "Busy"),
        ("{customer}{customer}", "AdaAda"),
        ("{Customer} { customer } {}", "{Customer} { customer } {}"),
        ("{customer.__class__} {customer!r} {0} {calendar[0]}", "{customer.__class__} {customer!r} {0} {calendar[0]}"),
        ("{{customer}}", "{Ada}"),
        ("100 %s {", "100 %s {"),
    ],
)
def test_two_placeholders_are_filled_in_and_nothing_else_means_anything(template, title):
    assert event_title(template, calendar="Yoga", customer="Ada") == title


def test_a_placeholder_in_a_name_stays_what_it_is():
    assert (
        event_title("{customer}, {calendar}", calendar="{customer}", customer="{calendar}") == "{calendar}, {customer}"
    )
