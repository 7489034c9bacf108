"""Slots as text: what a JSON reader makes of it."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.core.spelled_slots import spelled_slots

HALF_HOUR = timedelta(minutes=30)
BERLIN = ZoneInfo("Europe/Berlin")


def at(*moment):
    return int(datetime(*moment, tzinfo=UTC).timestamp())


def spelled(*starts, seats_left=None, zone=BERLIN):
    return json.loads(spelled_slots(starts, seats_left, HALF_HOUR, zone))


def test_a_slot_is_spelled_by_the_clocks_of_the_zone_with_their_offset():
    assert spelled(at(2026, 11, 23, 9), zone=ZoneInfo("Asia/Kathmandu")) == {
        "slots": [{"start": "2026-11-23T14:45:00+05:45", "end": "2026-11-23T15:15:00+05:45", "seats_left": None}],
        "time_zone": "Asia/Kathmandu",
    }


def test_both_passes_of_a_doubled_hour_are_told_apart():
    slots = spelled(at(2026, 10, 25, 0, 30), at(2026, 10, 25, 1, 30))["slots"]

    assert [slot["start"] for slot in slots] == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
    assert slots[0]["end"] == "2026-10-25T02:00:00+01:00"


def test_seats_left_stand_beside_their_slot():
    slots = spelled(at(2026, 11, 23, 9), at(2026, 11, 23, 10), seats_left=(0, 7))["slots"]

    assert [slot["seats_left"] for slot in slots] == [0, 7]


def test_no_slots_are_an_empty_list():
    assert spelled() == {"slots": [], "time_zone": "Europe/Berlin"}
