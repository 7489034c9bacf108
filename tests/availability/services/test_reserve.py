"""Taking time (B3, B6, A4, T4): what is refused, with which reason, and who gets what is not."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from availability.models import Assignment, CalendarType, HostTime, HostTimeKind, Priority
from availability.services.busy import Stretch, record_busy_times
from availability.services.release import release_time
from availability.services.reserve import SlotTaken, reserve_time
from availability.services.sources import mark_read, open_source, set_blocking_sources
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def place():
    return CalendarMemberFactory()


def reserve(place, starts_at=TEN, **options):
    return reserve_time(place.calendar, starts_at=starts_at, now=NOW, **({"uid": uuid4()} | options))


def refusal(place, starts_at=TEN, **options):
    with pytest.raises(SlotTaken) as refused:
        reserve(place, starts_at, **options)
    return refused.value.codes


def busy(member, start, end, *, blocks=True, read=True, asked_at=NOW):
    source = open_source(member.user, name="Private", page_url="", now=asked_at)
    set_blocking_sources(member, [source], now=NOW)
    record_busy_times(source, {"event": [Stretch("1", start, end, blocks)]}, now=NOW)
    if read:
        mark_read(source, now=NOW)
    return source


def test_free_time_is_given_to_the_host_who_is_free(place):
    reserved = reserve(place)

    assert (reserved.member, reserved.starts_at, reserved.ends_at) == (place.member, TEN, TEN + HALF_HOUR)
    assert HostTime.objects.get().user == place.member.user


def test_time_that_is_taken_is_refused(place):
    reserve(place)

    assert refusal(place) == ("BOOKED",)


def test_time_taken_in_another_account_is_refused(place):
    elsewhere = MemberFactory(user=place.member.user)
    ScheduleFactory(member=elsewhere)
    other = CalendarMemberFactory(calendar=CalendarFactory(account=elsewhere.account), member=elsewhere)
    reserve(other)

    assert refusal(place) == ("BOOKED",)


def test_time_given_back_can_be_taken_again(place):
    uid = uuid4()
    reserve(place, uid=uid)
    release_time(uid, now=NOW)

    assert reserve(place).starts_at == TEN


def test_moving_looks_through_the_time_the_taker_has(place):
    uid = uuid4()
    place.calendar.interval = timedelta(minutes=15)
    place.calendar.save()
    reserve(place, uid=uid)

    reserve(place, TEN + timedelta(minutes=15), uid=uid)

    assert HostTime.objects.get().starts_at == TEN + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (NOW - HALF_HOUR, "PAST"),
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), "PAST"),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "HOURS"),
        (datetime(2026, 11, 23, 9, 10, tzinfo=UTC), "HOURS"),
        (datetime(2026, 11, 23, 9, 0, 0, 5, tzinfo=UTC), "HOURS"),
        (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "PAST"),
        (datetime(2027, 11, 23, 9, 0, tzinfo=UTC), "HORIZON"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "HORIZON"),
        (datetime(1, 1, 1, tzinfo=UTC), "PAST"),
    ],
)
def test_a_time_that_is_not_offered_is_refused_with_its_reason(place, starts_at, code):
    assert refusal(place, starts_at) == (code,)


def test_a_time_too_soon_is_refused(place):
    place.calendar.minimum_notice = timedelta(hours=3)
    place.calendar.save()

    assert refusal(place) == ("NOTICE",)


def test_an_outside_event_blocks_its_time(place):
    busy(place.member, TEN + timedelta(minutes=29), TEN + timedelta(hours=1))

    assert refusal(place) == ("EVENT",)


def test_a_free_event_does_not_block(place):
    busy(place.member, TEN, TEN + HALF_HOUR, blocks=False)

    assert reserve(place).starts_at == TEN


def test_a_simple_calendar_does_not_look_at_outside_events(place):
    place.calendar.type = CalendarType.SIMPLE
    place.calendar.save()
    busy(place.member, TEN, TEN + HALF_HOUR)

    assert reserve(place).starts_at == TEN


def test_a_source_that_was_never_read_blocks_for_a_quarter_of_an_hour(place):
    busy(place.member, TEN + timedelta(days=1), TEN + timedelta(days=1, hours=1), read=False)
    assert refusal(place) == ("STALE",)

    later = NOW + timedelta(minutes=15)
    assert reserve_time(place.calendar, starts_at=TEN, uid=uuid4(), now=later).starts_at == TEN


def test_the_larger_of_two_buffers_is_kept_as_it_was_when_booked(place):
    place.calendar.buffer_after = timedelta(minutes=30)
    place.calendar.save()
    reserve(place)
    place.calendar.buffer_after = timedelta()
    place.calendar.save()

    assert refusal(place, TEN + HALF_HOUR) == ("BUFFER",)
    assert reserve(place, TEN + 2 * HALF_HOUR)


def test_an_expired_hold_gives_way(place):
    HostTime.objects.create(
        user=place.member.user,
        calendar=place.calendar,
        uid=uuid4(),
        kind=HostTimeKind.HOLD,
        starts_at=TEN,
        ends_at=TEN + HALF_HOUR,
        expires_at=datetime(2020, 1, 1, tzinfo=UTC),
    )

    assert reserve(place).starts_at == TEN


def test_the_database_refuses_overlapping_time_by_itself(place):
    reserve(place)
    row = HostTime.objects.get()
    row.pk, row.uid = None, uuid4()

    with pytest.raises(IntegrityError, match="host_is_never_booked_twice"), transaction.atomic():
        row.save()


def test_round_robin_gives_the_highest_priority_first(place):
    place.calendar.type = CalendarType.ROUND_ROBIN
    place.calendar.save()
    first = CalendarMemberFactory(calendar=place.calendar, priority=Priority.HIGH)

    assert [reserve(place).member for _ in range(2)] == [first.member, place.member]
    assert refusal(place) == ("BOOKED",)


def test_round_robin_gives_equals_to_the_one_booked_least_recently(place):
    second = CalendarMemberFactory(calendar=place.calendar)
    reserve(place, host=place.member)

    assert reserve(place, TEN + HALF_HOUR).member == second.member
    assert Assignment.objects.get(member=second.member).rule == "least_recent"


def test_a_named_host_gets_it_or_nobody(place):
    CalendarMemberFactory(calendar=place.calendar)
    reserve(place, host=place.member)

    assert refusal(place, host=place.member) == ("BOOKED",)


def test_a_member_of_another_calendar_cannot_be_named(place):
    assert refusal(place, host=MemberFactory(account=place.calendar.account)) == ("NO_HOST",)


def test_a_calendar_without_members_gives_nothing():
    with pytest.raises(SlotTaken, match="NO_HOST"):
        reserve_time(CalendarFactory(), starts_at=TEN, uid=uuid4(), now=NOW)


def test_a_calendar_that_is_switched_off_gives_nothing(place):
    place.calendar.switched_off_at = NOW

    assert refusal(place) == ("INACTIVE",)


def test_the_record_says_who_was_considered(place):
    other = CalendarMemberFactory(calendar=place.calendar)
    reserve(place)

    assert {one["member"] for one in Assignment.objects.get().candidates} == {place.member.pk, other.member.pk}
