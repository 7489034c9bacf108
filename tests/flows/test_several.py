"""Several customers or several hosts, on real PostgreSQL, real workers and a real CalDAV server (T2, T8, Y8)."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from bookings.models import Appointment
from integrations.models import RemoteCalendar
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.conftest import eventually
from tests.flows.test_main_job import coming_hour, configure, offered

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


def _connected(client, member, phone):
    """The member's login, connected and configured on the pages; the address of the primary calendar there."""
    client.force_login(member.user)
    practice = phone.make_calendar("Practice")
    form = {"server_url": phone.server_url, "username": phone.username, "password": phone.password}
    client.post(reverse("integrations:connect-caldav"), form | {"account": member.account.slug})
    remote = RemoteCalendar.objects.get(url=practice, connection__user=member.user)
    configure(client, member, "primary", {"primary": remote.pk})
    return practice


def _open_member(**facts):
    member = MemberFactory(**facts)
    ScheduleFactory(member=member, hours=[(day, 0, 0) for day in range(7)])
    return member


def _book(client, calendar, start, name):
    url = f"/api/v1/calendars/{calendar.account.slug}/{calendar.slug}/appointments"
    body = {"start": start.isoformat(), "name": name, "email": f"{name.lower()}@example.org"}
    answer = client.post(
        url, json.dumps(body), content_type="application/json", headers={"idempotency-key": str(uuid4())}
    )
    assert answer.status_code == 201, answer.content
    return Appointment.objects.get(uid=answer.json()["id"])


def _cancel(client, appointment):
    client.post(reverse("bookings:cancel", args=[appointment.uid]), {"account": appointment.calendar.account.slug})


def _says(phone, calendar_url, *words):
    """The only event there, once it says all this."""
    return eventually(lambda: [text for text in phone.events(calendar_url) if all(word in text for word in words)])


def test_a_class_is_one_event_for_all_its_customers(client, phone, allow_loopback, workers):
    host = _open_member()
    yoga = CalendarFactory(account=host.account, type="class", name="Yoga", seats=8)
    CalendarMemberFactory(calendar=yoga, member=host)
    practice = _connected(client, host, phone)
    workers.start()
    start = coming_hour()
    eventually(lambda: offered(client, host, start))

    ada, grace = (_book(client, yoga, start, name) for name in ("Ada", "Grace"))
    (event,) = _says(phone, practice, "Yoga (2 of 8)", "ada@example.org", "grace@example.org")
    assert f"UID:{ada.session_uid}@holdfast" in event
    assert len(phone.events(practice)) == 1

    _cancel(client, ada)
    (event,) = _says(phone, practice, "Yoga (1 of 8)")
    assert "ada@example.org" not in event
    assert len(phone.events(practice)) == 1

    _cancel(client, grace)
    eventually(lambda: not phone.events(practice))
    assert offered(client, host, start)


def test_a_collective_appointment_is_in_the_calendars_of_both_hosts(
    client, phone, other_phone, allow_loopback, workers
):
    lead = _open_member()
    other = _open_member(account=lead.account)
    board = CalendarFactory(account=lead.account, type="collective", name="Board")
    for member in (lead, other):
        CalendarMemberFactory(calendar=board, member=member, is_lead=member == lead)
    calendars = [(other_phone, _connected(client, other, other_phone)), (phone, _connected(client, lead, phone))]
    workers.start()
    start = coming_hour()
    eventually(lambda: offered(client, lead, start))

    appointment = _book(client, board, start, "Ada")

    for its_phone, calendar_url in calendars:
        (event,) = _says(its_phone, calendar_url, "Board: Ada")
        assert f"UID:{appointment.uid}@holdfast" in event
    _cancel(client, appointment)
    for its_phone, calendar_url in calendars:
        eventually(lambda its_phone=its_phone, url=calendar_url: not its_phone.events(url))
