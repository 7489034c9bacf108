import pytest
from django.urls import reverse

from availability.models import HostTime
from bookings.models import Appointment, BookingTerms, Hold, Question, Status
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def operator(client, db):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def _url(model, page, *arguments):
    return reverse(f"admin:bookings_{model}_{page}", args=arguments)


@pytest.mark.parametrize("model", ["contact", "appointment", "idempotencykey"])
def test_every_list_can_be_searched(client, operator, place, model):
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, key="k")

    response = client.get(_url(model, "changelist"), {"q": "ada" if model != "idempotencykey" else "k"})

    assert response.status_code == 200
    assert len(response.context["cl"].result_list) == 1


def test_an_appointment_is_shown_and_nothing_of_it_can_be_edited(client, operator, appointment):
    response = client.get(_url("appointment", "change", appointment.pk))

    assert "cannot be edited here" in response.content.decode()
    assert list(response.context["adminform"].form.fields) == []


@pytest.mark.parametrize(("model", "page"), [("appointment", "add"), ("idempotencykey", "add")])
def test_appointments_and_keys_are_not_made_by_hand(client, operator, model, page):
    assert client.get(_url(model, page)).status_code == 403


def test_an_appointment_cannot_be_deleted(client, operator, appointment):
    assert client.post(_url("appointment", "delete", appointment.pk), {"post": "yes"}).status_code == 403


def test_the_action_cancels_through_the_service(client, operator, place, appointment):
    book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)
    chosen = list(Appointment.objects.values_list("pk", flat=True))

    response = client.post(
        _url("appointment", "changelist"), {"action": "cancel", "_selected_action": chosen}, follow=True
    )

    assert "2 appointments are cancelled." in response.content.decode()
    assert Appointment.objects.filter(cancelled_at=NOW).count() == 2
    assert not HostTime.objects.exists()


def test_the_action_leaves_alone_what_is_over(client, operator, appointment, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: appointment.ends_at)

    response = client.post(
        _url("appointment", "changelist"), {"action": "cancel", "_selected_action": [appointment.pk]}, follow=True
    )

    assert "1 was closed, answered or over already and stays." in response.content.decode()
    assert HostTime.objects.exists()


@pytest.mark.parametrize("appointments", [1, 10])
def test_the_list_asks_the_same_number_of_questions_for_any_length(
    client, operator, place, appointments, django_assert_num_queries
):
    for number in range(appointments):
        book_appointment(place.calendar, starts_at=TEN + number * (ELEVEN - TEN) / 2, customer=ADA, now=NOW)

    with django_assert_num_queries(10):
        client.get(_url("appointment", "changelist"))


@pytest.fixture
def requests(place):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    return [book_appointment(place.calendar, starts_at=start, customer=ADA, now=NOW) for start in (TEN, ELEVEN)]


@pytest.mark.parametrize(
    ("action", "status", "said"),
    [
        ("confirm", Status.CONFIRMED, "1 appointment is confirmed."),
        ("decline", Status.DECLINED, "1 request is declined."),
    ],
)
def test_the_actions_answer_what_waits_and_leave_the_rest_alone(client, operator, requests, action, status, said):
    cancel_appointment(requests[1], now=NOW)
    chosen = [request.pk for request in requests]

    response = client.post(
        _url("appointment", "changelist"), {"action": action, "_selected_action": chosen}, follow=True
    )

    assert said in response.content.decode()
    assert "1 was closed, answered or over already and stays." in response.content.decode()
    assert [one.status for one in Appointment.objects.order_by("starts_at")] == [status, Status.CANCELLED]
    assert Appointment.objects.get(starts_at=TEN).changes.last().who == "operator"


def test_the_history_is_shown_and_cannot_be_rewritten(client, operator, appointment):
    response = client.get(_url("appointment", "change", appointment.pk))

    (history,) = response.context["inline_admin_formsets"]
    assert [form.instance.kind for form in history.formset.forms] == ["booked"]
    assert not history.has_change_permission
    assert not history.has_add_permission


def test_a_hold_is_looked_at_only(client, operator, place):
    hold = Hold.objects.create(
        calendar=place.calendar, host=place.member, browser="b", address="a", starts_at=TEN, expires_at=ELEVEN
    )

    assert client.get(_url("hold", "changelist")).status_code == 200
    assert client.get(_url("hold", "add")).status_code == 403
    assert client.post(_url("hold", "delete", hold.pk), {"post": "yes"}).status_code == 403


def test_terms_and_questions_can_be_found_by_their_calendar(client, operator, place):
    BookingTerms.objects.create(calendar=place.calendar)
    Question.objects.create(calendar=place.calendar, key="knee", label="Which knee?")

    for model in ("bookingterms", "question"):
        response = client.get(_url(model, "changelist"), {"q": place.calendar.name})
        assert len(response.context["cl"].result_list) == 1
        change = client.get(_url(model, "change", response.context["cl"].result_list[0].pk))
        assert change.status_code == 200
