"""Every reason of A10, each from the state of the database that brings it about."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import User
from availability.core.rules import ReasonCode
from availability.models import CalendarMember, Closure, DateOverride, PublicHolidays, Schedule
from availability.queries.judge import judge
from availability.services.reserve import hold_time
from tests.availability.situations import (
    DAY,
    HALF_HOUR,
    HOUR,
    TEN,
    busy,
    change,
    codes,
    hold,
    keep_free,
    offer,
    reserve,
    team,
)
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return CalendarMemberFactory()


def test_nothing_stands_against_a_free_start(place):
    seen = judge(place.calendar, TEN, now=NOW)

    assert (seen.verdict.is_open, seen.verdict.against(), seen.free) == (True, (), (place.member_id,))
    assert seen.users == {place.member_id: place.member.user_id}


def test_PAST_a_start_that_is_over(place):
    assert codes(place.calendar, TEN, now=TEN + timedelta(seconds=1)) == {"PAST"}


def test_NOTICE_a_start_that_is_too_soon(place):
    change(place.calendar, minimum_notice=3 * HOUR)

    assert codes(place.calendar) == {"NOTICE"}


def test_HORIZON_a_start_beyond_the_date_range(place):
    change(place.calendar, horizon_days=1)

    assert codes(place.calendar, TEN + DAY) == {"HORIZON"}


def test_HORIZON_a_start_before_the_first_day_of_a_fixed_range(place):
    change(place.calendar, date_range="fixed", range_first=date(2026, 11, 24), range_last=date(2026, 11, 30))

    assert codes(place.calendar) == {"HORIZON"}
    assert codes(place.calendar, TEN + DAY) == set()


def test_HOURS_a_start_outside_the_hours_or_between_two_points_of_the_grid(place):
    assert codes(place.calendar, TEN + 12 * HOUR) == {"HOURS"}
    assert codes(place.calendar, TEN + timedelta(minutes=10)) == {"HOURS"}


def test_OVERRIDE_a_start_in_hours_that_a_date_replaces(place):
    DateOverride.objects.create(schedule=Schedule.objects.get(), date=date(2026, 11, 23))

    assert codes(place.calendar) == {"OVERRIDE"}


def test_CLOSED_a_start_in_a_closure_of_the_account(place):
    Closure.objects.create(account=place.calendar.account, starts_at=TEN + HALF_HOUR / 2, ends_at=TEN + HOUR)

    assert codes(place.calendar) == codes(place.calendar, TEN + HALF_HOUR) == {"CLOSED"}
    assert codes(place.calendar, TEN + HOUR) == set()


def test_HOLIDAY_a_start_on_a_public_holiday(place):
    PublicHolidays.objects.create(account=place.calendar.account, country="DE", subdivision="BE")
    christmas = datetime(2026, 12, 25, 9, tzinfo=UTC)

    (reason,) = judge(place.calendar, christmas, now=NOW).verdict.against()

    assert (reason.code, bool(reason.source)) == (ReasonCode.HOLIDAY, True)


def test_DURATION_a_start_so_late_that_the_hours_end_before_it_does(place):
    change(place.calendar, duration=HOUR)

    assert codes(place.calendar, TEN + 6.5 * HOUR) == {"DURATION"}


def test_BOOKED_a_start_in_the_time_of_an_appointment(place):
    uid = uuid4()
    reserve(place, uid=uid)

    (reason,) = judge(place.calendar, TEN, now=NOW).verdict.against()

    assert (reason.code, reason.source) == (ReasonCode.BOOKED, str(uid))


def test_EVENT_a_start_in_the_time_of_an_event_outside(place):
    source = busy(place.member, TEN + timedelta(minutes=29), TEN + HOUR)

    (reason,) = judge(place.calendar, TEN, now=NOW).verdict.against()

    assert (reason.code, reason.source) == (ReasonCode.EVENT, source.busy_times.get().pk)


def test_BLOCKED_a_start_in_time_that_the_host_keeps_free(place):
    keep_free(place.member.user, TEN, TEN + HOUR)

    assert codes(place.calendar) == {"BLOCKED"}


def test_BUFFER_a_start_too_near_to_an_appointment(place):
    reserve(place)
    change(place.calendar, buffer_before=HALF_HOUR)

    assert codes(place.calendar, TEN + HALF_HOUR) == {"BUFFER"}
    assert codes(place.calendar, TEN + HOUR) == set()


def test_DAY_LIMIT_a_start_on_a_day_that_is_used_up(place):
    change(place.calendar, day_limit=1)
    reserve(place)

    assert codes(place.calendar, TEN + HOUR) == {"DAY_LIMIT"}
    assert codes(place.calendar, TEN + DAY) == set()


def test_WEEK_LIMIT_a_start_in_a_week_that_is_used_up(place):
    change(place.calendar, week_limit=1)
    reserve(place)

    assert codes(place.calendar, TEN + DAY) == {"WEEK_LIMIT"}
    assert codes(place.calendar, TEN + 7 * DAY) == set()


def test_HOST_LIMIT_a_start_on_a_day_of_the_host_that_is_used_up(place):
    Schedule.objects.update(day_limit=1)
    reserve(place)

    assert codes(place.calendar, TEN + HOUR) == {"HOST_LIMIT"}


def test_SEATS_a_session_whose_last_seat_is_taken():
    (place,) = team(1, type="class", seats=1)
    reserve(place)

    assert codes(place.calendar) == {"SEATS"}


def test_ROUND_ROBIN_LEAD_a_start_of_hosts_who_are_too_far_ahead():
    first, second = team(2, assignment_mode="equal", lead_cap=1)
    reserve(first, TEN + DAY, host=first.member)
    keep_free(second.member.user, TEN, TEN + HOUR)

    assert codes(first.calendar) == {"ROUND_ROBIN_LEAD", "BLOCKED"}
    assert codes(first.calendar, host=first.member) == set()


def test_COLLECTIVE_a_start_at_which_one_of_all_is_not_free():
    first, second = team(2, type="collective")
    busy(second.member, TEN, TEN + HOUR)

    verdict = judge(first.calendar, TEN, now=NOW).verdict

    assert [(reason.code, reason.source) for reason in verdict.reasons] == [(ReasonCode.COLLECTIVE, second.member_id)]
    assert codes(first.calendar) == {"COLLECTIVE", "EVENT"}
    assert verdict.hosts[first.member_id] == ()


def test_NO_HOST_a_calendar_whom_nobody_serves():
    assert codes(CalendarFactory()) == {"NO_HOST"}


def test_NO_HOST_a_needed_host_who_may_not_sign_in_any_more():
    fixed, _rotating = team(2)
    CalendarMember.objects.filter(pk=fixed.pk).update(is_fixed=True)
    User.objects.filter(pk=fixed.member.user_id).update(is_active=False)

    assert codes(fixed.calendar) == {"NO_HOST"}
    assert offer(fixed.calendar) == []


@pytest.mark.parametrize("state", ["paused_at", "switched_off_at"])
def test_INACTIVE_a_calendar_that_is_paused_or_switched_off(place, state):
    change(place.calendar, **{state: NOW})

    assert codes(place.calendar) == {"INACTIVE"}


def test_STALE_a_host_whose_calendar_was_not_read_yet(place):
    source = busy(place.member, TEN + DAY, TEN + DAY + HOUR, read=False)

    (reason,) = judge(place.calendar, TEN, now=NOW).verdict.against()

    assert (reason.code, reason.source) == (ReasonCode.STALE, source.pk)


def test_HELD_a_start_that_is_kept_for_somebody(place):
    hold(place)

    assert codes(place.calendar) == {"HELD"}


def test_LOOK_BUSY_hides_a_start_that_nothing_forbids(place):
    change(place.calendar, look_busy=50)
    shown = set(offer(place.calendar))

    away = [start for start in offer(place.calendar, hidden=True) if start not in shown]

    assert away
    assert all(codes(place.calendar, start) == set() for start in away)
    assert not ReasonCode.LOOK_BUSY.forbids


def test_every_code_has_a_test_that_names_it():
    named = {name.removeprefix("test_") for name in globals()}

    assert [code for code in ReasonCode if not any(name.startswith(f"{code.value}_") for name in named)] == []


def test_all_reasons_are_given_and_not_the_first_alone(place):
    busy(place.member, TEN, TEN + HOUR)
    keep_free(place.member.user, TEN, TEN + HALF_HOUR)
    change(place.calendar, minimum_notice=3 * HOUR)

    assert codes(place.calendar) == {"NOTICE", "EVENT", "BLOCKED"}


def test_a_hold_and_what_is_to_be_moved_are_looked_through(place):
    uid, held = uuid4(), uuid4()
    reserve(place, uid=uid)
    hold_time(place.calendar, starts_at=TEN + HOUR, uid=held, now=NOW)

    assert codes(place.calendar, besides=uid) == set()
    assert codes(place.calendar, TEN + HOUR, hold=held) == set()
    assert codes(place.calendar, TEN + HOUR, besides=held) == set()


def test_a_judgement_takes_three_queries_whoever_serves(django_assert_num_queries):
    calendar = team(5, assignment_mode="equal", day_limit=3)[0].calendar

    for options in ({}, {"besides": uuid4()}):
        with django_assert_num_queries(3):
            judge(calendar, TEN, now=NOW, **options)
