"""The main job on real PostgreSQL, real workers and a real CalDAV server (Y3, Y5, Y8)."""

import json
import re
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from availability.models import CalendarType
from bookings.models import Appointment
from integrations.models import PendingPush, RemoteCalendar
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.conftest import eventually

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def host(client):
    """Somebody whose calendar can be booked day and night, signed in."""
    member = MemberFactory()
    ScheduleFactory(member=member, hours=[(day, 0, 0) for day in range(7)])
    calendar = CalendarFactory(account=member.account, type=CalendarType.SERVICE)
    CalendarMemberFactory(calendar=calendar, member=member)
    client.force_login(member.user)
    return member


@pytest.fixture
def connected(client, host, phone, allow_loopback):
    """The host's login, connected and configured on the pages: Practice is primary, Private is checked."""
    practice, private = phone.make_calendar("Practice"), phone.make_calendar("Private")
    form = {"server_url": phone.server_url, "username": phone.username, "password": phone.password}
    client.post(reverse("integrations:connect-caldav"), form | {"account": host.account.slug})
    found = {remote.url: remote for remote in RemoteCalendar.objects.all()}
    configure(client, host, "primary", {"primary": found[practice].pk})
    stale = {"stale_minutes": 15, "when_stale": "warn"}
    configure(client, host, "conflicts", {"conflicts": [found[private].pk], **stale})
    return practice, private


def configure(client, host, segment, chosen):
    page = reverse("integrations:calendar-configuration")
    answer = client.post(page, {"segment": segment, "account": host.account.slug, **chosen})
    assert answer.status_code in (200, 302)


def coming_hour(days=2):
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)


def offered(client, host, start):
    calendar = host.calendar_members.get().calendar
    url = f"/api/v1/calendars/{host.account.slug}/{calendar.slug}/slots"
    slots = client.get(url, {"start": start.date(), "end": start.date(), "time_zone": "UTC"}).json()["slots"]
    return start in {datetime.fromisoformat(slot["start"]) for slot in slots}


def book(client, host, start):
    calendar = host.calendar_members.get().calendar
    url = f"/api/v1/calendars/{host.account.slug}/{calendar.slug}/appointments"
    body = {"start": start.isoformat(), "name": "Henrik Vogt", "email": "henrik@example.org"}
    answer = client.post(
        url, json.dumps(body), content_type="application/json", headers={"idempotency-key": str(uuid4())}
    )
    assert answer.status_code == 201, answer.content
    return Appointment.objects.get(uid=answer.json()["id"])


def test_an_appointment_reaches_the_calendar_and_leaves_it_when_cancelled(client, host, connected, phone, workers):
    practice, private = connected
    workers.start()
    appointment = book(client, host, eventually_offered(client, host))

    (event,) = eventually(lambda: phone.events(practice))
    assert f"UID:{appointment.uid}@holdfast" in event
    assert f"DTSTART:{appointment.starts_at:%Y%m%dT%H%M%SZ}" in event
    assert "DTEND:" in event
    assert "ATTENDEE" not in event
    assert "ORGANIZER" not in event
    assert phone.events(private) == []

    client.post(reverse("bookings:cancel", args=[appointment.uid]), {"account": host.account.slug})
    eventually(lambda: not phone.events(practice))
    assert offered(client, host, appointment.starts_at)


def eventually_offered(client, host):
    """A calendar that was never read blocks: wait for the first reading."""
    start = coming_hour()
    eventually(lambda: offered(client, host, start))
    return start


@pytest.mark.parametrize("calendar", [0, 1], ids=["primary", "conflict"])
def test_an_event_added_elsewhere_blocks_its_slots_until_it_is_removed(
    client, host, connected, phone, workers, calendar
):
    workers.start()
    start = eventually_offered(client, host)

    event = phone.add(connected[calendar], start=start, end=start + HALF_HOUR, title="Dentist")
    eventually(lambda: not offered(client, host, start))
    phone.remove(event)
    eventually(lambda: offered(client, host, start))


def test_an_event_marked_free_is_read_and_does_not_block(client, host, connected, phone, workers):
    workers.start()
    start = eventually_offered(client, host)

    phone.add(connected[0], start=start, end=start + HALF_HOUR, title="Fair", more="TRANSP:TRANSPARENT\r\n")
    phone.add(connected[0], start=start + HALF_HOUR, end=start + 2 * HALF_HOUR, title="Dentist")

    eventually(lambda: not offered(client, host, start + HALF_HOUR))
    assert offered(client, host, start)


def test_workers_killed_while_pushes_are_pending_write_every_appointment_once(client, host, connected, phone, workers):
    workers.start()
    start = eventually_offered(client, host)
    workers.kill()
    booked = {book(client, host, start + step * HALF_HOUR).uid for step in range(8)}
    for _ in range(2):
        workers.start()
        eventually(lambda: phone.events(connected[0]))
        workers.kill()

    workers.start()
    eventually(lambda: not PendingPush.objects.exists())

    uids = [line for event in phone.events(connected[0]) for line in event.splitlines() if line.startswith("UID:")]
    assert sorted(uids) == sorted(f"UID:{uid}@holdfast" for uid in booked)


def test_the_password_is_in_no_table_and_no_log(client, host, connected, phone, workers, tmp_path):
    """X6, X8: after everything that uses it has run, in plain, base64, hex and URL encoding."""
    workers.start()
    book(client, host, eventually_offered(client, host))
    eventually(lambda: phone.events(connected[0]))
    workers.stop()

    found = [row for row in (*all_rows(), *log_lines(tmp_path)) if any(one in row.lower() for one in spellings(phone))]

    assert found == []
    assert any(phone.username in row for row in all_rows())


def spellings(phone):
    """The password as it might be written down, in lower case; also with the user name, as it is sent."""
    secrets = (phone.password, f"{phone.username}:{phone.password}")
    encoded = [b64encode(secret.encode()).decode().rstrip("=") for secret in secrets]
    return {one.lower() for one in (phone.password, quote(phone.password), phone.password.encode().hex(), *encoded)}


def all_rows():
    """Every row of every table as text; binary columns and pickles also as what they hold."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield row
                yield from (
                    bytes.fromhex(found).decode("latin-1") for found in re.findall(r"\\+x((?:[0-9a-f]{2})+)", row)
                )
                yield from (unpacked(found) for found in re.findall(r"[A-Za-z0-9+/]{40,}", row))


def unpacked(text):
    """What base64 text holds, as far as whole groups of four letters go."""
    return b64decode(text[: len(text) // 4 * 4]).decode("latin-1")


def log_lines(folder):
    return [line for path in folder.glob("*.log") for line in path.read_text().splitlines()]
