"""Each page staff can open, in Chromium, in both languages: axe in light and dark, all of it reached by keyboard."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.browsing import look, look_in_the_dark, signed_in
from tests.flows.permission_world import PAGES, Cast, For

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
STAFF = {For.MEMBERS, For.MANAGERS, For.OWNERS, For.THEMSELVES, For.THEM_OR_MANAGERS}
# what a Tab must lead to; of radio buttons to one of each group
MARK = """() => {
  const open = one => one.checkVisibility({visibilityProperty: true}) && !one.closest("[inert], [disabled]");
  const wanted = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], iframe"
  )].filter(one => open(one) && !one.disabled && one.tabIndex >= 0);
  const groups = new Set();
  for (const one of wanted) {
    if (one.type === "radio") {
      const group = one.form?.id + one.name;
      const chosen = wanted.some(other => other.type === "radio" && other.name === one.name && other.checked);
      if (groups.has(group) || (chosen && !one.checked)) continue;
      groups.add(group);
    }
    one.dataset.tab = "wanted";
  }
}"""
REACHED = """() => {
  const one = document.activeElement;
  if (one?.dataset.tab) one.dataset.tab = "reached";
  return document.querySelectorAll("[data-tab=wanted]").length;
}"""
LEFT = "() => [...document.querySelectorAll('[data-tab=wanted]')].map(one => one.outerHTML.slice(0, 120))"


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("half", [0, 1])
def test_nothing_serious_is_found_and_everything_is_reached_by_keyboard(
    browser: Browser, live_server, language: str, half: int
) -> None:
    cast = Cast()
    User.objects.update(locale=language)
    pages = {
        who: signed_in(browser, live_server, member, locale=language, viewport={"width": width, "height": 900})
        for who, member, width in (("ines", cast.ines, 390), ("otto", cast.otto, 1440))
    }

    for who, address in list(_addresses(cast))[half::2]:
        page = pages[who]
        page.goto(address)
        look(page)
        look_in_the_dark(page)
        _reach_everything(page)


def _addresses(cast: Cast) -> Iterator[tuple[str, str]]:
    """Who opens what: whose page it is, or the owner; pages that are pages, not parts, pictures or buttons."""
    clients = {"ines": Client(), "otto": Client()}
    clients["ines"].force_login(cast.ines.user)
    clients["otto"].force_login(cast.otto.user)
    for name, (rule, *_about) in PAGES.items():
        if rule in STAFF:
            who = "otto" if rule in {For.MANAGERS, For.OWNERS} else "ines"
            address = reverse(name, kwargs=cast.there(name))
            answer = clients[who].get(address)
            if answer.status_code == 200 and b"<html" in answer.content[:200]:
                yield who, address


def _reach_everything(page: Page) -> None:
    page.evaluate(MARK)
    wanted = page.locator("[data-tab=wanted]").count()
    # fields of dates and times have several stops each
    for _ in range(4 * wanted + 20):
        page.keyboard.press("Tab")
        if not page.evaluate(REACHED):
            return
    pytest.fail(f"{page.url}: Tab does not lead to {page.evaluate(LEFT)}")
