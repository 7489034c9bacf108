"""The troubleshooter in Chromium: by keyboard, without JavaScript, and what axe finds."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from availability.models import CalendarType, DateOverride
from tests.factories import PASSWORD, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = reverse("availability:troubleshooter")
# some day that can be booked, whenever this runs
DAY = datetime.now(UTC).date() + timedelta(days=10)


@pytest.fixture
def host():
    """Serves two calendars, one of them with a colleague who is off that day."""
    ines = MemberFactory(user__name="Ines Carstens", role="owner")
    emil = MemberFactory(account=ines.account, user__name="Emil Brandt")
    hours = [(weekday, 9 * 60, 12 * 60) for weekday in range(7)]
    for member in (ines, emil):
        ScheduleFactory(member=member, name="Practice", hours=hours)
    DateOverride.objects.create(schedule=emil.schedules.get(), date=DAY)
    visit = CalendarFactory(account=ines.account, name="First visit", look_busy=30)
    alone = CalendarFactory(account=ines.account, name="Phone call", type=CalendarType.SIMPLE)
    for calendar, member in ((visit, ines), (visit, emil), (alone, ines)):
        CalendarMemberFactory(calendar=calendar, member=member)
    return ines


def opened(browser, live_server, host, **options) -> Page:
    page = browser.new_context(base_url=live_server.url, locale="en-GB", **options).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"{PAGE}?day={DAY}")
    page.get_by_label("E-mail address").fill(host.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Why is a time offered, or not?").wait_for()
    return page


def look(page: Page) -> None:
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert not found, f"{page.url}: {[(one['id'], one['help']) for one in found]}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_serious_is_found(browser, live_server, host, width, scheme):
    page = opened(browser, live_server, host, viewport={"width": width, "height": 900}, color_scheme=scheme)

    look(page)
    for asked in (f"day={DAY}&only=offered", f"day={DAY}&only=not", "day=2020-06-02", "day=nonsense"):
        page.goto(f"{PAGE}?{asked}")
        look(page)


def test_a_change_is_answered_at_once_and_the_focus_stays(browser, live_server, host):
    page = opened(browser, live_server, host)
    calendar, whose = page.get_by_label("Calendar", exact=True), page.get_by_label("Host")
    expect(page.locator("#answers")).to_contain_text("other hours hold than usual")

    whose.focus()
    whose.select_option(label="Emil Brandt")
    expect(page.locator("#answers")).to_contain_text("0 offered")
    expect(page).to_have_url(re.compile(f"host={host.account.members.exclude(pk=host.pk).get().slug}&"))
    expect(whose).to_be_focused()

    page.get_by_role("link", name="Not offered", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Not offered", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("link", name="Not offered", exact=True)).to_be_focused()

    calendar.focus()
    calendar.select_option(label="Phone call")
    expect(page.locator("#answers")).to_contain_text("Every time of this day is offered.")
    expect(whose.locator("option")).to_have_text(["Whoever is free", "Ines Carstens"])
    expect(calendar).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("6 offered, 0 not")


def test_a_day_that_is_none_is_said_without_taking_the_focus(browser, live_server, host):
    page = opened(browser, live_server, host)
    address = page.url

    day = page.get_by_role("textbox", name="Day")
    day.fill("0002-11-24")
    day.dispatch_event("change")

    expect(page.locator("#answers")).to_contain_text("This is not a day we know.")
    assert page.url == address


def test_it_works_without_javascript(browser, live_server, host):
    page = opened(browser, live_server, host, java_script_enabled=False)

    page.get_by_label("Host").select_option(label="Emil Brandt")
    page.get_by_role("button", name="Explain").click()

    assert "0 offered" in page.locator("#answers").inner_text()
    page.get_by_role("link", name="Offered", exact=True).click()
    assert "No time of this day is offered." in page.locator("#answers").inner_text()
