from datetime import timedelta

import pytest

from availability.models import Calendar, CalendarType
from availability.services.first_calendar import make_first_calendar
from tests.factories import NOW, CalendarFactory, MemberFactory

HOUR = timedelta(hours=1)


@pytest.fixture
def member(db):
    return MemberFactory()


def make(member, name="First visit"):
    return make_first_calendar(member, name=name, duration=HOUR, now=NOW)


def test_it_is_a_service_of_whoever_makes_it(member):
    made = make(member)

    assert (made.type, made.slug, made.duration, made.interval) == (CalendarType.SERVICE, "first-visit", HOUR, HOUR)
    assert made.calendar_members.get().member == member
    assert made.is_open


def test_the_same_name_is_the_same_calendar(member):
    assert make(member) == make(member, "FIRST VISIT")
    assert Calendar.objects.count() == 1


def test_an_address_that_is_taken_gets_a_number(member):
    CalendarFactory(account=member.account, name="Other", slug="first-visit")

    assert make(member).slug == "first-visit-2"


def test_other_accounts_have_addresses_of_their_own(member):
    CalendarFactory(name="First visit", slug="first-visit")

    assert make(member).slug == "first-visit"


def test_a_very_long_name_has_an_address_all_the_same(member):
    assert len(make(member, "long " * 24).slug) <= 60
