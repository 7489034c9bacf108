"""Accepting an invitation: once, by the one who was asked, and without a touch to any user that exists."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Member, MemberChange, User
from accounts.roles import Role
from accounts.services.invite import withdraw
from accounts.services.join import HasUser, Newcomer, NotOpen, free_slug, join_as, join_as_new
from tests.accounts.people import open_invitation, people
from tests.factories import NOW, AccountFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)
NORA = Newcomer(name="Nora Lind", password="a long way home", time_zone="Asia/Kathmandu", locale="de")


@pytest.fixture
def here():
    return people()


def test_a_new_person_becomes_user_and_member(here):
    invitation = open_invitation(here.owner, now=NOW, role=Role.MANAGER)

    member = join_as_new(invitation, NORA, now=LATER)

    user = User.objects.get(email="nora@example.org")
    assert (member.account, member.user, member.role, member.slug) == (here.account, user, "manager", "nora-lind")
    assert (user.name, str(user.time_zone), user.locale, user.is_staff) == ("Nora Lind", "Asia/Kathmandu", "de", False)
    assert user.check_password("a long way home")
    assert MemberChange.objects.filter(kind="joined", email=user.email, role_after="manager", who=here.owner).exists()


def test_nobody_sets_anything_for_a_user_that_exists(here):
    user = UserFactory(email="nora@example.org")
    before = User.objects.filter(pk=user.pk).values().get()
    invitation = open_invitation(here.owner, now=NOW)

    with pytest.raises(HasUser):
        join_as_new(invitation, NORA, now=LATER)

    assert User.objects.filter(pk=user.pk).values().get() == before
    assert not Member.objects.filter(user=user).exists()


def test_a_user_who_accepts_stays_as_they_are(here):
    user = UserFactory(email="nora@example.org")
    before = User.objects.filter(pk=user.pk).values().get()

    member = join_as(user, open_invitation(here.owner, now=NOW), now=LATER)

    assert (member.account, member.user, member.role) == (here.account, user, "staff")
    assert User.objects.filter(pk=user.pk).values().get() == before


def test_an_invitation_is_for_nobody_else(here):
    invitation = open_invitation(here.owner, now=NOW)

    with pytest.raises(NotOpen):
        join_as(UserFactory(email="other@example.org"), invitation, now=LATER)


def test_it_is_accepted_once(here):
    invitation = open_invitation(here.owner, now=NOW)
    member = join_as_new(invitation, NORA, now=LATER)

    with pytest.raises(NotOpen):
        join_as(member.user, invitation, now=LATER)


@pytest.mark.parametrize("now", [NOW + timedelta(days=7), NOW + timedelta(days=8)])
def test_after_seven_days_it_is_over(here, now):
    with pytest.raises(NotOpen):
        join_as_new(open_invitation(here.owner, now=NOW), NORA, now=now)


def test_withdrawn_it_is_over(here):
    invitation = open_invitation(here.owner, now=NOW)
    withdraw(invitation, by=here.owner, now=NOW)

    with pytest.raises(NotOpen):
        join_as_new(invitation, NORA, now=LATER)


@pytest.mark.parametrize(("field", "value"), [("role", Role.STAFF), ("left_at", NOW)])
def test_who_lost_the_right_to_invite_lost_their_invitations(here, field, value):
    invitation = open_invitation(here.manager, now=NOW, role=Role.MANAGER)
    Member.objects.filter(pk=here.manager.pk).update(**{field: value})

    with pytest.raises(NotOpen):
        join_as_new(invitation, NORA, now=LATER)


def test_who_had_left_is_taken_back_in_the_role_of_the_invitation(here):
    gone = MemberFactory(account=here.account, role=Role.OWNER, left_at=NOW)
    invitation = open_invitation(here.manager, now=NOW, email=gone.user.email)

    join_as(gone.user, invitation, now=LATER)

    gone.refresh_from_db()
    assert (gone.role, gone.left_at) == ("staff", None)
    assert MemberChange.objects.filter(kind="back", role_before="owner", role_after="staff").exists()


def test_who_became_a_member_meanwhile_keeps_their_role(here):
    user = UserFactory(email="nora@example.org")
    invitation = open_invitation(here.owner, now=NOW, role=Role.OWNER)
    MemberFactory(account=here.account, user=user, role=Role.STAFF)

    assert join_as(user, invitation, now=LATER).role == "staff"


@pytest.mark.parametrize(
    ("name", "slug"), [("Nora Lind", "nora-lind-2"), ("Zoë", "zoe"), ("山田", "member"), ("x" * 90, "x" * 54)]
)
def test_the_public_name_is_made_of_the_name_and_free(here, name, slug):
    MemberFactory(account=here.account, slug="nora-lind")
    MemberFactory(account=AccountFactory(), slug="zoe")

    assert free_slug(here.account.pk, name) == slug


def test_two_clicks_at_once_make_one_member(here):
    invitation = open_invitation(here.owner, now=NOW)

    def accept(_click):
        try:
            join_as_new(invitation, NORA, now=LATER)
        except NotOpen:
            return "over"
        finally:
            connection.close()
        return "joined"

    with ThreadPoolExecutor(2) as clicks:
        answers = sorted(clicks.map(accept, range(2)))

    assert answers == ["joined", "over"]
    assert Member.objects.filter(user__email="nora@example.org").count() == 1
