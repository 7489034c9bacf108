from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.roles import Role
from availability.models import CalendarType
from availability.queries.explanation_start import explain_start
from availability.queries.judge import judge
from tests.availability.situations import DAY, HOUR, TEN, busy, change, reserve, team
from tests.factories import NOW, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def explain(calendar, reader, starts_at=TEN, **options):
    given = {"zone": BERLIN, "now": NOW, "host": None} | options
    return explain_start(calendar, starts_at, reader=reader, **given)


def codes(found):
    return [told.code.value for told in found.told.reasons]


@pytest.fixture
def place():
    return CalendarMemberFactory()


@pytest.fixture
def manager(place):
    return MemberFactory(account=place.calendar.account, role=Role.MANAGER)


def test_a_free_time_has_no_reasons(place, manager):
    found = explain(place.calendar, manager)

    assert (found.told.is_offered, codes(found)) == (True, [])


def test_all_reasons_are_told_at_once(place, manager):
    change(place.calendar, minimum_notice=DAY)
    reserve(place, TEN, now=NOW - 2 * DAY)
    busy(place.member, TEN, TEN + HOUR)

    found = explain(place.calendar, manager)

    assert codes(found) == ["NOTICE", "BOOKED", "EVENT"]


@pytest.mark.parametrize("offset", [-2 * DAY, timedelta(minutes=7), 10 * HOUR, 400 * DAY])
def test_the_reasons_are_those_a_booking_would_be_refused_for(place, manager, offset):
    start = TEN + offset

    found = explain(place.calendar, manager, start)

    against = {reason.code.value for reason in judge(place.calendar, start, now=NOW).verdict.against()}
    assert set(codes(found)) == against != set()


def test_what_is_moved_does_not_stand_against_itself(place, manager):
    reserve(place)
    uid = place.member.user.host_times.get().uid

    assert codes(explain(place.calendar, manager, besides=uid)) == []


def test_every_host_one_of_whom_is_enough_is_a_way(manager):
    first, second = team(2, account=manager.account)
    first.calendar.account = manager.account

    found = explain(first.calendar, manager, TEN + 10 * HOUR)

    assert [way.host for way in found.ways] == [first.member, second.member]


def test_a_named_host_is_the_only_way(manager):
    first, second = team(2, account=manager.account)

    found = explain(first.calendar, manager, host=second.member)

    assert [way.host for way in found.ways] == [second.member]


def test_a_collective_has_one_way_with_everybody(manager):
    first, _second = team(2, account=manager.account, type=CalendarType.COLLECTIVE)

    assert [way.host for way in explain(first.calendar, manager).ways] == [None]


def test_what_is_seen_of_a_host_is_the_same_whoever_was_asked_for(manager):
    first, second = team(2, account=manager.account)
    for one in (first, second):
        reserve(one, host=one.member)

    ways = {way.host: way for way in explain(first.calendar, manager).ways}
    (alone,) = explain(first.calendar, manager, host=second.member).ways

    assert ways[second.member].seen == alone.seen
    assert ways[first.member].seen != alone.seen


def test_without_a_host_who_may_sign_in_there_is_no_way(place, manager):
    place.member.user.is_active = False
    place.member.user.save()

    found = explain(place.calendar, manager)

    assert (codes(found), found.ways, found.can_be_taken) == (["NO_HOST"], (), False)


def test_a_full_class_is_an_obstacle(manager):
    place = CalendarMemberFactory(calendar__account=manager.account, calendar__type="class", calendar__seats=1)
    reserve(place)

    found = explain(place.calendar, manager)

    assert [way.obstacle for way in found.ways] == ["SEATS"]
    assert not found.can_be_taken


def test_a_class_beside_another_appointment_is_an_obstacle(place, manager):
    lesson = CalendarMemberFactory(
        calendar__account=manager.account, calendar__type="class", member=place.member
    ).calendar
    reserve(place)

    assert [way.obstacle for way in explain(lesson, manager).ways] == ["BOOKED"]


def test_it_costs_a_handful_of_questions_for_any_number_of_hosts(manager, django_assert_max_num_queries):
    for hosts in (1, 9):
        places = team(hosts, account=manager.account)
        with django_assert_max_num_queries(10):
            explain(places[0].calendar, manager, TEN + 10 * HOUR)
