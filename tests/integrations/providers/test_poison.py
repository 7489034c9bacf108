"""Objects that break the RFC or want to break us: never read as free, never in the way of their neighbours."""

from datetime import timedelta

import pytest

from integrations.ports import Unreadable
from integrations.providers.caldav.expanding import expand
from tests.integrations.providers.objects import BERLIN, JULY, occurrences, reduced, vcalendar, vevent

LONGEST_KEY = 100

BROKEN_RULES = [
    "FREQ=SOMETIMES",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=-1",
    "FREQ=DAILY;COUNT=0",
    "FREQ=DAILY;COUNT=x",
    "FREQ=DAILY;UNTIL=soon",
    "FREQ=WEEKLY;BYDAY=XX",
    "FREQ=MONTHLY;BYMONTHDAY=0",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=DAILY;BYHOUR=25",
    "FREQ=DAILY;RSCALE=CHINESE",
    "INTERVAL=1",
    "DAILY",
    "FREQ=DAILY;" + "X=1;" * 2000,
    "FREQ=DAILY;BYHOUR={0};BYMINUTE={1};BYSECOND={1}".format(
        ",".join(map(str, range(24))), ",".join(map(str, range(60)))
    ),
]


@pytest.mark.parametrize("rule", BROKEN_RULES)
def test_rule_that_cannot_be_read_blocks_the_day_it_starts_and_is_reported(rule: str) -> None:
    text = vcalendar(
        vevent("DTSTART:20260710T100000Z", "DTEND:20260710T110000Z", uid="good"),
        vevent("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z", f"RRULE:{rule}"),
    )

    found = occurrences(text)

    assert reduced(text).unreadable
    assert [f"{one.start:%m%dT%H%M}/{one.end:%m%dT%H%M}" for one in found] == [
        "0630T2200/0701T2200",
        "0710T1000/0710T1100",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("DTEND:20260701T110000Z",),
        ("DTSTART:nonsense", "DTEND:20260701T110000Z"),
        ("DTSTART:20261341T100000Z", "DTEND:20260701T110000Z"),
    ],
)
def test_event_without_a_readable_start_is_reported_and_its_neighbour_kept(lines: tuple[str, ...]) -> None:
    text = vcalendar(vevent(*lines, uid="bad"), vevent("DTSTART:20260710T100000Z", "DURATION:PT1H"))

    assert reduced(text).unreadable
    assert [f"{one.start:%m%d}" for one in occurrences(text)] == ["0710"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "BEGIN:VCALENDAR\r\n" + "X" * (9 * 1024 * 1024),
        "BEGIN:VCALENDAR\r\n" + "X:1\r\n" * 200_001,
        vcalendar(*["BEGIN:VEVENT\r\nEND:VEVENT"] * 5001),
    ],
)
def test_object_that_cannot_be_read_at_all_says_so(text: str) -> None:
    found = reduced(text)

    assert (found.uid, found.text) == ("", "")
    assert found.unreadable


def test_task_is_readable_and_takes_no_time() -> None:
    text = vcalendar("BEGIN:VTODO\r\nUID:task\r\nDTSTART:20260701T100000Z\r\nEND:VTODO")

    assert (reduced(text).uid, reduced(text).unreadable) == ("task", "")
    assert occurrences(text) == ()


@pytest.mark.parametrize(
    "lines",
    [
        ("RRULE:FREQ=SECONDLY",),
        ("RRULE:FREQ=MINUTELY",),
        ("RRULE:FREQ=SECONDLY;COUNT=999999999;BYDAY=MO",),
        ("RRULE:FREQ=HOURLY;BYMINUTE=" + ",".join(map(str, range(60))),),
        ("RRULE:FREQ=DAILY", "EXRULE:FREQ=SECONDLY"),
    ],
)
def test_series_beyond_the_budget_blocks_the_day_it_starts_and_is_reported(lines: tuple[str, ...]) -> None:
    text = vcalendar(vevent("DTSTART:20260701T100000Z", "DURATION:PT1S", *lines))

    assert reduced(text).unreadable == "The event repeats too often."
    assert [f"{one.start:%m%dT%H%M}/{one.end:%m%dT%H%M}" for one in occurrences(text)] == ["0630T2200/0701T2200"]


