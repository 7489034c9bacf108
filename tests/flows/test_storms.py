"""Storms on the site as operators run it (B3): nobody is booked twice, and nobody sees an error page.

``HOLDFAST_RUNS`` repeats each storm so often, and at full strength.
"""

import os
import random
import sys
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from availability.models import ClassSession, HostTime, Seat
from bookings.models import Appointment
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.filled_form import filled_form
from tests.flows.storm import ALWAYS_OPEN, all_at_once, coming_hour, form_post, order, serve

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
RUNS = int(os.environ.get("HOLDFAST_RUNS", "1"))
STRENGTH = 1.0 if "HOLDFAST_RUNS" in os.environ else 0.3
CUSTOMERS, OVERLAPPING, SEAT_SEEKERS, SEATS = (int(number * STRENGTH) for number in (500, 300, 200, 30))
MINUTE = timedelta(minutes=1)
again_and_again = pytest.mark.parametrize("run", range(RUNS))


@pytest.fixture(scope="module")
def site(django_db_setup, tmp_path_factory):
    with serve(tmp_path_factory.mktemp("site")) as port:
        yield port


@pytest.fixture
def say(capsys):
    """Prints even while everything goes well."""

    def write(answers):
        slowest = max(answer.seconds for answer in answers)
        with capsys.disabled():
            sys.stdout.write(f" {len(answers)} requests, the slowest answered after {slowest:.2f} s ")
            sys.stdout.flush()

    return write


@again_and_again
def test_of_all_customers_who_want_one_slot_one_gets_it_and_all_others_read_what_is_free(site, say, run):
    calendar = _open_calendar(_open_member(), grid=30)
    start = coming_hour()

    answers = all_at_once(site, [order(calendar, start, number) for number in range(CUSTOMERS)])

    say(answers)
    assert Counter(answer.status for answer in answers) == {201: 1, 409: CUSTOMERS - 1}
    assert all(answer.json()["next_slots"] for answer in answers if answer.status == 409)
    assert Appointment.objects.count() == HostTime.objects.count() == 1


@again_and_again
def test_of_all_customers_who_send_the_form_for_one_slot_one_gets_it_and_all_others_a_page_with_times(site, say, run):
    calendar = _open_calendar(_open_member(), grid=30)
    path, fields, cookies = filled_form(site, calendar, coming_hour())
    forms = [form_post(path, fields | {"key": str(uuid4())}, cookies) for _ in range(CUSTOMERS)]

    answers = all_at_once(site, forms)

    say(answers)
    assert Counter(answer.status for answer in answers) == {302: 1, 409: CUSTOMERS - 1}
    assert all(b'name="start" value="' in answer.body for answer in answers if answer.status == 409)
    assert Appointment.objects.count() == 1
    assert HostTime.objects.exclude(kind="hold").count() == 1


@again_and_again
def test_overlapping_requests_of_three_calendars_of_one_host_keep_every_buffer(site, say, run):
    host = _open_member()
    calendars = [
        _open_calendar(host, minutes=30, before=10, after=5),
        _open_calendar(host, minutes=45, before=0, after=20),
        _open_calendar(host, minutes=60, before=15, after=0),
    ]
    chance = random.Random(run)
    wishes = [
        (chance.choice(calendars), coming_hour() + chance.randrange(24 * 12) * 5 * MINUTE) for _ in range(OVERLAPPING)
    ]

    answers = all_at_once(site, [order(calendar, start, number) for number, (calendar, start) in enumerate(wishes)])

    say(answers)
    assert set(Counter(answer.status for answer in answers)) <= {201, 409}
    times = list(HostTime.objects.order_by("starts_at"))
    assert len(times) == Appointment.objects.count() == sum(answer.status == 201 for answer in answers) > 1
    assert [pair for pair in pairwise(times) if _too_near(*pair)] == []
    refused = [wish for wish, answer in zip(wishes, answers, strict=True) if answer.status == 409]
    assert [wish for wish in refused if not any(_too_near_to_wish(time, *wish) for time in times)] == []


@again_and_again
def test_the_last_seats_of_a_class_are_given_once_each(site, say, run):
    calendar = _open_calendar(_open_member(), type="class", seats=SEATS)
    start = coming_hour()

    answers = all_at_once(site, [order(calendar, start, number) for number in range(SEAT_SEEKERS)])

    say(answers)
    assert Counter(answer.status for answer in answers) == {201: SEATS, 409: SEAT_SEEKERS - SEATS}
    assert ClassSession.objects.get().seats_taken == Seat.objects.count() == Appointment.objects.count() == SEATS


def _open_member():
    member = MemberFactory()
    ScheduleFactory(member=member, hours=ALWAYS_OPEN)
    return member


def _open_calendar(member, *, minutes=30, grid=5, before=0, after=0, **settings):
    calendar = CalendarFactory(
        account=member.account,
        duration=minutes * MINUTE,
        interval=grid * MINUTE,
        buffer_before=before * MINUTE,
        buffer_after=after * MINUTE,
        **settings,
    )
    CalendarMemberFactory(calendar=calendar, member=member)
    return calendar


def _too_near(first, second):
    """Plain arithmetic on what was stored."""
    return second.starts_at - first.ends_at < max(first.buffer_after, second.buffer_before)


def _too_near_to_wish(time, calendar, start):
    end = start + calendar.duration
    after_it = start - time.ends_at >= max(time.buffer_after, calendar.buffer_before)
    before_it = time.starts_at - end >= max(calendar.buffer_after, time.buffer_before)
    return not (after_it or before_it)
