from datetime import timedelta
from uuid import uuid4

import pytest

from bookings import ports
from bookings.ports import CopyState
from integrations.models import Connection, ConnectionState, PendingPush, RemoteCopy
from integrations.queries.copies import copies_of
from tests.factories import NOW, RemoteCalendarFactory

UID = uuid4()
SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def home(db):
    return RemoteCalendarFactory(name="Home", connection__user__name="Ines Carstens")


def _copy(home, **facts):
    usual = {"uid": UID, "remote_uid": "x", "url": "/home/x.ics", "written_at": NOW}
    return RemoteCopy.objects.create(remote_calendar=home, **usual | facts)


def _push(home, **facts):
    return PendingPush.objects.create(uid=UID, remote_calendar=home, due_at=SOON, **facts)


def test_a_copy_that_was_written_is_in_step(home):
    _copy(home)

    (place,) = copies_of(UID, NOW)

    assert (place.state, place.calendar, place.whose, place.at) == (CopyState.IN_STEP, "Home", "Ines Carstens", NOW)
    assert place.user_id == home.connection.user_id


def test_what_was_never_written_waits_for_its_next_try(home):
    _push(home)

    (place,) = copies_of(UID, NOW)

    assert (place.state, place.at) == (CopyState.WAITING, SOON)


@pytest.mark.parametrize(
    ("copy", "push", "expected"),
    [
        ({}, {"parked_at": NOW}, CopyState.STUCK),
        ({"left_out_at": NOW, "url": ""}, None, CopyState.LEFT_OUT),
        ({"missing_since": NOW}, None, CopyState.MISSING),
        ({"check_at": NOW}, None, CopyState.CHECKED),
        ({"check_at": SOON}, None, CopyState.IN_STEP),
        ({}, {}, CopyState.WAITING),
    ],
)
def test_what_keeps_it_out_of_step_is_said(home, copy, push, expected):
    _copy(home, **copy)
    if push is not None:
        _push(home, **push)

    assert [place.state for place in copies_of(UID, NOW)] == [expected]


def test_what_waits_for_a_broken_connection_says_so(home):
    _push(home)
    Connection.objects.update(state=ConnectionState.BROKEN)

    (place,) = copies_of(UID, NOW)

    assert place.state == CopyState.HELD_UP
    assert place.page


def test_what_was_taken_away_there_is_no_copy(home):
    _copy(home, url="")

    assert not copies_of(UID, NOW)
    assert not copies_of(uuid4(), NOW)


def test_two_queries_however_many_there_are(home, django_assert_num_queries):
    for _ in range(3):
        _copy(RemoteCalendarFactory())
        _push(RemoteCalendarFactory())

    with django_assert_num_queries(2):
        assert len(copies_of(UID, NOW)) == 6


def test_the_pages_of_bookings_ask_here(home):
    _copy(home)

    assert [place.calendar for place in ports.copies_of(UID, now=NOW)] == ["Home"]
