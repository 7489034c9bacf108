"""What customers and hosts do on the site in a trial of the sync."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from random import Random

from bookings.models import Appointment
from bookings.services.book import Customer, SlotTaken, book_appointment
from bookings.services.cancel import AlreadyClosed, ChangedMeanwhile, cancel_appointment
from bookings.services.reschedule import reschedule_appointment
from integrations.models import RemoteCalendar
from integrations.services.configure import CannotBeChosen, set_primary
from tests.flows.sync_ledger import Booking, Edit, Kind, Ledger
from tests.flows.sync_world import SyncWorld

_CLOSED = (AlreadyClosed, ChangedMeanwhile, SlotTaken)


class Desk:
    """Each step is written into the ledger. ``mortal``: around what may die halfway."""

    def __init__(
        self,
        world: SyncWorld,
        ledger: Ledger,
        random: Random,
        *,
        mortal: Callable[[], AbstractContextManager[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._world, self._ledger, self._random = world, ledger, random
        self._mortal, self._clock = mortal, clock

    def book(self) -> None:
        page, start = self._random.choice(self._world.pages), self._random.choice(self._world.starts)
        name = f"Customer {len(self._ledger.bookings)}"
        customer = Customer(name=name, email=f"{name.replace(' ', '')}@example.org", time_zone="UTC", locale="en-gb")
        with self._mortal():
            try:
                made = book_appointment(page, starts_at=start, customer=customer, now=self._clock())
            except SlotTaken:
                return
            self._ledger.bookings[made.uid] = Booking([start])
            self._ledger.changes += 1
            self._ledger.note("books", made.uid, f"{start:%d %H:%M}", page.type)

    def reschedule(self) -> None:
        found, start = self._any_appointment(), self._random.choice(self._world.starts)
        if found is None:
            return
        # one that died after the commit was never acknowledged, and may stand
        booking = self._ledger.bookings.setdefault(found.uid, Booking([]))
        booking.times.append(found.starts_at)
        self._ledger.note("reschedules", found.uid, f"to {start:%d %H:%M}")
        # written down before it is known: whoever dies in between may have done it
        booking.times.append(start)
        self._ledger.changes += 1
        with self._mortal():
            try:
                reschedule_appointment(found, starts_at=start, now=self._clock())
            except _CLOSED:
                booking.times.pop()

    def cancel(self) -> None:
        found = self._any_appointment()
        if found is None:
            return
        self._ledger.note("cancels", found.uid)
        self._ledger.changes += 1
        booking = self._ledger.bookings.setdefault(found.uid, Booking([]))
        with self._mortal():
            booking.is_cancelled = True
            cancel_appointment(found, now=self._clock())

    def choose_primary(self) -> None:
        host = self._random.choice(self._world.hosts)
        account = self._random.choice(host.accounts)
        calendar, remote = self._random.choice(account.folders)
        try:
            set_primary(host.member, RemoteCalendar.objects.get(pk=remote.pk), now=self._clock())
        except CannotBeChosen:
            return
        if host.primary is calendar:
            return
        host.primary = calendar
        for booking in self._ledger.bookings.values():
            booking.edits.append(Edit(Kind.ANEW, account.host))
        self._ledger.changes += len(self._ledger.bookings)
        self._ledger.note("writes to", calendar.slug, "from now on")

    def _any_appointment(self) -> Appointment | None:
        active = Appointment.objects.active().select_related("calendar__account", "contact", "host__user")
        found = list(active.order_by("booked_at", "starts_at", "pk"))
        return self._random.choice(found) if found else None
