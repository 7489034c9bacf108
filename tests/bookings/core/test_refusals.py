"""Why a host is not free is never told to the public (P4)."""

import pytest

from availability.core.rules import ReasonCode
from bookings.core.refusals import public_codes
from bookings.forms.refusals import refusals

TOLD = {
    "PAST": "PAST",
    "NOTICE": "NOTICE",
    "HORIZON": "HORIZON",
    "HOURS": "HOURS",
    "OVERRIDE": "HOURS",
    "CLOSED": "HOURS",
    "HOLIDAY": "HOURS",
    "DURATION": "HOURS",
    "BOOKED": "BOOKED",
    "EVENT": "BOOKED",
    "BLOCKED": "BOOKED",
    "BUFFER": "BOOKED",
    "DAY_LIMIT": "BOOKED",
    "WEEK_LIMIT": "BOOKED",
    "HOST_LIMIT": "BOOKED",
    "SEATS": "SEATS",
    "ROUND_ROBIN_LEAD": "BOOKED",
    "COLLECTIVE": "BOOKED",
    "NO_HOST": "NO_HOST",
    "INACTIVE": "INACTIVE",
    "STALE": "BOOKED",
    "HELD": "BOOKED",
    "LOOK_BUSY": "BOOKED",
}


def test_the_table_knows_every_code():
    assert set(TOLD) == set(ReasonCode)


@pytest.mark.parametrize(("code", "told"), TOLD.items())
def test_each_code_alone_is_told_as_one_that_everybody_may_know(code, told):
    assert public_codes([code]) == (told,)


@pytest.mark.parametrize("code", list(ReasonCode))
def test_there_is_a_sentence_for_every_code(code):
    (refusal,) = refusals([code])

    assert str(refusal.heading).endswith(".")
    assert str(refusal.sentence).endswith(".")


@pytest.mark.parametrize("code", ["PAST", "NOTICE", "HORIZON", "INACTIVE", "NO_HOST"])
def test_what_the_clock_and_the_calendar_say_is_told_alone(code):
    assert public_codes([code, "EVENT", "HOURS", "SEATS"]) == (code,)


def test_outside_the_hours_of_everybody_is_told():
    assert public_codes(["HOURS", "DURATION"]) == ("HOURS",)


def test_outside_the_hours_of_one_of_several_who_are_needed_is_told():
    assert public_codes(["COLLECTIVE", "HOURS"]) == ("HOURS",)


@pytest.mark.parametrize("codes", [["HOURS", "EVENT"], ["COLLECTIVE", "HOURS", "EVENT"]])
def test_within_the_hours_of_one_who_is_taken_it_is_taken(codes):
    assert public_codes(codes) == ("BOOKED",)


def test_a_full_class_is_full_whatever_else_takes_the_host():
    assert public_codes(["SEATS", "EVENT"]) == ("SEATS",)


def test_no_reason_at_all_reads_taken():
    assert public_codes([]) == ("BOOKED",)
