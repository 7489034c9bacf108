from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from availability.core.whole_days import (
    DayAndTime,
    NotOnTheClock,
    end_in_words,
    end_of,
    start_in_words,
    start_of,
)

BERLIN = ZoneInfo("Europe/Berlin")


def utc(day, clock):
    return datetime.fromisoformat(f"{day}T{clock}Z")


@pytest.mark.parametrize(
    ("zone", "day", "start", "end"),
    [
        ("Europe/Berlin", "2026-12-24", utc("2026-12-23", "23:00"), utc("2026-12-24", "23:00")),
        # clocks go forward: 23 hours; back: 25 hours
        ("Europe/Berlin", "2027-03-28", utc("2027-03-27", "23:00"), utc("2027-03-28", "22:00")),
        ("Europe/Berlin", "2026-10-25", utc("2026-10-24", "22:00"), utc("2026-10-25", "23:00")),
        # clocks jump over midnight: the day begins at 01:00
        ("Asia/Beirut", "2027-03-28", utc("2027-03-27", "22:00"), utc("2027-03-28", "21:00")),
        ("Asia/Kathmandu", "2026-12-24", utc("2026-12-23", "18:15"), utc("2026-12-24", "18:15")),
        # the day before one that the zone skipped
        ("Pacific/Apia", "2011-12-29", utc("2011-12-29", "10:00"), utc("2011-12-30", "10:00")),
    ],
)
@pytest.mark.parametrize("said", [None, time(0, 0)])
def test_a_whole_day_runs_from_midnight_to_midnight_of_its_zone(zone, day, start, end, said):
    zone, whole = ZoneInfo(zone), DayAndTime(date.fromisoformat(day), said)

    assert (start_of(whole, zone), end_of(whole, zone)) == (start, end)
    assert start_in_words(start, zone) == end_in_words(end, zone) == (whole.day, None)


def test_times_are_read_on_the_clock_of_the_zone():
    noon = DayAndTime(date(2026, 12, 24), time(12, 0))

    assert start_of(noon, BERLIN) == end_of(noon, BERLIN) == utc("2026-12-24", "11:00")
    assert start_in_words(start_of(noon, BERLIN), BERLIN) == end_in_words(end_of(noon, BERLIN), BERLIN) == noon


def test_a_time_that_comes_twice_lies_within_the_stretch_both_times():
    twice = DayAndTime(date(2026, 10, 25), time(2, 30))

    assert (start_of(twice, BERLIN), end_of(twice, BERLIN)) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
    assert start_in_words(start_of(twice, BERLIN), BERLIN) == end_in_words(end_of(twice, BERLIN), BERLIN) == twice


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [
        ("Europe/Berlin", DayAndTime(date(2027, 3, 28), time(2, 30))),
        ("Pacific/Apia", DayAndTime(date(2011, 12, 30), None)),
        ("Pacific/Apia", DayAndTime(date(2011, 12, 30), time(12, 0))),
    ],
)
@pytest.mark.parametrize("side", [start_of, end_of])
def test_a_time_that_the_clocks_skip_is_refused(zone, skipped, side):
    with pytest.raises(NotOnTheClock):
        side(skipped, ZoneInfo(zone))
