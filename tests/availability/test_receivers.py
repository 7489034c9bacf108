"""Who leaves an account leaves its calendars, and what was stored of them holds no longer."""

import pytest

from tests.factories import CalendarMemberFactory

pytestmark = pytest.mark.django_db


def test_a_member_who_is_deleted_changes_what_their_calendars_offer():
    place = CalendarMemberFactory()
    epoch = place.calendar.epoch

    place.member.delete()

    place.calendar.refresh_from_db()
    assert place.calendar.epoch != epoch
