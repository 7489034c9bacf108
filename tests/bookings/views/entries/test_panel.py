from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from availability.models import CalendarType
from bookings.models import Appointment
from bookings.ports import CopyPlace, CopyState
from bookings.services.book import book_appointment
from bookings.services.remove_own_item import remove_own_item
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.appointments.pages import text, url
from tests.bookings.views.entries.conftest import add
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.usefixtures("at_now")


def _panel(client, uid):
    return client.get(url("entry-panel", uid), headers={"HX-Request": "true"})


@pytest.fixture
def copy(monkeypatch, host):
    """One copy of everything, in step, in the host's calendar."""
    place = CopyPlace(
        user_id=host.user_id, whose="Ines Carstens", where="iCloud", calendar="Home", state=CopyState.IN_STEP, at=NOW
    )
    monkeypatch.setattr("bookings.ports._tellers", [lambda uid, now: [place]])


def test_everything_about_an_appointment_is_there(client, host, appointment, copy):
    Appointment.objects.update(answers=[["Which knee?", "The left"]], note="By bus", customer_phone="+44 20 7946 0000")

    shown = text(_panel(client, appointment.uid))

    for words in (
        "Ada Lovelace",
        "Confirmed",
        "Monday 23 November, 10:00 – 10:30 Berlin time",
        "For the customer: Monday 23 November, 09:00, London time",
        "First visit",
        "Obertrave 14",
        "ada@example.org",
        "+44 20 7946 0000",
        "Which knee? The left",
        "By bus",
        f"With {host.user.name}",
        "What happened",
        f"Why {host.user.name}",
        "Copies outside Home iCloud In step last written Monday 23 November 2026, 08:00",
        "Reschedule",
        "Cancel this appointment",
    ):
        assert words in shown


def test_another_zone_is_named_only_where_it_differs(client, host, appointment):
    Appointment.objects.update(time_zone="Europe/Berlin")

    assert "For the customer" not in text(_panel(client, appointment.uid))


def test_the_page_of_an_appointment_says_where_its_copy_lies(client, host, appointment, copy):
    assert "Copies outside Home iCloud In step" in text(client.get(url("appointment", appointment.uid)))


def test_of_a_colleagues_copy_only_whose_it_is_is_said(client, manager, appointment, host, copy):
    client.force_login(manager.user)

    shown = text(_panel(client, appointment.uid))

    assert "Connected calendar of Ines Carstens In step" in shown
    assert "iCloud" not in shown


def test_without_a_copy_that_is_said(client, host, appointment):
    assert "No copy lies in a connected calendar." in text(_panel(client, appointment.uid))


def test_an_item_can_be_edited_and_deleted_there(client, host, colleague):
    item = add(host, colleague, place="Main street", note="Bring the card")

    page = _panel(client, item.uid)

    for words in (
        "Dentist",
        "Activity",
        "10:00 – 11:00",
        "Main street",
        "Bring the card",
        "Cora Colleague",
        "is taken",
    ):
        assert words in text(page)
    for name in ("own-item", "own-item-remove"):
        assert url(name, item.uid) in page.content.decode()


def test_a_class_names_all_who_come(client, host):
    lesson = CalendarMemberFactory(calendar__type=CalendarType.CLASS, calendar__seats=3, member=host)
    lesson.calendar.account = host.account
    lesson.calendar.save()
    seat = book_appointment(lesson.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)

    shown = text(_panel(client, seat.session_uid))

    assert "1 of 3 seats taken" in shown
    assert "Ada Lovelace" in shown


def test_as_a_page_of_its_own_it_leads_to_the_whole_page(client, host, appointment, item):
    assert client.get(url("entry-panel", appointment.uid))["Location"] == url("appointment", appointment.uid)
    assert client.get(url("entry-panel", item.uid))["Location"] == url("own-item", item.uid)


def test_of_what_was_deleted_nothing_is_there(client, host, item):
    remove_own_item(item, now=NOW)

    assert _panel(client, item.uid).status_code == 404
    assert _panel(client, uuid4()).status_code == 404


def test_it_takes_as_many_queries_whatever_has_happened(client, host, appointment):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            _panel(client, appointment.uid)
        return len(seen)

    # the first look also remembers the account
    queries()
    before = queries()
    for number in range(30):
        appointment.changes.create(
            kind="rescheduled",
            who="staff",
            sequence=number + 1,
            member=host,
            host=host,
            at=NOW,
            starts_at=TEN + timedelta(minutes=number),
            ends_at=ELEVEN + timedelta(minutes=number),
        )

    assert queries() == before
