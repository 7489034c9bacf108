"""What was put on a calendar server a second ago is known before an appointment is committed (Y15)."""

import json
import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from availability.models import BusySource
from bookings.models import Appointment
from bookings.services.book import Customer, book_appointment
from bookings.services.reschedule import SlotTaken, reschedule_appointment
from integrations import tasks
from integrations.models import Connection, ConnectionState, RemoteCalendar
from tests.factories import (
    CalendarFactory,
    CalendarMemberFactory,
    ConfigurationFactory,
    ConnectionFactory,
    MemberFactory,
    RemoteCalendarFactory,
    ScheduleFactory,
)
from tests.servers.scripted import ScriptedServer, answer

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
HALF_HOUR = timedelta(minutes=30)
START = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
ADA = Customer(name="Ada Lovelace", email="ada@example.org", time_zone="Europe/London", locale="en-gb")


def _open_place(calendar=None, **facts):
    """Somebody who can be booked day and night."""
    calendar = calendar or CalendarFactory(**facts)
    member = MemberFactory(account=calendar.account)
    ScheduleFactory(member=member, hours=[(day, 0, 0) for day in range(7)])
    return CalendarMemberFactory(calendar=calendar, member=member)


@pytest.fixture
def place(db):
    return _open_place()


def _connected(client, place, phone):
    """The host's login, connected and configured on the pages, and read once; the address of the calendar there."""
    client.force_login(place.member.user)
    private = phone.make_calendar("Private")
    login = {"server_url": phone.server_url, "username": phone.username, "password": phone.password}
    client.post(reverse("integrations:connect-caldav"), login | {"account": place.calendar.account.slug})
    remote = RemoteCalendar.objects.get(url=private, connection__user=place.member.user)
    chosen = {"segment": "primary", "primary": remote.pk, "account": place.calendar.account.slug}
    client.post(reverse("integrations:calendar-configuration"), chosen)
    tasks.look_at_one(remote.connection_id)
    assert BusySource.objects.get(pk=RemoteCalendar.objects.get(pk=remote.pk).source_id).read_at
    client.logout()
    return private


def _let_time_pass():
    """Nothing was read for three minutes."""
    BusySource.objects.update(read_at=Now() - timedelta(minutes=3))
    Connection.objects.update(looked_at=Now() - timedelta(minutes=3), next_look_at=Now() + timedelta(hours=1))


def _book(client, calendar, start=START):
    url = f"/api/v1/calendars/{calendar.account.slug}/{calendar.slug}/appointments"
    body = {"start": start.isoformat(), "name": "Ada", "email": "ada@example.org"}
    return client.post(
        url, json.dumps(body), content_type="application/json", headers={"idempotency-key": str(uuid4())}
    )


def test_an_event_of_a_second_ago_refuses_the_booking_and_the_next_times_are_named(
    client, place, phone, allow_loopback
):
    private = _connected(client, place, phone)
    _let_time_pass()
    phone.add(private, start=START, end=START + HALF_HOUR, title="Dentist")

    answer = _book(client, place.calendar)

    assert answer.status_code == 409
    assert "Dentist" not in answer.content.decode()
    assert not Appointment.objects.exists()


def test_an_appointment_is_not_moved_onto_an_event_of_a_second_ago(client, place, phone, allow_loopback):
    private = _connected(client, place, phone)
    now = timezone.now()
    appointment = book_appointment(place.calendar, starts_at=START, customer=ADA, now=now)
    _let_time_pass()
    phone.add(private, start=START + 4 * HALF_HOUR, end=START + 5 * HALF_HOUR, title="Dentist")

    with pytest.raises(SlotTaken):
        reschedule_appointment(appointment, starts_at=START + 4 * HALF_HOUR, now=now)

    appointment.refresh_from_db()
    assert appointment.starts_at == START


def test_calendars_that_were_just_read_are_not_asked_again(client, place, phone, allow_loopback):
    _connected(client, place, phone)
    before = _looks()

    assert _book(client, place.calendar).status_code == 201

    assert _looks() == before


def test_a_host_found_busy_leaves_the_booking_to_another_whose_calendar_is_read_too(
    client, phone, other_phone, allow_loopback
):
    first = _open_place(type="round_robin")
    second = _open_place(first.calendar)
    private = _connected(client, first, phone)
    _connected(client, second, other_phone)
    _let_time_pass()
    before = _looks()
    phone.add(private, start=START, end=START + HALF_HOUR, title="Dentist")

    assert _book(client, first.calendar).status_code == 201

    assert Appointment.objects.get().host == second.member
    assert all(_looks()[login] > before[login] for login in before)


def test_in_a_round_robin_only_the_chosen_hosts_calendar_is_read(client, phone, other_phone, allow_loopback):
    first = _open_place(type="round_robin")
    second = _open_place(first.calendar)
    _connected(client, first, phone)
    _connected(client, second, other_phone)
    _let_time_pass()
    before = _looks()

    assert _book(client, first.calendar).status_code == 201

    chosen = Appointment.objects.get().host.user_id
    read = {login for login, at in _looks().items() if at > before[login]}
    assert read == set(Connection.objects.filter(user=chosen).values_list("pk", flat=True))


def _looks() -> dict[int, datetime]:
    return dict(Connection.objects.values_list("pk", "looked_at"))


@pytest.fixture
def hanging(settings):
    """A server that lets everybody wait until it is told to go on."""
    go_on = threading.Event()

    def hang(_request):
        go_on.wait(30)
        return answer(503)

    with ScriptedServer(hang) as server:
        settings.CALDAV_ALLOWED_PRIVATE_HOSTS = [server.netloc]
        yield server, go_on
        go_on.set()


def _signed_in_at(server, place):
    login = ConnectionFactory(user=place.member.user, server_url=server.url, home_url=server.url)
    source = BusySource.objects.create(user=place.member.user, name="Private")
    remote = RemoteCalendarFactory(connection=login, url=f"{server.url}private/", source=source)
    ConfigurationFactory(member=place.member, primary=remote)
    place.member.blocking_sources.create(source=source)
    _let_time_pass()
    return login


def test_a_server_that_does_not_answer_does_not_stop_the_booking(client, place, hanging, settings):
    settings.FRESHNESS_BUDGET_SECONDS = 0.3
    server, go_on = hanging
    login = _signed_in_at(server, place)

    booked = _book(client, place.calendar)
    had_answered = go_on.is_set()
    go_on.set()
    [thread.join(30) for thread in threading.enumerate() if thread.name == str(login.pk)]

    login.refresh_from_db()
    assert (booked.status_code, had_answered, len(server.requests)) == (201, False, 1)
    assert (login.state, login.failures, login.claimed_until) == (ConnectionState.CONNECTED, 0, None)


def test_a_broken_login_is_not_tried_by_those_who_book(client, place, hanging):
    server, _go_on = hanging
    _signed_in_at(server, place)
    Connection.objects.update(state=ConnectionState.BROKEN)

    assert _book(client, place.calendar).status_code == 201

    assert server.requests == []


def test_a_fresh_calendar_causes_no_request(client, place, hanging):
    server, _go_on = hanging
    _signed_in_at(server, place)
    BusySource.objects.update(read_at=Now())

    assert _book(client, place.calendar).status_code == 201

    assert server.requests == []


def test_staff_who_overbook_know_what_they_do_and_nobody_is_asked(place, hanging):
    server, _go_on = hanging
    _signed_in_at(server, place)

    book_appointment(place.calendar, starts_at=START, customer=ADA, now=timezone.now(), overbook=True)

    assert server.requests == []
