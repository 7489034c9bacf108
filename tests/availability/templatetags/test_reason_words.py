"""Every reason reads as a sentence, in both languages, and a time that comes twice says which one it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from accounts.models import Account, Member
from availability.core.clock import Reach
from availability.core.hours import day_span
from availability.core.intervals import Interval, instant
from availability.core.rules import ReasonCode
from availability.models import Calendar, DateRange
from availability.queries.explanation import DayExplanation
from availability.queries.explanation_reasons import Distance, NotOpen, Told
from availability.queries.explanation_sources import Booking, Hours, Outside, Person, Unread
from availability.templatetags.instant_words import day_and_time, length_words, on_the_wall, stretch_words
from availability.templatetags.reason_words import reason_words

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2026, 11, 24)
DAY = day_span(TUESDAY, BERLIN)
HALF_HOUR = timedelta(minutes=30)
HOURS = Hours(pk=3, name="Usual week", day_limit=1, week_limit=9, may_change=True)
INES = Person(1, "Ines", "ines", is_reader=True, is_active=True, priority=2, hours=HOURS)
EMIL = replace(INES, name="Emil", is_active=False)
SHOWN = DayExplanation(
    calendar=Calendar(
        pk=5,
        duration=HALF_HOUR,
        interval=HALF_HOUR,
        minimum_notice=timedelta(days=2),
        horizon_days=60,
        day_limit=1,
        week_limit=4,
        look_busy=15,
    ),
    day=TUESDAY,
    zone=BERLIN,
    span=DAY,
    reader=Member(account=Account(slug="practice")),
    host=None,
    reach=Reach(now=DAY.start, earliest=DAY.start + 36_000, first=DAY.start, latest=DAY.end),
    hosts=(INES,),
    lines=(),
    nothing=None,
    weighed=1,
    bars=(),
    marks=(),
)


def at(hours, minutes=0):
    return DAY.start + (hours * 60 + minutes) * 60


def words(code, behind=None, interval=(9, 11), *, host=INES, shown=SHOWN):
    stretch = Interval(at(interval[0]), at(interval[1]))
    return reason_words(Told(ReasonCode(code), host, stretch, behind), shown)


COLLEAGUE = replace(INES, hours=Hours(pk=3))
WITHOUT_SCHEDULE = replace(INES, hours=Hours(may_change=True))
UNTIL = datetime(2026, 11, 24, 10, 57, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("PAST",), "This time is over."),
        (("NOTICE",), "Minimum notice: 2 days. The earliest start is now Tuesday 24 November, 10:00."),
        (("HORIZON",), "Only 60 days ahead can be booked, now up to Wednesday 25 November, 00:00."),
        (("HOURS", NotOpen.THEN), "Outside the hours of “Usual week”."),
        (("HOURS", NotOpen.THAT_DAY), "“Usual week” has no hours on this day."),
        (
            ("HOURS", NotOpen.ON_THIS_GRID),
            "Open then, but no start falls on this time: they are counted from each opening, every 30 minutes.",
        ),
        (("OVERRIDE", TUESDAY), "On Tuesday 24 November other hours hold than usual in “Usual week”."),
        (("CLOSED", "Inventory"), "Closed: Inventory, 09:00–11:00."),
        (("CLOSED", ""), "Closed, 09:00–11:00."),
        (("HOLIDAY", "Boxing Day"), "Closed on a public holiday: Boxing Day."),
        (("DURATION",), "The hours end at 11:00: an appointment of 30 minutes does not fit in any more."),
        (("BOOKED", Booking("First visit", uuid4())), "An appointment on “First visit”, 09:00–11:00."),
        (("BOOKED", Booking("Yoga", is_session=True)), "A session of “Yoga”, 09:00–11:00."),
        (("BOOKED", Booking()), "Busy, 09:00–11:00."),
        (("EVENT", Outside(title="Team day", source="Practice")), "“Team day” in Practice, 09:00–11:00."),
        (("EVENT", Outside(source="Practice")), "Busy in Practice, 09:00–11:00."),
        (("EVENT", Outside()), "Busy, 09:00–11:00."),
        (("BLOCKED", Outside(is_own_item=True)), "Blocked in My Calendar, 09:00–11:00."),
        (("BLOCKED", Outside()), "Busy, 09:00–11:00."),
        (
            ("BUFFER", Distance(HALF_HOUR, is_before=True, is_booked=False, of=Booking("First visit"))),
            "Kept free before 09:00: 30 minutes. An appointment on “First visit”, 09:00–11:00.",
        ),
        (
            ("BUFFER", Distance(HALF_HOUR, is_before=False, is_booked=True, of=Booking())),
            "Kept free after 11:00, as it was booked: 30 minutes. Busy, 09:00–11:00.",
        ),
        (
            ("BUFFER", Distance(HALF_HOUR, is_before=True, is_booked=True, of=Booking())),
            "Kept free before 09:00, as it was booked: 30 minutes. Busy, 09:00–11:00.",
        ),
        (
            ("BUFFER", Distance(HALF_HOUR, is_before=False, is_booked=False, of=Outside(title="Run", source="Me"))),
            "Kept free after 11:00: 30 minutes. “Run” in Me, 09:00–11:00.",
        ),
        (("DAY_LIMIT",), "The limit is reached: 1 appointment on this day."),
        (("WEEK_LIMIT",), "The limit is reached: 4 appointments in this week."),
        (
            ("HOST_LIMIT", None, (0, 24)),
            "The limit of “Usual week” is reached: 1 appointment on this day, on all calendars together.",
        ),
        (
            ("HOST_LIMIT", None, (-24, 144)),
            "The limit of “Usual week” is reached: 9 appointments in this week, on all calendars together.",
        ),
        (("SEATS",), "All seats of this session are taken."),
        (("ROUND_ROBIN_LEAD", 4), "Booked 4 times this month, and so 3 or more ahead of whoever is booked least."),
        (("COLLECTIVE", EMIL), "Emil must be free as well, and is not."),
        (("NO_HOST",), "Nobody is left who could take the appointment."),
        (("INACTIVE",), "The calendar is paused: its page says that nothing can be booked now."),
        (
            ("STALE", Unread("Practice", was_read=True, patience=timedelta(minutes=15))),
            "“Practice” was last read more than 15 minutes ago, and nothing is offered until it is read again.",
        ),
        (("STALE", Unread("Practice")), "“Practice” has not been read yet, and nothing is offered until it was."),
        (
            ("STALE", Unread()),
            "A connected calendar cannot be trusted now, and nothing is offered until it was read.",
        ),
        (
            ("HELD", Booking("First visit", kept_until=UNTIL)),
            "A customer is filling in the form for “First visit”, 09:00–11:00. The time is kept until 11:57.",
        ),
        (("HELD", Booking()), "Busy, 09:00–11:00."),
        (("LOOK_BUSY",), "Hidden by “look busy”, 15 %. A link to this time still books it."),
    ],
)
def test_each_reason_is_a_sentence(said, expected):
    with translation.override("en-gb"):
        assert words(*said) == expected


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_has_words_whatever_stands_behind_it(code, language):
    with translation.override(language):
        assert words(code)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("HOURS", NotOpen.THEN), "Outside the hours."),
        (("HOURS", NotOpen.THAT_DAY), "No hours on this day."),
        (("OVERRIDE", TUESDAY), "On Tuesday 24 November other hours hold than usual."),
        (("HOST_LIMIT", None, (0, 24)), "No more appointments begin on this day."),
        (("HOST_LIMIT", None, (-24, 144)), "No more appointments begin in this week."),
    ],
)
def test_a_colleagues_schedule_is_not_named(said, expected):
    with translation.override("en-gb"):
        assert words(*said, host=COLLEAGUE) == expected


def test_a_host_without_schedule_is_told():
    with translation.override("en-gb"):
        assert words("HOURS", NotOpen.THAT_DAY, host=WITHOUT_SCHEDULE) == "There is no schedule, and so no hours."


def test_a_fixed_range_names_its_days():
    calendar = Calendar(date_range=DateRange.FIXED, range_first=date(2026, 12, 1), range_last=date(2026, 12, 24))
    with translation.override("en-gb"):
        said = words("HORIZON", shown=replace(SHOWN, calendar=calendar))

    assert said == "Only dates from 1 December 2026 to 24 December 2026 can be booked."


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ((), "Nobody serves this calendar."),
        ((INES, EMIL), "Nobody is left who could take the appointment: Emil cannot sign in any more."),
    ],
)
def test_nobody_is_explained(hosts, expected):
    with translation.override("en-gb"):
        assert words("NO_HOST", shown=replace(SHOWN, hosts=hosts)) == expected


def test_a_calendar_that_is_switched_off_says_so():
    calendar = Calendar(switched_off_at=UNTIL)
    with translation.override("en-gb"):
        assert (
            words("INACTIVE", shown=replace(SHOWN, calendar=calendar))
            == "The calendar is switched off: it has no page."
        )


# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stretch", "expected"),
    [
        (DAY, "all day"),
        (Interval(at(9), at(11)), "09:00–11:00"),
        (Interval(at(22), at(24)), "22:00–24:00"),
        (Interval(at(22), at(26)), "Tuesday 24 November, 22:00 – Wednesday 25 November, 02:00"),
    ],
)
def test_a_stretch_names_its_days_only_where_it_leaves_the_one_shown(stretch, expected):
    with translation.override("en-gb"):
        assert stretch_words(stretch, DAY, BERLIN) == expected


def test_a_time_that_comes_twice_bears_its_offset():
    first = instant(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))

    assert on_the_wall(first, BERLIN) == "02:30 (UTC+2)"
    assert on_the_wall(first + 3600, BERLIN) == "02:30 (UTC+1)"
    assert on_the_wall(first + 7200, BERLIN) == "03:30"


def test_an_offset_of_half_an_hour_west_of_greenwich_is_written_out():
    at_change = instant(datetime(2026, 11, 1, 4, 0, tzinfo=UTC))

    assert on_the_wall(at_change, ZoneInfo("America/St_Johns")) == "01:30 (UTC−2:30)"


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=45), "45 minutes"),
        (timedelta(minutes=90), "1 hour 30 minutes"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3), "3 days"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(), "0 minutes"),
    ],
)
def test_a_length_is_said_in_the_largest_unit_that_fits(length, expected):
    with translation.override("en-gb"):
        assert length_words(length) == expected


def test_a_moment_reads_in_the_readers_language():
    with translation.override("de"):
        assert day_and_time(at(9), BERLIN).startswith("Dienstag")
