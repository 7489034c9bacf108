import re
from datetime import datetime, timedelta

import pytest

from accounts.roles import Role
from bookings.models import AppointmentChange, Status
from bookings.services.answer_request import confirm_appointment, decline_appointment
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import staff
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.appointments.pages import text, url
from tests.factories import NOW, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.usefixtures("at_now")


def _post(client, name, appointment, **sent):
    return text(client.post(url(name, appointment.uid), sent, follow=True))


def _status(appointment):
    appointment.refresh_from_db()
    return appointment.status


def test_confirming_says_that_the_customer_is_told(client, host, request_):
    said = _post(client, "confirm", request_)

    assert "The appointment is confirmed. Ada Lovelace is told by mail." in said
    assert _status(request_) == Status.CONFIRMED


def test_confirming_twice_changes_nothing_more(client, host, request_):
    _post(client, "confirm", request_)
    said = _post(client, "confirm", request_)

    assert "The appointment is confirmed." in said
    assert AppointmentChange.objects.count() == 2


@pytest.mark.parametrize("answer", ["confirm", "decline"])
def test_an_answer_to_a_time_that_has_changed_meanwhile_changes_nothing(client, host, request_, answer):
    page = client.get(url("appointment", request_.uid)).content.decode()
    seen = re.search(rf'/{answer}/".*?name="seen" value="([^"]+)"', page, re.DOTALL)[1]
    reschedule_appointment(request_, starts_at=request_.starts_at + timedelta(hours=1), now=NOW)

    said = _post(client, answer, request_, seen=seen)

    assert datetime.fromisoformat(seen) == TEN + timedelta(days=2)
    assert "The appointment has been changed meanwhile." in said
    assert _status(request_) == Status.PENDING


def test_declining_keeps_the_reason_for_the_customer(client, host, request_):
    said = _post(client, "decline", request_, reason="We are away.")

    assert "The request is declined, and its time is free." in said
    assert AppointmentChange.objects.get(kind="declined").reason == "We are away."


def test_a_reason_that_is_too_long_declines_nothing(client, host, request_):
    assert "the reason is too long" in _post(client, "decline", request_, reason="x" * 1001)
    assert _status(request_) == Status.PENDING


def test_who_comes_second_learns_who_was_first(client, host, manager, request_):
    decline_appointment(request_, now=NOW, by=staff(manager))

    said = _post(client, "confirm", request_)

    assert (
        "Nothing was changed: this appointment is closed already. "
        "Declined by Mara Manager on Monday 23 November 2026, 08:00." in said
    )


def test_what_somebody_else_has_confirmed_is_not_declined(client, host, manager, request_):
    confirm_appointment(request_, now=NOW, by=staff(manager))

    assert "this request is confirmed already" in _post(client, "decline", request_)
    assert _status(request_) == Status.CONFIRMED


@pytest.mark.parametrize("answer", ["confirm", "decline"])
def test_what_the_customer_called_off_gets_no_answer(client, host, request_, answer):
    cancel_appointment(request_, now=NOW)

    assert "Cancelled by the customer on Monday" in _post(client, answer, request_)


@pytest.mark.parametrize("answer", ["confirm", "decline"])
def test_what_has_run_out_says_so(client, host, request_, answer, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: request_.expires_at)

    assert "The time to answer this request is over." in _post(client, answer, request_)


def test_the_list_has_what_waits_for_the_reader_and_leads_back_to_itself(client, host, request_):
    assert "Ada Lovelace First visit, Wednesday 25 November, 10:00 – 10:30" in text(client.get(url("requests")))

    response = client.post(url("confirm", request_.uid), {"back": "requests"})

    assert response["Location"] == url("requests")
    assert "No request waits for an answer." in text(client.get(url("requests")))


def test_a_manager_sees_everybodys_and_staff_their_own(client, place, manager, request_):
    for member, sees in (
        (place.member, True),
        (manager, True),
        (MemberFactory(account=place.calendar.account), False),
        (MemberFactory(role=Role.OWNER), False),
    ):
        client.force_login(member.user)
        assert ("Ada Lovelace" in text(client.get(url("requests")))) is sees


def test_what_has_run_out_is_not_in_the_list(client, host, request_, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: request_.expires_at)

    assert "No request waits" in text(client.get(url("requests")))


def test_my_calendar_says_how_many_wait(client, host, request_, place):
    assert "1 request waits for an answer" in text(client.get(url("my-calendar")))

    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)
    assert "2 requests wait for an answer" in text(client.get(url("my-calendar")))


def test_my_calendar_says_nothing_where_none_waits(client, host, appointment):
    assert "for an answer" not in text(client.get(url("my-calendar")))


@pytest.mark.parametrize("requests", [1, 12])
def test_the_list_asks_the_same_number_of_questions_for_any_length(
    client, place, host, request_, requests, django_assert_num_queries
):
    for _number in range(requests):
        other = CalendarMemberFactory(calendar=place.calendar).member
        book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW, host=other)
    place.member.role = Role.MANAGER
    place.member.save()
    client.get(url("requests"))

    with django_assert_num_queries(7):
        client.get(url("requests"))
