"""What browser tests share: signing in, going by keyboard alone, and a look that axe takes part in."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from accounts.models import Member
from tests.factories import PASSWORD

# en-US: dates and times are typed as this browser asks for them
QUIET = (
    "--no-sandbox",
    "--lang=en-US",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MOST_TABS = 150
# what axe is asked for: to describe what passes as well would cost most of its time
FINDINGS = {"resultTypes": ["violations"]}


def opened(browser: Browser, base_url: str, **options: Any) -> Page:
    """An empty page in Berlin; an error in a script fails the test."""
    known = {"timezone_id": "Europe/Berlin", "locale": "en-GB"} | options
    page = browser.new_context(base_url=base_url, **known).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def sign_in(page: Page, member: Member) -> None:
    page.goto("/sign-in/")
    page.locator("[name=username]").fill(member.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar/**")


def signed_in(browser: Browser, live_server: Any, member: Member, **options: Any) -> Page:
    page = opened(browser, live_server.url, **options)
    sign_in(page, member)
    return page


def look(page: Page) -> None:
    """One heading above all, nothing beyond the edge, and axe finds nothing serious."""
    look_with_axe(page)
    assert page.locator("h1").count() == 1, page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"


def look_with_axe(page: Page) -> None:
    _judge(page, Axe().run(page, options=FINDINGS).response)


def look_in_the_dark(page: Page) -> None:
    """After a look: only colours differ, and axe lies in the page already."""
    page.emulate_media(color_scheme="dark")
    _judge(page, page.evaluate("options => axe.run(options)", FINDINGS | {"runOnly": ["color-contrast"]}))
    page.emulate_media(color_scheme="light")


def _judge(page: Page, axe: dict[str, Any]) -> None:
    found = [one for one in axe["violations"] if one["impact"] in {"serious", "critical"}]
    assert not found, f"{page.url}: {[(one['id'], [node['target'] for node in one['nodes']]) for one in found]}"


def reach(page: Page, wanted: Locator, *, on_the_way: Callable[[], None] = lambda: None) -> None:
    """By the Tab key alone."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        on_the_way()
        if wanted.count() == 1 and wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{page.url}: Tab does not lead to {wanted}")


def press(page: Page, wanted: Locator) -> None:
    reach(page, wanted)
    page.keyboard.press("Enter")


def type_into(page: Page, wanted: Locator, text: str) -> None:
    reach(page, wanted)
    page.keyboard.type(text)
