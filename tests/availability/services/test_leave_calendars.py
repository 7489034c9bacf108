from django.db import transaction

from availability.models import Calendar, CalendarType
from availability.services.leave_calendars import leave_calendars_within, left_alone_by
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory


def leave(member):
    with transaction.atomic():
        return leave_calendars_within(member, now=NOW)


def test_whoever_edits_the_calendar_is_told(db):
    place = CalendarMemberFactory()
    before = place.calendar

    leave(place.member)

    after = Calendar.objects.get()
    assert (after.edition, after.epoch != before.epoch, after.members_changed_at) == (before.edition + 1, True, NOW)


def test_a_collective_goes_on_with_the_others(db):
    calendar = CalendarFactory(type=CalendarType.COLLECTIVE)
    goes = CalendarMemberFactory(calendar=calendar, is_lead=True).member
    CalendarMemberFactory(calendar=calendar)

    assert left_alone_by(goes) == []
    assert leave(goes) == []


def test_others_who_may_not_sign_in_any_more_are_nobody(db):
    calendar = CalendarFactory()
    goes = CalendarMemberFactory(calendar=calendar).member
    gone = CalendarMemberFactory(calendar=calendar).member
    gone.user.is_active = False
    gone.user.save()

    assert leave(goes) == [calendar]


def test_a_calendar_paused_before_is_not_named_again(db):
    place = CalendarMemberFactory(calendar__paused_at=NOW)

    assert leave(place.member) == []


def test_the_number_of_queries_to_say_so_does_not_grow(db, django_assert_num_queries):
    place = CalendarMemberFactory()
    for _number in range(3):
        CalendarMemberFactory(calendar=CalendarFactory(account=place.calendar.account), member=place.member)

    with django_assert_num_queries(2 + 2):
        assert len(left_alone_by(place.member)) == 4
