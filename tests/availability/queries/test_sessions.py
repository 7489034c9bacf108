from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from availability.queries.sessions import session_of
from availability.services.release import release_time
from availability.services.reserve import reserve_time
from tests.factories import NOW, CalendarMemberFactory

TEN = NOW + timedelta(hours=2)

pytestmark = pytest.mark.django_db


def test_a_session_is_found_by_its_uid_until_its_last_seat_goes():
    place = CalendarMemberFactory(calendar__type="class")
    seat = uuid4()
    with transaction.atomic():
        reserved = reserve_time(place.calendar, starts_at=TEN, uid=seat, now=NOW)

    assert session_of(reserved.session_uid).starts_at == TEN
    assert session_of(seat) is None
    with transaction.atomic():
        release_time(seat, now=NOW)
    assert session_of(reserved.session_uid) is None
