"""Taking time (B3, B6, A4): what is refused, with which reason, what is given, and what gives way."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from availability.models import Assignment, CalendarType, HostTime
from availability.services.release import release_time
from tests.availability.situations import DAY, HALF_HOUR, HOUR, TEN, also_in, busy, change, offer, refusal, reserve
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return CalendarMemberFactory()


def test_free_time_is_given_to_the_host_who_is_free(place):
    reserved = reserve(place)

    assert (reserved.member, reserved.members) == (place.member, (place.member,))
    assert (reserved.starts_at, reserved.ends_at) == (TEN, TEN + HALF_HOUR)
    assert (reserved.session_uid, reserved.expires_at) == (None, None)
    assert HostTime.objects.get().user == place.member.user


def test_time_that_is_taken_is_refused(place):
    reserve(place)

    assert refusal(place) == ("BOOKED",)


def test_time_taken_in_another_account_is_refused(place):
    reserve(also_in(place))

    assert refusal(place) == ("BOOKED",)


def test_time_given_back_can_be_taken_again(place):
    uid = uuid4()
    reserve(place, uid=uid)
    release_time(uid, now=NOW)

    assert reserve(place).starts_at == TEN


def test_giving_back_what_nobody_has_is_fine(place):
    reserve(place)

    release_time(uuid4(), now=NOW)

    assert HostTime.objects.count() == 1


def test_moving_looks_through_the_time_the_taker_has(place):
    uid = uuid4()
    change(place.calendar, interval=timedelta(minutes=15))
    reserve(place, uid=uid)

    reserve(place, TEN + timedelta(minutes=15), uid=uid)

    assert HostTime.objects.get().starts_at == TEN + timedelta(minutes=15)


def test_a_move_that_is_refused_leaves_everything_as_it_was(place):
    uid = uuid4()
    reserve(place, uid=uid)
    reserve(place, TEN + HOUR)

    assert refusal(place, TEN + HOUR, uid=uid) == ("BOOKED",)
    assert HostTime.objects.get(uid=uid).starts_at == TEN
    assert Assignment.objects.filter(uid=uid).count() == 1


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
    change(place.calendar, minimum_notice=timedelta(hours=3))

    assert refusal(place) == ("NOTICE",)


def test_all_reasons_are_named_and_nobodys_event(place):
    source = busy(place.member, TEN, TEN + HOUR)
    reserve(also_in(place), TEN)

    assert set(refusal(place)) == {"BOOKED", "EVENT"}
    assert source.name not in str(refusal(place))


def test_an_outside_event_blocks_its_time(place):
    busy(place.member, TEN + timedelta(minutes=29), TEN + timedelta(hours=1))

    assert refusal(place) == ("EVENT",)


def test_a_free_event_does_not_block(place):
    busy(place.member, TEN, TEN + HALF_HOUR, blocks=False)

    assert reserve(place).starts_at == TEN


def test_a_simple_calendar_does_not_look_at_outside_events(place):
    change(place.calendar, type=CalendarType.SIMPLE)
    busy(place.member, TEN, TEN + HALF_HOUR)

    assert reserve(place).starts_at == TEN


def test_a_source_that_was_never_read_blocks_for_a_quarter_of_an_hour(place):
    busy(place.member, TEN + timedelta(days=1), TEN + timedelta(days=1, hours=1), read=False)
    assert refusal(place) == ("STALE",)

    assert reserve(place, now=NOW + timedelta(minutes=15)).starts_at == TEN


def test_the_larger_of_two_buffers_is_kept_as_it_was_when_booked(place):
    change(place.calendar, buffer_after=timedelta(minutes=30))
    reserve(place)
    change(place.calendar, buffer_after=timedelta())

    assert refusal(place, TEN + HALF_HOUR) == ("BUFFER",)
    assert reserve(place, TEN + 2 * HALF_HOUR)


def test_the_larger_of_two_buffers_is_kept_towards_the_next_one_too(place):
    change(place.calendar, buffer_before=timedelta(minutes=30))
    reserve(place, TEN + HOUR)
    change(place.calendar, buffer_before=timedelta())

    assert refusal(place, TEN + HALF_HOUR) == ("BUFFER",)
    assert reserve(place, TEN)


def test_buffers_are_kept_between_the_accounts_of_a_host(place):
    elsewhere = also_in(place, buffer_after=timedelta(minutes=30))
    reserve(elsewhere)

    assert refusal(place, TEN + HALF_HOUR) == ("BUFFER",)


def test_the_database_refuses_overlapping_time_by_itself(place):
    reserve(place)
    row = HostTime.objects.get()
    row.pk, row.uid = None, uuid4()

    with pytest.raises(IntegrityError, match="host_is_never_booked_twice"), transaction.atomic():
        row.save()


def test_what_only_looks_busy_can_be_booked_by_a_link(place):
    change(place.calendar, look_busy=50)
    shown = offer(place.calendar)
    hidden = next(start for start in offer(place.calendar, hidden=True) if start not in shown)

    assert reserve(place, hidden).starts_at == hidden


def test_a_named_host_gets_it_or_nobody(place):
    CalendarMemberFactory(calendar=place.calendar)
    reserve(place, host=place.member)

    assert refusal(place, host=place.member) == ("BOOKED",)


def test_a_member_of_another_calendar_cannot_be_named(place):
    assert refusal(place, host=MemberFactory(account=place.calendar.account)) == ("NO_HOST",)


def test_a_preferred_host_gets_it_if_they_are_free_and_somebody_else_if_not(place):
    other = CalendarMemberFactory(calendar=place.calendar, position=1)

    assert reserve(place, prefer=other.member).member == other.member
    assert Assignment.objects.get().rule == "kept"
    assert reserve(place, prefer=other.member).member == place.member


def test_a_calendar_without_members_gives_nothing(place):
    place.calendar = CalendarFactory()

    assert refusal(place) == ("NO_HOST",)


@pytest.mark.parametrize("state", ["paused_at", "switched_off_at"])
def test_a_calendar_that_is_paused_or_switched_off_gives_nothing(place, state):
    change(place.calendar, **{state: NOW})

    assert refusal(place) == ("INACTIVE",)


def test_the_record_says_who_was_considered(place):
    other = CalendarMemberFactory(calendar=place.calendar)
    reserve(place)

    assert {one["member"] for one in Assignment.objects.get().candidates} == {place.member.pk, other.member.pk}


def test_moving_keeps_the_day_it_was_booked_on(place):
    uid = uuid4()
    reserve(place, uid=uid)

    reserve(place, TEN + DAY, uid=uid, now=NOW + HOUR)

    assert HostTime.objects.get().booked_at == NOW
