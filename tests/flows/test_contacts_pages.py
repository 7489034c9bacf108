"""Contacts and the fairness report in Chromium: found while typing, changed and forgotten by keyboard; axe on each."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bookings.models import Appointment, Contact
from tests import chromium
from tests.bookings.queries.test_fairness import round_robin
from tests.factories import PASSWORD, ContactFactory, MemberFactory
from tests.flows.practice import TEN

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
MOST_TABS = 80
WEEK = timedelta(days=7)


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
def owner():
    """Of a practice with a round robin, and with Zoë, who was there some days ago, and Ada, who never was."""
    calendar = round_robin("Ines", "Emil", name="Consultation")
    zoe = ContactFactory(account=calendar.account, name="Zoë Hägg", email="zoe@example.org")
    ContactFactory(account=calendar.account, name="Ada Lovelace")
    before = TEN - 3 * WEEK
    Appointment.objects.create(
        calendar=calendar,
        contact=zoe,
        host=calendar.calendar_members.first().member,
        customer_name="Zoë Hägg",
        note="My knee",
        starts_at=before,
        ends_at=before + timedelta(minutes=30),
        booked_at=before - WEEK,
        changed_at=before - WEEK,
        confirmed_at=before - WEEK,
    )
    return MemberFactory(account=calendar.account, role="owner")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_a_customer_is_found_while_typing_changed_and_forgotten_by_keyboard(browser, live_server, owner, scheme, width):
    page = _signed_in(browser, live_server, owner, color_scheme=scheme, viewport={"width": width, "height": 900})
    _press(page, page.get_by_role("link", name="Contacts", exact=True))
    expect(page.get_by_role("heading", name="2 contacts")).to_be_visible()
    _look(page)
    _reach(page, page.get_by_role("searchbox"))
    page.keyboard.type("hagg")
    expect(page.get_by_role("heading", name="1 contact")).to_be_visible()
    expect(page.locator("#announce")).to_have_text("1 contact")

    _press(page, page.get_by_role("link", name="Zoë Hägg"))
    _look(page)
    _press(page, page.get_by_role("link", name="Edit", exact=True))
    _look(page)
    _reach(page, page.get_by_label("Telephone"))
    page.keyboard.type("0170 55")
    page.keyboard.press("Enter")
    expect(page.get_by_text("What is known of Zoë Hägg is saved.")).to_be_visible()
    assert Contact.objects.get(email="zoe@example.org").phone == "0170 55"

    _press(page, page.get_by_role("link", name="Delete personal data"))
    _look(page)
    _press(page, page.get_by_role("button", name="Delete personal data"))
    expect(page.get_by_role("heading", name="Deleted customer")).to_be_visible()
    _look(page)
    assert (Appointment.objects.get().customer_name, Appointment.objects.get().note) == ("Deleted customer", "")


def test_the_fairness_report_is_read_by_keyboard(browser, live_server, owner):
    page = _signed_in(browser, live_server, owner)
    page.goto("/settings/fairness/")
    _look(page)
    _press(page, page.get_by_role("link", name="Last 90 days"))

    expect(page.get_by_text("1 booking begins in these days.")).to_be_visible()
    expect(page.get_by_role("row", name="Ines")).to_contain_text("100 %")
    expect(page.get_by_text("Nothing is on record.")).to_be_visible()
    _look(page)


def _signed_in(browser: Browser, live_server, member, **options) -> Page:
    page = browser.new_context(base_url=live_server.url, locale="en-GB", **options).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto("/")
    page.locator("[name=username]").fill(member.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar/**")
    return page


def _look(page: Page) -> None:
    """One heading above all, nothing beyond the edge, and axe finds nothing serious."""
    axe = Axe().run(page, options={"resultTypes": ["violations"]}).response
    found = [one for one in axe["violations"] if one["impact"] in {"serious", "critical"}]
    assert not found, f"{page.url}: {[(one['id'], [node['target'] for node in one['nodes']]) for one in found]}"
    assert page.locator("h1").count() == 1, page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"


def _press(page: Page, wanted: Locator) -> None:
    """On to the next page."""
    _reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _reach(page: Page, wanted: Locator) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.count() == 1 and wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{page.url}: Tab does not lead to {wanted}")
