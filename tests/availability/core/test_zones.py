"""Every zone there is and each of its clock changes from 2024 to 2037: a day of slots is right (A7)."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

import pytest

from availability.core.hours import DayHours, WeekHours, day_span, days_of, plan
from availability.core.intervals import Interval
from availability.core.rules import HostTimes
from availability.core.slots import SlotRules

from .wall_clocks import DAY, FIRST_YEAR, LAST_YEAR, Change, begin_of, changes_of, clocks, date_of, number_of, offset

STEP = 15
QUARTERS = SlotRules(duration=STEP * 60, interval=STEP * 60)
HALVES_EACH_QUARTER = SlotRules(duration=30 * 60, interval=STEP * 60)
WHOLE_DAY = (0, 0)
NINE_TO_FIVE = (9 * 60, 17 * 60)
TEN_TO_TWO_AT_NIGHT = (22 * 60, 2 * 60)


def changes():
    return [(clock.zone, change) for clock in clocks() for change in clock.changes]


def slots(zone: ZoneInfo, opens: int, closes: int, span: Interval, rules: SlotRules = QUARTERS) -> list[int]:
    """The starts on offer, in minutes, if the same hours open every day."""
    hours = WeekHours(tuple(DayHours(weekday, opens, closes) for weekday in range(7)), zone)
    times = HostTimes(windows=plan(hours, span, rules.duration).windows)
    return [start // 60 for start in times.open_starts(rules, span)]


def seconds(first: int, end: int) -> Interval:
    return Interval(first * 60, end * 60)


def test_no_zone_is_left_out_and_no_change_that_the_law_orders():
    names = [name for clock in clocks() for name in clock.names]

    assert sorted(names) == sorted(available_timezones())
    assert len(changes_of(ZoneInfo("Europe/Berlin"))) == 2 * (LAST_YEAR - FIRST_YEAR + 1)
    assert changes_of(ZoneInfo("Europe/Berlin"))[14].at * 60 == 1_932_598_800  # 30 March 2031, 01:00 UTC
    assert {change.after - change.before for _zone, change in changes()} >= {60, -60, 30, -30, 120, -120}


def test_a_whole_day_has_every_quarter_that_its_clock_shows_and_each_instant_once():
    for zone, change in changes():
        for day in change.dates:
            shown = change.showing(day)

            found = slots(zone, *WHOLE_DAY, seconds(shown[0], shown[-1] + 1))

            assert found == list(range(shown[0], shown[-1] + 1, STEP)), (zone, day)
            assert shown == list(range(shown[0], shown[-1] + 1)), "its minutes follow each other"


def test_no_slot_is_in_a_missing_hour_and_the_hour_that_comes_twice_is_on_offer_twice():
    for zone, change in changes():
        first, last = change.dates[0], change.dates[-1]
        span = seconds(change.when(number_of(first) * DAY), change.when(number_of(last) * DAY + DAY))

        times_shown = Counter(start + offset(start, zone) for start in slots(zone, *WHOLE_DAY, span))

        every_quarter = range(number_of(first) * DAY, number_of(last) * DAY + DAY, STEP)
        assert times_shown == {
            quarter: 2 if quarter in change.doubled else 1 for quarter in every_quarter if quarter not in change.missing
        }, (zone, change)


@pytest.mark.parametrize("hours", [NINE_TO_FIVE, (8 * 60 + 45, 12 * 60 + 15)])
def test_hours_by_day_keep_to_the_clock_on_the_wall_on_both_sides_of_a_change(hours):
    opens, closes = hours
    for zone, change in changes():
        for day in (change.dates[0], change.dates[-1]):
            shown = change.showing(day)

            found = slots(zone, opens, closes, seconds(shown[0], shown[-1] + 1))

            on_the_wall = [(start + offset(start, zone)) % DAY for start in found]
            assert on_the_wall == list(range(opens, closes, STEP)), (zone, day)


def test_hours_that_begin_or_end_in_a_change_are_right_to_the_minute():
    for zone, change in changes():
        ends = (change.at + change.before, change.at + change.after)
        begin, end = min(ends) % DAY, max(ends) % DAY
        around = [
            (begin, end),
            ((begin - 60) % DAY, (end + 60) % DAY),
            ((begin + STEP) % DAY, (end + 45) % DAY),
            ((begin - 45) % DAY, (begin + STEP) % DAY),
            TEN_TO_TWO_AT_NIGHT,
            NINE_TO_FIVE,
        ]
        span = (change.when(number_of(change.dates[0]) * DAY), change.when(number_of(change.dates[-1]) * DAY + DAY))
        for opens, closes in around:
            found = slots(zone, opens, closes, seconds(*span), HALVES_EACH_QUARTER)

            assert found == walked(change, opens, closes, span), (zone, change, opens, closes)


def walked(change: Change, opens: int, closes: int, span: tuple[int, int]) -> list[int]:
    """Half hours each quarter of an hour, by sets of minutes."""
    first, last = number_of(change.dates[0]) - 2, number_of(change.dates[-1]) + 2
    windows = [
        range(change.when(day * DAY + opens), change.when(day * DAY + closes + (DAY if closes <= opens else 0)))
        for day in range(first, last + 1)
    ]
    opened = {minute for window in windows for minute in window}
    anchored = {start for window in windows for start in window[::STEP]}
    return sorted(start for start in anchored if start in range(*span) and opened.issuperset(range(start, start + 30)))


def test_days_follow_each_other_over_every_change():
    """What limits count by, and what a day of slots is."""
    for zone, change in changes():
        spans = []
        for day in change.dates:
            shown = change.showing(day)
            spans.append(day_span(day, zone))
            assert spans[-1] == seconds(shown[0], shown[-1] + 1), (zone, day)
        assert days_of(Interval(spans[0].start, spans[-1].end), zone) == tuple(change.dates)


def test_far_from_every_change_a_day_has_its_hours_as_well():
    for clock in clocks():
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            for day in (date(year, 1, 17), date(year, 7, 17)):
                noon = (number_of(day) * DAY + DAY // 2) - offset(begin_of(year), clock.zone)

                found = slots(clock.zone, *NINE_TO_FIVE, seconds(noon - 8 * 60, noon + 8 * 60))

                shown = [divmod(start + offset(start, clock.zone), DAY) for start in found]
                assert shown == [(number_of(day), clock_time) for clock_time in range(*NINE_TO_FIVE, STEP)], clock.names
                assert date_of(shown[0][0]) == day
