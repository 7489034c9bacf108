from datetime import timedelta

import pytest

from availability.models import BusyTime
from bookings.models import OwnItem, OwnItemKind
from bookings.services.add_own_item import add_own_item
from bookings.services.remove_own_item import remove_own_item
from tests.bookings.situations import ELEVEN, TEN
from tests.factories import NOW, MemberFactory

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def item(place):
    return add_own_item(
        place.calendar.account,
        kind=OwnItemKind.BLOCK,
        title="Dentist",
        starts_at=TEN,
        ends_at=ELEVEN,
        assignees=[place.member, MemberFactory(account=place.calendar.account)],
        now=NOW,
    )


def test_removing_frees_everybody_and_keeps_the_record(item):
    remove_own_item(item, now=LATER)

    assert not BusyTime.objects.exists()
    assert not OwnItem.objects.standing().exists()
    assert OwnItem.objects.get().assignees.count() == 2
    assert (item.removed_at, item.changed_at, item.sequence) == (LATER, LATER, 1)


def test_removing_again_changes_nothing(item, news):
    remove_own_item(item, now=LATER)
    remove_own_item(item, now=LATER + timedelta(minutes=1))

    assert (item.removed_at, item.sequence) == (LATER, 1)
    assert news == [(item.uid, LATER)]
