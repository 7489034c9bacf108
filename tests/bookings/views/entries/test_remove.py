import pytest

from availability.models import BusyTime
from bookings.models import OwnItem
from tests.bookings.views.appointments.pages import url
from tests.bookings.views.entries.buttons import press, said_next, way_back

pytestmark = pytest.mark.usefixtures("at_now")


def test_deleting_asks_nothing_and_frees_the_time(client, host, item):
    response = client.post(url("own-item-remove", item.uid))

    assert response["Location"] == f"{url('my-calendar')}?day=2026-11-23&account={host.account.slug}"
    assert "“Dentist” is deleted, and its time is free." in said_next(client)
    assert not OwnItem.objects.standing().exists()
    assert not BusyTime.objects.exists()


def test_deleting_can_be_undone(client, host, item):
    client.post(url("own-item-remove", item.uid))

    press(client, way_back(client))

    assert OwnItem.objects.standing().get() == item
    assert BusyTime.objects.get().start == item.starts_at


def test_undoing_it_twice_changes_nothing_more(client, host, item):
    client.post(url("own-item-remove", item.uid))
    button = way_back(client)

    press(client, button)
    press(client, button)

    assert OwnItem.objects.get().sequence == item.sequence + 2