def test_dense_series_is_exact_where_few_of_its_instances_are_asked_for() -> None:
    text = vcalendar(vevent("DTSTART:20200101T000000Z", "DURATION:PT30S", "RRULE:FREQ=MINUTELY"))

    found = expand(reduced(text).text, start=JULY, end=JULY + timedelta(minutes=3), zone=BERLIN)

    assert [one.start for one in found] == [JULY + timedelta(minutes=minute) for minute in range(3)]


def test_series_that_takes_too_long_to_count_is_unreadable_not_free() -> None:
    text = vcalendar(vevent("DTSTART:00110101T000000Z", "DURATION:PT1S", "RRULE:FREQ=DAILY;COUNT=999999;BYMONTH=2,3"))

    with pytest.raises(Unreadable):
        occurrences(text)


def test_series_that_takes_too_long_to_count_leaves_its_neighbours_alone() -> None:
    text = vcalendar(
        vevent("DTSTART:00110101T000000Z", "DURATION:PT1S", "RRULE:FREQ=DAILY;COUNT=999999;BYMONTH=2,3", uid="old"),
        vevent("DTSTART:20260701T100000Z", "DURATION:PT1H"),
    )

    assert [f"{one.start:%m%dT%H%M}/{one.end:%m%dT%H%M}" for one in occurrences(text)] == ["0701T1000/0701T1100"]


def test_event_that_is_cut_blocks_the_day_it_starts_and_is_reported() -> None:
    whole = vevent("DTSTART:20260710T100000Z", "DURATION:PT1H", uid="whole")
    text = f"BEGIN:VCALENDAR\r\n{whole}\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20260701T100000Z\r\nDTEND:2026"

    assert reduced(text).unreadable
    assert [one.all_day for one in occurrences(text)] == [True, False]


@pytest.mark.parametrize("uids", [("u" * 300, "w" * 300), ("u", "u")])
def test_keys_are_short_and_tell_any_two_occurrences_apart(uids: tuple[str, str]) -> None:
    first = vevent("DTSTART:20260701T100000Z", "DURATION:PT1H", uid=uids[0])
    second = vevent("DTSTART:20260701T100000Z", "DURATION:PT2H", uid=uids[1])

    keys = [one.key for one in occurrences(vcalendar(first, second))]

    assert len(set(keys)) == 2
    assert max(map(len, keys)) <= LONGEST_KEY


def test_times_beyond_the_calendar_harm_nobody() -> None:
    text = vcalendar(
        vevent("DTSTART;TZID=Asia/Tokyo:00010101T000000", "DTEND;TZID=America/New_York:99991231T235959", uid="always"),
        vevent("DTSTART:20260701T100000Z", "DURATION:PT1H"),
    )

    assert [one.start.year for one in occurrences(text)] == [10, 2026]


@pytest.mark.parametrize(
    "lines",
    [
        ("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",),
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",),
        ("RRULE:FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",),
        ("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=99",),
        ("RRULE:FREQ=DAILY;UNTIL=00010101T000000Z",),
        ("RRULE:FREQ=YEARLY;INTERVAL=999999999",),
    ],
)
def test_rule_that_never_comes_true_again_ends(lines: tuple[str, ...]) -> None:
    text = vcalendar(vevent("DTSTART:20260701T000000Z", "DURATION:PT1H", *lines))

    assert [f"{one.start:%m%d}" for one in occurrences(text)] == ["0701"]


def test_too_many_dates_block_the_first_day() -> None:
    dates = ",".join(["20260701T100000Z"] * 20_001)
    text = vcalendar(vevent("DTSTART:20260701T100000Z", "DURATION:PT1H", f"EXDATE:{dates}"))

    assert reduced(text).unreadable
    assert [one.all_day for one in occurrences(text)] == [True]


def test_zone_that_cannot_be_worked_out_blocks_the_day() -> None:
    bomb = (
        "BEGIN:VTIMEZONE\r\nTZID:Bomb\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    text = vcalendar(bomb, vevent("DTSTART;TZID=Bomb:20260701T100000", "DURATION:PT1H"))

    assert reduced(text).unreadable
    assert [one.end - one.start for one in occurrences(text)] == [timedelta(days=1)]
