"""Own items (U1, Y11): what is put into My Calendar, and whose time it keeps free."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections

from availability.models import BusySource, BusyTime
from availability.queries.slots import open_slots
from availability.services.reserve import SlotTaken, reserve_time
from bookings.models import OwnItem, OwnItemKind
from bookings.services.add_own_item import EndsBeforeItStarts, NobodyAssigned, NotOfThisAccount, add_own_item
from integrations.models import PendingPush
from integrations.services.configure import set_primary
from tests.bookings.situations import ELEVEN, TEN
from tests.factories import (
    NOW,
    CalendarFactory,
    CalendarMemberFactory,
    ConnectionFactory,
    MemberFactory,
    RemoteCalendarFactory,
    ScheduleFactory,
)


def add(*assignees, kind=OwnItemKind.BLOCK, starts_at=TEN, ends_at=ELEVEN, **more):
    account = more.pop("account", None) or assignees[0].account
    return add_own_item(
        account,
        kind=kind,
        title="Dentist",
        starts_at=starts_at,
        ends_at=ends_at,
        assignees=assignees,
        now=NOW,
        **more,
    )


def kept():
    return [(busy.user, busy.start, busy.end, busy.blocks) for busy in BusyTime.objects.order_by("user", "start")]


def test_an_item_is_kept_with_what_was_said(place):
    item = OwnItem.objects.get(pk=add(place.member, note="Bring the card.", place="Breite Str. 3").pk)

    assert (item.account, item.kind, item.title) == (place.calendar.account, OwnItemKind.BLOCK, "Dentist")
    assert (item.starts_at, item.ends_at, item.all_day, item.changed_at) == (TEN, ELEVEN, False, NOW)
    assert (item.note, item.place) == ("Bring the card.", "Breite Str. 3")
    assert list(item.assignees.all()) == [place.member]


def test_everybody_assigned_has_that_busy_time(place):
    colleague = MemberFactory(account=place.calendar.account)

    add(place.member, colleague)

    assert kept() == [(place.member.user, TEN, ELEVEN, True), (colleague.user, TEN, ELEVEN, True)]


def test_the_busy_time_does_not_carry_the_title(place):
    item = add(place.member)

    busy = BusyTime.objects.get()
    assert (busy.label, busy.group, busy.source.is_own) == ("", str(item.uid), True)


@pytest.mark.parametrize(
    ("kind", "blocks"), [(kind, kind not in (OwnItemKind.TASK, OwnItemKind.TO_DO)) for kind in OwnItemKind]
)
def test_tasks_and_to_dos_leave_the_time_free_and_the_others_block(place, kind, blocks):
    item = add(place.member, kind=kind)

    assert item.blocks == blocks
    assert kept() == [(place.member.user, TEN, ELEVEN, blocks)]


@pytest.mark.parametrize(("kind", "blocks"), [(OwnItemKind.TASK, True), (OwnItemKind.BLOCK, False)])
def test_whether_it_blocks_can_be_said(place, kind, blocks):
    add(place.member, kind=kind, blocks=blocks)

    assert kept() == [(place.member.user, TEN, ELEVEN, blocks)]


def test_an_all_day_item_is_marked_so(place):
    add(place.member, starts_at=TEN, ends_at=TEN + timedelta(days=1), all_day=True)

    assert BusyTime.objects.get().all_day


def test_items_may_overlap_each_other_and_appointments(place, appointment):
    add(place.member)
    add(place.member)

    assert len(kept()) == OwnItem.objects.count() == 2


@pytest.mark.parametrize("ends_at", [TEN, TEN - timedelta(minutes=1)])
def test_an_item_that_ends_before_it_starts_is_refused(place, ends_at):
    with pytest.raises(EndsBeforeItStarts):
        add(place.member, ends_at=ends_at)

    assert not OwnItem.objects.exists()


def test_an_item_of_nobody_is_refused(place):
    with pytest.raises(NobodyAssigned):
        add(account=place.calendar.account)

    assert not OwnItem.objects.exists()


def test_somebody_from_another_account_cannot_be_assigned(place):
    with pytest.raises(NotOfThisAccount):
        add(place.member, MemberFactory())

    assert not OwnItem.objects.exists()
    assert kept() == []


def test_the_news_is_sent(place, news):
    item = add(place.member)

    assert news == [(item.uid, NOW)]


def test_an_item_is_to_be_written_where_a_calendar_is_linked(place):
    remote = RemoteCalendarFactory(connection=ConnectionFactory(user=place.member.user))
    set_primary(place.member, remote, now=NOW)

    item = add(place.member)

    assert PendingPush.objects.get().uid == item.uid


# ── what it does to the public pages ─────────────────────────────────────────────────────────────────────────────────


def offered(place):
    slots = open_slots(place.calendar, start=TEN, end=TEN + timedelta(hours=2), now=NOW)
    return [slot.starts_at for slot in slots]


def test_the_time_is_not_offered_in_any_account_of_the_user(place):
    elsewhere = MemberFactory(user=place.member.user)
    ScheduleFactory(member=elsewhere)
    there = CalendarMemberFactory(calendar=CalendarFactory(account=elsewhere.account), member=elsewhere)

    add(place.member)

    assert offered(place) == offered(there) == [ELEVEN, ELEVEN + timedelta(minutes=30)]
    for calendar in (place.calendar, there.calendar):
        with pytest.raises(SlotTaken):
            reserve_time(calendar, starts_at=TEN, uid=uuid4(), now=NOW)


def test_a_task_leaves_the_time_on_offer(place):
    add(place.member, kind=OwnItemKind.TASK)

    assert offered(place)[0] == TEN
    assert reserve_time(place.calendar, starts_at=TEN, uid=uuid4(), now=NOW).starts_at == TEN


# ── races ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_items_added_at_once_for_the_same_people_are_all_kept():
    one = MemberFactory()
    two = MemberFactory(account=one.account)
    orders = [(one, two), (two, one)] * 4
    barrier = Barrier(len(orders))

    def put(assignees):
        barrier.wait()
        try:
            return add(*assignees).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(orders)) as pool:
        added = set(pool.map(put, orders))

    assert len(added) == len(orders)
    assert BusySource.objects.count() == 2
    assert BusyTime.objects.count() == 2 * len(orders)
