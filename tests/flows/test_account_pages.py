"""The pages about an account and its people, in Chromium: axe in light and dark, an invitation by keyboard alone."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Account, Member
from tests.accounts.people import letter_to, open_invitation, path_in, people
from tests.browsing import look, look_in_the_dark, opened, press, sign_in, type_into
from tests.factories import NOW, MemberFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
NORA = "nora@example.org"


@pytest.fixture
def here():
    return people()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_serious_is_found_on_any_page_in_light_and_dark(browser, live_server, here, width):
    MemberFactory(account=here.account, left_at=NOW)
    Account.objects.filter(pk=here.account.pk).update(own_colour="#ffcc00")
    open_invitation(here.owner, now=timezone.now())
    UserFactory(email="known@example.org")
    open_invitation(here.owner, now=timezone.now(), email="known@example.org")
    new, known = (path_in(letter_to(address, now=timezone.now())) for address in (NORA, "known@example.org"))
    page = opened(browser, live_server.url, viewport={"width": width, "height": 900})

    for address in (new, known, "/invitation/nobody-made-it/"):
        page.goto(address)
        _look(page)
    sign_in(page, here.owner)
    for address in (*_pages(here), new):
        page.goto(address)
        for folded in page.locator("details.disclosure > summary").all():
            folded.click()
        _look(page)


def test_somebody_is_invited_and_joins_by_keyboard_alone(browser, live_server, here):
    page = opened(browser, live_server.url)
    sign_in(page, here.owner)
    page.goto(reverse("accounts:members"))

    press(page, page.get_by_role("link", name="Invite somebody"))
    type_into(page, page.get_by_label("E-mail address"), NORA)
    press(page, page.get_by_role("button", name="Send the invitation"))
    expect(page.get_by_text(f"An invitation is on its way to {NORA}.")).to_be_visible()

    theirs = opened(browser, live_server.url)
    theirs.goto(path_in(letter_to(NORA, now=timezone.now())))
    type_into(theirs, theirs.get_by_label("Name"), "Nora Lind")
    type_into(theirs, theirs.get_by_label("Password"), "a long way home")
    press(theirs, theirs.get_by_role("button", name="Join Fährhaus Physio"))
    expect(theirs.get_by_text("You belong to Fährhaus Physio now.")).to_be_visible()
    assert Member.objects.get(user__email=NORA).role == "staff"


def test_a_picked_colour_is_written_beside_the_picker_and_shown_at_once(browser, live_server, here):
    page = opened(browser, live_server.url)
    sign_in(page, here.owner)
    page.goto(reverse("accounts:look"))

    page.get_by_label("Pick an own colour").fill("#ffcc00")

    expect(page.get_by_label("Own colour", exact=True)).to_have_value("#ffcc00")
    expect(page.get_by_text("#ffcc00 is too light or too strong to be read")).to_be_visible()
    assert page.get_by_role("radio", name="An own colour").is_checked()
    assert Account.objects.get(pk=here.account.pk).own_colour == ""


def _pages(here):
    names = ("profile", "address", "account", "public-address", "look", "members", "invite")
    return (*(reverse(f"accounts:{name}") for name in names), reverse("accounts:member-role", args=[here.staff.pk]))


def _look(page: Page) -> None:
    look(page)
    look_in_the_dark(page)
