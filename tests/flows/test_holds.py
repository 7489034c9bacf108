"""Holds asked for at once, on connections of their own (B4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from availability.models import HostTime
from bookings.models import Hold
from bookings.services.hold import SlotTaken, hold_slot
from tests.availability.situations import HOUR, TEN, team
from tests.factories import NOW, CalendarMemberFactory

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


def test_browsers_that_choose_at_once_keep_to_the_three_and_to_the_quarter():
    calendar = team(2, interval=HOUR)[0].calendar

    _hold_all(calendar, [(number % 4, f"browser {number}", f"address {number // 4}") for number in range(8)])

    addresses = [hold.address for hold in Hold.objects.all()]
    starts = [hold.starts_at for hold in Hold.objects.all()]
    assert all(addresses.count(address) <= 3 for address in addresses)
    # of eight starts two may be lost, which takes both hosts for each
    assert sum(starts.count(start) == 2 for start in set(starts)) <= 2
    assert HostTime.objects.count() == Hold.objects.count() > 0


def test_a_browser_that_chooses_several_at_once_keeps_one_of_them():
    calendar = CalendarMemberFactory().calendar

    _hold_all(calendar, [(number, "browser", "address") for number in range(6)])

    assert HostTime.objects.get().uid == Hold.objects.get().uid


def _hold_all(calendar, wishes):
    """Each wish is a number of hours after ten, a browser and an address."""
    barrier = Barrier(len(wishes))

    def hold(wish):
        hours, browser, address = wish
        barrier.wait()
        try:
            starts_at = TEN + hours * timedelta(hours=1)
            hold_slot(calendar, starts_at=starts_at, host=None, browser=browser, address=address, now=NOW)
        except SlotTaken:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(wishes)) as pool:
        list(pool.map(hold, wishes))
