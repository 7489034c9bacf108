"""The pages about an account's people, by role."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Member, OutgoingMail
from accounts.roles import Role
from tests.accounts.people import open_invitation, people
from tests.factories import NOW, AccountFactory, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
MEMBERS = "accounts:members"


@pytest.fixture
def here():
    return people()


def _page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def _send(client, page, /, *args, **form):
    return client.post(reverse(page, args=args), form)


@pytest.mark.parametrize("name", ["account", "look", "members", "invite"])
def test_staff_find_no_page_of_the_account(client, here, name):
    client.force_login(here.staff.user)

    assert _page(client, f"accounts:{name}").status_code == 404
    assert _send(client, f"accounts:{name}").status_code == 404


def test_everybody_is_listed_and_those_who_left_apart(client, here):
    MemberFactory(account=here.account, user__name="Gone Girl", left_at=NOW)
    MemberFactory(account=AccountFactory(), user__name="Stranger")
    client.force_login(here.manager.user)

    page = _page(client, MEMBERS).content.decode()

    assert page.index(str(here.staff.user)) < page.index("1 who has left") < page.index("Gone Girl")
    assert "Stranger" not in page


def test_a_manager_is_offered_nothing_about_owners(client, here):
    client.force_login(here.manager.user)

    page = _page(client, MEMBERS).content.decode()

    assert reverse("accounts:member-role", args=[here.staff.pk]) in page
    assert reverse("accounts:member-role", args=[here.owner.pk]) not in page
    assert _page(client, "accounts:member-role", here.owner.pk).status_code == 404
    assert _send(client, "accounts:member-role", here.owner.pk, role="staff").status_code == 404
    assert _send(client, "accounts:member-role", here.staff.pk, role="owner").status_code == 422


def test_an_owner_gives_another_role(client, here):
    client.force_login(here.owner.user)

    answer = _send(client, "accounts:member-role", here.staff.pk, role="manager")

    here.staff.refresh_from_db()
    assert (answer.status_code, here.staff.role) == (302, "manager")
    assert "Role changed" in _page(client, MEMBERS).content.decode()


def test_the_last_owner_is_told_why_not(client, here):
    client.force_login(here.owner.user)

    answer = _send(client, "accounts:member-role", here.owner.pk, role="staff")

    assert answer.status_code == 422
    assert "Make somebody else an owner first." in answer.content.decode()


def test_a_manager_who_steps_down_lands_on_a_page_that_is_theirs(client, here):
    client.force_login(here.manager.user)

    answer = client.post(reverse("accounts:member-role", args=[here.manager.pk]), {"role": "staff"}, follow=True)

    assert (answer.status_code, answer.resolver_match.view_name) == (200, "accounts:profile")


@pytest.mark.parametrize("name", ["member-role", "member-back"])
def test_somebody_of_another_account_is_not_there(client, here, name):
    foreign = MemberFactory(left_at=NOW)
    client.force_login(here.owner.user)

    assert _send(client, f"accounts:{name}", foreign.pk, role="staff").status_code == 404
    foreign.refresh_from_db()
    assert foreign.left_at is not None


def test_who_left_is_taken_back(client, here):
    gone = MemberFactory(account=here.account, left_at=NOW)
    client.force_login(here.manager.user)

    assert _send(client, "accounts:member-back", gone.pk).status_code == 302
    gone.refresh_from_db()
    assert gone.left_at is None


@pytest.mark.parametrize("name", ["member-back", "invitation-again", "invitation-withdraw"])
def test_what_acts_is_not_done_by_looking(client, here, name):
    client.force_login(here.owner.user)

    assert _page(client, f"accounts:{name}", 1).status_code == 405


def test_an_invitation_is_sent_listed_sent_again_and_withdrawn(client, here):
    client.force_login(here.manager.user)
    _send(client, "accounts:invite", email="Nora@Example.org", name="Nora Lind", role="staff")
    invitation = Invitation.objects.get(email="nora@example.org")

    listed = _page(client, MEMBERS).content.decode()
    _send(client, "accounts:invitation-again", invitation.pk)
    _send(client, "accounts:invitation-withdraw", invitation.pk)

    assert "Nora Lind" in listed
    assert OutgoingMail.objects.filter(kind="invitation").count() == 2
    assert not Invitation.objects.open(timezone.now()).exists()
    assert "Nora Lind" not in _page(client, MEMBERS).content.decode()


@pytest.mark.parametrize("who", ["staff", "owner"])
def test_an_invitation_of_a_member_is_refused_beside_the_field(client, here, who):
    client.force_login(here.manager.user)

    answer = _send(client, "accounts:invite", email=here.of(who).user.email, role="staff")

    assert answer.status_code == 422
    assert answer.context["form"].errors["email"] == ["Somebody with this address is in the account already."]


def test_a_manager_invites_no_owner(client, here):
    client.force_login(here.manager.user)

    assert _send(client, "accounts:invite", email="nora@example.org", role="owner").status_code == 422
    assert not Invitation.objects.exists()


def test_too_many_invitations_are_refused_beside_the_field(client, here, limits_on):
    limits_on["invite-account"] = (1, 86_400)
    client.force_login(here.owner.user)
    _send(client, "accounts:invite", email="nora@example.org", role="staff")

    answer = _send(client, "accounts:invite", email="other@example.org", role="staff")

    assert answer.status_code == 422
    assert "ask again tomorrow" in answer.content.decode()


@pytest.mark.parametrize("name", ["invitation-again", "invitation-withdraw"])
def test_an_invitation_of_another_account_is_not_there(client, here, name):
    foreign = open_invitation(MemberFactory(role=Role.OWNER), now=timezone.now())
    client.force_login(here.owner.user)

    assert _send(client, f"accounts:{name}", foreign.pk).status_code == 404
    assert Invitation.objects.get().withdrawn_at is None


def test_the_list_takes_as_many_queries_with_thirty_people_as_with_one(client, here):
    client.force_login(here.owner.user)
    _fill(here, 1)
    _page(client, MEMBERS)
    with CaptureQueriesContext(connection) as one:
        _page(client, MEMBERS)
    _fill(here, 29)
    with CaptureQueriesContext(connection) as thirty:
        page = _page(client, MEMBERS).content.decode()

    assert len(thirty) == len(one)
    assert page.count("invited by") == 30
    assert Member.objects.filter(account=here.account).count() == 63


def _fill(here, number):
    for one in range(number):
        MemberFactory(account=here.account)
        MemberFactory(account=here.account, left_at=NOW)
        open_invitation(here.owner, now=timezone.now(), email=f"guest{number}-{one}@example.org")
