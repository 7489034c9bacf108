"""The account's details, its public address, its colour; and one's own profile."""

import pytest
from django.urls import reverse

from accounts.core.colour import readable_pair
from accounts.mails.composing import compose_question
from accounts.models import Account, OutgoingMail, User
from accounts.ports import MailOrder
from tests.accounts.people import path_in, people
from tests.factories import NOW, PASSWORD, AccountFactory, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
DETAILS = {
    "name": "Hafen Physio",
    "time_zone": "Europe/Lisbon",
    "locale": "de",
    "email": "hello@example.org",
    "phone": "+49 40 1234",
}


@pytest.fixture
def here():
    return people()


# ── details ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_those_who_manage_change_the_details_and_nothing_else(client, here, who):
    client.force_login(here.of(who).user)

    client.post(reverse("accounts:account"), DETAILS | {"slug": "stolen", "accent": "plum", "own_colour": "#000000"})

    account = Account.objects.get(pk=here.account.pk)
    assert (account.name, str(account.time_zone), account.locale) == ("Hafen Physio", "Europe/Lisbon", "de")
    assert (account.email, account.phone) == ("hello@example.org", "+49 40 1234")
    assert (account.slug, account.accent, account.own_colour) == ("faehrhaus", "kelp", "")


def test_what_is_refused_shows_in_its_field_and_nowhere_else(client, here):
    client.force_login(here.owner.user)

    answer = client.post(reverse("accounts:account"), DETAILS | {"name": "Typed", "email": "none"})

    assert answer.status_code == 422
    assert answer.content.decode().count("Typed") == 1


def test_an_owner_is_asked_before_the_public_address_changes(client, here):
    client.force_login(here.owner.user)
    page = reverse("accounts:public-address")

    asked = client.post(page, {"slug": "hafen"})
    before = Account.objects.get(pk=here.account.pk).slug
    done = client.post(page, {"slug": "hafen", "sure": "yes", "account": "faehrhaus"})

    assert "Old links stop working at once" in asked.content.decode()
    assert (before, Account.objects.get(pk=here.account.pk).slug) == ("faehrhaus", "hafen")
    assert done["Location"].endswith("?account=hafen")
    assert client.session["last_account"] == "hafen"
    assert client.get(done["Location"]).status_code == 200


