"""A member leaves: off all calendars, out of the account, and what is booked goes the way that was decided."""

import pytest

from accounts.models import MemberChange, MemberChangeKind
from accounts.roles import Role
from availability.models import CalendarMember, CalendarType
from availability.queries.slots import open_slots
from availability.services.leave_calendars import left_alone_by
from bookings.services.absence import Decision, Fate
from bookings.services.book import book_appointment
from bookings.services.leave import LastOwner, NotTheirs, let_go
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory


@pytest.fixture
def calendar(db):
    return CalendarFactory(type=CalendarType.ROUND_ROBIN)


@pytest.fixture
def goes(calendar):
    return CalendarMemberFactory(calendar=calendar).member


@pytest.fixture
def manager(calendar):
    return MemberFactory(account=calendar.account, role=Role.MANAGER)


def go(member, by, decisions=()):
    return let_go(member, decisions=decisions, by=by, message="", now=NOW)


def test_nothing_new_is_booked_with_whoever_left(calendar, goes, manager):
    go(goes, manager)

    assert goes.left_at == NOW
    assert not CalendarMember.objects.filter(member=goes).exists()
    assert open_slots(calendar, start=TEN, end=ELEVEN, now=NOW) == ()


def test_it_is_written_down_who_let_them_go(goes, manager):
    go(goes, manager)

    change = MemberChange.objects.get()
    assert (change.kind, change.email, change.who) == (MemberChangeKind.LEFT, goes.user.email, manager)


def test_a_calendar_that_has_nobody_else_is_paused(calendar, goes, manager):
    shared = CalendarFactory(account=calendar.account)
    CalendarMemberFactory(calendar=shared, member=goes)
    CalendarMemberFactory(calendar=shared)
    alone = left_alone_by(goes)

    left = go(goes, manager)

    calendar.refresh_from_db()
    shared.refresh_from_db()
    assert (alone, left.paused) == ([calendar], [calendar])
    assert (calendar.paused_at, shared.paused_at) == (NOW, None)


def test_who_always_takes_part_is_not_enough_for_a_round_robin(calendar, goes, manager):
    CalendarMemberFactory(calendar=calendar, is_fixed=True)

    assert left_alone_by(goes) == [calendar]


def test_what_is_booked_goes_to_a_colleague_or_is_cancelled(calendar, goes, manager):
    colleague = CalendarMemberFactory(calendar=calendar).member
    first, second = (book_appointment(calendar, starts_at=at, customer=ADA, now=NOW, host=goes) for at in (TEN, ELEVEN))

    left = go(goes, manager, [Decision(first, Fate.GIVE, TEN, colleague), Decision(second, Fate.CANCEL, ELEVEN)])

    assert (first.host, second.cancelled_at) == (colleague, NOW)
    assert (len(left.outcome.given), len(left.outcome.cancelled), left.outcome.refused) == (1, 1, [])


def test_leaving_twice_changes_nothing(calendar, goes, manager):
    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW, host=goes)
    decisions = [Decision(appointment, Fate.CANCEL, TEN)]
    go(goes, manager, decisions)

    again = go(goes, manager, decisions)

    assert (again.paused, MemberChange.objects.count(), appointment.changes.count()) == ([], 1, 2)


def test_the_last_owner_cannot_leave(calendar):
    owner = MemberFactory(account=calendar.account, role=Role.OWNER)

    with pytest.raises(LastOwner):
        go(owner, owner)

    owner.refresh_from_db()
    assert owner.left_at is None


def test_one_of_two_owners_can_leave(calendar):
    owner, _other = (MemberFactory(account=calendar.account, role=Role.OWNER) for _number in range(2))

    go(owner, owner)

    assert owner.left_at == NOW


def test_a_manager_cannot_let_an_owner_go(calendar, manager):
    owner, _other = (MemberFactory(account=calendar.account, role=Role.OWNER) for _number in range(2))

    with pytest.raises(NotTheirs):
        go(owner, manager)


def test_other_accounts_of_the_same_person_are_not_touched(goes, manager):
    elsewhere = CalendarMemberFactory(calendar=CalendarFactory()).member
    elsewhere.user = goes.user
    elsewhere.save()

    go(goes, manager)

    elsewhere.refresh_from_db()
    assert elsewhere.left_at is None
    assert CalendarMember.objects.filter(member=elsewhere).exists()
