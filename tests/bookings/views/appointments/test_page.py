from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OutgoingMail
from bookings.models import Appointment
from bookings.services.attendance import note_attendance
from bookings.services.cancel import cancel_appointment
from bookings.services.history import staff
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ELEVEN, TEN
from tests.bookings.views.appointments.pages import text, url
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("at_now")


def _page(client, appointment):
    return text(client.get(url("appointment", appointment.uid)))


def _clock(monkeypatch, moment):
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_a_request_says_until_when_it_waits_and_offers_both_answers(client, host, request_):
    shown = _page(client, request_)

    assert "Waiting for approval" in shown
    assert "Its time is kept until Tuesday 24 November 2026, 08:00." in shown
    assert "Confirm Ada Lovelace" in shown
    # declining is the one way to say no
    assert "Cancel this request" not in shown
    assert "Decline the request of Ada Lovelace" in shown


def test_a_request_that_has_run_out_offers_none(client, host, request_, monkeypatch):
    _clock(monkeypatch, request_.expires_at)

    shown = _page(client, request_)

    assert "The time to answer this request is over." in shown
    assert "Decline the request" not in shown


def test_answers_place_and_note_are_shown(client, host, appointment):
    Appointment.objects.update(answers=[["Which knee?", "The <left> one"]], note="By bus")

    shown = _page(client, appointment)

    assert "Which knee? The <left> one" in shown
    assert "Note By bus" in shown
    assert "Where Obertrave 14" in shown


def test_the_history_says_who_did_what_when_and_why(client, host, manager, appointment):
    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW, by=staff(host), reason="The room is taken.")
    cancel_appointment(appointment, now=NOW, by=staff(manager))

    shown = _page(client, appointment)

    name = host.user.name
    assert f"Booked for Monday 23 November 2026, 10:00 with {name}, by the customer" in shown
    assert f"Rescheduled to Monday 23 November 2026, 11:00 with {name}, by you" in shown
    assert "“The room is taken.”" in shown
    assert "Cancelled, by Mara Manager" in shown


def test_the_mails_say_to_whom_and_whether_they_have_left(client, host, appointment):
    OutgoingMail.objects.filter(kind="booked").update(sent_at=NOW)
    OutgoingMail.objects.filter(kind="host_booked").update(parked_at=NOW)

    shown = _page(client, appointment)

    assert "Booked, to the customer, ada@example.org Mon 23 Nov, 08:00 Sent" in shown
    assert f"Booked, to the host, {host.user.email} Mon 23 Nov, 08:00 Given up" in shown


def test_whether_the_customer_came_is_asked_from_the_start_on(client, host, appointment, monkeypatch):
    assert "Did the customer come?" not in _page(client, appointment)

    _clock(monkeypatch, TEN)
    assert "Did the customer come?" in _page(client, appointment)
    for came, noted in (("showed", "Showed"), ("no_show", "No-show"), ("open", "Confirmed")):
        client.post(url("attendance", appointment.uid), {"came": came})
        appointment.refresh_from_db()
        assert appointment.status.label == noted


@pytest.mark.parametrize(
    ("when", "said"), [(NOW, "has not begun yet"), (TEN + timedelta(days=2), "nobody has confirmed this request")]
)
def test_what_cannot_be_noted_says_why(client, host, request_, monkeypatch, when, said):
    if when == NOW:
        Appointment.objects.update(confirmed_at=NOW)
    _clock(monkeypatch, when)

    response = client.post(url("attendance", request_.uid), {"came": "showed"}, follow=True)

    assert said in text(response)


def test_a_word_nobody_knows_notes_nothing(client, host, appointment, monkeypatch):
    _clock(monkeypatch, TEN)
    note_attendance(appointment, came=True, now=TEN, by=staff(host))

    client.post(url("attendance", appointment.uid), {"came": "perhaps"})

    appointment.refresh_from_db()
    assert appointment.showed_at == TEN


def test_cancelling_tells_the_customer_the_reason(client, host, appointment):
    client.post(url("cancel", appointment.uid), {"reason": "We are ill."})

    assert appointment.changes.get(kind="cancelled").reason == "We are ill."
    assert OutgoingMail.objects.get(sequence=1).kind == "cancelled"


def test_a_reason_that_is_too_long_cancels_nothing(client, host, appointment):
    response = client.post(url("cancel", appointment.uid), {"reason": "x" * 1001})

    appointment.refresh_from_db()
    assert (response.status_code, appointment.cancelled_at) == (422, None)
