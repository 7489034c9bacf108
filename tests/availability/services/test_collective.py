"""Collective calendars (T8): all or nobody, with one who answers for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections, transaction

from accounts.models import User
from availability.models import Assignment, CalendarMember, HostTime
from availability.services.release import release_time
from availability.services.reserve import reserve_time
from tests.availability.situations import (
    ALWAYS,
    DAY,
    HALF_HOUR,
    HOUR,
    TEN,
    also_in,
    busy,
    change,
    offer,
    refusal,
    reserve,
    team,
)
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trio():
    return team(3, type="collective")


def test_all_give_their_time_in_one_go(trio):
    uid = uuid4()

    reserve(trio[0], uid=uid)

    taken = HostTime.objects.filter(uid=uid).values_list("user", "starts_at", "ends_at")
    assert set(taken) == {(place.member.user_id, TEN, TEN + HALF_HOUR) for place in trio}


def test_the_lead_answers_for_it_and_is_named_first(trio):
    CalendarMember.objects.filter(pk=trio[1].pk).update(is_lead=True)

    reserved = reserve(trio[0])

    assert reserved.member == trio[1].member
    assert reserved.members == (trio[1].member, trio[0].member, trio[2].member)


def test_without_a_lead_the_first_in_team_order_answers(trio):
    assert reserve(trio[0]).member == trio[0].member


def test_the_record_says_that_everybody_takes_part(trio):
    reserve(trio[0])

    record = Assignment.objects.get()
    assert (record.member, record.rule) == (trio[0].member, "everybody")
    assert [one["member"] for one in record.candidates] == [place.member_id for place in trio]


def test_one_event_of_one_member_refuses_it(trio):
    busy(trio[2].member, TEN, TEN + HOUR)

    assert refusal(trio[0]) == ("COLLECTIVE", "EVENT")
    assert not HostTime.objects.exists()


def test_one_appointment_of_one_member_elsewhere_refuses_it(trio):
    reserve(also_in(trio[1]))

    assert refusal(trio[0]) == ("COLLECTIVE", "BOOKED")
    assert HostTime.objects.count() == 1


def test_it_is_taken_time_of_each_member_elsewhere(trio):
    reserve(trio[0])

    assert refusal(also_in(trio[2])) == ("BOOKED",)


def test_giving_it_back_frees_everybody(trio):
    uid = uuid4()
    reserve(trio[0], uid=uid)

    release_time(uid, now=NOW)

    assert not HostTime.objects.exists()
    assert TEN in offer(trio[0].calendar)


def test_it_moves_as_a_whole(trio):
    uid = uuid4()
    change(trio[0].calendar, interval=timedelta(minutes=15))
    reserve(trio[0], uid=uid)

    reserve(trio[0], TEN + timedelta(minutes=15), uid=uid)

    assert set(HostTime.objects.values_list("starts_at", flat=True)) == {TEN + timedelta(minutes=15)}
    assert HostTime.objects.count() == 3


def test_a_limit_counts_it_once(trio):
    change(trio[0].calendar, day_limit=2)

    reserve(trio[0])
    reserve(trio[0], TEN + HOUR)

    assert "DAY_LIMIT" in refusal(trio[0], TEN + 2 * HOUR)


def test_a_member_who_may_not_sign_in_any_more_closes_it(trio):
    User.objects.filter(pk=trio[1].member.user_id).update(is_active=False)

    assert refusal(trio[0]) == ("NO_HOST",)


def test_naming_one_of_its_hosts_changes_nothing(trio):
    assert len(reserve(trio[0], host=trio[1].member).members) == 3


def test_a_fixed_host_and_one_of_the_others_give_their_time():
    first, fixed, third = team(3)
    CalendarMember.objects.filter(pk=fixed.pk).update(is_fixed=True)

    reserved = [reserve(first), reserve(first, TEN + HOUR)]

    assert [one.members for one in reserved] == [(first.member, fixed.member), (third.member, fixed.member)]
    assert HostTime.objects.filter(user=fixed.member.user).count() == 2


def test_without_the_fixed_host_nobody_is_free():
    first, fixed = team(2)
    CalendarMember.objects.filter(pk=fixed.pk).update(is_fixed=True)
    busy(fixed.member, TEN, TEN + HOUR)

    assert refusal(first) == ("COLLECTIVE", "EVENT")


def test_two_fixed_hosts_must_both_be_free():
    first, *fixed = team(3)
    CalendarMember.objects.filter(pk__in=[place.pk for place in fixed]).update(is_fixed=True)

    assert set(reserve(first).members) == {place.member for place in (first, *fixed)}
    assert refusal(first) == ("COLLECTIVE", "BOOKED")


@pytest.mark.django_db(transaction=True)
def test_two_that_share_their_hosts_in_opposite_order_never_wait_for_each_other():
    one_way = team(2, type="collective", hours=ALWAYS)
    calendar = CalendarFactory(account=one_way[0].calendar.account, type="collective")
    for position, place in enumerate(reversed(one_way)):
        CalendarMemberFactory(calendar=calendar, member=place.member, position=position, is_lead=not position)
    starts = [TEN + DAY + number * HOUR for number in range(24)]
    barrier = Barrier(2)

    def book(which):
        booked = 0
        try:
            for start in starts:
                barrier.wait()
                with transaction.atomic():
                    shifted = start + which * HALF_HOUR
                    reserve_time((one_way[0].calendar, calendar)[which], starts_at=shifted, uid=uuid4(), now=NOW)
                booked += 1
        finally:
            barrier.abort()  # whoever fails does not keep the other waiting
            connections.close_all()
        return booked

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(book, range(2))) == [24, 24]
    assert HostTime.objects.count() == 2 * 2 * 24
