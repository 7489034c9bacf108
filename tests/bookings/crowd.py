"""A month that is full: appointments, own items and events outside by the hundred, written in bulk."""

from datetime import timedelta

from availability.models import BusyTime, HostTime
from bookings.models import Appointment, OwnItem
from tests.bookings.my_calendar import source
from tests.factories import NOW, ContactFactory

# the first of the month, 06:00 in Berlin
FIRST = NOW.replace(day=1, hour=5)


def crowd(place, count):
    """So many things in November of the place's member: a half appointments, the rest own items and events."""
    starts = [FIRST + timedelta(minutes=number * 43200 // count) for number in range(count)]
    _appointments(place, starts[::2])
    _items(place.member, starts[1::4])
    _events(place.member, starts[3::4])


def _appointments(place, starts):
    contact = ContactFactory(account=place.calendar.account)
    made = Appointment.objects.bulk_create(
        Appointment(
            calendar=place.calendar, contact=contact, host=place.member, customer_name=f"Customer {number}",
            customer_phone="+49 30 1234567", starts_at=at, ends_at=at + timedelta(minutes=20),
            booked_at=FIRST, changed_at=FIRST, confirmed_at=FIRST,
        )
        for number, at in enumerate(starts)
    )  # fmt: skip
    HostTime.objects.bulk_create(
        HostTime(
            user=place.member.user, calendar=place.calendar, uid=one.uid, kind="appointment", exclusive=False,
            starts_at=one.starts_at, ends_at=one.ends_at,
        )
        for one in made
    )  # fmt: skip


def _items(member, starts):
    made = OwnItem.objects.bulk_create(
        OwnItem(
            account=member.account, kind="task", title=f"Task {number}", blocks=False, changed_at=FIRST,
            starts_at=at, ends_at=at + timedelta(minutes=20),
        )
        for number, at in enumerate(starts)
    )  # fmt: skip
    assigned = OwnItem.assignees.through
    assigned.objects.bulk_create(assigned(ownitem=item, member=member) for item in made)


def _events(member, starts):
    private = source(member)
    BusyTime.objects.bulk_create(
        BusyTime(
            source=private, user=member.user, group=f"g{number}", key="", label=f"Event {number}",
            start=at, end=at + timedelta(minutes=40),
        )
        for number, at in enumerate(starts)
    )  # fmt: skip
