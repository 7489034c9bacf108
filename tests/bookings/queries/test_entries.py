"""What of whose time My Calendar shows (U1, Y12a, P2, P4)."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.roles import Role
from availability.models import BlockingSource
from availability.queries.conflicts import conflicts_of
from bookings.models import OwnItemKind
from bookings.queries.entries import Looking, entries_of
from bookings.services.add_own_item import add_own_item
from bookings.services.book import book_appointment
from bookings.services.hold import hold_slot
from tests.bookings.my_calendar import event, source
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarMemberFactory, MemberFactory, ScheduleFactory

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def looking(reader, *hosts, **more):
    places = list(reader.user.memberships.select_related("account", "user"))
    return Looking(
        reader=reader,
        hosts=hosts or (reader,),
        accounts={place.account_id: place.account for place in places},
        managed=frozenset(place.account_id for place in places if place.manages),
        zone=ZoneInfo("Europe/Berlin"),
        **more,
    )


def seen(look, start=NOW - 40 * DAY, end=NOW + 40 * DAY):
    return entries_of(look, start=start, end=end, now=NOW)


def told(look):
    return [(entry.kind, entry.title) for entry in seen(look)]


def item(*members, kind=OwnItemKind.TASK, title="Ring the insurer", starts_at=TEN, **more):
    account = members[0].account
    return add_own_item(
        account,
        kind=kind,
        title=title,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        assignees=members,
        now=NOW,
        **more,
    )


@pytest.fixture
def manager(place):
    return MemberFactory(account=place.calendar.account, role=Role.MANAGER)


def elsewhere(member):
    """The same person's place in another account."""
    other = MemberFactory(user=member.user)
    ScheduleFactory(member=other)
    return other


# ── own items ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_own_items_are_shown_once_with_title_kind_and_whom_they_are_assigned_to(place):
    colleague = MemberFactory(account=place.calendar.account)
    item(place.member, colleague, kind=OwnItemKind.SERVICE_CALL, title="Boiler")

    (entry,) = seen(looking(place.member))

    assert (entry.kind, entry.title, entry.detail) == ("item", "Boiler", "Service call")
    assert entry.people == tuple(sorted([place.member.user.name, colleague.user.name]))
    assert (entry.page, entry.moves) == ("bookings:own-item", True)


def test_blocked_time_is_a_kind_of_its_own_and_needs_no_title(place):
    item(place.member, kind=OwnItemKind.BLOCK, title="")

    assert told(looking(place.member)) == [("block", "Blocked time")]


def test_what_keeps_no_time_free_is_drawn_as_free(place):
    item(place.member, all_day=True)

    (entry,) = seen(looking(place.member))

    assert (entry.is_free, entry.all_day) == (True, True)


def test_own_items_of_all_accounts_are_shown_with_the_name_of_another_account(place):
    other = elsewhere(place.member)
    item(other)

    (entry,) = seen(looking(place.member))

    assert entry.account == other.account.name


def test_a_colleagues_blocking_item_in_another_account_is_only_busy(place, manager):
    item(elsewhere(place.member), kind=OwnItemKind.BLOCK, title="Therapy")
    item(elsewhere(place.member), kind=OwnItemKind.TASK, title="Diary", starts_at=ELEVEN)

    assert told(looking(manager, place.member)) == [("event", "")]


# ── events outside ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_source_that_is_not_shown_brings_no_events(place):
    event(source(place.member, is_shown=False), TEN, ELEVEN, label="Dentist")

    assert seen(looking(place.member)) == []


def test_events_are_shown_within_so_many_days_of_today(place):
    private = source(place.member, shown_days_before=2, shown_days_after=7)
    for days in (-3, -2, 0, 7, 8):
        event(private, TEN + days * DAY, ELEVEN + days * DAY, label=f"{days}")

    assert [entry.title for entry in seen(looking(place.member))] == ["-2", "0", "7"]


def test_a_colleagues_events_are_busy_unless_their_owner_shares_titles(place, manager):
    event(source(place.member), TEN, ELEVEN, label="Dentist")
    shared = source(place.member, name="Team", shares_titles=True)
    event(shared, ELEVEN, ELEVEN + HOUR, label="Course")
    event(shared, ELEVEN + HOUR, ELEVEN + 2 * HOUR, label="Fair", blocks=False)

    entries = seen(looking(manager, place.member))

    assert [(entry.title, entry.detail) for entry in entries] == [("", ""), ("Course", "Team"), ("Fair", "Team")]


