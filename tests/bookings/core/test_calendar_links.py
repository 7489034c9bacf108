from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from bookings.core.calendar_links import CalendarEntry, google_calendar, office_365, outlook

ENTRY = CalendarEntry(
    title="Cut & colour + more – Fährhaus",
    starts_at=datetime(2026, 11, 24, 14, 15, tzinfo=ZoneInfo("Europe/Berlin")),
    ends_at=datetime(2026, 11, 24, 14, 0, tzinfo=UTC),
    place="Obertrave 14 #2?&text=x\r\n",
    page="https://book.example/book/manage/x/",
)


def _asked(link):
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query, strict_parsing=True).items()}


def test_google_calendar_is_given_the_appointment_in_utc():
    assert google_calendar(ENTRY).startswith("https://calendar.google.com/calendar/render?")
    assert _asked(google_calendar(ENTRY)) == {
        "action": "TEMPLATE",
        "text": ENTRY.title,
        "dates": "20261124T131500Z/20261124T140000Z",
        "details": ENTRY.page,
        "location": ENTRY.place,
    }


@pytest.mark.parametrize(
    ("link", "server"), [(outlook, "https://outlook.live.com/"), (office_365, "https://outlook.office.com/")]
)
def test_outlook_is_given_the_appointment_in_utc(link, server):
    assert link(ENTRY).startswith(f"{server}calendar/0/deeplink/compose?")
    assert _asked(link(ENTRY)) == {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": ENTRY.title,
        "startdt": "2026-11-24T13:15:00Z",
        "enddt": "2026-11-24T14:00:00Z",
        "body": ENTRY.page,
        "location": ENTRY.place,
    }


@pytest.mark.parametrize("link", [google_calendar, outlook, office_365])
def test_nothing_in_an_entry_gets_out_of_its_place_in_the_link(link):
    assert set(link(ENTRY)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?&=%")


def test_what_is_empty_is_left_out():
    bare = CalendarEntry(title="x", starts_at=ENTRY.starts_at, ends_at=ENTRY.ends_at)

    assert set(_asked(google_calendar(bare))) == {"action", "text", "dates"}
