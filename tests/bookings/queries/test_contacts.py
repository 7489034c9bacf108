from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.roles import Role
from bookings.queries.contacts import Wanted, contacts_of
from bookings.services.book import book_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, AccountFactory, ContactFactory, MemberFactory

DAY = timedelta(days=1)


@pytest.fixture
def manager(place):
    return MemberFactory(account=place.calendar.account, role=Role.MANAGER)


def found(member, search="", *, sort="name", now=NOW):
    return [one.name for one in contacts_of(member, Wanted(search, sort), now=now)]


@pytest.mark.parametrize(
    "search",
    [
        "zoë",
        "ZOE",
        "hägg",
        "hagg",
        "strasse",
        "straße",
        "zoe STRASSE",
        "strasse zoe",
        "zoe@",
        "0170 55",
        "+49 (170) 55",
        "17055",
    ],
)
def test_somebody_is_found_by_any_part_without_accents_and_capitals(db, search):
    member = MemberFactory(role=Role.OWNER)
    ContactFactory(account=member.account, name="Zoë Hägg-Straße", email="zoe@example.org", phone="+49 170-5512")
    ContactFactory(account=member.account, name="Ada", email="ada@example.org", phone="+49 30 1")

    assert found(member, search) == ["Zoë Hägg-Straße"]


@pytest.mark.parametrize("search", ["%", "_", "zoe ada", "55 12 x", "\\"])
def test_what_nobody_is_called_finds_nobody(db, search):
    member = MemberFactory(role=Role.OWNER)
    ContactFactory(account=member.account, name="Zoë", email="zoe@example.org", phone="5512")
    ContactFactory(account=member.account, name="Ada", email="ada@example.org")

    assert found(member, search) == []


def test_an_accent_changes_nothing_about_the_order(db):
    member = MemberFactory(role=Role.OWNER)
    for name in ("Zoe", "Äneas", "anna", "Albert"):
        ContactFactory(account=member.account, name=name)

    assert found(member) == ["Albert", "Äneas", "anna", "Zoe"]
    assert found(member, sort="-name") == ["Zoe", "anna", "Äneas", "Albert"]


def test_figures_leave_out_what_was_called_off(manager, place, appointment):
    later = book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW)
    off = book_appointment(place.calendar, starts_at=ELEVEN + DAY, customer=ADA, now=NOW)
    off.cancelled_at = NOW
    off.save()

    (contact,) = contacts_of(manager, Wanted(), now=later.starts_at)

    assert (contact.number, contact.last_at, contact.next_at) == (2, TEN, ELEVEN)


def test_a_request_nobody_answered_counts_for_nothing(manager, appointment):
    appointment.confirmed_at, appointment.expires_at = None, NOW
    appointment.save()

    (contact,) = contacts_of(manager, Wanted(), now=NOW)

    assert (contact.number, contact.next_at) == (0, None)


def test_by_figures_those_without_one_come_last_either_way(manager, place, appointment):
    ContactFactory(account=manager.account, name="Never")
    bob = replace(ADA, name="Bob", email="bob@example.org")
    book_appointment(place.calendar, starts_at=ELEVEN, customer=bob, now=NOW)
    book_appointment(place.calendar, starts_at=ELEVEN + DAY, customer=bob, now=NOW)

    assert found(manager, sort="next") == ["Ada Lovelace", "Bob", "Never"]
    assert found(manager, sort="-next") == ["Bob", "Ada Lovelace", "Never"]
    assert found(manager, sort="-number") == ["Bob", "Ada Lovelace", "Never"]
    assert found(manager, sort="-last", now=ELEVEN + DAY) == ["Bob", "Ada Lovelace", "Never"]


def test_a_contact_of_another_account_is_never_found(manager, appointment):
    ContactFactory(account=AccountFactory(), name="Ada Elsewhere")

    assert found(manager, "ada") == ["Ada Lovelace"]
