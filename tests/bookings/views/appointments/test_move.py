from datetime import timedelta

import pytest

from availability.models import HostTime
from bookings.models import Appointment, BookingTerms, Status
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.appointments.pages import iso, text, url, ways
from tests.bookings.views.entries.buttons import press, way_back
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
HALF_PAST = TEN + timedelta(minutes=30)


def _move(client, appointment, start=ELEVEN, **sent):
    return client.post(url("move", appointment.uid), {"start": iso(start)} | sent)


def _now(appointment):
    appointment.refresh_from_db()
    return appointment.starts_at, appointment.host


@pytest.fixture
def other(place):
    return CalendarMemberFactory(calendar=place.calendar).member


def test_the_free_times_are_shown_as_if_it_were_not_there(client, host, appointment):
    response = client.get(url("move", appointment.uid), {"day": "2026-11-23"})

    assert "Now it is on Monday 23 November, 10:00" in text(response)
    assert f'value="{iso(TEN)}"' in response.content.decode()


def test_what_will_happen_is_said_first(client, host, appointment):
    shown = text(client.get(url("move", appointment.uid), {"start": iso(ELEVEN)}))

    assert "Move it to Monday 23 November, 11:00?" in shown
    assert "Ada Lovelace is told by mail to ada@example.org, with your reason." in shown
    assert _now(appointment) == (TEN, host)


def test_it_is_moved_with_the_reason(client, host, appointment):
    response = _move(client, appointment, reason="The room is taken.")

    assert response["Location"] == url("appointment", appointment.uid)
    assert _now(appointment) == (ELEVEN, host)
    step = appointment.changes.get(kind="rescheduled")
    assert (step.member, step.reason) == (host, "The room is taken.")


def test_a_move_is_undone_as_a_move_of_its_own(client, host, appointment):
    _move(client, appointment)

    press(client, way_back(client))

    assert _now(appointment) == (TEN, host)
    assert appointment.changes.filter(kind="rescheduled").count() == 2


def test_moving_it_twice_changes_nothing_more(client, host, appointment):
    _move(client, appointment)
    _move(client, appointment)

    assert appointment.changes.count() == 2


def test_what_binds_customers_does_not_bind_staff(client, host, appointment, place):
    BookingTerms.objects.create(
        calendar=place.calendar, may_reschedule=False, change_notice=timedelta(days=7), needs_approval=True
    )

    _move(client, appointment)

    assert _now(appointment) == (ELEVEN, host)
    assert appointment.status == Status.CONFIRMED


def test_where_it_is_already_there_is_nothing_to_move(client, host, appointment):
    assert "at this time already" in text(client.get(url("move", appointment.uid), {"start": iso(TEN)}))


def test_a_taken_time_shows_the_reasons_and_moves_only_knowingly(client, host, place, appointment):
    book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)

    refused = _move(client, appointment, reason="The room is taken.")

    assert refused.status_code == 409
    assert "An appointment on “First visit”, 11:00–11:30. BOOKED" in text(refused)
    assert "stays on Monday 23 November, 10:00" in text(refused)
    assert _now(appointment) == (TEN, host)
    (sent,) = ways(refused).values()
    client.post(url("move", appointment.uid), sent)
    assert _now(appointment) == (ELEVEN, host)
    assert appointment.is_overbooked
    assert appointment.changes.get(kind="rescheduled").reason == "The room is taken."
    assert HostTime.objects.filter(starts_at=ELEVEN).count() == 2


def test_nobody_moves_it_onto_another_without_having_seen_it(client, host, place, appointment):
    book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)

    assert _move(client, appointment, overbook="on").status_code == 409
    assert _now(appointment) == (TEN, host)


def test_its_own_time_does_not_stand_against_it(client, host, appointment):
    (sent,) = ways(_move(client, appointment, TEN + timedelta(minutes=10))).values()

    client.post(url("move", appointment.uid), sent)

    assert _now(appointment) == (TEN + timedelta(minutes=10), host)


def test_a_manager_gives_it_to_another_host_at_the_same_time(client, manager, appointment, other):
    client.force_login(manager.user)

    said = text(client.get(url("move", appointment.uid), {"start": iso(TEN), "host": other.slug}))
    _move(client, appointment, TEN, host=other.slug)

    assert f"{other.user.name} takes it over" in said
    assert _now(appointment) == (TEN, other)


def test_it_stays_with_its_host_unless_another_is_chosen(client, manager, appointment, other, place):
    client.force_login(manager.user)

    _move(client, appointment)

    assert _now(appointment) == (ELEVEN, place.member)


def test_staff_do_not_give_it_away(client, host, appointment, other):
    assert _move(client, appointment, host=other.slug).status_code == 404
    assert _now(appointment) == (TEN, host)


def test_a_request_that_is_moved_still_waits(client, host, request_):
    _move(client, request_, request_.starts_at + timedelta(hours=1))

    request_.refresh_from_db()
    assert request_.status == Status.PENDING


def test_what_is_closed_or_over_is_not_moved(client, host, appointment, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: appointment.ends_at)
    assert "This appointment is over." in text(client.get(url("move", appointment.uid), follow=True))
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    cancel_appointment(appointment, now=NOW)

    said = text(client.post(url("move", appointment.uid), {"start": iso(ELEVEN)}, follow=True))

    assert "closed already. Cancelled by the customer" in said


def test_any_time_can_be_typed(client, host, appointment):
    response = client.get(url("move", appointment.uid), {"on": "2026-11-23", "at": "18:30"})

    assert response["Location"].startswith(f"{url('move', appointment.uid)}?start=2026-11-23T17%3A30%3A00Z")


def test_a_request_that_has_run_out_is_not_moved_any_more(client, host, request_):
    Appointment.objects.update(expires_at=NOW)

    page = text(client.get(url("appointment", request_.uid)))
    said = text(client.get(url("move", request_.uid), follow=True))

    assert "Reschedule" not in page
    assert "The time to answer this request is over. It expires, and its time is free." in said
