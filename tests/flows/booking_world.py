"""Two accounts that share a host, and what can be done to their appointments from several connections at once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import uuid4

from django.db import connection, connections
from django.db.models.functions import Now

from availability.models import Calendar, HostTime, Seat
from availability.services.release import release_expired_holds
from availability.services.reserve import SlotTaken
from availability.services.store import store_slots
from bookings.models import Appointment, BookingTerms, Hold
from bookings.services.answer_request import confirm_appointment, decline_appointment, expire_requests
from bookings.services.attendance import NotBegun, NotConfirmed, note_attendance
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import CUSTOMER, staff
from bookings.services.hold import hold_slot, release_hold
from bookings.services.reschedule import reschedule_appointment
from bookings.services.standing import AlreadyClosed, AlreadyOver, NotPending
from tests.factories import AccountFactory, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.factories import UserFactory as PersonFactory
from tests.flows.booking_model import CLOSES, GRID, OPENS, Model, Op, Outcome, Page
from tests.flows.booking_witness import MINUTE, MONDAY, Witness, email_of, moment

BEGINNING = 7 * 60
EXPECTED = (SlotTaken, AlreadyClosed, AlreadyOver, NotPending, NotBegun, NotConfirmed)
PAGES = (
    Page("service", (0, 1), 30, before=15),
    Page("round_robin", (0, 1, 2), 30, after=15, approval=True),
    Page("collective", (1, 2), 60),
    Page("class", (2,), 60, seats=2),
    Page("service", (0,), 45, before=10, after=30, approval=True),
)
THERE = 4
STAFF = dict.fromkeys(range(len(PAGES)), 0)
# what a run leaves behind, in an order in which it can go
_LEFT_BEHIND = (
    "bookings_hold",
    "bookings_idempotencykey",
    "bookings_appointmentchange",
    "bookings_appointment_further_hosts",
    "bookings_appointment",
    "bookings_contact",
    "accounts_outgoingmail",
    "availability_assignment",
    "availability_seat",
    "availability_classsession",
    "availability_hosttime",
    "availability_hostday",
    "availability_storedday",
    "django_q_ormq",
)


class BookingWorld:
    """Steps run on two connections of their own; ``seen`` tells what came of it."""

    def __init__(self) -> None:
        accounts = [AccountFactory(time_zone="UTC"), AccountFactory(time_zone="UTC")]
        people = [PersonFactory(), PersonFactory(), PersonFactory()]
        here = [_member(accounts[0], person) for person in people]
        there = _member(accounts[1], people[0])
        self.members = [[there] if number == THERE else here for number in range(len(PAGES))]
        self.calendars = [
            _calendar(accounts[number == THERE], page, self.members[number]) for number, page in enumerate(PAGES)
        ]
        self.seen = Witness(
            [person.pk for person in people], [person.email for person in people], self.calendars, self.members
        )
        self.hands = [ThreadPoolExecutor(1), ThreadPoolExecutor(1)]
        self.begin()

    def begin(self) -> None:
        with connection.cursor() as cursor:
            for table in _LEFT_BEHIND:
                cursor.execute(f"DELETE FROM {table}")
        self.model = Model(PAGES, STAFF, BEGINNING)
        self.seen.uids.clear()
        self.holds: dict[str, Hold] = {}

    def end(self) -> None:
        for hand in self.hands:
            hand.submit(connections.close_all).result()
            hand.shutdown()

    @property
    def now(self) -> datetime:
        return moment(self.model.now)

    # ── doing ────────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self, ops: Sequence[Op]) -> list[Outcome]:
        """Each on a connection of its own, all at the same moment."""
        barrier = Barrier(len(ops))
        return [one.result() for one in [self.hands[n].submit(self._run, op, barrier) for n, op in enumerate(ops)]]

    def _run(self, op: Op, barrier: Barrier) -> Outcome:
        barrier.wait()
        try:
            return getattr(self, f"_{op.kind}")(op)
        except EXPECTED as error:
            return Outcome(type(error).__name__)

    def _book(self, op: Op, *, overbook: bool = False) -> Outcome:
        customer = Customer(name=op.label, email=email_of(op.label), time_zone="UTC", locale="en-gb")
        appointment = book_appointment(
            self.calendars[op.page],
            starts_at=moment(op.start),
            customer=customer,
            now=self.now,
            host=self._member(op),
            key=str(uuid4()),
            hold=self.holds.get(op.hold),
            by=self._author(op),
            overbook=overbook,
        )
        self.seen.uids[op.label] = appointment.uid
        return self._given(appointment)

    def _overbook(self, op: Op) -> Outcome:
        return self._book(op, overbook=True)

    def _hold(self, op: Op) -> Outcome:
        hold = hold_slot(
            self.calendars[op.page],
            starts_at=moment(op.start),
            host=self._member(op),
            browser=f"browser of {op.label}",
            address=f"address of {op.label}",
            now=self.now,
        )
        if hold is None:
            return Outcome(kept=False)
        self.holds[op.label], self.seen.uids[op.label] = hold, hold.uid
        users = HostTime.objects.filter(uid=hold.uid).values_list("user", flat=True)
        seats = Seat.objects.filter(uid=hold.uid).values_list("session__user", flat=True)
        lead = hold.host.user_id
        return Outcome(hosts=self.seen.numbers(sorted({*users, *seats}, key=lambda user: user != lead)))

    def _release(self, op: Op) -> Outcome:
        hold = self.holds[op.label]
        release_hold(hold.calendar, browser=hold.browser, until=hold.expires_at, now=self.now)
        return Outcome()

    def _lapse(self, op: Op) -> Outcome:
        """The hold runs out by the clock of the database; a worker comes by at once where it is a seat."""
        over = Now() - timedelta(minutes=1)
        held = {"uid": self.seen.uids[op.label]}
        HostTime.objects.filter(**held, kind="hold").update(expires_at=over)
        Hold.objects.filter(**held).update(expires_at=over)
        if Seat.objects.filter(**held).update(expires_at=over):
            release_expired_holds(now=self.now)
        return Outcome()

    def _reschedule(self, op: Op, *, overbook: bool = False) -> Outcome:
        appointment = self._appointment(op)
        reschedule_appointment(
            appointment,
            starts_at=moment(op.start),
            now=self.now,
            by=self._author(op),
            host=self._member(op),
            overbook=overbook,
        )
        return self._given(appointment)

    def _overbook_move(self, op: Op) -> Outcome:
        return self._reschedule(op, overbook=True)

    def _cancel(self, op: Op) -> Outcome:
        cancel_appointment(self._appointment(op), now=self.now, by=self._author(op))
        return Outcome()

    def _confirm(self, op: Op) -> Outcome:
        confirm_appointment(self._appointment(op), now=self.now, by=self._author(op))
        return Outcome()

    def _decline(self, op: Op) -> Outcome:
        decline_appointment(self._appointment(op), now=self.now, by=self._author(op))
        return Outcome()

    def _expire(self, op: Op) -> Outcome:
        expire_requests(now=self.now)
        return Outcome()

    def _attend(self, op: Op) -> Outcome:
        note_attendance(self._appointment(op), came=op.came, now=self.now, by=self._author(op))
        return Outcome()

    def store(self) -> None:
        for calendar in self.calendars:
            store_slots(Calendar.objects.get(pk=calendar.pk), now=self.now)

    def _appointment(self, op: Op) -> Appointment:
        return Appointment.objects.select_related("calendar__account", "host__user").get(uid=self.seen.uids[op.label])

    def _author(self, op: Op) -> object:
        return staff(self.members[op.page][0]) if op.by_staff else CUSTOMER

    def _member(self, op: Op) -> object:
        return None if op.host is None else self.members[op.page][op.host]

    def _given(self, appointment: Appointment) -> Outcome:
        further = appointment.further_hosts.values_list("user", flat=True)
        return Outcome(hosts=self.seen.numbers([appointment.host.user_id, *further]))


def _member(account: object, person: object) -> object:
    member = MemberFactory(account=account, user=person)
    ScheduleFactory(member=member, time_zone="UTC", hours=[(day, OPENS, CLOSES) for day in (1, 2)])
    return member


def _calendar(account: object, page: Page, members: Sequence[object]) -> Calendar:
    calendar = CalendarFactory(
        account=account,
        type=page.kind,
        duration=page.minutes * MINUTE,
        interval=GRID * MINUTE,
        buffer_before=page.before * MINUTE,
        buffer_after=page.after * MINUTE,
        seats=page.seats or 1,
        members_changed_at=MONDAY,
    )
    for position, host in enumerate(page.hosts):
        CalendarMemberFactory(calendar=calendar, member=members[host], position=position)
    BookingTerms.objects.create(calendar=calendar, needs_approval=page.approval)
    return calendar
