"""Recurrence rules against python-dateutil, which is right but cannot be bounded, and the RFC's own examples."""

import datetime as datetime_module
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from types import SimpleNamespace

import dateutil.rrule
import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from integrations.providers.caldav.recurrence import starts_between
from integrations.providers.caldav.rules import parse_rule

FIRST = datetime(2024, 1, 31, 9, 30)  # noqa: DTZ001
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def ours(text: str, first: datetime, low: datetime, high: datetime) -> list[datetime]:
    rule = parse_rule(text, zone=UTC, is_date=False)
    return starts_between(rule, first, low, high, exists=lambda _wall: True)


def theirs(text: str, first: datetime, low: datetime, high: datetime) -> list[datetime]:
    rule = rrulestr(text, dtstart=first)
    return [start for start in takewhile(lambda start: start <= high, rule) if start >= low]


def some(values: list[int], most: int = 3) -> st.SearchStrategy[str]:
    chosen = st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)
    return chosen.map(lambda numbers: ",".join(map(str, numbers)))


PARTS = {
    "BYMONTH": some(list(range(1, 13))),
    "BYMONTHDAY": some([-31, -2, -1, 1, 2, 15, 28, 29, 30, 31]),
    "BYHOUR": some([0, 9, 23]),
    "BYMINUTE": some([0, 30, 59]),
}
PLAIN_DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True).map(",".join)
# Never mixed with plain ones: dateutil then wants a day to be both.
NUMBERED_DAYS = st.lists(
    st.builds("{}{}".format, st.sampled_from(["1", "2", "5", "-1", "-2"]), st.sampled_from(WEEKDAYS)),
    min_size=1,
    max_size=3,
    unique=True,
).map(",".join)


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = {"FREQ": freq, "INTERVAL": str(draw(st.integers(1, 5)))}
    for name in draw(st.sets(st.sampled_from(sorted(PARTS)), max_size=2)):
        parts[name] = draw(PARTS[name])
    if draw(st.booleans()):
        parts["BYDAY"] = draw(PLAIN_DAYS | NUMBERED_DAYS if freq in {"YEARLY", "MONTHLY"} else PLAIN_DAYS)
    if freq == "YEARLY" and draw(st.booleans()):
        parts["BYYEARDAY"] = draw(some([1, 60, 200, 365, 366, -1, -366]))
    if freq == "YEARLY" and "BYDAY" in parts and draw(st.booleans()):
        parts["BYWEEKNO"] = draw(some([1, 20, 52, 53, -1]))
        parts["BYDAY"] = draw(PLAIN_DAYS)
    # dateutil counts the positions in a first week from its start, not from the week's.
    if freq not in {"HOURLY", "WEEKLY"} and len(parts) > 2 and draw(st.booleans()):
        parts["BYSETPOS"] = draw(some([1, 2, -1]))
    if draw(st.booleans()):
        parts["WKST"] = draw(st.sampled_from(WEEKDAYS))
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts["COUNT"] = str(draw(st.integers(1, 30)))
    elif end == "UNTIL":
        parts["UNTIL"] = "20250615T093000"
    return ";".join(f"{name}={value}" for name, value in parts.items())


@pytest.fixture(scope="module", autouse=True)
def _near_end_of_time() -> Iterator[None]:
    """dateutil looks for starts that never come until the year 9999."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dateutil.rrule, "datetime", SimpleNamespace(**{**vars(datetime_module), "MAXYEAR": 2030}))
        yield


@settings(deadline=None, max_examples=300)
@given(text=rules(), first_offset=st.integers(0, 400), low_offset=st.integers(0, 500), days=st.integers(0, 120))
def test_starts_are_those_of_dateutil(text: str, first_offset: int, low_offset: int, days: int) -> None:
    first = FIRST + timedelta(days=first_offset)
    low = first + timedelta(days=low_offset)
    high = low + timedelta(days=days)
    try:
        expected = theirs(f"{text};BYSECOND=0", first, low, high)
    except ValueError:
        assume(False)

    assert ours(text, first, low, high) == expected


def test_rule_of_long_ago_is_not_counted_from_its_beginning() -> None:
    first = datetime(1, 1, 1, 9)  # noqa: DTZ001
    low, high = datetime(2026, 7, 1), datetime(2026, 7, 1, 0, 2)  # noqa: DTZ001

    assert ours("FREQ=MINUTELY", first, low, high) == [low + timedelta(minutes=n) for n in range(3)]


def test_weeks_without_a_weekday_have_that_of_the_start() -> None:
    first = datetime(2026, 1, 1, 9)  # noqa: DTZ001

    found = ours("FREQ=YEARLY;BYWEEKNO=20", first, first, datetime(2027, 12, 31))  # noqa: DTZ001

    assert [f"{start:%Y-%m-%d}" for start in found] == ["2026-05-14", "2027-05-20"]


def test_leap_day_comes_every_four_years() -> None:
    first = datetime(2024, 2, 29, 9)  # noqa: DTZ001

    found = ours("FREQ=YEARLY", first, first, datetime(2033, 1, 1))  # noqa: DTZ001

    assert [start.year for start in found] == [2024, 2028, 2032]


def test_last_working_day_of_a_month() -> None:
    first = datetime(2026, 1, 30, 9)  # noqa: DTZ001

    found = ours("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", first, first, datetime(2026, 5, 31))  # noqa: DTZ001

    assert [f"{start:%m-%d}" for start in found] == ["01-30", "02-27", "03-31", "04-30", "05-29"]


def test_plain_and_numbered_weekdays_add_up() -> None:
    first = datetime(2026, 7, 6, 9)  # noqa: DTZ001

    found = ours("FREQ=MONTHLY;BYDAY=MO,1TU", first, first, datetime(2026, 7, 31))  # noqa: DTZ001

    assert [start.day for start in found] == [6, 7, 13, 20, 27]
