"""A practice with all that its pages can show: every type of calendar, some booked, closed, paused or hidden."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from availability.models import AssignmentMode, CalendarMember, CalendarType, DateOverride
from availability.services.closures import add_closure
from availability.services.holidays import keep_holidays
from bookings.services.book import Customer, book_appointment
from tests.factories import CalendarFactory, MemberFactory, ScheduleFactory

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = datetime.now(BERLIN).date()
# a Monday that can be booked, whenever this runs
MONDAY = TODAY + timedelta(days=14 - TODAY.weekday())
TEN, NOON = (datetime(MONDAY.year, MONDAY.month, MONDAY.day, hour, tzinfo=BERLIN) for hour in (10, 12))
ADA = Customer(name="Ada Lovelace", email="ada@example.org", time_zone="Europe/London", locale="en-gb")


class Practice:
    def __init__(self, manager, visit):
        self.account, self.visit, self.schedule = manager.account, visit, manager.schedules.get()
        self.team = [manager, MemberFactory(account=self.account, user__name="Emil Brandt")]
        ScheduleFactory(member=self.team[1], name="Evenings", hours=[(day, 18 * 60, 2 * 60) for day in range(5)])
        self.turns = self._calendar(CalendarType.ROUND_ROBIN, assignment_mode=AssignmentMode.EQUAL, look_busy=30)
        self.joint = self._calendar(CalendarType.COLLECTIVE, members=self.team[:1])
        self.lesson = self._calendar(CalendarType.CLASS, members=self.team[:1], seats=6)
        self.call = self._calendar(CalendarType.SIMPLE, members=self.team[:1])
        self.paused = self._calendar(CalendarType.SERVICE, paused_at=timezone.now())
        self.hidden = self._calendar(CalendarType.SERVICE, hidden_at=timezone.now(), category="Massage", price=68)
        now = timezone.now()
        self.seat, self.turn = (
            book_appointment(calendar, starts_at=start, customer=ADA, now=now)
            for calendar, start in ((self.lesson, TEN), (self.turns, NOON))
        )
        self.closure = add_closure(self.account, name="Stocktaking", starts_at=TEN, ends_at=NOON)
        add_closure(self.account, name="", starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=8))
        keep_holidays(self.account, country="DE", subdivision="SH")
        DateOverride.objects.create(schedule=self.schedule, date=MONDAY + timedelta(days=1))

    def _calendar(self, kind, members=(), **settings):
        calendar = CalendarFactory(account=self.account, type=kind, **settings)
        for position, member in enumerate(members or self.team):
            CalendarMember.objects.create(calendar=calendar, member=member, position=position, is_lead=position == 0)
        return calendar

    def staff_pages(self) -> list[str]:
        editors = [self.visit, self.turns, self.joint, self.lesson, self.call]
        return [
            *self._pages("calendars", "calendar-new", "schedules", "schedule-new", "closures", "closure-add"),
            f"{reverse('availability:calendar-new')}?type=class",
            *(reverse("availability:calendar", args=[calendar.pk]) for calendar in editors),
            *self._pages("calendar-type", "calendar-delete", of=self.lesson),
            *self._pages("calendar-delete", of=self.call),
            *self._pages("schedule", "schedule-days", "schedule-delete", of=self.schedule),
            *self._pages("closure-change", "closure-remove", of=self.closure),
            *self._pages("closures-booked", "troubleshooter"),
            f"{reverse('availability:troubleshooter')}?calendar={self.turns.pk}&day={MONDAY}",
            reverse("bookings:session", args=[self.seat.session_uid]),
            reverse("bookings:appointment", args=[self.turn.uid]),
        ]

    def public_pages(self) -> list[str]:
        calendars = [self.visit, self.turns, self.joint, self.lesson, self.call, self.paused, self.hidden]
        day = f"?day={MONDAY + timedelta(days=2)}"
        return [
            reverse("bookings:group", args=[self.account.slug]),
            *(reverse("bookings:book", args=[self.account.slug, one.slug]) + day for one in calendars),
        ]

    def _pages(self, *names: str, of=None) -> list[str]:
        return [reverse(f"availability:{name}", args=[of.pk] if of else []) for name in names]
