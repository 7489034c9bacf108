"""Schedules in Chromium: by keyboard alone, without JavaScript, and what axe finds."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from availability.core.hours import DayHours
from availability.models import DateOverride
from availability.queries.schedules import hours_of
from tests.factories import PASSWORD, MemberFactory, ScheduleFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICE = tuple(DayHours(day, 540, 1020) for day in range(5))


@pytest.fixture
def schedule():
    schedule = ScheduleFactory(member=MemberFactory(user__name="Ines Carstens"), name="Practice hours")
    ScheduleFactory(member=schedule.member, name="Evenings", is_default=False, hours=[(4, 22 * 60, 2 * 60)])
    return schedule


def signed_in(browser, live_server, schedule, **options) -> Page:
    page = browser.new_context(base_url=live_server.url, locale="en-GB", **options).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(reverse("availability:schedules"))
    page.get_by_label("E-mail address").fill(schedule.member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Schedules", level=1).wait_for()
    return page


def look(page: Page) -> None:
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert not found, f"{page.url}: {[(one['id'], one['help']) for one in found]}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_serious_is_found_on_any_page(browser, live_server, schedule, width, scheme):
    page = signed_in(
        browser,
        live_server,
        schedule,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        has_touch=width < 400,
    )
    editor = reverse("availability:schedule", args=[schedule.pk])
    look(page)
    for address in (editor, f"{editor}days/", f"{editor}delete/", reverse("availability:schedule-new")):
        page.goto(address)
        look(page)
    page.get_by_role("button", name="Save the new schedule").click()
    page.locator("[aria-invalid=true]").first.wait_for()
    look(page)


def test_the_week_is_edited_by_keyboard_alone_and_the_picture_follows(browser, live_server, schedule):
    page = signed_in(browser, live_server, schedule)
    page.goto(reverse("availability:schedule", args=[schedule.pk]))

    page.get_by_role("switch", name="Tuesday").focus()
    page.keyboard.press("Space")
    page.locator("#bar-1 .bar-open").wait_for(state="detached")
    page.get_by_role("button", name="Add hours on Friday").focus()
    page.keyboard.press("Enter")
    page.locator("#id_day_4 [name=day_4_opens]:focus").wait_for()
    # htmx gives the focus once more when all has settled, and what was typed before that would begin anew
    expect(page.locator(".htmx-settling")).to_have_count(0)
    page.keyboard.type("1000PM")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("0200AM")
    page.locator("#bar-5 .bar-open[data-into-next-day]").wait_for()
    assert page.get_by_text("Friday ends on Saturday at 02:00.").is_visible()
    look(page)
    page.keyboard.press("Enter")
    page.get_by_text("“Practice hours” is saved.").wait_for()

    assert hours_of(schedule) == (OFFICE[0], *OFFICE[2:], DayHours(4, 1320, 120))


def test_single_days_are_changed_in_a_dialog_and_what_is_typed_below_stays(browser, live_server, schedule):
    page = signed_in(browser, live_server, schedule)
    page.goto(reverse("availability:schedule", args=[schedule.pk]))
    page.get_by_label("Monday, until").fill("12:00")

    page.get_by_role("link", name="Add a day").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save these days").last.click()
    dialog.locator("[aria-invalid=true]").wait_for()
    look(page)
    dialog.locator("a.day").last.click()
    dialog.locator("a.day[aria-current]").wait_for()
    dialog.get_by_role("radio", name="Closed").check()
    dialog.get_by_role("button", name="Save these days").last.click()
    dialog.wait_for(state="hidden")
    page.locator("#overrides").get_by_text("Closed").wait_for()
    assert page.get_by_label("Monday, until").input_value() == "12:00"
    page.get_by_role("button", name="Save the hours").click()
    page.get_by_text("“Practice hours” is saved.").wait_for()

    assert DateOverride.objects.get().opens_minute is None
    assert hours_of(schedule) == (DayHours(0, 540, 720), *OFFICE[1:])


def test_everything_works_without_javascript(browser, live_server, schedule):
    page = signed_in(browser, live_server, schedule, java_script_enabled=False)
    page.goto(reverse("availability:schedule", args=[schedule.pk]))

    page.get_by_role("switch", name="Saturday").check()
    page.get_by_label("Saturday, until").fill("12:00")
    page.get_by_role("button", name="Add hours on Saturday").click()
    page.get_by_label("Saturday, from").last.fill("14:00")
    page.get_by_label("Saturday, until").last.fill("16:00")
    page.get_by_role("button", name="Monday: remove 09:00 to 17:00").click()
    page.get_by_role("button", name="Save the hours").click()
    page.get_by_text("“Practice hours” is saved.").wait_for()
    page.get_by_role("link", name="Add a day").click()
    page.locator("a.day").last.click()
    page.get_by_role("radio", name="Closed").check()
    page.get_by_role("button", name="Save these days").click()
    page.locator("#overrides").get_by_text("Closed").wait_for()

    assert hours_of(schedule) == (*OFFICE[1:], DayHours(5, 540, 720), DayHours(5, 840, 960))
    assert DateOverride.objects.get().opens_minute is None
