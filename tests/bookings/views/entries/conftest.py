"""Who signs in, and an own item of theirs."""

import pytest

from accounts.roles import Role
from bookings.models import OwnItemKind
from bookings.services.add_own_item import add_own_item
from tests.bookings.situations import ELEVEN, TEN
from tests.factories import NOW, MemberFactory


@pytest.fixture
def host(client, place):
    client.force_login(place.member.user)
    return place.member


@pytest.fixture
def manager(place):
    return MemberFactory(account=place.calendar.account, role=Role.MANAGER, user__name="Mara Manager")


@pytest.fixture
def colleague(place):
    return MemberFactory(account=place.calendar.account, user__name="Cora Colleague")


@pytest.fixture
def item(place):
    """The dentist of the host, from ten to eleven."""
    return add(place.member)


def add(*assignees, **more):
    usual = {"kind": OwnItemKind.ACTIVITY, "title": "Dentist", "starts_at": TEN, "ends_at": ELEVEN, "now": NOW}
    return add_own_item(assignees[0].account, assignees=assignees, **usual | more)
