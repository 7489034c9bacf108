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


def test_who_takes_part_sees_it_as_the_lead_does(client, db):
    calendar = CalendarFactory(type="collective")
    hosts = [CalendarMemberFactory(calendar=calendar).member for _number in range(2)]
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    for host in hosts:
        client.force_login(host.user)
        assert client.get(_url("appointment", appointment.uid)).status_code == 200


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
    assert f"{often.user.name} Free as well · Medium priority, last chosen on Monday 23 November 2026, 08:00" in text


def test_the_record_says_who_was_passed_over_and_why(client, db):
    calendar = CalendarFactory(type="round_robin")
    taken, free = (CalendarMemberFactory(calendar=calendar).member for _number in range(2))
    book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW, host=taken)
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)
    client.force_login(free.user)

    text = _text(client.get(_url("appointment", appointment.uid)))

    assert f"Why {free.user.name} Nobody else could be chosen. Decided on Monday 23 November 2026, 08:00." in text
    assert f"{taken.user.name} Not free: booked already BOOKED" in text


def test_the_record_of_a_collective_names_who_leads(client, db):
    calendar = CalendarFactory(type="collective")
    other, lead = (CalendarMemberFactory(calendar=calendar, is_lead=is_lead).member for is_lead in (False, True))
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)
    client.force_login(lead.user)

    text = _text(client.get(_url("appointment", appointment.uid)))

    assert f"Why {lead.user.name} Everybody takes part; this host leads." in text
    assert f"{lead.user.name} Leads {other.user.name} Takes part" in text


def test_the_record_of_equal_distribution_tells_the_counts(client, db):
    calendar = CalendarFactory(type="round_robin", assignment_mode="equal", members_changed_at=NOW)
    often, seldom = (CalendarMemberFactory(calendar=calendar).member for _number in range(2))
    book_appointment(calendar, starts_at=ELEVEN, customer=ADA, now=NOW, host=often)
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)
    client.force_login(seldom.user)

    text = _text(client.get(_url("appointment", appointment.uid)))

    assert "Booked least in that month among those who were free." in text
    assert f"{seldom.user.name} Chosen · 0 bookings in that month" in text
    assert f"{often.user.name} Free as well · 1 booking in that month" in text


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