@pytest.mark.parametrize("slug", ["faehrhaus", "taken", "manage", "not a slug", ""])
def test_an_address_that_cannot_be_is_refused_beside_the_field(client, here, slug):
    AccountFactory(slug="taken")
    client.force_login(here.owner.user)

    answer = client.post(reverse("accounts:public-address"), {"slug": slug, "sure": "yes"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["slug"]


def test_only_owners_change_the_public_address(client, here):
    client.force_login(here.manager.user)

    assert client.get(reverse("accounts:public-address")).status_code == 404
    assert client.post(reverse("accounts:public-address"), {"slug": "x", "sure": "y"}).status_code == 404
    assert reverse("accounts:public-address") not in client.get(reverse("accounts:account")).content.decode()


# ── look ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_ready_colour_takes_the_place_of_an_own_one(client, here):
    Account.objects.filter(pk=here.account.pk).update(own_colour="#123456")
    client.force_login(here.manager.user)

    client.post(reverse("accounts:look"), {"colour": "plum", "own_colour": "#123456"})

    account = Account.objects.get(pk=here.account.pk)
    assert (account.accent, account.own_colour) == ("plum", "")


@pytest.mark.parametrize("typed", ["#FF0000", "ff0000", " #ff0000 "])
def test_an_own_colour_is_kept_as_it_was_meant_and_served_as_it_can_be_read(client, here, typed):
    client.force_login(here.owner.user)

    client.post(reverse("accounts:look"), {"colour": "own", "own_colour": typed})
    page = client.get(reverse("accounts:look")).content.decode()
    sheet = client.get("/theme/faehrhaus.css", {"v": "ff0000"})

    pair = readable_pair("#ff0000")
    assert Account.objects.get(pk=here.account.pk).own_colour == "#ff0000"
    assert '<link rel="stylesheet" href="/theme/faehrhaus.css?v=ff0000">' in page
    assert sheet.content.decode() == (
        f":root {{ --accent-on-light: {pair.on_light}; --accent-on-dark: {pair.on_dark}; }}\n"
    )
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in sheet["Cache-Control"]


def test_a_stylesheet_asked_for_by_another_version_is_kept_for_an_hour(client, here):
    Account.objects.filter(pk=here.account.pk).update(own_colour="#123456")

    assert client.get("/theme/faehrhaus.css", {"v": "ff0000"})["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("slug", ["faehrhaus", "nobody"])
def test_there_is_no_stylesheet_without_an_own_colour(client, here, slug):
    assert client.get(f"/theme/{slug}.css").status_code == 404


@pytest.mark.parametrize("typed", ["", "red", "#12345", "#12345g", "#1234567"])
def test_what_is_no_colour_is_refused_beside_the_field(client, here, typed):
    client.force_login(here.owner.user)

    answer = client.post(reverse("accounts:look"), {"colour": "own", "own_colour": typed})

    assert answer.status_code == 422
    assert answer.context["form"].errors["own_colour"]
    assert Account.objects.get(pk=here.account.pk).own_colour == ""


def test_a_colour_can_be_seen_before_it_is_saved(client, here):
    client.force_login(here.owner.user)
    form = {"colour": "own", "own_colour": "#ffff00", "show": "1"}

    whole = client.post(reverse("accounts:look"), form).content.decode()
    part = client.post(reverse("accounts:look"), form, headers={"HX-Request": "true"}).content.decode()

    made = readable_pair("#ffff00")
    assert f"on light pages it becomes {made.on_light}" in whole
    assert part.strip().startswith('<div class="stack" id="look-preview"')
    assert made.on_light in part
    assert made.on_dark in part
    assert Account.objects.get(pk=here.account.pk).own_colour == ""


def test_a_public_page_wears_the_own_colour(client, here):
    Account.objects.filter(pk=here.account.pk).update(own_colour="#123456")

    assert "/theme/faehrhaus.css?v=123456" in client.get(reverse("bookings:group", args=["faehrhaus"])).content.decode()


# ── my profile ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_language_of_the_profile_goes_before_the_switch(client, here):
    client.force_login(here.staff.user)
    client.post(reverse("set_language"), {"language": "de"})

    client.post(reverse("accounts:profile"), {"name": "Ada", "time_zone": "Europe/Berlin", "locale": "en-gb"})

    assert 'lang="en-gb"' in client.get(reverse("accounts:profile")).content.decode()


def test_another_address_is_asked_for_with_the_password_and_used_by_the_link(client, here):
    client.force_login(here.staff.user)
    page = reverse("accounts:address")

    wrong = client.post(page, {"address": "new@example.org", "password": "wrong"})
    client.post(page, {"address": "new@example.org", "password": PASSWORD})
    link = _link_mailed_to("new@example.org")
    shown = client.get(link)
    before = User.objects.get(pk=here.staff.user_id).email
    client.post(link)

    assert wrong.status_code == 422
    assert shown.status_code == 200
    assert (before, User.objects.get(pk=here.staff.user_id).email) == (here.staff.user.email, "new@example.org")
    assert client.get(link).status_code == 410


def test_a_mistyped_address_gives_its_owner_nothing(client, here):
    client.force_login(here.staff.user)
    client.post(reverse("accounts:address"), {"address": "stranger@example.org", "password": PASSWORD})
    link = _link_mailed_to("stranger@example.org")
    client.logout()

    signed_out = client.post(link)
    client.force_login(MemberFactory().user)

    assert signed_out.status_code == 302
    assert client.post(link).status_code == 410
    assert User.objects.get(pk=here.staff.user_id).email == here.staff.user.email


def _link_mailed_to(address):
    mail = OutgoingMail.objects.get(recipient=address)
    order = MailOrder(subject_uid=mail.subject_uid, kind=mail.kind, recipient=address, sequence=mail.sequence)
    return path_in(compose_question(order, NOW))
