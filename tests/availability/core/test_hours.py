"""Weekly hours to windows: a table of clock-change days, and any zone against a clock on the wall."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from availability.core.hours import (
    DayHours,
    Opening,
    Plan,
    Shut,
    WeekHours,
    Window,
    day_span,
    days_of,
    midnight,
    open_windows,
    plan,
    wall_clock,
    windows_around,
)
from availability.core.intervals import Interval, instant, moment

from .by_minutes import minutes_of, minutes_on_the_clock

BERLIN = ZoneInfo("Europe/Berlin")
APIA = ZoneInfo("Pacific/Apia")
TUESDAY = date(2031, 4, 1)


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def daily(opens: str, closes: str) -> list[DayHours]:
    return [DayHours(weekday, clock(opens), clock(closes)) for weekday in range(7)]


def utc(text: str) -> int:
    return instant(datetime.fromisoformat(text + "+00:00"))


# zone, date, hours, and the window in UTC as the law of the place has it (None: no window)
CLOCK_CHANGES = [
    # Berlin: 02:00 -> 03:00 on 30 March, 03:00 -> 02:00 on 26 October
    ("Europe/Berlin", "2031-03-30", "00:00-06:00", "2031-03-29T23:00", "2031-03-30T04:00"),
    ("Europe/Berlin", "2031-03-30", "09:00-17:00", "2031-03-30T07:00", "2031-03-30T15:00"),
    ("Europe/Berlin", "2031-03-29", "22:00-06:00", "2031-03-29T21:00", "2031-03-30T04:00"),
    ("Europe/Berlin", "2031-03-30", "00:00-00:00", "2031-03-29T23:00", "2031-03-30T22:00"),
    ("Europe/Berlin", "2031-03-30", "02:30-04:00", "2031-03-30T01:30", "2031-03-30T02:00"),
    ("Europe/Berlin", "2031-03-30", "01:00-02:30", "2031-03-30T00:00", "2031-03-30T01:30"),
    ("Europe/Berlin", "2031-03-30", "02:00-03:00", None, None),
    ("Europe/Berlin", "2031-03-30", "02:15-03:00", None, None),
    ("Europe/Berlin", "2031-10-26", "00:00-06:00", "2031-10-25T22:00", "2031-10-26T05:00"),
    ("Europe/Berlin", "2031-10-26", "02:00-03:00", "2031-10-26T00:00", "2031-10-26T02:00"),
    ("Europe/Berlin", "2031-10-26", "02:15-02:45", "2031-10-26T00:15", "2031-10-26T00:45"),
    ("Europe/Berlin", "2031-10-26", "00:00-00:00", "2031-10-25T22:00", "2031-10-26T23:00"),
    # Lord Howe moves by half an hour: 02:00 -> 01:30 on 6 April, 02:00 -> 02:30 on 5 October
    ("Australia/Lord_Howe", "2031-04-06", "00:00-06:00", "2031-04-05T13:00", "2031-04-05T19:30"),
    ("Australia/Lord_Howe", "2031-10-05", "00:00-06:00", "2031-10-04T13:30", "2031-10-04T19:00"),
    # Beirut has no midnight on 30 March: 00:00 -> 01:00
    ("Asia/Beirut", "2031-03-30", "00:00-06:00", "2031-03-29T22:00", "2031-03-30T03:00"),
    ("Asia/Beirut", "2031-03-30", "09:00-17:00", "2031-03-30T06:00", "2031-03-30T14:00"),
    ("Asia/Beirut", "2031-03-29", "18:00-24:00", "2031-03-29T16:00", "2031-03-29T22:00"),
    # Kathmandu: +05:45 all year
    ("Asia/Kathmandu", "2031-04-01", "09:00-17:00", "2031-04-01T03:15", "2031-04-01T11:15"),
    # Apia went from 29 to 31 December 2011
    ("Pacific/Apia", "2011-12-29", "09:00-17:00", "2011-12-29T19:00", "2011-12-30T03:00"),
    ("Pacific/Apia", "2011-12-29", "22:00-02:00", "2011-12-30T08:00", "2011-12-30T12:00"),
    ("Pacific/Apia", "2011-12-30", "09:00-17:00", None, None),
    ("Pacific/Apia", "2011-12-31", "09:00-17:00", "2011-12-30T19:00", "2011-12-31T03:00"),
    # so did Kwajalein, from 20 to 22 August 1993
    ("Pacific/Kwajalein", "1993-08-21", "09:00-17:00", None, None),
    # New York: 02:00 -> 03:00 on 9 March, 02:00 -> 01:00 on 2 November
    ("America/New_York", "2031-03-09", "00:00-06:00", "2031-03-09T05:00", "2031-03-09T10:00"),
    ("America/New_York", "2031-11-02", "00:00-06:00", "2031-11-02T04:00", "2031-11-02T11:00"),
    # Santiago: 24:00 -> 23:00 on 5 April, 00:00 -> 01:00 on 7 September
    ("America/Santiago", "2031-04-05", "20:00-24:00", "2031-04-05T23:00", "2031-04-06T04:00"),
    ("America/Santiago", "2031-04-06", "00:00-06:00", "2031-04-06T04:00", "2031-04-06T10:00"),
    ("America/Santiago", "2031-09-07", "00:00-06:00", "2031-09-07T04:00", "2031-09-07T09:00"),
    # Nuuk loses the last hour of 29 March
    ("America/Nuuk", "2031-03-29", "23:00-24:00", None, None),
    ("America/Nuuk", "2031-03-29", "22:00-02:00", "2031-03-30T00:00", "2031-03-30T03:00"),
    # Troll moves by two hours: 01:00 -> 03:00 on 30 March, 03:00 -> 01:00 on 26 October
    ("Antarctica/Troll", "2031-03-30", "00:00-06:00", "2031-03-30T00:00", "2031-03-30T04:00"),
    ("Antarctica/Troll", "2031-10-26", "00:00-06:00", "2031-10-25T22:00", "2031-10-26T06:00"),
    # Casablanca goes back for Ramadan: 03:00 -> 02:00 on 23 February, 02:00 -> 03:00 on 6 April 2025
    ("Africa/Casablanca", "2025-02-23", "00:00-06:00", "2025-02-22T23:00", "2025-02-23T06:00"),
    ("Africa/Casablanca", "2025-04-06", "00:00-06:00", "2025-04-06T00:00", "2025-04-06T05:00"),
]


@pytest.mark.parametrize(("zone", "day", "hours", "starts_at", "ends_at"), CLOCK_CHANGES)
def test_a_window_keeps_the_wall_clock_at_its_ends(zone, day, hours, starts_at, ends_at):
    """A7, and A3 for those that pass midnight."""
    on = date.fromisoformat(day)

    windows = open_windows(daily(*hours.split("-")), ZoneInfo(zone), on, on)

    assert windows == (() if starts_at is None else (Window(utc(starts_at), utc(ends_at), on),))


@st.composite
def days_near_a_clock_change(draw):
    zone = ZoneInfo(draw(st.sampled_from(sorted(available_timezones()))))
    new_year = date(draw(st.integers(2024, 2037)), 1, 1)
    noons = [datetime.combine(new_year, time(12), zone) + timedelta(days=count) for count in range(366)]
    changes = [noon.date() for noon, next_noon in pairwise(noons) if noon.utcoffset() != next_noon.utcoffset()]
    return zone, draw(st.sampled_from(changes or [new_year])) + timedelta(days=draw(st.integers(-1, 2)))


@given(days_near_a_clock_change(), st.integers(0, 1439), st.integers(0, 1440))
@example((ZoneInfo("Asia/Beirut"), date(2031, 3, 30)), 60, 0)
@example((ZoneInfo("America/Santiago"), date(2031, 4, 5)), 20 * 60, 1440)
@example((ZoneInfo("Antarctica/Troll"), date(2031, 10, 26)), 0, 0)
def test_a_window_is_open_while_a_clock_on_the_wall_shows_its_hours(zone_and_day, opens, closes):
    """Ends that come twice or never are a matter of choice: they stand in the table above."""
    zone, day = zone_and_day
    assume(comes_once(day, opens, zone))
    assume(comes_once(day if closes > opens else day + timedelta(days=1), closes, zone))

    windows = open_windows([DayHours(day.weekday(), opens, closes)], zone, day, day)

    minutes = minutes_of((window.start // 60, window.end // 60) for window in windows)
    assert minutes == minutes_on_the_clock(opens, closes, day, zone)


def comes_once(day: date, minutes: int, zone: ZoneInfo) -> bool:
    at = datetime.combine(day, time.min, zone) + timedelta(minutes=minutes)
    return at.utcoffset() == at.replace(fold=1).utcoffset()


def test_several_windows_a_day_are_sorted_and_kept_apart():
    hours = [DayHours(1, clock("13:00"), clock("17:00")), DayHours(1, clock("09:00"), clock("13:00"))]

    windows = open_windows(hours, BERLIN, TUESDAY, TUESDAY + timedelta(days=6))

    assert windows == (
        Window(utc("2031-04-01T07:00"), utc("2031-04-01T11:00"), TUESDAY),
        Window(utc("2031-04-01T11:00"), utc("2031-04-01T15:00"), TUESDAY),
    )


def test_an_override_replaces_what_opens_on_its_date_and_nothing_else():
    """A2: the night of the day before still ends on the overridden date."""
    wednesday = TUESDAY + timedelta(days=1)
    overrides = {wednesday: (Opening(clock("12:00"), clock("14:00")),)}

    windows = open_windows(daily("22:00", "02:00"), BERLIN, TUESDAY, wednesday, overrides)

    assert windows == (
        Window(utc("2031-04-01T20:00"), utc("2031-04-02T00:00"), TUESDAY),
        Window(utc("2031-04-02T10:00"), utc("2031-04-02T12:00"), wednesday),
    )


def test_an_empty_override_closes_its_date():
    assert open_windows(daily("09:00", "17:00"), BERLIN, TUESDAY, TUESDAY, {TUESDAY: ()}) == ()


def test_an_override_opens_a_date_without_weekly_hours():
    override = {TUESDAY: (Opening(clock("09:00"), clock("10:00")),)}

    windows = open_windows((), BERLIN, TUESDAY, TUESDAY, override)

    assert windows == (Window(utc("2031-04-01T07:00"), utc("2031-04-01T08:00"), TUESDAY),)


def test_no_dates_give_no_windows():
    assert open_windows(daily("09:00", "17:00"), BERLIN, TUESDAY, TUESDAY - timedelta(days=1)) == ()


@pytest.mark.parametrize("hours", [(7, 0, 60), (-1, 0, 60), (1, 1440, 60), (1, -1, 60), (1, 0, 1441)])
def test_hours_that_no_clock_shows_are_refused(hours):
    with pytest.raises(ValueError, match=r"weekday|Minutes|before the end"):
        open_windows([DayHours(*hours)], BERLIN, TUESDAY, TUESDAY)


WEDNESDAY = TUESDAY + timedelta(days=1)
BOTH_DAYS = Interval(utc("2031-03-31T22:00"), utc("2031-04-02T22:00"))  # Tuesday and Wednesday in Berlin
TUESDAY_WINDOW = Window(utc("2031-04-01T07:00"), utc("2031-04-01T15:00"), TUESDAY)
WEDNESDAY_WINDOW = Window(utc("2031-04-02T07:00"), utc("2031-04-02T15:00"), WEDNESDAY)


def planned(**replaced) -> Plan:
    """Tuesday and Wednesday of somebody who works from nine to five."""
    return plan(WeekHours(tuple(daily("09:00", "17:00")), BERLIN, **replaced), BOTH_DAYS, 3600)


def test_a_plan_of_weekly_hours_alone_opens_them():
    assert planned() == Plan((TUESDAY_WINDOW, WEDNESDAY_WINDOW))


def test_a_public_holiday_closes_its_date_and_its_hours_know_its_name():
    """A2."""
    assert planned(holidays=((WEDNESDAY, "Easter"),)) == Plan((TUESDAY_WINDOW,), (Shut(*WEDNESDAY_WINDOW, "Easter"),))


@pytest.mark.parametrize("holidays", [(), ((WEDNESDAY, "Easter"),)])
def test_an_override_stands_in_place_of_hours_and_holiday(holidays):
    """A2: who writes down that they work on a holiday works."""
    evening = (Opening(clock("18:00"), clock("20:00")),)

    opens = planned(overrides=((WEDNESDAY, evening),), holidays=holidays)

    window = Window(utc("2031-04-02T16:00"), utc("2031-04-02T18:00"), WEDNESDAY)
    assert opens == Plan((TUESDAY_WINDOW, window), (Shut(*WEDNESDAY_WINDOW),))


def test_replaced_dates_without_weekly_hours_leave_nothing_shut():
    hours = WeekHours((), BERLIN, ((TUESDAY, ()),), ((WEDNESDAY, "Easter"),))

    assert plan(hours, BOTH_DAYS, 3600) == Plan(())


def test_windows_around_a_span_include_the_night_before_and_what_a_long_appointment_runs_into():
    span = Interval(utc("2031-04-01T22:00"), utc("2031-04-02T22:00"))  # 2 April in Berlin

    windows = windows_around(daily("22:00", "02:00"), BERLIN, span, duration=1)
    with_long_ones = windows_around(daily("22:00", "02:00"), BERLIN, span, duration=48 * 3600)

    assert [window.day.day for window in windows] == [1, 2]
    assert [window.day.day for window in with_long_ones] == [1, 2, 3, 4]


def test_a_night_over_a_skipped_date_is_among_the_windows_around_the_day_after():
    span = day_span(date(2011, 12, 31), APIA)

    windows = windows_around(daily("22:00", "02:00"), APIA, span, duration=3600)

    assert [window.day for window in windows] == [date(2011, 12, 29), date(2011, 12, 31)]


@given(
    st.sampled_from(sorted(available_timezones())),
    st.integers(utc("2024-01-01T00:00"), utc("2037-12-31T00:00")),
    st.integers(1, 4 * 86400),
)
@example("Pacific/Apia", utc("2011-12-29T12:00"), 3 * 86400)
@example("America/Nuuk", utc("2031-10-25T12:00"), 2 * 86400)
def test_the_days_of_a_span_are_the_dates_that_clocks_show_in_it(name, start, length):
    zone = ZoneInfo(name)
    shown = {datetime.fromtimestamp(at, zone).date() for at in range(start, start + length, 600)}
    shown.add(datetime.fromtimestamp(start + length - 1, zone).date())

    assert days_of(Interval(start, start + length), zone) == tuple(sorted(shown))


def test_days_where_clocks_go_back_over_midnight_still_follow_each_other():
    """St. John's went back at 00:01, so that 23:01 came again after midnight."""
    zone = ZoneInfo("America/St_Johns")
    second_pass = utc("2010-11-07T02:40")
    assert moment(second_pass).astimezone(zone).date() == date(2010, 11, 6)

    assert days_of(Interval(second_pass, second_pass + 60), zone) == (date(2010, 11, 7),)


@pytest.mark.parametrize(
    ("zone", "day", "starts_at"),
    [
        ("Europe/Berlin", "2031-03-30", "2031-03-29T23:00"),
        ("Asia/Beirut", "2031-03-30", "2031-03-29T22:00"),
        ("America/Havana", "2031-11-02", "2031-11-02T04:00"),
        ("America/Nuuk", "2031-03-30", "2031-03-30T01:00"),
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00"),
    ],
)
def test_a_day_begins_with_its_first_instant(zone, day, starts_at):
    assert midnight(date.fromisoformat(day), ZoneInfo(zone)) == utc(starts_at)


def test_a_skipped_date_has_no_span():
    with pytest.raises(ValueError, match="ends after it starts"):
        day_span(date(2011, 12, 30), APIA)


def test_the_end_of_a_day_is_the_start_of_the_next():
    assert wall_clock(TUESDAY, 1440, BERLIN) == wall_clock(date(2031, 4, 2), 0, BERLIN)
