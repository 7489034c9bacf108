"""Saving a calendar: all or nothing, never over what somebody else saved."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from availability.models import Calendar, CalendarMember, ClassSession, HostTime, HostTimeKind, Schedule
from availability.services.save_calendar import (
    EditedMeanwhile,
    HasComingAppointments,
    MemberChoice,
    SlugTaken,
    create_calendar,
    save_calendar,
)
from tests.factories import NOW, AccountFactory, CalendarFactory, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.django_db
LONG_AGO = NOW - timedelta(days=400)
HOUR = timedelta(hours=1)


@pytest.fixture
def calendar():
    place = CalendarMemberFactory(
        calendar__type="round_robin", calendar__slug="first-visit", calendar__members_changed_at=LONG_AGO
    )
    return place.calendar


@pytest.fixture
def ines(calendar):
    return calendar.calendar_members.get().member


def settings(**changes):
    return {"type": "round_robin", "name": "First visit", "slug": "first-visit", "hidden_at": None, **changes}


def save(calendar, *team, edition=1, **changes):
    save_calendar(calendar, edition=edition, settings=settings(**changes), team=team, now=NOW)
    calendar.refresh_from_db()


def book(calendar, member, *, starts_at=NOW + HOUR, kind=HostTimeKind.APPOINTMENT, **more):
    return HostTime.objects.create(
        user=member.user,
        calendar=calendar,
        uid="6b1f4a3e-0000-4000-8000-000000000001",
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        **more,
    )


def everything():
    return (
        list(Calendar.objects.order_by("pk").values()),
        list(CalendarMember.objects.order_by("pk").values()),
        list(ClassSession.objects.order_by("pk").values()),
    )


def test_saving_writes_settings_and_team_and_makes_what_was_computed_stale(calendar, ines):
    tomasz, epoch = MemberFactory(account=calendar.account), calendar.epoch
    hours = Schedule.objects.get(member=ines)

    save(calendar, MemberChoice(tomasz, priority=3, is_fixed=True), MemberChoice(ines, hours), name="Second visit")

    assert (calendar.name, calendar.edition) == ("Second visit", 2)
    assert calendar.epoch != epoch
    places = calendar.calendar_members.order_by("position").values_list(
        "member", "schedule", "priority", "position", "is_fixed", "is_lead"
    )
    assert list(places) == [(tomasz.pk, None, 3, 0, True, False), (ines.pk, hours.pk, 2, 1, False, False)]


def test_whoever_saves_second_is_told_and_changes_nothing(calendar, ines):
    save(calendar, MemberChoice(ines), name="First to save")
    before = everything()

    with pytest.raises(EditedMeanwhile):
        save(calendar, MemberChoice(ines), edition=1, name="Second to save")

    assert everything() == before


def test_a_calendar_that_was_deleted_meanwhile_cannot_be_saved(calendar, ines):
    Calendar.objects.all().delete()

    with pytest.raises(EditedMeanwhile):
        save_calendar(calendar, edition=1, settings=settings(), team=[MemberChoice(ines)], now=NOW)


def test_an_address_taken_in_the_last_moment_leaves_nothing_half_saved(calendar, ines):
    CalendarFactory(account=calendar.account, slug="taken")
    before = everything()

    with pytest.raises(SlugTaken):
        save(calendar, MemberChoice(MemberFactory(account=calendar.account)), slug="taken", name="Other")

    assert everything() == before


def test_a_team_the_database_refuses_takes_the_settings_back_with_it(calendar, ines):
    before = everything()

    with pytest.raises(IntegrityError):
        save(calendar, MemberChoice(ines), MemberChoice(ines), name="Other")

    assert everything() == before


# ── counting anew (T5) ───────────────────────────────────────────────────────────────────────────────────────────────


def test_bookings_go_on_being_counted_when_neither_members_nor_mode_change(calendar, ines):
    save(calendar, MemberChoice(ines, priority=3, is_lead=True), name="Renamed", assignment_mode="availability")

    assert calendar.members_changed_at == LONG_AGO


def test_bookings_are_counted_anew_with_another_member(calendar, ines):
    save(calendar, MemberChoice(ines), MemberChoice(MemberFactory(account=calendar.account)))

    assert calendar.members_changed_at == NOW


def test_bookings_are_counted_anew_with_another_fixed_host(calendar, ines):
    save(calendar, MemberChoice(ines, is_fixed=True))

    assert calendar.members_changed_at == NOW


def test_bookings_are_counted_anew_in_another_mode(calendar, ines):
    save(calendar, MemberChoice(ines), assignment_mode="equal")

    assert calendar.members_changed_at == NOW


# ── another type ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_type_stays_while_appointments_are_to_come(calendar, ines):
    book(calendar, ines)
    before = everything()

    with pytest.raises(HasComingAppointments) as refused:
        save(calendar, MemberChoice(ines), type="service")

    assert refused.value.number == 1
    assert everything() == before


def test_everything_else_may_change_while_appointments_are_to_come(calendar, ines):
    book(calendar, ines)

    save(calendar, MemberChoice(ines), name="Renamed")

    assert calendar.name == "Renamed"


def test_the_type_may_change_when_all_appointments_are_over(calendar, ines):
    book(calendar, ines, starts_at=NOW - HOUR)

    save(calendar, MemberChoice(ines), type="service")

    assert calendar.type == "service"


# ── seats ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_sessions_follow_the_seats_but_never_below_those_that_are_taken(calendar, ines):
    Calendar.objects.update(type="class")

    def session(hours, taken):
        starts_at = NOW + hours * HOUR
        return ClassSession.objects.create(
            calendar=calendar,
            user=ines.user,
            starts_at=starts_at,
            ends_at=starts_at + HOUR,
            seats=10,
            seats_taken=taken,
        )

    nearly_empty, nearly_full = session(1, taken=1), session(2, taken=9)

    save(calendar, MemberChoice(ines), type="class", seats=4)

    nearly_empty.refresh_from_db()
    nearly_full.refresh_from_db()
    assert (nearly_empty.seats, nearly_full.seats) == (4, 9)


# ── new ones ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_calendar_begins_with_the_first_edition():
    account = AccountFactory()
    ines = MemberFactory(account=account)

    made = create_calendar(account, settings=settings(), team=[MemberChoice(ines, is_lead=True)], now=NOW)

    made.refresh_from_db()
    assert (made.account, made.edition, made.members_changed_at) == (account, 1, NOW)
    assert made.calendar_members.get().is_lead


def test_a_new_calendar_with_a_taken_address_is_not_made(calendar, ines):
    with pytest.raises(SlugTaken):
        create_calendar(calendar.account, settings=settings(), team=[MemberChoice(ines)], now=NOW)

    assert Calendar.objects.get() == calendar
