"""One form, sent again and again (B5): in parallel, after going back, after reloading. One appointment, one answer."""

from http.client import HTTPConnection

import pytest

from accounts.models import OutgoingMail
from availability.models import HostTime
from bookings.models import Appointment
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.filled_form import filled_form
from tests.flows.storm import ALWAYS_OPEN, all_at_once, coming_hour, form_post, order, serve

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
TIMES = 20


@pytest.fixture(scope="module")
def site(django_db_setup, tmp_path_factory):
    with serve(tmp_path_factory.mktemp("site")) as port:
        yield port


@pytest.fixture
def calendar():
    member = MemberFactory()
    ScheduleFactory(member=member, hours=ALWAYS_OPEN)
    return CalendarMemberFactory(calendar=CalendarFactory(account=member.account), member=member).calendar


def test_a_form_sent_many_times_at_once_after_going_back_and_after_reloading_is_one_appointment(site, calendar):
    form = form_post(*filled_form(site, calendar, coming_hour()))

    at_once = all_at_once(site, [form] * TIMES)
    # going back shows the same form, and a reload of its answer sends it again: the same bytes
    after_back, after_reload = all_at_once(site, [form])[0], all_at_once(site, [form])[0]

    answers = [*at_once, after_back, after_reload]
    assert {answer.status for answer in answers} == {302}
    (page,) = {answer.headers["Location"] for answer in answers}
    assert _status_of(site, page) == 200
    _assert_booked_once()


def test_a_request_sent_many_times_at_once_is_answered_alike(site, calendar):
    same = order(calendar, coming_hour())

    answers = all_at_once(site, [same] * TIMES)

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    _assert_booked_once()


def _assert_booked_once():
    appointment = Appointment.objects.get()
    assert HostTime.objects.get().uid == appointment.uid
    mails = OutgoingMail.objects.filter(kind__in=("booked", "host_booked")).values_list("kind", "recipient")
    expected = [("booked", appointment.contact.email), ("host_booked", appointment.host.user.email)]
    assert sorted(mails) == expected


def _status_of(port, page):
    asking = HTTPConnection("127.0.0.1", port, timeout=30)
    asking.request("GET", page)
    status = asking.getresponse().status
    asking.close()
    return status
