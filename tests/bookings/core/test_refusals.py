"""Why a host is not free is never told to the public (P4)."""

import pytest

from availability.core.rules import ReasonCode
from bookings.core.refusals import public_codes

PRIVATE = ["BOOKED", "EVENT", "BLOCKED", "BUFFER", "STALE", "HELD", "DAY_LIMIT", "WEEK_LIMIT", "HOST_LIMIT"]


@pytest.mark.parametrize("code", PRIVATE)
def test_whatever_takes_a_hosts_time_reads_the_same(code):
    assert public_codes([code]) == ("BOOKED",)


@pytest.mark.parametrize("code", ["PAST", "NOTICE", "HORIZON", "INACTIVE", "NO_HOST"])
def test_what_the_clock_and_the_calendar_say_is_told_alone(code):
    assert public_codes([code, "EVENT", "HOURS"]) == (code,)


def test_outside_the_hours_of_everybody_is_told():
    assert public_codes(["HOURS", "DURATION"]) == ("HOURS",)


def test_within_the_hours_of_one_who_is_taken_it_is_taken():
    assert public_codes(["HOURS", "EVENT"]) == ("BOOKED",)


@pytest.mark.parametrize("code", list(ReasonCode))
def test_there_is_an_answer_to_every_code(code):
    assert len(public_codes([code])) == 1


def test_no_reason_at_all_reads_taken():
    assert public_codes([]) == ("BOOKED",)
