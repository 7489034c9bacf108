"""The pages about an account and its people, in Chromium: axe in light and dark, an invitation by keyboard alone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from accounts.models import Account, Member
from tests import chromium
from tests.accounts.people import letter_to, open_invitation, path_in, people
from tests.factories import NOW, PASSWORD, MemberFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
QUIET = ["--no-sandbox", "--lang=en-US", "--disable-background-networking", "--disable-component-update"]
FINDINGS = {"resultTypes": ["violations"]}
MOST_TABS = 60
NORA = "nora@example.org"


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; the test itself is as synchronous as any
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find(), args=QUIET)
        yield running
        running.close()
        # within an event loop Django opens connections of their own, which nobody else would close
        connections.close_all()


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
    page = _page(browser, live_server, viewport={"width": width, "height": 900})

    for address in (new, known, "/invitation/nobody-made-it/"):
        page.goto(address)
        _look(page)
    _sign_in(page, here.owner)
    for address in (*_pages(here), new):
        page.goto(address)
        for folded in page.locator("details.disclosure > summary").all():
            folded.click()
        _look(page)


def test_somebody_is_invited_and_joins_by_keyboard_alone(browser, live_server, here):
    page = _page(browser, live_server)
    _sign_in(page, here.owner)
    page.goto(reverse("accounts:members"))

    _press(page, page.get_by_role("link", name="Invite somebody"))
    _type(page, page.get_by_label("E-mail address"), NORA)
    _press(page, page.get_by_role("button", name="Send the invitation"))
    expect(page.get_by_text(f"An invitation is on its way to {NORA}.")).to_be_visible()

    theirs = _page(browser, live_server)
    theirs.goto(path_in(letter_to(NORA, now=timezone.now())))
    _type(theirs, theirs.get_by_label("Name"), "Nora Lind")
    _type(theirs, theirs.get_by_label("Password"), "a long way home")
    _press(theirs, theirs.get_by_role("button", name="Join Fährhaus Physio"))
    expect(theirs.get_by_text("You belong to Fährhaus Physio now.")).to_be_visible()
    assert Member.objects.get(user__email=NORA).role == "staff"


def test_a_picked_colour_is_written_beside_the_picker_and_shown_at_once(browser, live_server, here):
    page = _page(browser, live_server)
    _sign_in(page, here.owner)
    page.goto(reverse("accounts:look"))

    page.get_by_label("Pick an own colour").fill("#ffcc00")

    expect(page.get_by_label("Own colour", exact=True)).to_have_value("#ffcc00")
    expect(page.get_by_text("#ffcc00 is too light or too strong to be read")).to_be_visible()
    assert page.get_by_role("radio", name="An own colour").is_checked()
    assert Account.objects.get(pk=here.account.pk).own_colour == ""


def _pages(here):
    names = ("profile", "address", "account", "public-address", "look", "members", "invite")
    return (*(reverse(f"accounts:{name}") for name in names), reverse("accounts:member-role", args=[here.staff.pk]))


def _page(browser: Browser, live_server, **options) -> Page:
    page = browser.new_context(base_url=live_server.url, locale="en-GB", **options).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def _sign_in(page: Page, member: Member) -> None:
    page.goto("/sign-in/")
    page.locator("[name=username]").fill(member.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar/**")


def _look(page: Page) -> None:
    """One heading above all, nothing beyond the edge, and axe finds nothing serious, in the dark either."""
    _judge(page, Axe().run(page, options=FINDINGS).response)
    page.emulate_media(color_scheme="dark")
    _judge(page, page.evaluate("options => axe.run(options)", FINDINGS | {"runOnly": ["color-contrast"]}))
    page.emulate_media(color_scheme="light")
    assert page.locator("h1").count() == 1, page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"


def _judge(page: Page, axe: dict) -> None:
    found = [one for one in axe["violations"] if one["impact"] in {"serious", "critical"}]
    assert not found, f"{page.url}: {[(one['id'], [node['target'] for node in one['nodes']]) for one in found]}"


def _reach(page: Page, wanted: Locator) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.count() == 1 and wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{page.url}: Tab does not lead to {wanted}")


def _press(page: Page, wanted: Locator) -> None:
    _reach(page, wanted)
    page.keyboard.press("Enter")


def _type(page: Page, wanted: Locator, text: str) -> None:
    _reach(page, wanted)
    page.keyboard.type(text)
