from datetime import timedelta

import pytest

from availability.models import BusyTime
from bookings.models import OwnItem, OwnItemKind
from bookings.services.add_own_item import add_own_item
from bookings.services.remove_own_item import remove_own_item
from bookings.services.restore_own_item import restore_own_item
from tests.bookings.situations import ELEVEN, TEN
from tests.factories import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def item(place):
    return add_own_item(
        place.member.account,
        kind=OwnItemKind.BLOCK,
        title="Dentist",
        starts_at=TEN,
        ends_at=ELEVEN,
        assignees=[place.member],
        now=NOW,
    )


def test_what_was_removed_stands_again_and_keeps_its_time(item, news):
    remove_own_item(item, now=NOW)

    restore_own_item(item, now=LATER)

    assert OwnItem.objects.standing().get() == item
    assert (item.removed_at, item.changed_at, item.sequence) == (None, LATER, 2)
    assert [(busy.start, busy.end) for busy in BusyTime.objects.all()] == [(TEN, ELEVEN)]
    assert news[-1] == (item.uid, LATER)


def test_restoring_what_stands_changes_nothing(item, news):
    news.clear()

    restore_own_item(item, now=LATER)

    assert (item.sequence, news) == (0, [])
