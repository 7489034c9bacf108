from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.core.zones import OFFERED, city, is_doubled, offset_words, zone_named


@pytest.mark.parametrize("name", ["Europe/Berlin", "Asia/Kathmandu", "UTC"])
def test_iana_names_are_zones(name):
    assert zone_named(name) == ZoneInfo(name)


@pytest.mark.parametrize("name", ["", "Berlin", "../etc/passwd", "/etc/passwd", "Europe/", "europe/berlin\0", "+01:00"])
def test_nothing_else_is(name):
    assert zone_named(name) is None


@pytest.mark.parametrize("name", OFFERED)
def test_every_zone_on_offer_exists(name):
    assert zone_named(name)


def test_a_zone_is_called_by_its_city():
    assert city(ZoneInfo("America/Argentina/Buenos_Aires")) == "Buenos Aires"


@pytest.mark.parametrize(("hour", "fold", "expected"), [(1, 0, False), (2, 0, True), (2, 1, True), (3, 0, False)])
def test_times_in_the_hour_that_comes_twice_are_doubled(hour, fold, expected):
    local = datetime(2026, 10, 25, hour, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)

    assert is_doubled(local) == expected


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "UTC"), (60, "UTC+1"), (345, "UTC+5:45"), (-210, "UTC−3:30"), (-600, "UTC−10")]
)
def test_offsets_in_words(minutes, words):
    assert offset_words(timedelta(minutes=minutes)) == words
