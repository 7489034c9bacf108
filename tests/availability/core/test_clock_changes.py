"""When clocks change next."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from availability.core.clock_changes import next_change
from availability.core.intervals import instant


def change(zone, *when):
    return next_change(ZoneInfo(zone), after=instant(datetime(*when, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("zone", "after", "first", "last", "forward"),
    [
        ("Europe/Berlin", (2026, 11, 23), "2027-03-28 02:00", "2027-03-28 03:00", True),
        ("Europe/Berlin", (2027, 4, 1), "2027-10-31 02:00", "2027-10-31 03:00", False),
        ("America/New_York", (2026, 11, 23), "2027-03-14 02:00", "2027-03-14 03:00", True),
        ("Australia/Lord_Howe", (2026, 11, 23), "2027-04-04 01:30", "2027-04-04 02:00", False),
        ("America/Santiago", (2026, 11, 23), "2027-04-03 23:00", "2027-04-04 00:00", False),
        ("Asia/Beirut", (2026, 11, 23), "2027-03-28 00:00", "2027-03-28 01:00", True),
    ],
)
def test_the_hour_that_is_missing_or_doubled_is_named_by_the_clock(zone, after, first, last, forward):
    found = change(zone, *after)

    assert (f"{found.first:%Y-%m-%d %H:%M}", f"{found.last:%Y-%m-%d %H:%M}") == (first, last)
    assert found.goes_forward == forward


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/Phoenix", "Asia/Kolkata"])
def test_zones_that_never_change_have_none(zone):
    assert change(zone, 2026, 11, 23) is None


def test_the_second_of_the_change_itself_is_no_longer_before_it():
    assert change("Europe/Berlin", 2027, 3, 28, 0, 59, 59).first.isoformat() == "2027-03-28T02:00:00"
    assert change("Europe/Berlin", 2027, 3, 28, 1).first.isoformat() == "2027-10-31T02:00:00"


@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_no_zone_is_too_odd(name):
    found = change(name, 2026, 11, 23)

    assert found is None or found.first < found.last
