"""Duplicating a calendar (T10)."""

from datetime import timedelta

import pytest
from django.utils import translation

from availability.models import Calendar, Schedule
from availability.services.duplicate_calendar import duplicate_calendar
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar():
    return CalendarFactory(
        name="First visit",
        slug="first-visit",
        type="collective",
        duration=timedelta(minutes=45),
        price="68.50",
        paused_at=NOW,
        switched_off_at=NOW,
        edition=7,
    )


def test_the_copy_has_the_settings_and_a_name_and_address_of_its_own(calendar):
    copy = duplicate_calendar(calendar, now=NOW)

    copy.refresh_from_db()
    assert (copy.name, copy.slug, copy.account) == ("First visit (copy)", "first-visit-copy", calendar.account)
    assert (copy.type, copy.duration, str(copy.price)) == ("collective", timedelta(minutes=45), "68.50")


def test_the_copy_is_hidden_and_otherwise_as_new(calendar):
    copy = duplicate_calendar(calendar, now=NOW)

    copy.refresh_from_db()
    assert (copy.hidden_at, copy.paused_at, copy.switched_off_at) == (NOW, None, None)
    assert (copy.edition, copy.members_changed_at) == (1, NOW)
    assert copy.epoch != calendar.epoch


def test_the_members_come_along_in_their_order(calendar):
    ines, tomasz = MemberFactory.create_batch(2, account=calendar.account)
    evenings = Schedule.objects.create(member=tomasz, name="Evenings")
    CalendarMemberFactory(calendar=calendar, member=ines, position=2, is_lead=True)
    CalendarMemberFactory(calendar=calendar, member=tomasz, position=1, schedule=evenings, priority=3, is_fixed=True)

    copy = duplicate_calendar(calendar, now=NOW)

    places = copy.calendar_members.values_list("member", "schedule", "priority", "is_fixed", "is_lead")
    assert list(places) == [(tomasz.pk, evenings.pk, 3, True, False), (ines.pk, None, 2, False, True)]
    assert calendar.calendar_members.count() == 2


def test_each_further_copy_finds_an_address(calendar):
    for _time in range(3):
        duplicate_calendar(calendar, now=NOW)

    slugs = Calendar.objects.exclude(pk=calendar.pk).order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["first-visit-copy", "first-visit-copy-2", "first-visit-copy-3"]


def test_the_longest_name_and_address_have_copies_too():
    calendar = CalendarFactory(name="x" * 120, slug="y" * 60)

    first, second = duplicate_calendar(calendar, now=NOW), duplicate_calendar(calendar, now=NOW)

    assert first.name == "x" * 113 + " (copy)"
    assert len(first.slug) <= 60
    assert len(second.slug) <= 60
    with translation.override("de"):
        assert len(duplicate_calendar(calendar, now=NOW).name) <= 120
