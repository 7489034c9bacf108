"""A link to PostgreSQL that breaks around the COMMIT of a booking: one appointment, whatever the customer saw."""

import json

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail
from availability.models import HostTime
from bookings.models import Appointment
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from tests.bookings.situations import ADA
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.storm import ALWAYS_OPEN, coming_hour
from tests.servers.tcp_proxy import Cut, TcpProxy

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
# every booking says it, one that only finds what it has booked too
BOOKING = 'INSERT INTO "bookings_'


@pytest.fixture
def link():
    """What connections go through from now on."""
    target = connection.settings_dict
    host, port = target["HOST"], target["PORT"]
    with TcpProxy(host, int(port), only_after=BOOKING) as proxy:
        _move_to("127.0.0.1", proxy.port)
        yield proxy
        _move_to(host, port)


@pytest.fixture
def calendar():
    member = MemberFactory()
    ScheduleFactory(member=member, hours=ALWAYS_OPEN)
    return CalendarMemberFactory(calendar=CalendarFactory(account=member.account), member=member).calendar


@pytest.fixture
def post(calendar):
    """Sends the same order, with the same key, as often as it is called."""
    url = f"/api/v1/calendars/{calendar.account.slug}/{calendar.slug}/appointments"
    body = json.dumps({"start": coming_hour().isoformat(), "name": "Ada", "email": "ada@example.org"})
    client = Client(raise_request_exception=False)

    def send():
        return client.post(url, body, content_type="application/json", headers={"idempotency-key": "the form's"})

    return send


@pytest.mark.parametrize("cut", Cut)
def test_a_link_that_breaks_at_the_commit_once_is_not_noticed_by_the_customer(post, link, cut):
    link.cut_at_commit(cut)

    first, again = post(), post()

    assert link.cuts == 1
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    _assert_booked_once(first)


@pytest.mark.parametrize("cut", [Cut.UNDER_WAY, Cut.DONE])
def test_when_no_answer_could_be_given_the_retry_shows_the_same_appointment(post, link, cut):
    """The link breaks again when the booking is looked for."""
    link.cut_at_commit(cut, Cut.BEFORE)
    lost = post()

    shown, again = post(), post()

    assert lost.status_code >= 500
    assert (shown.status_code, again.status_code) == (201, 201)
    assert shown.json() == again.json()
    _assert_booked_once(shown)


def test_what_never_reached_the_commit_is_not_booked_and_can_be_booked_afterwards(post, link):
    link.cut_at_commit(Cut.BEFORE, Cut.BEFORE)
    lost = post()
    left = (Appointment.objects.count(), HostTime.objects.count(), OutgoingMail.objects.count())

    booked = post()

    assert lost.status_code >= 500
    assert left == (0, 0, 0)
    assert booked.status_code == 201
    _assert_booked_once(booked)


def test_what_has_no_key_is_not_done_again_when_nobody_knows_whether_it_was_done(calendar, link):
    link.cut_at_commit(Cut.DONE)

    with pytest.raises(OperationalError):
        book_appointment(calendar, starts_at=coming_hour(), customer=ADA, now=timezone.now())

    assert link.cuts == Appointment.objects.count() == HostTime.objects.count() == 1


@pytest.mark.parametrize("cut", [Cut.UNDER_WAY, Cut.DONE])
def test_who_cancels_does_not_notice_a_link_that_breaks_at_the_commit(calendar, link, cut):
    appointment = book_appointment(calendar, starts_at=coming_hour(), customer=ADA, now=timezone.now())
    link.cut_at_commit(cut)

    cancel_appointment(appointment, now=timezone.now())

    assert link.cuts == appointment.sequence == OutgoingMail.objects.filter(kind="cancelled").count() == 1
    assert not HostTime.objects.exists()


def _assert_booked_once(answer):
    appointment = Appointment.objects.get()
    assert str(appointment.uid) == answer.json()["id"]
    assert HostTime.objects.get().uid == appointment.uid
    mails = OutgoingMail.objects.filter(kind__in=("booked", "host_booked")).values_list("kind", "recipient")
    assert sorted(mails) == [("booked", "ada@example.org"), ("host_booked", appointment.host.user.email)]


def _move_to(host, port):
    connection.close()
    connection.settings_dict |= {"HOST": host, "PORT": str(port)}
