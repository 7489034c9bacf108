"""Owners of broken connections are written to: at once, and on day 3, 7 and 14."""

from datetime import timedelta

import pytest

from accounts.models import OutgoingMail
from integrations.models import Connection, ConnectionState
from integrations.services import telling
from integrations.services.telling import broken_connection, subject_uid_of, tell_of_broken
from tests.factories import (
    NOW,
    ConfigurationFactory,
    ConnectionFactory,
    MemberFactory,
    RemoteCalendarFactory,
    UserFactory,
)
from tests.integrations.asked import mails

DAY = timedelta(days=1)


@pytest.fixture
def member(db):
    return MemberFactory()


@pytest.fixture
def broken(member):
    return ConnectionFactory(user=member.user, state=ConnectionState.BROKEN, broken_at=NOW)


def _told():
    return len(mails("connection_broken"))


def test_the_owner_is_told_at_once_and_only_once(broken, member):
    assert (tell_of_broken(now=NOW), tell_of_broken(now=NOW)) == (1, 0)
    assert mails("connection_broken") == [member.user.email]


def test_the_owner_is_told_on_the_first_third_seventh_and_fourteenth_day_and_not_again(broken):
    told = []
    for day in range(30):
        tell_of_broken(now=NOW + day * DAY)
        told.append(_told())

    assert [day + 1 for day in range(30) if told[day] > (told[day - 1] if day else 0)] == [1, 3, 7, 14]


def test_who_was_not_told_for_a_week_gets_one_mail(broken):
    assert (tell_of_broken(now=NOW + 7 * DAY), _told()) == (1, 1)
    assert (tell_of_broken(now=NOW + 8 * DAY), tell_of_broken(now=NOW + 13 * DAY)) == (0, 1)


@pytest.mark.parametrize(
    "state", [{"state": "connected"}, {"state": "failing"}, {"switched_off_at": NOW}, {"broken_at": None}]
)
def test_nobody_is_told_of_what_works_or_is_switched_off(broken, state):
    Connection.objects.update(**state)

    assert (tell_of_broken(now=NOW), _told()) == (0, 0)


def test_what_breaks_again_is_told_again(broken):
    tell_of_broken(now=NOW)
    Connection.objects.update(broken_at=NOW + DAY, times_told=0)

    assert (tell_of_broken(now=NOW + DAY), _told()) == (1, 2)


def test_the_mail_goes_out_from_the_account_that_uses_the_connection(broken, member):
    other = MemberFactory(user=member.user)
    ConfigurationFactory(member=other, primary=RemoteCalendarFactory(connection=broken))

    tell_of_broken(now=NOW)

    assert OutgoingMail.objects.get(kind="connection_broken").account == other.account


@pytest.mark.parametrize("owner", [{"is_active": False}, {}])
def test_who_cannot_sign_in_or_belongs_nowhere_is_not_told(db, owner):
    ConnectionFactory(user=UserFactory(**owner), state=ConnectionState.BROKEN, broken_at=NOW)

    assert (tell_of_broken(now=NOW), _told()) == (0, 0)


def test_a_claim_that_somebody_else_was_faster_with_writes_nothing(broken):
    """Two workers see the same row before either has written."""
    _tell = telling._tell

    _tell(broken, NOW)

    assert (_tell(broken, NOW), _told()) == (False, 1)


def test_each_breakdown_has_a_name_of_its_own(broken):
    first = subject_uid_of(broken)
    assert broken_connection(first) == broken

    broken.broken_at = NOW + DAY
    broken.save()

    assert subject_uid_of(broken) != first
    assert broken_connection(first) is None
