import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.roles import Role
from availability.models import HostTime
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.usefixtures("at_now")


def _url(name, uid):
    return reverse(f"bookings:{name}", args=[uid])


def _text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def host(client, appointment):
    client.force_login(appointment.host.user)
    return appointment.host


def test_the_host_sees_who_comes_when_and_how_to_reach_them(client, host, appointment):
    text = _text(client.get(_url("appointment", appointment.uid)))

    assert "Ada Lovelace First visit, Monday 23 November 2026, 10:00 – 10:30" in text
    assert "ada@example.org" in text
    assert "London" in text


def test_the_record_says_why_this_host(client, db):
    calendar = CalendarFactory(type="round_robin")
    often, seldom = (CalendarMemberFactory(calendar=calendar).member for _number in range(2))
    book_appointment(calendar, starts_at=ELEVEN, customer=ADA, now=NOW, host=often)
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)
    client.force_login(seldom.user)

    text = _text(client.get(_url("appointment", appointment.uid)))

    assert appointment.host == seldom
    assert f"Why {seldom.user.name} Booked least recently" in text
    assert f"{seldom.user.name} Chosen · Medium priority, never chosen before" in text
    assert f"{often.user.name} Medium priority, last chosen on Monday 23 November 2026, 08:00" in text


def test_cancelling_is_first_said_then_done(client, host, appointment):
    asked = client.get(_url("cancel", appointment.uid))

    assert "Cancel Monday 23 November, 10:00?" in _text(asked)
    assert "The time becomes free at once" in _text(asked)
    assert HostTime.objects.exists()

    done = client.post(_url("cancel", appointment.uid), follow=True)

    assert "The appointment is cancelled, and its time is free." in _text(done)
    assert "Cancelled on Monday 23 November 2026, 08:00" in _text(done)
    assert not HostTime.objects.exists()


def test_what_is_cancelled_offers_no_cancelling(client, host, appointment):
    cancel_appointment(appointment, now=NOW)

    assert "Cancel this appointment" not in _text(client.get(_url("appointment", appointment.uid)))
    assert "This appointment is cancelled already." in _text(client.get(_url("cancel", appointment.uid)))
    assert client.post(_url("cancel", appointment.uid)).status_code == 302


def test_what_is_over_is_not_cancelled(client, host, appointment, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: appointment.ends_at)

    response = client.post(_url("cancel", appointment.uid), follow=True)

    assert "This appointment is over." in _text(response)
    appointment.refresh_from_db()
    assert appointment.cancelled_at is None


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_managers_and_owners_see_and_cancel_appointments_of_their_account(client, appointment, role):
    client.force_login(MemberFactory(account=appointment.calendar.account, role=role).user)

    assert client.get(_url("appointment", appointment.uid)).status_code == 200
    assert client.post(_url("cancel", appointment.uid)).status_code == 302
    appointment.refresh_from_db()
    assert appointment.cancelled_at == NOW


def _colleague(appointment):
    return MemberFactory(account=appointment.calendar.account, role=Role.STAFF)


def _owner_elsewhere(appointment):
    return MemberFactory(role=Role.OWNER)


def _owner_of_the_hosts_other_account(appointment):
    other = MemberFactory(user=appointment.host.user)
    return MemberFactory(account=other.account, role=Role.OWNER)


@pytest.mark.parametrize("reader", [_colleague, _owner_elsewhere, _owner_of_the_hosts_other_account])
@pytest.mark.parametrize(("name", "act"), [("appointment", "get"), ("cancel", "get"), ("cancel", "post")])
def test_for_everybody_else_it_is_as_if_there_were_none(client, appointment, reader, act, name):
    client.force_login(reader(appointment).user)

    there, absent = (getattr(client, act)(_url(name, uid)) for uid in (appointment.uid, uuid4()))

    assert (there.status_code, there.content) == (404, absent.content)
    appointment.refresh_from_db()
    assert appointment.cancelled_at is None


def test_who_is_not_signed_in_is_asked_to(client, appointment):
    for name in ("appointment", "cancel"):
        assert client.post(_url(name, appointment.uid))["Location"].startswith("/sign-in/")
