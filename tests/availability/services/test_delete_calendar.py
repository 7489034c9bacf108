"""Deleting a calendar."""

from datetime import timedelta

import pytest

from availability.models import Calendar, HostTime, HostTimeKind
from availability.services.delete_calendar import WasBooked, delete_calendar
from bookings.models import Appointment
from tests.factories import NOW, CalendarMemberFactory, ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar():
    return CalendarMemberFactory().calendar


def test_a_calendar_nobody_booked_is_deleted_with_its_members(calendar):
    delete_calendar(calendar)

    assert not Calendar.objects.exists()


def test_a_booked_calendar_stays_even_when_everything_is_cancelled(calendar):
    Appointment.objects.create(
        calendar=calendar,
        contact=ContactFactory(account=calendar.account),
        host=calendar.calendar_members.get().member,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        booked_at=NOW,
        changed_at=NOW,
        cancelled_at=NOW,
    )

    with pytest.raises(WasBooked):
        delete_calendar(calendar)

    assert Calendar.objects.get().calendar_members.exists()


def test_a_calendar_somebody_is_booking_at_this_moment_stays(calendar):
    HostTime.objects.create(
        user=calendar.calendar_members.get().member.user,
        calendar=calendar,
        uid="6b1f4a3e-0000-4000-8000-000000000001",
        kind=HostTimeKind.HOLD,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        expires_at=NOW + timedelta(minutes=5),
    )

    with pytest.raises(WasBooked):
        delete_calendar(calendar)
