"""Whoever has left an account has no right in it any more, on any page."""

import pytest
from django.urls import reverse

from accounts.queries import memberships_of
from accounts.roles import Role
from availability.queries.calendars import team_of
from availability.queries.schedules import members_seen_by, schedule_seen_by
from availability.queries.taking_part import places_of
from bookings.queries.staff import colleagues_of
from bookings.queries.team import team_of as hosts_of_calendar
from tests.accounts.people import people
from tests.factories import NOW, AccountFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone():
    """A manager of the account, who has left it."""
    return MemberFactory(account=people().account, role=Role.MANAGER, left_at=NOW)


def test_it_is_none_of_their_places(gone):
    other = MemberFactory(user=gone.user)

    assert list(memberships_of(gone.user)) == [other]


@pytest.mark.parametrize(
    "page", ["accounts:profile", "accounts:members", "bookings:my-calendar", "availability:calendars"]
)
def test_its_pages_are_not_there_for_them(client, gone, page):
    MemberFactory(user=gone.user, role=Role.OWNER)
    client.force_login(gone.user)

    assert client.get(reverse(page), {"account": gone.account.slug}).status_code == 404


def test_in_no_other_account_they_are_told_so(client, gone):
    client.force_login(gone.user)

    answer = client.get(reverse("bookings:my-calendar"), follow=True)

    assert answer.resolver_match.view_name == "accounts:no-account"
    assert answer.status_code == 200


def test_nobody_is_offered_them_as_a_colleague_or_a_host(gone):
    owner = gone.account.members.get(role=Role.OWNER)

    assert gone not in colleagues_of(owner)
    assert gone not in members_seen_by(owner)
    assert gone not in [one.member for one in team_of(gone.account, None)]


def test_their_schedules_are_closed(gone):
    schedule = ScheduleFactory(member=gone)

    assert schedule_seen_by(gone.account.members.get(role=Role.OWNER), schedule.pk) is None


def test_a_place_they_still_have_on_a_calendar_counts_for_nothing():
    account = AccountFactory()
    here, left = (CalendarMemberFactory(calendar__account=account) for _ in range(2))
    left.calendar = here.calendar
    left.save()
    left.member.left_at = NOW
    left.member.save()

    assert [place.member for place in places_of(here.calendar)] == [here.member]
    assert hosts_of_calendar(here.calendar).hosts == (here.member,)