def test_free_time_of_a_colleague_who_shares_no_titles_is_not_shown(place, manager):
    event(source(place.member), TEN, ELEVEN, label="Market", blocks=False)

    assert seen(looking(manager, place.member)) == []


# ── holds ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def held(place):
    return hold_slot(place.calendar, starts_at=TEN, host=None, browser="b" * 64, address="a" * 64, now=NOW)


def test_what_is_being_booked_is_shown_to_the_host_and_to_managers(place, manager, held):
    for look in (looking(place.member), looking(manager, place.member)):
        (entry,) = seen(look)

        assert (entry.kind, entry.detail, entry.starts_at) == ("hold", "First visit", TEN)
        assert entry.ends_at == TEN + timedelta(minutes=30)
        assert entry.expires_at is not None


def test_a_hold_in_another_account_only_makes_a_colleague_busy(place, held):
    other = elsewhere(place.member)
    manager = MemberFactory(account=other.account, role=Role.MANAGER)

    assert told(looking(manager, other)) == [("event", "")]


# ── appointments ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_over_or_a_class_cannot_be_moved_here(place, appointment):
    yoga = CalendarMemberFactory(calendar__type="class", calendar__account=place.calendar.account, member=place.member)
    book_appointment(yoga.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)

    entries = entries_of(looking(place.member), start=NOW - DAY, end=NOW + DAY, now=TEN + HOUR / 2)

    assert [(entry.is_past, entry.moves) for entry in entries] == [(True, False), (False, False)]
    assert [entry.moves for entry in seen(looking(place.member))] == [True, False]


def test_an_appointment_that_two_of_those_looked_at_give_is_shown_once_for_both(db):
    board = CalendarMemberFactory(calendar__type="collective")
    second = CalendarMemberFactory(calendar=board.calendar).member
    boss = MemberFactory(account=board.calendar.account, role=Role.OWNER)
    book_appointment(board.calendar, starts_at=TEN, customer=ADA, now=NOW)

    (entry,) = seen(looking(boss, board.member, second))

    assert set(entry.whose) == {board.member.user_id, second.user_id}


def test_nothing_is_said_any_more_of_an_account_the_reader_has_left(place, appointment):
    here = elsewhere(place.member)
    look = looking(here)
    left = replace(look, accounts={here.account_id: here.account})

    assert told(left) == [("event", "")]


# ── conflicts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_appointment_an_event_lies_on_is_marked_as_the_list_of_conflicts_has_it(place, appointment):
    later = book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)
    private = source(place.member)
    event(private, TEN - HOUR, TEN + timedelta(minutes=5), label="Dentist")
    event(private, ELEVEN, ELEVEN + HOUR, blocks=False)
    event(source(elsewhere(place.member)), ELEVEN, ELEVEN + HOUR, label="Counts elsewhere")

    marked = {entry.uid for entry in seen(looking(place.member)) if entry.in_conflict}

    assert marked == {appointment.uid} == {one.item_uid for one in conflicts_of(place.member.user, now=NOW)}
    assert later.uid not in marked


def test_an_event_that_is_not_shown_lies_on_an_appointment_all_the_same(place, appointment):
    event(source(place.member, is_shown=False), TEN, ELEVEN)

    assert [(entry.kind, entry.in_conflict) for entry in seen(looking(place.member))] == [("appointment", True)]


def test_what_is_over_is_no_conflict_any_more(place, appointment):
    event(source(place.member), TEN, ELEVEN)

    entries = entries_of(looking(place.member), start=NOW - DAY, end=NOW + DAY, now=ELEVEN)

    assert not any(entry.in_conflict for entry in entries)
    assert conflicts_of(place.member.user, now=ELEVEN) == []


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_kinds_that_were_not_asked_for_are_left_out(place, appointment):
    item(place.member)
    event(source(place.member), TEN, ELEVEN, label="Market", blocks=False)

    assert told(looking(place.member, kinds=frozenset({"item"}))) == [("item", "Ring the insurer")]
    assert told(looking(place.member, kinds=frozenset({"free"}))) == [("event", "Market")]


def test_only_the_accounts_asked_for_are_shown(place, appointment):
    other = elsewhere(place.member)
    item(other)
    event(source(other, name="Other"), ELEVEN, ELEVEN + HOUR, label="Course")
    both = event(source(place.member), TEN, ELEVEN, label="Dentist").source
    BlockingSource.objects.create(member=other, source=both)

    within = frozenset({other.account_id})

    assert {title for _kind, title in told(looking(place.member, within=within))} == {
        "Ring the insurer", "Course", "Dentist",
    }  # fmt: skip
