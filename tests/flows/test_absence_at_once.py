"""Somebody who is ill is dealt with twice at once, and while customers go on booking."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import OutgoingMail
from availability.models import CalendarType, HostTime
from bookings.models import AppointmentChange, OwnItem
from bookings.queries.absence import absence_between
from bookings.services.absence import Decision, Fate, keep_absence, settle
from bookings.services.book import SlotTaken, book_appointment
from bookings.services.history import staff
from tests.bookings.situations import ADA
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.storm import ALWAYS_OPEN, coming_hour

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team():
    calendar = CalendarFactory(type=CalendarType.ROUND_ROBIN)
    members = [MemberFactory(account=calendar.account) for _number in range(2)]
    for member in members:
        ScheduleFactory(member=member, hours=ALWAYS_OPEN)
        CalendarMemberFactory(calendar=calendar, member=member)
    return calendar, *members


def test_two_clicks_at_once_do_everything_once(team):
    calendar, ill, colleague = team
    now, start = timezone.now(), coming_hour()
    given, off = (
        book_appointment(calendar, starts_at=start + number * timedelta(hours=1), customer=ADA, now=now, host=ill)
        for number in range(2)
    )
    decisions = [Decision(given, Fate.GIVE, given.starts_at, colleague), Decision(off, Fate.CANCEL, off.starts_at)]
    days = absence_between(start.date(), start.date() + timedelta(days=1), zone=ZoneInfo("UTC"), now=now)
    mails, changes = OutgoingMail.objects.count(), AppointmentChange.objects.count()

    def confirm():
        keep_absence(ill, absence=days, title="Absent", now=now)
        return settle(decisions, absent=ill, by=staff(ill), message="", now=now).refused

    assert _at_once(confirm, confirm) == [[], []]
    assert OwnItem.objects.count() == 1
    # the customer twice, and the colleague
    assert (AppointmentChange.objects.count() - changes, OutgoingMail.objects.count() - mails) == (2, 3)


def test_a_time_the_colleague_is_booked_for_at_the_same_moment_goes_to_one_of_them(team):
    calendar, ill, colleague = team
    now = timezone.now()
    for number in range(6):
        start = coming_hour() + number * timedelta(hours=1)
        one = book_appointment(calendar, starts_at=start, customer=ADA, now=now, host=ill)

        def hand_over(one=one):
            decision = Decision(one, Fate.GIVE, one.starts_at, colleague)
            return len(settle([decision], absent=ill, by=staff(ill), message="", now=now).given)

        def book(start=start):
            try:
                book_appointment(calendar, starts_at=start, customer=ADA, now=now, host=colleague)
            except SlotTaken:
                return 0
            return 1

        assert sum(_at_once(hand_over, book)) == 1
        assert HostTime.objects.filter(starts_at=start, user=colleague.user).count() == 1


def _at_once(*works):
    ready = Barrier(len(works))

    def run(work):
        try:
            ready.wait(10)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result() for one in [pool.submit(run, work) for work in works]]
