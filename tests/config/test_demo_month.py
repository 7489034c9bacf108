"""The demo's calendars hold everything a sync must understand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from recurring_ical_events import of

from config.demo.month import LIVES, PRACTICE, PRIVATE, TEAM, month_of

TODAYS = [date(2026, 11, 23) + timedelta(days=days) for days in range(7)]


def events_of(objects):
    return [event for one in objects for event in Calendar.from_ical(one.text).walk("VEVENT")]


@pytest.mark.parametrize("username", LIVES)
@pytest.mark.parametrize("today", TODAYS)
def test_the_month_has_every_kind_of_event(username, today):
    month = month_of(username, today=today)
    events = events_of(month[PRACTICE] + month[PRIVATE])

    assert set(month) == {PRACTICE, PRIVATE, TEAM}
    assert any("EXDATE" in event for event in events)
    assert any("RECURRENCE-ID" in event for event in events)
    assert {str(event.get("STATUS")) for event in events} == {"None", "TENTATIVE", "CANCELLED"}
    assert any(event.get("TRANSP") == "TRANSPARENT" for event in events)
    assert {event["DTSTART"].params.get("TZID") for event in events} == {None, "Europe/Berlin", "America/New_York"}
    lengths = {
        event["DTEND"].dt - event["DTSTART"].dt for event in events if not isinstance(event["DTSTART"].dt, datetime)
    }
    assert lengths == {timedelta(days=1), timedelta(days=3)}


@pytest.mark.parametrize("today", TODAYS)
def test_the_team_meeting_moves_once_and_falls_out_once(today):
    (meeting,) = (one for one in month_of("ines", today=today)[PRACTICE] if one.name == "team-meeting.ics")
    monday = today - timedelta(days=today.weekday())

    occurrences = of(Calendar.from_ical(meeting.text)).between(monday, monday + timedelta(weeks=4))

    assert [event["DTSTART"].dt.date() - monday for event in occurrences] == [
        timedelta(days=1),
        timedelta(weeks=1, days=2),
        timedelta(weeks=3, days=1),
    ]


def test_an_object_has_one_uid_and_folds_no_line():
    for objects in month_of("ruth", today=TODAYS[0]).values():
        for one in objects:
            assert len({event["UID"] for event in events_of([one])}) == 1
            assert max(len(line.encode()) for line in one.text.split("\r\n")) <= 75


def test_the_zones_agree_with_the_time_zone_database():
    (call,) = (one for one in month_of("ines", today=TODAYS[0])[PRIVATE] if one.name == "call.ics")

    (event,) = events_of([call])

    assert event["DTSTART"].dt.astimezone(UTC) == datetime(2026, 12, 2, 15, tzinfo=UTC)
