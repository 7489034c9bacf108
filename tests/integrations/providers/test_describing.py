"""How a copy of ours is seen to stand there."""

from datetime import UTC, datetime

import pytest

from integrations.ports import SeenCopy
from integrations.providers.caldav.describing import describe
from tests.integrations.providers.objects import BERLIN, reduced, vcalendar, vevent

NOTHING = SeenCopy(None, None, all_day=False, recurs=False, transparent=False, cancelled=False)
TEN = datetime(2026, 7, 1, 10, tzinfo=UTC)
ELEVEN = datetime(2026, 7, 1, 11, tzinfo=UTC)


def seen(*lines: str) -> SeenCopy:
    return describe(reduced(vcalendar(vevent(*lines))).text, uid="u", zone=BERLIN)


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z"),
        ("DTSTART;TZID=Europe/Berlin:20260701T120000", "DTEND;TZID=Europe/Berlin:20260701T130000"),
        ("DTSTART;TZID=America/New_York:20260701T060000", "DURATION:PT1H"),
        ("DTSTART:20260701T120000", "DTEND:20260701T130000"),
    ],
)
def test_times_are_instants_however_they_are_written(lines: tuple[str, ...]) -> None:
    assert seen(*lines) == SeenCopy(TEN, ELEVEN, all_day=False, recurs=False, transparent=False, cancelled=False)


def test_day_is_the_hosts_day() -> None:
    copy = seen("DTSTART;VALUE=DATE:20260701", "TRANSP:TRANSPARENT", "STATUS:CANCELLED")

    day = datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 7, 1, 22, tzinfo=UTC)
    assert copy == SeenCopy(*day, all_day=True, recurs=False, transparent=True, cancelled=True)


@pytest.mark.parametrize("line", ["RRULE:FREQ=DAILY", "RDATE:20260702T100000Z", "RECURRENCE-ID:20260701T090000Z"])
def test_event_made_recurring_is_seen_as_such(line: str) -> None:
    copy = seen("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z", line)

    assert (copy.starts_at, copy.ends_at, copy.recurs) == (TEN, ELEVEN, True)


def test_of_several_parts_the_first_occurrence_is_described() -> None:
    moved = vevent("RECURRENCE-ID:20260702T100000Z", "DTSTART:20260702T150000Z", "DTEND:20260702T160000Z")
    master = vevent("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z", "RRULE:FREQ=DAILY;COUNT=2")

    copy = describe(reduced(vcalendar(moved, master)).text, uid="u", zone=BERLIN)

    assert (copy.starts_at, copy.ends_at, copy.recurs) == (TEN, ELEVEN, True)


def test_other_event_in_the_object_is_not_ours() -> None:
    other = vevent("DTSTART:20260701T080000Z", "DTEND:20260701T090000Z", uid="other")
    ours = vevent("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z")

    copy = describe(reduced(vcalendar(other, ours)).text, uid="u", zone=BERLIN)

    assert (copy.starts_at, copy.recurs) == (TEN, False)


@pytest.mark.parametrize("text", ["", "nonsense", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\n", vcalendar()])
def test_nothing_is_seen_where_nothing_can_be_read(text: str) -> None:
    assert describe(text, uid="u", zone=BERLIN) == NOTHING
    assert describe(reduced(text).text, uid="u", zone=BERLIN) == NOTHING


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:tomorrow", "DTEND:20260701T110000Z"),
        ("DTSTART:20260701T100000Z", "DTEND:never"),
        ("DTSTART:20260701T100000Z", "DTEND:20260701T100000Z"),
        ("DTSTART:20260701T100000Z", "DTEND:20260701T090000Z"),
        ("DTSTART:99991231T235900Z", "DURATION:P30D"),
        ("SUMMARY:Someday",),
    ],
)
def test_times_that_mean_nothing_are_no_times(lines: tuple[str, ...]) -> None:
    copy = seen(*lines)

    assert (copy.starts_at, copy.ends_at) == (None, None)
