"""What tests of appointments share."""

import pytest
from django.utils import timezone

from bookings.services.book import book_appointment
from bookings.signals import item_changed
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarMemberFactory


@pytest.fixture
def at_now(monkeypatch):
    """Views and the JSON interface read NOW off the clock."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def place(db):
    """A service of half an hour, 9 to 17 in Berlin, with one host."""
    return CalendarMemberFactory(calendar__name="First visit", calendar__place="Obertrave 14")


@pytest.fixture
def appointment(place):
    return book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)


@pytest.fixture
def news():
    heard = []

    def hear(sender, uid, now, **rest):
        heard.append((uid, now))

    item_changed.connect(hear)
    yield heard
    item_changed.disconnect(hear)
