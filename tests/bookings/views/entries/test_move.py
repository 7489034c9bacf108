from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import OutgoingMail
from bookings.models import Appointment, OwnItem
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.change_own_item import change_own_item
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.appointments.pages import iso, text, url
from tests.bookings.views.entries.buttons import press, said_next, way_back
from tests.bookings.views.entries.conftest import add
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
NOON = ELEVEN + timedelta(hours=1)


def _move(client, one, **to):
    return client.post(url("entry-move", one.uid), to)


def _span(one):
    one.refresh_from_db()
    return one.starts_at, one.ends_at


def test_an_item_is_moved_at_once_by_the_readers_clock(client, host, item):
    response = _move(client, item, starts_at="2026-11-25T14:15")

    assert response["Location"] == f"{url('my-calendar')}?day=2026-11-25&account={host.account.slug}"
    start = datetime(2026, 11, 25, 13, 15, tzinfo=UTC)
    assert _span(item) == (start, start + timedelta(hours=1))
    assert "“Dentist” is on Wednesday 25 November, 14:15 now." in said_next(client)


def test_an_item_keeps_its_length_when_the_clocks_change(client, host, item):
    _move(client, item, starts_at="2027-03-28T01:30")

    assert _span(item) == (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC))


def test_what_else_lies_where_an_item_is_moved_to_is_said(client, host, appointment, item):
    _move(client, item, starts_at="2026-11-23T10:15")

    assert "Ada Lovelace, Monday 23 November, 10:00 – 10:30. Both stand." in said_next(client)


def test_an_item_is_lengthened(client, host, item):
    _move(client, item, ends_at="2026-11-23T12:00")

    assert _span(item) == (TEN, NOON)


def test_whole_days_stay_whole_days_over_a_change_of_the_clocks(client, host):
    midnight = datetime(2026, 11, 22, 23, tzinfo=UTC)
    item = add(host, starts_at=midnight, ends_at=midnight + timedelta(days=1), all_day=True)

    _move(client, item, starts_at="2027-03-28T00:00")

    assert _span(item) == (datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("to", "status", "said"),
    [
        ({}, 422, "A start is a date and a time"),
        ({"starts_at": "soon"}, 422, "A start is a date and a time"),
        ({"starts_at": "0001-01-01T00:00"}, 422, "A start is a date and a time"),
        ({"starts_at": "2027-03-28T02:30"}, 422, "this time does not exist"),
        ({"ends_at": "2026-11-23T09:00"}, 409, "It would end before it starts."),
        ({"starts_at": "2026-11-23T12:00", "host": "somebody"}, 409, "Only who manages the account"),
    ],
)
def test_what_cannot_be_is_said_and_the_item_stays(client, host, item, to, status, said):
    response = _move(client, item, **to)

    assert response.status_code == status
    assert said in text(response)
    assert _span(item) == (TEN, ELEVEN)


def test_from_one_column_into_another_it_changes_hands(client, host, manager, colleague):
    item = add(host, manager)
    client.force_login(manager.user)

    _move(client, item, starts_at=iso(TEN), host=colleague.slug, former=host.slug)

    assert set(item.assignees.all()) == {colleague, manager}


def test_a_move_is_undone(client, host, item):
    _move(client, item, starts_at=iso(NOON))

    press(client, way_back(client))

    assert _span(item) == (TEN, ELEVEN)


def test_a_move_is_not_undone_over_what_came_after_it(client, host, item):
    _move(client, item, starts_at=iso(NOON))
    button = way_back(client)
    item.refresh_from_db()
    change_own_item(item, title="Haircut", now=NOW)

    press(client, button)

    assert OwnItem.objects.get().starts_at == NOON


def test_a_move_is_undone_for_ten_minutes_only(client, host, item, monkeypatch):
    _move(client, item, starts_at=iso(NOON))
    button = way_back(client)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=10, seconds=1))

    press(client, button)

    assert _span(item)[0] == NOON


@pytest.mark.parametrize("undo", ["", "made:up:payload"])
def test_what_we_did_not_sign_undoes_nothing(client, host, item, undo):
    client.post(url("entry-undo", item.uid), {"undo": undo})

    assert _span(item) == (TEN, ELEVEN)


