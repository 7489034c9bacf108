"""Who signs in, and what waits for them."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from bookings.models import BookingTerms
from bookings.services.book import book_appointment
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, MemberFactory


@pytest.fixture
def host(client, place):
    client.force_login(place.member.user)
    return place.member


@pytest.fixture
def manager(place):
    return MemberFactory(account=place.calendar.account, role=Role.MANAGER, user__name="Mara Manager")


@pytest.fixture
def request_(place):
    """A request for ten o'clock of the day after tomorrow, which waits until tomorrow."""
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)
    return book_appointment(place.calendar, starts_at=TEN + timedelta(days=2), customer=ADA, now=NOW)
