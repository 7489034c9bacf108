from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from availability.models import BusyTime
from bookings.models import OwnItem, OwnItemKind
from bookings.services.add_own_item import add_own_item
from bookings.services.change_own_item import (
    ChangedMeanwhile,
    EndsBeforeItStarts,
    ItemRemoved,
    NobodyAssigned,
    NotOfThisAccount,
    change_own_item,
)
from bookings.services.remove_own_item import remove_own_item
from tests.bookings.situations import ELEVEN, TEN
from tests.factories import NOW, MemberFactory

LATER = NOW + timedelta(minutes=5)
NOON = ELEVEN + timedelta(hours=1)


@pytest.fixture
def item(place):
    return add(place.member)


def add(*assignees):
    return add_own_item(
        assignees[0].account,
        kind=OwnItemKind.BLOCK,
        title="Dentist",
        starts_at=TEN,
        ends_at=ELEVEN,
        assignees=assignees,
        now=NOW,
    )


def kept():
    return [(busy.user, busy.start, busy.end, busy.blocks) for busy in BusyTime.objects.order_by("user", "start")]


def test_what_is_named_changes_and_the_rest_stays(item):
    change_own_item(item, title="Haircut", now=LATER)

    standing = OwnItem.objects.get()
    assert (standing.title, standing.kind, standing.starts_at, standing.blocks) == ("Haircut", "block", TEN, True)
    assert (standing.changed_at, standing.sequence) == (LATER, 1)


def test_whoever_saw_another_edition_changes_nothing(item):
    change_own_item(item, title="Haircut", edition=0, now=LATER)

    with pytest.raises(ChangedMeanwhile):
        change_own_item(item, title="Choir", edition=0, now=LATER)

    assert OwnItem.objects.get().title == "Haircut"


def test_an_empty_text_is_a_change(item):
    changed = change_own_item(item, title="", now=LATER)

    assert changed.title == ""


def test_another_time_moves_the_busy_time(place, item):
    change_own_item(item, starts_at=ELEVEN, ends_at=NOON, now=LATER)

    assert kept() == [(place.member.user, ELEVEN, NOON, True)]


def test_it_can_stop_blocking(place, item):
    change_own_item(item, blocks=False, now=LATER)

    assert kept() == [(place.member.user, TEN, ELEVEN, False)]


def test_another_kind_blocks_as_it_did_before(item):
    changed = change_own_item(item, kind=OwnItemKind.TASK, now=LATER)

    assert (changed.kind, changed.blocks) == (OwnItemKind.TASK, True)


def test_other_people_free_those_who_were_there(place, item):
    colleague = MemberFactory(account=place.calendar.account)

    change_own_item(item, assignees=[colleague], now=LATER)

    assert kept() == [(colleague.user, TEN, ELEVEN, True)]
    assert list(item.assignees.all()) == [colleague]


def test_the_others_busy_time_is_left_alone(place, item):
    add(place.member)

    change_own_item(item, starts_at=ELEVEN, ends_at=NOON, now=LATER)

    assert kept() == [(place.member.user, TEN, ELEVEN, True), (place.member.user, ELEVEN, NOON, True)]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"ends_at": TEN}, EndsBeforeItStarts),
        ({"starts_at": NOON}, EndsBeforeItStarts),
        ({"assignees": []}, NobodyAssigned),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(place, item, change, refusal):
    with pytest.raises(refusal):
        change_own_item(item, title="Haircut", now=LATER, **change)

    assert OwnItem.objects.get().title == "Dentist"
    assert kept() == [(place.member.user, TEN, ELEVEN, True)]


def test_somebody_from_another_account_cannot_be_assigned(place, item):
    with pytest.raises(NotOfThisAccount):
        change_own_item(item, assignees=[place.member, MemberFactory()], now=LATER)

    assert list(item.assignees.all()) == [place.member]


def test_a_removed_item_is_not_changed_any_more(item):
    remove_own_item(item, now=NOW)

    with pytest.raises(ItemRemoved):
        change_own_item(item, title="Haircut", now=LATER)

    assert kept() == []


def test_the_news_is_sent(item, news):
    change_own_item(item, title="Haircut", now=LATER)

    assert news == [(item.uid, LATER)]


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_leave_the_busy_time_of_the_last():
    one = MemberFactory()
    two, three = MemberFactory(account=one.account), MemberFactory(account=one.account)
    item = add(one)
    wishes = [[two], [three, one], [one, two], [three]] * 2
    barrier = Barrier(len(wishes))

    def assign(assignees):
        barrier.wait()
        try:
            change_own_item(item, assignees=assignees, now=LATER)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(wishes)) as pool:
        list(pool.map(assign, wishes))

    assert {user for user, *_rest in kept()} == {member.user for member in item.assignees.all()}
    assert OwnItem.objects.get().sequence == len(wishes)


@pytest.mark.django_db(transaction=True)
def test_a_change_and_a_removal_at_once_never_leave_busy_time_behind():
    item = add(MemberFactory())
    barrier = Barrier(2)

    def change():
        barrier.wait()
        try:
            change_own_item(item, starts_at=TEN + timedelta(minutes=5), now=LATER)
        except ItemRemoved:
            pass
        finally:
            connections.close_all()

    def remove():
        barrier.wait()
        try:
            remove_own_item(OwnItem.objects.get(pk=item.pk), now=LATER)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(change), pool.submit(remove)]:
            ended.result()

    assert kept() == []
