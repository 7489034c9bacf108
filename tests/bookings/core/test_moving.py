from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.core.moving import exists, lengthened, moved

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _berlin(*parts):
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


def test_what_is_moved_lasts_as_long_even_when_the_clocks_change():
    span = (_berlin(2027, 3, 27, 1), _berlin(2027, 3, 27, 4))

    to = _berlin(2027, 3, 28, 1)

    assert moved(span, to, zone=BERLIN, whole_days=False) == (to, to + 3 * HOUR)


def test_whole_days_begin_and_end_by_the_clock():
    span = (_berlin(2027, 3, 26), _berlin(2027, 3, 28))

    there = moved(span, _berlin(2027, 3, 28, 17), zone=BERLIN, whole_days=True)

    assert there == (_berlin(2027, 3, 28), _berlin(2027, 3, 30))


def test_whole_days_of_another_zone_keep_their_hour():
    span = (_berlin(2026, 11, 23, 9), _berlin(2026, 11, 24, 9))

    there = moved(span, _berlin(2026, 11, 25), zone=BERLIN, whole_days=True)

    assert there == (span[0] + 2 * DAY, span[1] + 2 * DAY)


@pytest.mark.parametrize(("whole_days", "ends"), [(False, _berlin(2026, 11, 26, 17)), (True, _berlin(2026, 11, 26))])
def test_what_is_lengthened_starts_where_it_did(whole_days, ends):
    span = (_berlin(2026, 11, 23), _berlin(2026, 11, 24))

    there = lengthened(span, _berlin(2026, 11, 26, 17), zone=BERLIN, whole_days=whole_days)

    assert there == (span[0], ends)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [((2027, 3, 28, 2, 30), False), ((2027, 3, 28, 3), True), ((2026, 10, 25, 2, 30), True), ((2026, 11, 23, 9), True)],
)
def test_an_hour_that_the_clocks_leave_out_does_not_exist(wall, expected):
    assert exists(datetime(*wall, tzinfo=UTC).replace(tzinfo=None), BERLIN) is expected
