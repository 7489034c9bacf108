"""An invitation as whoever got the mail sees it; the chain by which others were taken over, tried on ours (X36)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Member, User
from accounts.roles import Role
from accounts.services.invite import withdraw
from tests.accounts.people import letter_to, open_invitation, path_in, people
from tests.factories import PASSWORD, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
NORA = "nora@example.org"
SAID = {"name": "Nora Lind", "password": "a long way home", "time_zone": "Asia/Kathmandu", "locale": "en-gb"}


@pytest.fixture
def here():
    return people()


def _invite(here, **fields):
    invitation = open_invitation(here.owner, now=timezone.now(), **fields)
    return path_in(letter_to(invitation.email, now=timezone.now()))


def _rows(user):
    return User.objects.filter(pk=user.pk).values("email", "name", "password", "time_zone", "locale", "is_active").get()


def test_a_new_person_joins_and_is_signed_in(client, here):
    path = _invite(here)
    client.cookies["time_zone"] = "Asia/Kathmandu"

    shown = client.get(path)
    answer = client.post(path, SAID)

    assert shown.context["form"].initial["name"] == "Nora Lind"
    assert answer["Location"] == f"{reverse('bookings:my-calendar')}?account=faehrhaus"
    member = Member.objects.get(user__email=NORA)
    assert client.session["_auth_user_id"] == str(member.user_id)
    assert (member.account, member.role, str(member.user.time_zone)) == (here.account, "staff", "Asia/Kathmandu")


def test_looking_accepts_nothing(client, here):
    path = _invite(here)
    UserFactory(email="known@example.org")
    other = _invite(here, email="known@example.org")

    client.get(path)
    client.get(other)
    client.force_login(User.objects.get(email="known@example.org"))
    client.get(other)

    assert Invitation.objects.filter(accepted_at=None).count() == 2


@pytest.mark.parametrize("password", ["short", "1234567890123", "Nora Lind", "nora@example.org"])
def test_a_weak_password_is_refused_beside_its_field(client, here, password):
    answer = client.post(_invite(here), SAID | {"password": password})

    assert answer.status_code == 422
    assert answer.context["form"].errors["password"]
    assert not User.objects.filter(email=NORA).exists()


@pytest.mark.parametrize("form", [SAID, {}, SAID | {"email": "evil@example.org"}])
def test_the_user_an_invited_address_belongs_to_is_never_changed(client, here, form):
    user = UserFactory(email=NORA)
    before = _rows(user)
    path = _invite(here, name="Somebody Else")

    page = client.get(path).content.decode()
    client.post(path, form)

    assert _rows(user) == before
    assert "_auth_user_id" not in client.session
    assert not Member.objects.filter(user=user).exists()
    assert 'type="password"' not in page
    assert f"{reverse('accounts:sign-in')}?next={path}" in page


def test_a_user_signs_in_and_accepts(client, here):
    user = UserFactory(email=NORA)
    before = _rows(user)
    path = _invite(here, role=Role.MANAGER)

    signed_in = client.post(reverse("accounts:sign-in"), {"username": NORA, "password": PASSWORD, "next": path})
    client.post(signed_in["Location"], SAID)

    assert signed_in["Location"] == path
    assert _rows(user) == before
    assert Member.objects.get(user=user).role == "manager"


def test_somebody_else_is_told_so_and_offered_to_sign_out(client, here):
    other = MemberFactory()
    client.force_login(other.user)
    path = _invite(here)

    page = client.get(path).content.decode()
    client.post(path, SAID)
    left = client.post(reverse("accounts:sign-out"), {"next": path})

    assert NORA in page
    assert other.user.email in page
    assert not Member.objects.filter(account=here.account, user=other.user).exists()
    assert not User.objects.filter(email=NORA).exists()
    assert left["Location"] == path


def test_an_operator_who_is_signed_in_does_not_accept_for_others(client, here):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    client.post(_invite(here), SAID)

    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize("change", [{"accepted_at": timezone.now}, {"expires_at": timezone.now}])
def test_one_page_says_that_it_is_over_and_whom_to_ask(client, here, change):
    path = _invite(here)
    Invitation.objects.update(**{name: now() for name, now in change.items()})

    page = client.get(path)
    client.post(path, SAID)

    assert page.status_code == 410
    assert f"Ask {here.owner.user} of Fährhaus Physio" in page.content.decode()
    assert not User.objects.filter(email=NORA).exists()


def test_withdrawn_it_leads_to_the_same_page(client, here):
    path = _invite(here)
    withdraw(Invitation.objects.get(), by=here.owner, now=timezone.now())

    assert client.get(path).status_code == 410


@pytest.mark.parametrize("link", ["nonsense", "x" * 43, "ü"])
def test_a_link_nobody_made_names_no_account(client, here, link):
    _invite(here)

    page = client.get(reverse("accounts:invitation", args=[link]))

    assert page.status_code == 404
    assert "Fährhaus" not in page.content.decode()


def test_the_page_is_kept_and_passed_on_nowhere(client, here):
    page = client.get(_invite(here))

    assert "no-store" in page["Cache-Control"]
    # not "no-referrer": browsers would then send the form without saying where it comes from, and it would be refused
    assert page["Referrer-Policy"] == "same-origin"


def test_an_invitation_gives_nothing_in_other_accounts(client, here):
    victim = MemberFactory(user__email=NORA, role=Role.OWNER)
    client.force_login(here.owner.user)
    _invite(here, role=Role.STAFF)

    pages = [client.get(reverse("accounts:members"), {"account": victim.account.slug}).status_code]

    assert pages == [404]
    assert Member.objects.get(pk=victim.pk).role == "owner"


def test_the_mail_goes_out_while_the_link_can_be_used_only(here):
    open_invitation(here.owner, now=timezone.now())

    assert letter_to(NORA, now=timezone.now() + timedelta(days=7)) is None
