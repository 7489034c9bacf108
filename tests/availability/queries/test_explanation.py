"""One day explained: every start with every reason, what stands behind each, and no more than the reader may know."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from accounts.roles import Role
from availability.core.assignment import DecidingRule
from availability.core.intervals import Interval, instant
from availability.core.look_busy import hides
from availability.core.rules import ReasonCode
from availability.models import (
    AssignmentMode,
    BlockingSource,
    BusySource,
    BusyTime,
    CalendarType,
    Closure,
    DateOverride,
    HostTime,
    HostTimeKind,
    Priority,
    PublicHolidays,
    WhenStale,
)
from availability.queries.explanation import explain_day
from availability.queries.explanation_reasons import Distance, NotOpen
from availability.queries.explanation_sources import Booking, Outside, Unread
from availability.queries.slots import open_slots
from availability.services.reserve import hold_time, reserve_time
from tests.factories import NOW, AccountFactory, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, TUESDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 29)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def at(hours, minutes=0, day=TUESDAY):
    """By the clock of Berlin."""
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def place():
    """Half hours from 9 to 17, one host."""
    return CalendarMemberFactory(calendar__name="First visit")


@pytest.fixture
def manager(place):
    return MemberFactory(account=place.calendar.account, role=Role.MANAGER)


def explain(place, day=TUESDAY, reader=None, host=None, now=NOW, zone=BERLIN):
    place.calendar.refresh_from_db()
    return explain_day(place.calendar, day=day, zone=zone, now=now, reader=reader or place.member, host=host)


def told_at(shown, moment):
    """What is told of the start at ``moment``."""
    (line,) = [one for one in shown.lines if one.first <= instant(moment) <= one.last]
    return line.told


def codes(shown, moment):
    return [one.code.value for one in told_at(shown, moment).reasons]


def reason(shown, moment, code):
    (found,) = [one for one in told_at(shown, moment).reasons if one.code == code]
    return found


def busy(member, start, end, *, label="Team day", counts=True, is_own=False, **blocking):
    source = BusySource.objects.create(
        user=member.user, name="Practice", page_url="/connections/7/", read_at=NOW, is_own=is_own
    )
    if counts and not is_own:
        BlockingSource.objects.create(member=member, source=source, **blocking)
    return BusyTime.objects.create(
        source=source, user=member.user, group="a", key="", start=start, end=end, label="" if is_own else label
    )


def booked(place, starts_at, *, calendar=None, kind=HostTimeKind.APPOINTMENT, **more):
    return HostTime.objects.create(
        user=place.member.user,
        calendar=calendar or place.calendar,
        uid=uuid4(),
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + 30 * MINUTE,
        **more,
    )


# ── what is on offer ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_offered_is_exactly_what_the_public_page_offers(place):
    busy(place.member, at(10), at(11, 15))
    booked(place, at(14))
    place.calendar.look_busy = 40
    place.calendar.buffer_after = 10 * MINUTE
    place.calendar.save()

    shown = explain(place)

    slots = open_slots(place.calendar, start=at(0), end=at(0, day=date(2026, 11, 25)), now=NOW)
    offered = [mark.start for mark in shown.marks if mark.is_offered]
    assert offered == [instant(slot.starts_at) for slot in slots]
    assert (shown.offered, shown.refused) == (len(slots), 16 - len(slots))


def test_equal_neighbours_share_a_line_of_the_whole_day(place):
    (line,) = explain(place).lines

    assert (line.first, line.last, line.number) == (instant(at(9)), instant(at(16, 30)), 16)
    assert line.told.is_offered
    assert line.told.reasons == ()


def test_who_would_get_it_is_named_with_the_rule(place):
    other = CalendarMemberFactory(calendar=place.calendar, priority=Priority.HIGH)

    free = told_at(explain(place), at(9)).free

    assert (free.gets.pk, free.rule, len(free.hosts)) == (other.member_id, DecidingRule.PRIORITY, 2)
    assert free.out_of == 2


def test_who_was_assigned_least_recently_would_get_it(place):
    other = CalendarMemberFactory(calendar=place.calendar)
    reserve_time(place.calendar, starts_at=at(9, day=MONDAY), uid=uuid4(), now=NOW, host=place.member)

    free = told_at(explain(place), at(9)).free

    assert (free.gets.pk, free.rule) == (other.member_id, DecidingRule.LEAST_RECENT)


def test_a_host_who_is_asked_for_would_get_it(place):
    other = CalendarMemberFactory(calendar=place.calendar, priority=Priority.HIGH)

    shown = explain(place, host=place.member)

    free = told_at(shown, at(9)).free
    assert (free.gets.pk, free.rule, free.out_of) == (place.member_id, DecidingRule.NAMED, 1)
    assert shown.host.pk == place.member_id
    assert other.member_id not in {person.pk for person, _bar in shown.bars}


def test_a_round_robin_start_is_offered_although_one_host_is_not_free(place):
    other = CalendarMemberFactory(calendar=place.calendar)
    booked(other, at(9))

    told = told_at(explain(place), at(9))

    assert told.is_offered
    assert [(one.code, one.host.pk) for one in told.at_hosts] == [(ReasonCode.BOOKED, other.member_id)]
    assert [person.pk for person in told.free.hosts] == [place.member_id]


def test_in_a_collective_everybody_is_needed(place):
    other = CalendarMemberFactory(calendar=place.calendar)
    place.calendar.type = CalendarType.COLLECTIVE
    place.calendar.save()
    booked(other, at(9))

    shown = explain(place)

    assert codes(shown, at(9)) == ["COLLECTIVE", "BOOKED"]
    assert reason(shown, at(9), "COLLECTIVE").behind.pk == other.member_id
    assert told_at(shown, at(10)).free.gets is None
    assert len(told_at(shown, at(10)).free.hosts) == 2


def test_a_fixed_host_takes_part_as_well(place):
    fixed = CalendarMemberFactory(calendar=place.calendar, is_fixed=True)
    place.calendar.type = CalendarType.ROUND_ROBIN
    place.calendar.save()

    free = told_at(explain(place), at(9)).free

    assert (free.gets.pk, [person.pk for person in free.fixed]) == (place.member_id, [fixed.member_id])


def test_seats_that_are_left_are_counted_and_the_full_session_says_so(place):
    place.calendar.type, place.calendar.seats = CalendarType.CLASS, 2
    place.calendar.look_busy = 90
    place.calendar.save()
    for starts_at in (at(9), at(9), at(11)):
        reserve_time(place.calendar, starts_at=starts_at, uid=uuid4(), now=NOW)

    shown = explain(place)

    assert codes(shown, at(9)) == ["SEATS"]
    assert told_at(shown, at(11)).free.seats_left == 1
    assert told_at(shown, at(12)).free.seats_left == 2


def test_looking_busy_hides_and_says_so(place):
    place.calendar.look_busy = 50
    place.calendar.save()
    shown = explain(place)

    hidden = [mark.start for mark in shown.marks if not mark.is_offered]

    assert hidden == [mark.start for mark in shown.marks if hides(place.calendar.pk, mark.start, 50)]
    assert hidden
    for start in hidden:
        told = next(line.told for line in shown.lines if line.first <= start <= line.last)
        assert [one.code for one in told.reasons] == [ReasonCode.LOOK_BUSY]


# ── every reason, and what stands behind it ──────────────────────────────────────────────────────────────────────────


def test_all_reasons_are_given_and_not_the_first_alone(place):
    busy(place.member, at(9), at(10))
    booked(place, at(9))
    Closure.objects.create(account=place.calendar.account, name="Inventory", starts_at=at(8), ends_at=at(10))
    place.calendar.paused_at = NOW
    place.calendar.day_limit = 1
    place.calendar.save()

    shown = explain(place, now=at(9, 15))

    assert codes(shown, at(9)) == ["INACTIVE", "PAST", "DAY_LIMIT", "CLOSED", "BOOKED", "EVENT"]


def test_clock_and_date_range_are_the_calendars(place):
    place.calendar.minimum_notice = timedelta(hours=27)
    place.calendar.horizon_days = 2
    place.calendar.save()

    assert codes(explain(place), at(10, 30)) == ["NOTICE"]
    assert codes(explain(place), at(11)) == []
    assert codes(explain(place, day=date(2026, 11, 26)), at(9, day=date(2026, 11, 26))) == ["HORIZON"]


def test_a_day_that_is_over_is_explained(place):
    shown = explain(place, day=date(2026, 11, 20))

    assert [one.code.value for one in shown.lines[0].told.reasons] == ["PAST"]


def test_hours_that_end_too_early_are_named(place):
    place.calendar.duration = HOUR
    place.calendar.save()

    found = reason(explain(place), at(16, 30), "DURATION")

    assert found.interval == Interval.between(at(9), at(17))
    assert found.hours.name == place.member.schedules.get().name


def test_a_date_override_is_named_by_its_date(place):
    DateOverride.objects.create(schedule=place.member.schedules.get(), date=TUESDAY)

    assert reason(explain(place), at(9), "OVERRIDE").behind == TUESDAY


def test_a_holiday_is_named(place):
    PublicHolidays.objects.create(account=place.calendar.account, country="DE", subdivision="SH")
    place.calendar.horizon_days = 60
    place.calendar.save()
    christmas = date(2026, 12, 25)

    found = reason(explain(place, day=christmas), at(9, day=christmas), "HOLIDAY")

    assert "Weihnacht" in found.behind or "Christmas" in found.behind


def test_a_closure_stands_once_for_all_hosts(place):
    CalendarMemberFactory(calendar=place.calendar)
    Closure.objects.create(account=place.calendar.account, name="Inventory", starts_at=at(9), ends_at=at(10))

    shown = explain(place)

    assert [(one.code.value, one.behind, one.host) for one in told_at(shown, at(9)).reasons] == [
        ("CLOSED", "Inventory", None)
    ]


def test_a_start_of_anothers_grid_is_on_no_grid_of_this_host(place):
    other = CalendarMemberFactory(calendar=place.calendar)
    other.member.schedules.all().delete()
    ScheduleFactory(member=other.member, hours=[(1, 9 * 60 + 10, 18 * 60)])

    shown = explain(place)

    assert reason(shown, at(9, 10), "HOURS").behind is NotOpen.ON_THIS_GRID
    assert reason(shown, at(17, 10), "HOURS").behind is NotOpen.THEN


def test_a_limit_of_the_host_is_told_with_its_schedule(place):
    schedule = place.member.schedules.get()
    schedule.day_limit = 1
    schedule.save()
    booked(place, at(9))

    found = reason(explain(place), at(12), "HOST_LIMIT")

    assert found.hours.day_limit == 1


def test_a_week_that_is_full_is_told_as_a_week(place):
    place.calendar.week_limit = 1
    place.calendar.save()
    booked(place, at(9, day=MONDAY))

    found = reason(explain(place), at(12), "WEEK_LIMIT")

    assert found.interval.end - found.interval.start == 7 * 24 * 3600


def test_whoever_is_too_far_ahead_is_told_with_the_count(place):
    CalendarMemberFactory(calendar=place.calendar)
    calendar = place.calendar
    calendar.type, calendar.assignment_mode = CalendarType.ROUND_ROBIN, AssignmentMode.EQUAL
    calendar.members_changed_at = NOW - HOUR
    calendar.save()
    for hour in (9, 10, 11):
        booked(place, at(hour, day=MONDAY), booked_at=NOW)

    shown = explain(place)

    found = reason(shown, at(9), "ROUND_ROBIN_LEAD")
    assert (found.host.pk, found.behind) == (place.member_id, 3)
    assert told_at(shown, at(9)).is_offered


def test_before_and_after_are_told_apart_with_the_length_that_decides(place):
    place.calendar.buffer_before, place.calendar.buffer_after = 10 * MINUTE, 20 * MINUTE
    place.calendar.save()
    booked(place, at(12), buffer_after=25 * MINUTE)

    shown = explain(place)

    before, after = (reason(shown, at(*time), "BUFFER").behind for time in ((11, 30), (12, 30)))
    assert (before.length, before.is_before, before.is_booked) == (20 * MINUTE, True, False)
    assert (after.length, after.is_before, after.is_booked) == (25 * MINUTE, False, True)
    assert before.of.calendar == "First visit"


def test_a_source_that_cannot_be_trusted_is_named_to_its_owner_alone(place, manager):
    time = busy(place.member, at(20), at(21), when_stale=WhenStale.BLOCK)
    BusySource.objects.filter(pk=time.source_id).update(read_at=NOW - HOUR)

    mine, theirs = (reason(explain(place, reader=one), at(9), "STALE").behind for one in (place.member, manager))

    assert mine == Unread("Practice", "/connections/7/", was_read=True, patience=15 * MINUTE)
    assert theirs == Unread()


# ── whose time it is (P2, P4) ────────────────────────────────────────────────────────────────────────────────────────


def test_the_title_of_an_event_is_told_to_its_owner_alone(place, manager):
    busy(place.member, at(9), at(10), label="Divorce lawyer")

    mine, theirs = (reason(explain(place, reader=one), at(9), "EVENT").behind for one in (place.member, manager))

    assert mine == Outside(title="Divorce lawyer", source="Practice", page_url="/connections/7/")
    assert theirs == Outside()


def test_the_title_behind_a_buffer_is_told_to_its_owner_alone(place, manager):
    place.calendar.buffer_after = 10 * MINUTE
    place.calendar.save()
    busy(place.member, at(10), at(11), label="Divorce lawyer")

    mine, theirs = (reason(explain(place, reader=one), at(9, 30), "BUFFER").behind for one in (place.member, manager))

    assert mine.of.title == "Divorce lawyer"
    assert theirs == Distance(10 * MINUTE, is_before=True, is_booked=False, of=Outside())


def test_blocked_time_is_told_apart_from_events(place, manager):
    busy(place.member, at(9), at(10), is_own=True)

    assert reason(explain(place), at(9), "BLOCKED").behind == Outside(is_own_item=True)
    assert reason(explain(place, reader=manager), at(9), "BLOCKED").behind == Outside()


def test_appointments_can_be_opened_by_managers_and_by_whoever_gives_their_time(place, manager):
    colleague = CalendarMemberFactory(calendar=place.calendar)
    time = booked(place, at(9))
    seen = Booking(calendar="First visit", uid=time.uid)

    assert reason(explain(place), at(9), "BOOKED").behind == seen
    assert reason(explain(place, reader=manager), at(9), "BOOKED").behind == seen
    assert reason(explain(place, reader=colleague.member), at(9), "BOOKED").behind == Booking(calendar="First visit")


@pytest.mark.parametrize("kind", HostTimeKind)
def test_what_a_colleague_is_booked_for_elsewhere_reads_busy_to_staff(place, manager, kind):
    colleague = CalendarMemberFactory(calendar=place.calendar)
    secret = CalendarFactory(account=place.calendar.account, name="Secret counselling", hidden_at=NOW)
    expires = datetime(2100, 1, 1, tzinfo=UTC) if kind == HostTimeKind.HOLD else None
    booked(colleague, at(9), calendar=secret, kind=kind, expires_at=expires)
    code = "HELD" if expires else "BOOKED"

    mine, theirs, managers = (
        reason(explain(place, reader=one), at(9), code).behind for one in (place.member, colleague.member, manager)
    )

    assert mine == Booking()
    assert (theirs.calendar, managers.calendar) == ("Secret counselling", "Secret counselling")


def test_what_stands_behind_a_colleagues_buffer_reads_busy_to_staff(place):
    colleague = CalendarMemberFactory(calendar=place.calendar)
    secret = CalendarFactory(account=place.calendar.account, name="Secret counselling")
    booked(colleague, at(12), calendar=secret, buffer_after=20 * MINUTE)

    assert reason(explain(place), at(12, 30), "BUFFER").behind.of == Booking()


def test_a_colleagues_booking_is_told_to_staff_who_serve_its_calendar_or_take_part(place):
    colleague = CalendarMemberFactory(calendar=place.calendar)
    served = CalendarFactory(account=place.calendar.account, name="Follow-up")
    CalendarMemberFactory(calendar=served, member=place.member)
    left = CalendarFactory(account=place.calendar.account, name="Both of us")
    booked(colleague, at(9), calendar=served)
    together = booked(colleague, at(11), calendar=left)
    HostTime.objects.create(
        user=place.member.user,
        calendar=left,
        uid=together.uid,
        kind=together.kind,
        starts_at=at(11),
        ends_at=at(11, 30),
    )

    shown = explain(place)

    assert reason(shown, at(9), "BOOKED").behind == Booking("Follow-up")
    assert [one.behind for one in told_at(shown, at(11)).reasons] == [Booking("Both of us", together.uid)] * 2


def test_staff_see_the_bar_of_their_own_day_and_managers_everybodys(place, manager):
    colleague = CalendarMemberFactory(calendar=place.calendar)

    mine, managers = explain(place), explain(place, reader=manager)

    assert [person.pk for person, _bar in mine.bars] == [place.member_id]
    assert {person.pk for person, _bar in managers.bars} == {place.member_id, colleague.member_id}
    assert (mine.weighed, managers.weighed) == (2, 2)
    assert mine.marks == managers.marks


def test_an_appointment_in_another_account_reads_busy_even_to_the_host(place, manager):
    elsewhere = CalendarFactory(account=AccountFactory(), name="Secret practice")
    booked(place, at(9), calendar=elsewhere)

    assert reason(explain(place), at(9), "BOOKED").behind == Booking()
    assert reason(explain(place, reader=manager), at(9), "BOOKED").behind == Booking()


def test_a_hold_says_how_long_it_lasts(place):
    reserved = hold_time(place.calendar, starts_at=at(9), uid=uuid4(), now=NOW)

    behind = reason(explain(place), at(9), "HELD").behind

    assert behind == Booking(calendar="First visit", kept_until=reserved.expires_at)


def test_a_session_is_told_apart_from_an_appointment(place):
    yoga = CalendarFactory(account=place.calendar.account, name="Yoga")
    time = booked(place, at(12), calendar=yoga, kind=HostTimeKind.SESSION)

    assert reason(explain(place), at(12), "BOOKED").behind == Booking("Yoga", time.uid, is_session=True)


def test_a_colleagues_schedule_is_not_named_to_staff(place, manager):
    reader = CalendarMemberFactory(calendar=place.calendar).member
    ScheduleFactory(member=place.member, is_default=False, name="Night shift", hours=[])
    place.schedule = place.member.schedules.get(name="Night shift")
    place.save()

    shown, to_manager = explain(place, reader=reader), explain(place, reader=manager)

    assert reason(shown, at(9), "HOURS").hours.name == ""
    assert not reason(shown, at(9), "HOURS").hours.may_change
    assert reason(to_manager, at(9), "HOURS").hours.name == "Night shift"


# ── days on which nothing can begin ──────────────────────────────────────────────────────────────────────────────────


def test_a_day_without_hours_says_whose_schedule_has_none(place):
    shown = explain(place, day=SUNDAY)

    (only,) = shown.nothing.reasons
    assert shown.lines == ()
    assert (only.code, only.behind, only.hours.pk) == (
        ReasonCode.HOURS,
        NotOpen.THAT_DAY,
        place.member.schedules.get().pk,
    )


def test_a_host_without_any_schedule_is_told(place):
    place.member.schedules.all().delete()

    (only,) = explain(place).nothing.reasons

    assert (only.code, only.hours.pk) == (ReasonCode.HOURS, None)


def test_a_calendar_that_nobody_serves_is_told(place, manager):
    place.delete()

    shown = explain(place, reader=manager)

    assert [one.code for one in shown.nothing.reasons] == [ReasonCode.NO_HOST]
    assert shown.hosts == ()


def test_a_calendar_whose_only_host_cannot_sign_in_is_told(place, manager):
    place.member.user.is_active = False
    place.member.user.save()

    shown = explain(place, reader=manager)

    assert [one.code for one in shown.nothing.reasons] == [ReasonCode.NO_HOST]
    assert [person.is_active for person in shown.hosts] == [False]


def test_a_paused_calendar_says_so_on_an_empty_day_too(place):
    place.calendar.paused_at = NOW
    place.calendar.save()

    assert [one.code.value for one in explain(place, day=SUNDAY).nothing.reasons] == ["INACTIVE", "HOURS"]


def test_an_empty_day_has_no_reasons_of_the_day_after(place):
    Closure.objects.create(
        account=place.calendar.account, starts_at=at(0, day=date(2026, 11, 30)), ends_at=at(9, day=date(2026, 11, 30))
    )
    busy(place.member, at(0, day=date(2026, 11, 30)), at(9, day=date(2026, 11, 30)))

    assert [one.code.value for one in explain(place, day=SUNDAY).nothing.reasons] == ["HOURS"]


# ── clocks, and what it costs ────────────────────────────────────────────────────────────────────────────────────────


def test_both_passes_of_an_hour_that_comes_twice_are_explained(place):
    place.member.schedules.all().delete()
    ScheduleFactory(member=place.member, hours=[(6, 60, 4 * 60)])
    place.calendar.horizon_days = 700
    place.calendar.save()
    day = date(2027, 10, 31)

    shown = explain(place, day=day)

    assert shown.offered == 8
    assert len({mark.start for mark in shown.marks}) == 8


def test_a_date_that_the_zone_skips_is_refused(place):
    with pytest.raises(ValueError, match="ends after it starts"):
        explain(place, day=date(2011, 12, 30), zone=ZoneInfo("Pacific/Apia"))


@pytest.mark.parametrize("hosts", [1, 30])
def test_the_number_of_queries_is_fixed(place, manager, hosts, django_assert_num_queries):
    calendar = place.calendar
    calendar.type = CalendarType.ROUND_ROBIN
    calendar.interval = timedelta(minutes=5 if hosts > 1 else 30)
    calendar.day_limit = calendar.week_limit = 1
    calendar.save()
    Closure.objects.create(account=calendar.account, starts_at=at(9), ends_at=at(10))
    places = [place, *(CalendarMemberFactory(calendar=calendar) for _number in range(hosts - 1))]
    for one in places:
        busy(one.member, at(10), at(11), when_stale=WhenStale.BLOCK)
        booked(one, at(12))
        booked(one, at(13), kind=HostTimeKind.HOLD, expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    BusySource.objects.update(read_at=NOW - HOUR)

    for mode, queries in ((AssignmentMode.EQUAL, 9), (AssignmentMode.AVAILABILITY, 9 if hosts == 1 else 10)):
        calendar.assignment_mode = mode
        with django_assert_num_queries(queries):
            shown = explain_day(calendar, day=TUESDAY, zone=BERLIN, now=NOW, reader=manager, host=None)
        assert shown.lines
