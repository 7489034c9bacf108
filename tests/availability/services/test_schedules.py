"""Schedules are made, saved, copied, made the default and deleted: wholly or not at all, and calendars hear of it."""

from zoneinfo import ZoneInfo

import pytest
from django.db import DataError

from availability.core.hours import DayHours
from availability.models import Calendar, CalendarMember, DateOverride, Schedule
from availability.queries.schedules import hours_of
from availability.services.delete_schedule import IsDefault, delete_schedule
from availability.services.duplicate_schedule import duplicate_schedule
from availability.services.make_default import make_default
from availability.services.save_schedule import ScheduleTerms, create_schedule, save_schedule
from availability.services.schedule_rows import ChangedMeanwhile, NameTaken
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
NIGHTS = [DayHours(4, 22 * 60, 2 * 60), DayHours(5, 22 * 60, 2 * 60)]
TERMS = ScheduleTerms("Nights", ZoneInfo("Asia/Kathmandu"), works_on_holidays=True, day_limit=6, week_limit=20)


@pytest.fixture
def member():
    return MemberFactory()


@pytest.fixture
def schedule(member):
    return ScheduleFactory(member=member, name="Practice hours")


@pytest.fixture
def epochs(member):
    """Whether the calendars of the member, and those of nobody else, were told since."""
    mine = CalendarMemberFactory(calendar=CalendarFactory(account=member.account), member=member).calendar
    other = CalendarMemberFactory(calendar=CalendarFactory(account=member.account)).calendar
    before = {mine.pk: mine.epoch, other.pk: other.epoch}

    def changed():
        now = dict(Calendar.objects.values_list("pk", "epoch"))
        assert now[other.pk] == before[other.pk]
        return now[mine.pk] != before[mine.pk]

    return changed


def save(schedule, *, edition=1, terms=TERMS, hours=NIGHTS):
    save_schedule(schedule, edition=edition, terms=terms, hours=hours)


def state(schedule):
    stored = Schedule.objects.get(pk=schedule.pk)
    return stored.name, str(stored.time_zone), stored.edition, hours_of(stored)


def test_saving_replaces_terms_and_hours_exactly_and_tells_the_calendars(schedule, epochs):
    save(schedule)

    assert state(schedule) == ("Nights", "Asia/Kathmandu", 2, tuple(NIGHTS))
    stored = Schedule.objects.get(pk=schedule.pk)
    assert (stored.works_on_holidays, stored.day_limit, stored.week_limit) == (True, 6, 20)
    assert stored.is_default
    assert epochs()


def test_a_week_without_hours_can_be_saved(schedule):
    save(schedule, hours=[])

    assert hours_of(schedule) == ()


def test_the_second_of_two_is_told_and_overwrites_nothing(schedule, epochs):
    save(schedule)
    saved = state(schedule)

    with pytest.raises(ChangedMeanwhile):
        save(schedule, terms=ScheduleTerms("Mine", ZoneInfo("UTC")), hours=[])

    assert state(schedule) == saved


@pytest.mark.parametrize("edition", [0, 2])
def test_another_edition_than_the_last_saves_nothing_and_tells_no_calendar(schedule, epochs, edition):
    before = state(schedule)

    with pytest.raises(ChangedMeanwhile):
        save(schedule, edition=edition)

    assert state(schedule) == before
    assert not epochs()


def test_a_schedule_deleted_meanwhile_is_not_made_anew(schedule):
    Schedule.objects.all().delete()

    with pytest.raises(ChangedMeanwhile):
        save(schedule)

    assert not Schedule.objects.exists()


def test_a_name_that_is_taken_saves_nothing(schedule, epochs):
    ScheduleFactory(member=schedule.member, name="Nights", is_default=False)
    before = state(schedule)

    with pytest.raises(NameTaken):
        save(schedule)

    assert state(schedule) == before
    assert not epochs()


def test_nothing_is_half_saved_when_the_database_refuses_a_row(schedule, epochs):
    before = state(schedule)

    with pytest.raises(DataError):
        save(schedule, hours=[NIGHTS[0], DayHours(5, 10**6, 0)])

    assert state(schedule) == before
    assert not epochs()


def test_the_first_schedule_of_a_member_is_the_default_and_the_next_is_not(member, epochs):
    first = create_schedule(member, terms=TERMS, hours=NIGHTS)
    assert epochs()
    second = create_schedule(member, terms=ScheduleTerms("Days", ZoneInfo("UTC")), hours=[])

    assert (first.is_default, second.is_default) == (True, False)
    assert state(first) == ("Nights", "Asia/Kathmandu", 1, tuple(NIGHTS))


def test_a_second_schedule_of_a_name_is_not_made(schedule):
    with pytest.raises(NameTaken):
        create_schedule(schedule.member, terms=ScheduleTerms("Practice hours", ZoneInfo("UTC")), hours=NIGHTS)

    assert Schedule.objects.get() == schedule


def test_there_is_one_default_at_a_time(schedule, epochs):
    nights = ScheduleFactory(member=schedule.member, is_default=False)
    others = set(Schedule.objects.filter(is_default=True)) - {schedule}

    make_default(nights)

    assert set(Schedule.objects.filter(is_default=True)) == {nights, *others}
    assert others
    assert epochs()


def test_a_schedule_deleted_meanwhile_leaves_the_default_what_it_was(schedule, epochs):
    nights = ScheduleFactory(member=schedule.member, is_default=False)
    Schedule.objects.filter(pk=nights.pk).delete()

    with pytest.raises(ChangedMeanwhile):
        make_default(nights)

    assert list(schedule.member.schedules.filter(is_default=True)) == [schedule]
    assert not epochs()


def test_a_copy_has_the_same_hours_and_overrides_and_a_name_of_its_own(schedule, epochs):
    DateOverride.objects.create(schedule=schedule, date=NOW.date(), opens_minute=540, closes_minute=720)
    DateOverride.objects.create(schedule=schedule, date=NOW.date().replace(day=24))
    Schedule.objects.update(day_limit=4, works_on_holidays=True, time_zone="Asia/Kathmandu")
    schedule.refresh_from_db()

    first, second = duplicate_schedule(schedule), duplicate_schedule(schedule)

    assert [one.name for one in (first, second)] == ["Practice hours (2)", "Practice hours (3)"]
    assert hours_of(first) == hours_of(schedule)
    rows = ("date", "opens_minute", "closes_minute")
    assert list(first.overrides.values_list(*rows)) == list(schedule.overrides.values_list(*rows))
    assert (first.day_limit, first.works_on_holidays, str(first.time_zone)) == (4, True, "Asia/Kathmandu")
    assert not first.is_default
    assert not epochs()


def test_a_copy_of_the_longest_name_still_has_room_for_its_number(member):
    schedule = ScheduleFactory(member=member, name="x" * 80)

    assert duplicate_schedule(schedule).name == "x" * 76 + " (2)"


def test_the_default_stays(schedule, epochs):
    with pytest.raises(IsDefault):
        delete_schedule(schedule)

    assert schedule.member.schedules.get() == schedule
    assert not epochs()


def test_calendars_of_a_deleted_schedule_use_the_default_from_then_on(schedule, epochs):
    nights = ScheduleFactory(member=schedule.member, is_default=False)
    place = CalendarMember.objects.get(member=schedule.member)
    place.schedule = nights
    place.save()

    delete_schedule(nights)

    place.refresh_from_db()
    assert place.schedule is None
    assert list(Schedule.objects.filter(member=schedule.member)) == [schedule]
    assert epochs()
