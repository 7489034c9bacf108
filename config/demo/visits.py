"""The demo's appointments, booked as customers book: through the use case, at times that are free."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Member
from availability.models import Calendar
from availability.queries.slots import next_slots
from bookings.models import Appointment
from bookings.services.book import Customer, SlotTaken, book_appointment
from config.demo.people import BUSINESSES, ZONE, Business, Visit

TRIES = 5  # somebody may book the same slot between our look and our booking


def book_visits(*, now: datetime) -> int:
    """Book those that are missing, and say how many that were.

    A customer who has (or has cancelled) an appointment from today on is left alone; one whose appointments have all
    passed comes again, so that the coming days are never empty.
    """
    return sum(_book(business, visit, now) for business in BUSINESSES for visit in business.visits)


def _book(business: Business, visit: Visit, now: datetime) -> bool:
    calendar = Calendar.objects.public().filter(account__slug=business.slug, slug=visit.offer).first()
    known = Appointment.objects.filter(contact__email=visit.email, starts_at__gte=_wall_clock(now))
    if calendar is None or known.filter(calendar=calendar).exists():
        return False
    members = Member.objects.filter(account=calendar.account)
    host = members.get(user__email=visit.host.email) if visit.host else None
    after = _wall_clock(now, days=visit.in_days, clock=visit.clock)
    for slot in next_slots(calendar, after=after, now=now, count=TRIES, host=host):
        try:
            book_appointment(calendar, starts_at=slot.starts_at, customer=_customer(visit), now=now, host=host)
        except SlotTaken:
            continue
        return True
    return False


def _wall_clock(now: datetime, *, days: int = 0, clock: time = time()) -> datetime:
    day = now.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=days)
    return datetime.combine(day, clock, tzinfo=ZoneInfo(ZONE))


def _customer(visit: Visit) -> Customer:
    return Customer(
        name=visit.customer, email=visit.email, time_zone=ZONE, locale="en-gb", phone=visit.phone, note=visit.note
    )
