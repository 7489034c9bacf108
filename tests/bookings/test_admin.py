import pytest
from django.urls import reverse

from availability.models import HostTime
from bookings.models import Appointment
from bookings.services.book import book_appointment
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

    assert "1 was over already and stays." in response.content.decode()
    assert HostTime.objects.exists()


@pytest.mark.parametrize("appointments", [1, 10])
def test_the_list_asks_the_same_number_of_questions_for_any_length(
    client, operator, place, appointments, django_assert_num_queries
):
    for number in range(appointments):
        book_appointment(place.calendar, starts_at=TEN + number * (ELEVEN - TEN) / 2, customer=ADA, now=NOW)

    with django_assert_num_queries(10):
        client.get(_url("appointment", "changelist"))
