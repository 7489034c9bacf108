"""Holds as customers get them: one for each browser, few for each address, a quarter of a day (B4)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from availability.models import HostTime, Seat
from availability.queries.slots import open_slots
from bookings.models import Appointment, Hold
from bookings.queries.holds import kept_by
from bookings.services.book import SlotTaken, book_appointment
from bookings.services.hold import forget_old_holds, hold_slot, release_hold
from tests.availability.situations import change, expire, team
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def _hold(calendar, starts_at=TEN, *, browser="b", address=None, host=None):
    """Each browser has an address of its own unless the test says otherwise."""
    return hold_slot(
        calendar, starts_at=starts_at, host=host, browser=browser, address=address or f"at {browser}", now=NOW
    )


def _run_out(hold):
    expire(hold.uid)
    Hold.objects.filter(pk=hold.pk).update(expires_at=LONG_AGO)


def _is_open(calendar, starts_at, hold=None):
    found = open_slots(calendar, start=starts_at, end=starts_at + HALF_HOUR, now=NOW, hold=hold and hold.uid)
    return bool(found)


# ── one for each browser ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hold_keeps_its_time_from_everybody_but_its_own_browser(place):
    hold = _hold(place.calendar)

    time = HostTime.objects.get()
    assert (time.uid, time.starts_at, time.expires_at) == (hold.uid, TEN, hold.expires_at)
    assert not _is_open(place.calendar, TEN)
    assert _is_open(place.calendar, TEN, hold)
    assert kept_by("b") == (hold, True)


def test_choosing_another_time_gives_up_the_one_before(place):
    first = _hold(place.calendar)
    second = _hold(place.calendar, ELEVEN)

    assert (Hold.objects.get(), second.pk) == (second, first.pk)
    assert (_is_open(place.calendar, TEN), _is_open(place.calendar, ELEVEN)) == (True, False)


def test_an_overlapping_time_can_be_chosen_instead(place):
    change(place.calendar, interval=HALF_HOUR / 2)
    _hold(place.calendar)

    assert _hold(place.calendar, TEN + HALF_HOUR / 2).starts_at == TEN + HALF_HOUR / 2


@pytest.mark.parametrize("settings", [{}, {"type": "class", "seats": 1}])
def test_a_hold_on_another_calendar_gives_up_the_first(place, settings):
    other = CalendarMemberFactory(calendar=CalendarFactory(account=place.calendar.account, **settings))
    _hold(other.calendar)

    _hold(place.calendar)

    assert Hold.objects.get().calendar == place.calendar
    assert (_is_open(other.calendar, TEN), _is_open(place.calendar, TEN)) == (True, False)


def test_the_same_time_of_the_same_host_can_be_chosen_on_another_calendar(place):
    course = CalendarFactory(account=place.calendar.account, type="class", seats=1)
    CalendarMemberFactory(calendar=course, member=place.member)
    _hold(course)

    for calendar in (place.calendar, course):
        assert _hold(calendar).calendar == calendar
        assert HostTime.objects.get().calendar == calendar


def test_a_time_that_is_taken_cannot_be_held_and_the_earlier_hold_stays(place, appointment):
    earlier = _hold(place.calendar, ELEVEN)

    with pytest.raises(SlotTaken, match="BOOKED"):
        _hold(place.calendar)

    assert Hold.objects.get() == earlier
    assert not _is_open(place.calendar, ELEVEN)


def test_a_held_time_cannot_be_held_by_somebody_else(place):
    _hold(place.calendar)

    with pytest.raises(SlotTaken, match="HELD"):
        _hold(place.calendar, browser="other")


def test_a_hold_that_ran_out_can_be_had_again_or_by_somebody_else(place):
    _run_out(_hold(place.calendar))
    assert (kept_by("b").is_live, _is_open(place.calendar, TEN)) == (False, True)

    again = _hold(place.calendar)
    assert kept_by("b") == (again, True)
    _run_out(again)
    assert _hold(place.calendar, browser="other").browser == "other"


# ── releasing ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("settings", [{}, {"type": "class", "seats": 1}])
def test_a_hold_that_is_released_frees_its_time_at_once(db, settings):
    calendar = CalendarMemberFactory(calendar=CalendarFactory(**settings)).calendar
    hold = _hold(calendar)

    assert release_hold(calendar, browser="b", until=hold.expires_at, now=NOW)

    assert not Hold.objects.exists()
    assert not Seat.objects.exists()
    assert _is_open(calendar, TEN)


@pytest.mark.parametrize(
    "differently", [{"browser": "other"}, {"until": NOW}, {"calendar": None}], ids=["browser", "until", "calendar"]
)
def test_another_hold_than_the_one_that_is_meant_stays(place, differently):
    hold = _hold(place.calendar)
    meant = {"calendar": place.calendar, "browser": "b", "until": hold.expires_at, "now": NOW} | differently
    calendar = meant.pop("calendar") or CalendarFactory()

    assert not release_hold(calendar, **meant)
    assert Hold.objects.get() == hold


def test_holds_are_forgotten_an_hour_after_they_ran_out(place):
    old, recent, live = (_hold(place.calendar, TEN + number * HALF_HOUR, browser=f"b{number}") for number in range(3))
    _run_out(old)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bookings_hold SET expires_at = statement_timestamp() - interval '59 minutes' WHERE id = %s",
            [recent.pk],
        )

    assert forget_old_holds() == 1
    assert set(Hold.objects.all()) == {recent, live}


# ── three for each address ───────────────────────────────────────────────────────────────────────────────────────────


def _calendars(count):
    return [CalendarMemberFactory().calendar for _number in range(count)]


def test_the_fourth_browser_of_an_address_gets_no_hold_and_loses_what_it_had(db):
    *three, fourth = _calendars(4)
    assert _hold(fourth, ELEVEN, browser="fourth", address="elsewhere")
    for calendar in three:
        assert _hold(calendar, browser=f"{calendar.pk}", address="one")

    assert _hold(fourth, browser="fourth", address="one") is None

    assert not Hold.objects.filter(browser="fourth").exists()
    assert (_is_open(fourth, TEN), _is_open(fourth, ELEVEN)) == (True, True)


def test_an_address_with_three_can_change_one_of_them(db):
    calendars = _calendars(3)
    for calendar in calendars:
        _hold(calendar, browser=f"{calendar.pk}", address="one")

    assert _hold(calendars[0], ELEVEN, browser=f"{calendars[0].pk}", address="one")


def test_holds_of_an_address_that_ran_out_do_not_count(db):
    *three, fourth = _calendars(4)
    for calendar in three:
        _run_out(_hold(calendar, browser=f"{calendar.pk}", address="one"))

    assert _hold(fourth, browser="fourth", address="one")


# ── a quarter of a day ───────────────────────────────────────────────────────────────────────────────────────────────


def _holds_granted(calendar, wanted=16, first=TEN - timedelta(hours=1)):
    """How many browsers that want one start each after the other get it."""
    asked = (_hold(calendar, first + number * HALF_HOUR, browser=f"b{number}") for number in range(wanted))
    return sum(hold is not None for hold in asked)


def test_holds_take_a_quarter_of_the_open_starts_of_a_day(place):
    assert _holds_granted(place.calendar) == 4
    assert _hold(place.calendar, TEN + timedelta(days=1), browser="tomorrow")


def test_what_is_booked_makes_the_quarter_smaller(place):
    for number in range(6):
        book_appointment(place.calendar, starts_at=TEN + number * HALF_HOUR, customer=ADA, now=NOW)

    assert _holds_granted(place.calendar, wanted=8, first=TEN + 6 * HALF_HOUR) == 2


def test_each_hold_counts_with_all_the_starts_it_keeps_from_others(place):
    change(place.calendar, interval=HALF_HOUR / 2)

    # 31 starts; a hold at the very beginning keeps two of them, each further one three more at the most
    assert _holds_granted(place.calendar, wanted=5) == 3


def test_the_first_hold_of_a_day_is_always_granted(place):
    change(place.calendar, duration=timedelta(hours=6), interval=timedelta(minutes=60))

    assert _hold(place.calendar)


def test_a_round_robin_has_a_quarter_of_its_starts_not_of_its_hosts(db):
    first, *_others = team(3)

    granted = [_hold(first.calendar, browser=f"b{number}") for number in range(3)]

    assert {hold.host for hold in granted} == {place.member for place in (first, *_others)}
    assert not any(hold.asked_for for hold in granted)
    assert _holds_granted(first.calendar) == 16


def test_in_a_class_only_full_sessions_count(db):
    yoga = CalendarMemberFactory(calendar__type="class", calendar__seats=2).calendar

    assert _holds_granted(yoga) == 16
    assert (
        sum(_hold(yoga, TEN + number * HALF_HOUR, browser=f"second {number}") is not None for number in range(14)) == 4
    )


def test_a_browser_may_change_its_time_however_much_is_held(place):
    _holds_granted(place.calendar)

    assert _hold(place.calendar, TEN + timedelta(hours=5), browser="b0")


# ── booking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_booking_gives_up_the_hold_and_prefers_its_host(db):
    first, _second = team(2)
    held_by_first = _hold(first.calendar, browser="other")
    hold = _hold(first.calendar)
    assert held_by_first.host != hold.host
    release_hold(first.calendar, browser="other", until=held_by_first.expires_at, now=NOW)

    appointment = book_appointment(first.calendar, starts_at=TEN, customer=ADA, now=NOW, hold=hold)

    assert appointment.host == hold.host
    assert not Hold.objects.exists()
    assert [time.uid for time in HostTime.objects.all()] == [appointment.uid]


def test_a_hold_that_ran_out_still_books_what_is_free(place):
    hold = _hold(place.calendar)
    _run_out(hold)

    assert book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW).starts_at == TEN
    assert Appointment.objects.count() == 1
