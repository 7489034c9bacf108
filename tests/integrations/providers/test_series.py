"""Whole series in their zones, against a slow reference: wall-clock starts of dateutil, resolved one by one."""

from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.providers.caldav.expanding import expand
from tests.integrations.providers.objects import reduced, vcalendar, vevent

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Asia/Kolkata"]
FIRST = datetime(2026, 1, 1)  # noqa: DTZ001
MINUTE = timedelta(minutes=1)
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2;BYDAY=SA,SU",
    "FREQ=WEEKLY;BYDAY=SU,WE",
    "FREQ=MONTHLY;BYDAY=-1SU,2SU",
    "FREQ=YEARLY;BYMONTH=3,4,10,11;BYDAY=SU",
]


def wall_starts(rule: str, first: datetime, zone: ZoneInfo, *, count: int, last: datetime) -> list[datetime]:
    """Starts that a clock of the zone shows, the first one among them whatever the rule says."""
    shown = (
        wall for wall in rrulestr(rule, dtstart=first) if resolved(wall, zone).astimezone(zone) == aware(wall, zone)
    )
    ruled = takewhile(lambda wall: wall <= last, islice(shown, count))
    return sorted({first, *ruled})


def aware(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone)


def resolved(wall: datetime, zone: ZoneInfo) -> datetime:
    return aware(wall, zone).astimezone(UTC)


@settings(deadline=None, max_examples=150)
@given(
    rule=st.sampled_from(RULES),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    # Where clocks change, and a little later.
    minutes=st.integers(0, 4 * 60 + 30).map(lambda minute: minute // 15 * 15),
    day=st.integers(0, 330),
    count=st.integers(1, 60),
    length=st.integers(1, 3_000),
    left_out=st.sets(st.integers(0, 10), max_size=3),
)
def test_series_is_where_a_slow_reference_has_it(
    rule: str, zone: ZoneInfo, minutes: int, day: int, count: int, length: int, left_out: set[int]
) -> None:
    first = FIRST + timedelta(days=day, minutes=minutes)
    walls = wall_starts(rule, first, zone, count=count, last=first + timedelta(days=500))
    excepted = [wall for index, wall in enumerate(walls) if index in left_out]
    lines = [f"EXDATE;TZID={zone.key}:{wall:%Y%m%dT%H%M%S}" for wall in excepted]
    text = vcalendar(
        vevent(
            f"DTSTART;TZID={zone.key}:{first:%Y%m%dT%H%M%S}",
            f"DURATION:PT{length}M",
            f"RRULE:{rule};COUNT={count}",
            *lines,
        )
    )
    low = resolved(first, zone) + timedelta(days=20)
    high = low + timedelta(days=430)

    found = expand(reduced(text).text, start=low, end=high, zone=ZoneInfo("UTC"))

    spans = [
        (begin, begin + length * MINUTE) for wall in walls if wall not in excepted for begin in [resolved(wall, zone)]
    ]
    assert [(one.start, one.end) for one in found] == sorted(span for span in spans if span[0] < high and low < span[1])
