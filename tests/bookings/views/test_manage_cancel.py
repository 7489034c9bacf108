from datetime import timedelta

import pytest
from django.utils import timezone

from availability.models import ClassSession, HostTime
from bookings.models import AppointmentChange, Who
from bookings.services.answer_request import decline_appointment
from bookings.services.book import book_appointment
from bookings.services.cancel import AlreadyClosed, cancel_appointment
from bookings.services.history import staff
from bookings.services.reschedule import reschedule_appointment
from bookings.views import manage_cancel
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.stages import REFUSED, all_rows, cancelled, terms_of, url
from tests.factories import NOW, CalendarMemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
TEN_IN_WORDS = f"{TEN:%Y-%m-%dT%H:%M:%SZ}"


def _post(client, appointment, **sent):
    return client.post(url(appointment, "manage-cancel"), sent)


def test_the_page_asks_and_says_what_will_happen(client, appointment):
    page = client.get(url(appointment, "manage-cancel")).content.decode()

    assert "Cancel Monday 23 November, 09:00?" in page
    assert f"{appointment.host.user.name} is told at once, and the time becomes free." in page
    assert "A message about it goes to ada@example.org." in page


def test_sending_it_cancels_with_the_reason_given(client, appointment):
    response = _post(client, appointment, reason="A cold", seen=TEN_IN_WORDS)

    assert (response.status_code, response["Location"]) == (302, url(appointment))
    appointment.refresh_from_db()
    assert appointment.cancelled_at == NOW
    assert not HostTime.objects.exists()
    step = AppointmentChange.objects.latest("pk")
    assert (step.kind, step.who, step.reason) == ("cancelled", Who.CUSTOMER, "A cold")


def test_a_reason_is_not_needed(client, appointment):
    _post(client, appointment)

    appointment.refresh_from_db()
    assert appointment.cancelled_at == NOW


def test_sending_it_again_leads_to_the_same_page_and_changes_nothing(client, appointment):
    first = _post(client, appointment, reason="A cold", seen=TEN_IN_WORDS)
    before = all_rows(appointment)

    again = _post(client, appointment, reason="Another", seen=TEN_IN_WORDS)

    assert (again.status_code, again["Location"]) == (first.status_code, first["Location"])
    assert all_rows(appointment) == before


def test_what_is_cancelled_already_is_shown(client, place):
    appointment, _now = cancelled(place.calendar)

    assert client.get(url(appointment, "manage-cancel"))["Location"] == url(appointment)


@pytest.mark.parametrize(("arrange", "refusal"), REFUSED.items())
def test_where_it_is_not_allowed_the_page_says_why_and_sending_is_refused(client, place, arrange, refusal, monkeypatch):
    appointment, now = arrange(place.calendar)
    monkeypatch.setattr(timezone, "now", lambda: now)
    before, (sentence, status) = all_rows(appointment), refusal

    asked, sent = client.get(url(appointment, "manage-cancel")), _post(client, appointment, reason="A cold")

    assert (asked.status_code, sent.status_code) == (200, status)
    for answer in (asked, sent):
        assert sentence in answer.content.decode()
        assert "<textarea" not in answer.content.decode()
    assert all_rows(appointment) == before


def test_it_can_be_switched_off_alone(client, appointment):
    terms_of(appointment.calendar, may_cancel=False)

    assert _post(client, appointment).status_code == 403
    assert client.get(url(appointment, "manage-reschedule")).status_code == 200


def test_until_when_it_was_possible_is_said_with_whom_to_ask(client, appointment):
    terms_of(appointment.calendar, change_notice=timedelta(hours=3))
    appointment.calendar.account.phone = "0451 1"
    appointment.calendar.account.save()

    page = client.get(url(appointment, "manage-cancel")).content.decode()

    assert "That was possible until Monday 23 November, 06:00. The appointment stays as it is." in page
    assert '<a href="tel:04511">0451 1</a>' in page


@pytest.mark.parametrize("reason", ["x" * 501, "a\x00b"])
def test_a_reason_that_cannot_be_kept_is_said_and_nothing_changes(client, appointment, reason):
    before = all_rows(appointment)

    response = _post(client, appointment, reason=reason)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert all_rows(appointment) == before


def test_what_staff_moved_meanwhile_is_shown_before_it_is_cancelled(client, appointment):
    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW, by=staff(appointment.host))
    before = all_rows(appointment)

    response = _post(client, appointment, reason="A cold", seen=TEN_IN_WORDS)

    page = response.content.decode()
    assert response.status_code == 409
    assert "The appointment has been changed meanwhile." in page
    assert "Cancel Monday 23 November, 10:00?" in page
    assert "A cold</textarea>" in page
    assert all_rows(appointment) == before


def test_what_staff_declined_at_the_same_moment_is_said(client, place, monkeypatch):
    terms_of(place.calendar, needs_approval=True)
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    def decline_first(given, **_options):
        decline_appointment(appointment, now=NOW, by=staff(place.member))
        raise AlreadyClosed

    monkeypatch.setattr(manage_cancel, "cancel_appointment", decline_first)

    response = _post(client, appointment)

    assert response.status_code == 409
    assert "This time could not be confirmed." in response.content.decode()


def test_a_seat_of_a_class_is_given_back(client, db):
    place = CalendarMemberFactory(calendar__type="class")
    ada, _grace = (book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW) for _number in range(2))

    assert "the seat becomes free" in client.get(url(ada, "manage-cancel")).content.decode()
    _post(client, ada)

    assert ClassSession.objects.get().seats_taken == 1


def test_text_of_strangers_is_inert(client, appointment):
    cancel_appointment(appointment, now=NOW, reason="<script>alert(1)</script>")

    page = client.get(url(appointment)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