def test_the_way_back_of_one_item_does_nothing_to_another(client, host, item):
    other = add(host, starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    _move(client, item, starts_at=iso(NOON))
    _address, payload = way_back(client)

    client.post(url("entry-undo", other.uid), payload)

    assert _span(other)[0] == NOON


def test_an_appointment_is_moved_after_a_question(client, host, appointment):
    asked = _move(client, appointment, starts_at="2026-11-23T11:00")

    assert asked.status_code == 200
    assert "Move Ada Lovelace to Monday 23 November, 11:00?" in text(asked)
    assert "Ada Lovelace is told by mail to ada@example.org." in text(asked)
    assert _span(appointment)[0] == TEN

    done = _move(client, appointment, starts_at=iso(ELEVEN), seen=iso(TEN), sure="yes")
    assert done.status_code == 302
    assert _span(appointment)[0] == ELEVEN
    assert appointment.changes.get(kind="rescheduled").member == host


def test_the_question_names_the_readers_clock(client, host, appointment):
    host.user.time_zone = "Europe/London"
    host.user.save()

    assert "Move Ada Lovelace to Monday 23 November, 10:00?" in text(
        _move(client, appointment, starts_at="2026-11-23T10:00")
    )


def test_what_stands_against_it_is_said_with_the_way_on(client, host, place, appointment):
    book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)

    for sure in ({}, {"sure": "yes"}):
        refused = _move(client, appointment, starts_at=iso(ELEVEN), **sure)

        assert refused.status_code == 409
        assert "Monday 23 November, 11:00 is not free" in text(refused)
        assert "BOOKED" in text(refused)
        assert f"{url('move', appointment.uid)}?start=2026-11-23T10%3A00%3A00Z" in refused.content.decode()
    assert _span(appointment)[0] == TEN


def test_an_appointment_is_as_long_as_its_calendar_says(client, host, appointment):
    refused = _move(client, appointment, ends_at="2026-11-23T11:00")

    assert refused.status_code == 409
    assert "set for the whole calendar: 30 minutes in “First visit”" in text(refused)


@pytest.mark.parametrize("sure", [{}, {"sure": "yes"}])
def test_what_is_cancelled_or_over_is_not_moved(client, host, appointment, monkeypatch, sure):
    monkeypatch.setattr(timezone, "now", lambda: ELEVEN)
    assert "This appointment is over." in text(_move(client, appointment, starts_at="2026-11-24T11:00", **sure))

    cancel_appointment(appointment, now=NOW)
    assert "closed already" in text(_move(client, appointment, starts_at="2026-11-24T11:00", **sure))


def test_an_appointment_is_not_moved_into_the_past(client, host, appointment):
    assert "That time is over already." in text(_move(client, appointment, starts_at="2026-11-22T11:00"))


def test_whoever_did_not_see_where_it_stands_does_not_move_it(client, host, appointment):
    refused = _move(client, appointment, starts_at=iso(NOON), seen=iso(ELEVEN), sure="yes")

    assert refused.status_code == 409
    assert "It was moved meanwhile." in text(refused)


def test_an_appointment_goes_to_another_host_of_its_calendar_only(client, host, manager, colleague, appointment):
    client.force_login(manager.user)
    other = CalendarMemberFactory(calendar=appointment.calendar).member

    refused = _move(client, appointment, starts_at=iso(TEN), host=colleague.slug)
    assert (refused.status_code, "This colleague cannot take it" in text(refused)) == (409, True)

    _move(client, appointment, starts_at=iso(TEN), host=other.slug, sure="yes")
    assert Appointment.objects.get().host == other


def test_moving_it_to_where_it_is_changes_nothing(client, host, appointment):
    assert _move(client, appointment, starts_at=iso(TEN)).status_code == 302
    assert appointment.changes.count() == 1


def test_undoing_a_move_is_a_move_back_and_tells_the_customer(client, host, appointment):
    _move(client, appointment, starts_at=iso(ELEVEN), sure="yes")
    told = OutgoingMail.objects.filter(kind="rescheduled").count()

    press(client, way_back(client))

    assert _span(appointment)[0] == TEN
    assert appointment.changes.filter(kind="rescheduled").count() == 2
    assert OutgoingMail.objects.filter(kind="rescheduled").count() > told


def test_undoing_goes_to_where_it_can_be_moved_all_the_same_if_the_time_is_taken(client, host, place, appointment):
    _move(client, appointment, starts_at=iso(ELEVEN), sure="yes")
    button = way_back(client)
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    response = press(client, button)

    assert response["Location"].startswith(f"{url('move', appointment.uid)}?start=")
    assert _span(appointment)[0] == ELEVEN


def test_an_appointment_that_was_cancelled_since_is_not_moved_back(client, host, appointment):
    _move(client, appointment, starts_at=iso(ELEVEN), sure="yes")
    button = way_back(client)
    cancel_appointment(Appointment.objects.get(), now=NOW)

    press(client, button)

    assert _span(appointment)[0] == ELEVEN
