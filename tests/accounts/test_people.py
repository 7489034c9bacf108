"""Signing in, passwords, the first owner, and who sees which account (P1, P2)."""

import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Account, User
from accounts.queries import address_of
from tests.factories import PASSWORD, AccountFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_somebody_signs_in_by_e_mail_address_in_any_spelling(client):
    member = MemberFactory(user__email="ines@example.org")

    answer = client.post(reverse("accounts:sign-in"), {"username": " INES@example.org", "password": PASSWORD})

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(member.user_id)


def test_a_refused_sign_in_says_the_same_for_known_and_unknown_people(client):
    UserFactory(email="ines@example.org")
    pages = [
        client.post(reverse("accounts:sign-in"), {"username": email, "password": "wrong"}).content.decode()
        for email in ("ines@example.org", "nobody@example.org")
    ]

    said = [re.sub(r'(value|nonce|content)="[^"]*"', "", page) for page in pages]
    assert said[0] == said[1]
    assert "do not belong together" in said[0]


def test_two_users_cannot_share_an_address_in_other_capitals():
    UserFactory(email="ines@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="Ines@Example.org", name="Ines")])


@pytest.mark.parametrize("page", ["accounts:sign-in", "admin:login"])
@pytest.mark.parametrize("typed", ["a" * 300, "İ" * 254, "ﷺ" * 20])
def test_an_address_longer_than_any_is_refused_like_others(client, page, typed):
    answer = client.post(reverse(page), {"username": typed, "password": "wrong"})

    assert answer.status_code == 200


def test_a_staff_page_is_kept_by_no_browser(client):
    client.force_login(MemberFactory().user)

    assert "no-store" in client.get(reverse("bookings:my-calendar"))["Cache-Control"]


def test_after_ten_failures_sign_in_pauses(client):
    UserFactory(email="ines@example.org")
    for spelling in ("ines@example.org", "Ines@Example.org ") * 5:
        client.post(reverse("accounts:sign-in"), {"username": spelling, "password": "wrong"})

    answer = client.post(reverse("accounts:sign-in"), {"username": "ines@example.org", "password": PASSWORD})

    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail(client, settings):
    UserFactory(email="ines@example.org")
    client.post(reverse("accounts:password-reset"), {"email": "ines@example.org"}, headers={"host": "localhost"})
    link = re.search(r"https?://\S+", mail.outbox[0].body).group()

    assert link.startswith(settings.PUBLIC_BASE_URL)
    form = client.get(link.removeprefix(settings.PUBLIC_BASE_URL), follow=True)
    new = "a much better password"
    client.post(form.redirect_chain[-1][0], {"new_password1": new, "new_password2": new})
    assert _signs_in(client, new)


def _signs_in(client, password):
    answer = client.post(reverse("accounts:sign-in"), {"username": "ines@example.org", "password": password})
    return answer.status_code == 302


def test_the_profile_is_changed_by_its_owner(client):
    member = MemberFactory()
    client.force_login(member.user)

    client.post(reverse("accounts:profile"), {"name": "New Name", "time_zone": "Asia/Kathmandu", "locale": "de"})

    member.user.refresh_from_db()
    assert (member.user.name, str(member.user.time_zone), member.user.locale) == ("New Name", "Asia/Kathmandu", "de")


def test_an_account_one_is_not_a_member_of_does_not_exist(client):
    client.force_login(MemberFactory().user)
    foreign = AccountFactory()

    pages = [client.get(reverse("accounts:profile"), {"account": slug}) for slug in (foreign.slug, "no-such-account")]

    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].content == pages[1].content


def test_the_command_creates_the_first_owner(monkeypatch):
    monkeypatch.setenv("OWNER_PASSWORD", PASSWORD)

    call_command("create_owner", email="Ada@Example.org", name="Ada", account="Engines", slug="engines")

    owner = Account.objects.get(slug="engines").members.get()
    assert (owner.user.email, owner.role, owner.user.check_password(PASSWORD)) == ("ada@example.org", "owner", True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slug": "manage"}, "kept for the site itself"),
        ({"email": "no address"}, "not a complete e-mail address"),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
def test_the_command_says_what_is_wrong_and_keeps_nothing(monkeypatch, changed, said):
    monkeypatch.setenv("OWNER_PASSWORD", PASSWORD)
    options = {"email": "ada@example.org", "name": "Ada", "account": "Engines", "slug": "engines"} | changed

    with pytest.raises(CommandError, match=said):
        call_command("create_owner", **options)

    assert (User.objects.count(), Account.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("proxies", "claimed", "found"),
    [
        (0, "203.0.113.9", "198.51.100.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "192.0.2.66, 203.0.113.9", "203.0.113.9"),
        (2, "192.0.2.66, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", ""),
        (1, "nonsense", ""),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_a_client_is_who_the_trusted_proxies_saw_and_not_who_they_say_they_are(rf, settings, proxies, claimed, found):
    settings.TRUSTED_PROXY_COUNT = proxies

    request = rf.get("/", REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR=claimed)

    assert address_of(request) == found


def test_the_mail_with_the_link_comes_in_the_look_of_the_house_as_well(client, settings):
    UserFactory(email="ines@example.org", name="Ines <b>")
    client.post(reverse("accounts:password-reset"), {"email": "ines@example.org"})

    page = mail.outbox[0].alternatives[0].content
    link = re.search(r"https?://\S+", mail.outbox[0].body).group()

    assert page.startswith("<!doctype html>")
    assert f'<a href="{link}"' in page
    assert "Ines &lt;b&gt;" in page
