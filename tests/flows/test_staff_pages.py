"""Everything a manager sets up, and what customers see of it, in Chromium: axe on every page, and by keyboard alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from availability.core.hours import DayHours
from availability.models import Calendar, CalendarType, Closure, DateOverride
from availability.queries.schedules import hours_of
from availability.services.closures import add_closure
from tests.browsing import look, look_in_the_dark, press, reach, signed_in, type_into
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.practice import MONDAY, NOON, TEN, Practice

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
UNDER_SOMETHING = """async () => {
  await new Promise(requestAnimationFrame);
  const focused = document.activeElement, [place] = focused.getClientRects();
  const seen = document.elementFromPoint((place.left + place.right) / 2, (place.top + place.bottom) / 2);
  return focused.contains(seen) || seen?.closest("label")?.control === focused ? "" : focused.outerHTML.slice(0, 120);
}"""


@pytest.fixture
def manager():
    """Ines, who manages a practice: at work on every day, and nothing to book yet."""
    manager = MemberFactory(
        account__name="Fährhaus", account__slug="faehrhaus", user__name="Ines Carstens", role="owner"
    )
    ScheduleFactory(member=manager, name="Practice hours", hours=[(day, 9 * 60, 17 * 60) for day in range(7)])
    return manager


@pytest.fixture
def visit(manager):
    """A service of half an hour with Ines alone."""
    visit = CalendarFactory(account=manager.account, name="First visit", slug="first-visit", type=CalendarType.SERVICE)
    CalendarMemberFactory(calendar=visit, member=manager)
    return visit


@pytest.fixture
def practice(manager, visit):
    return Practice(manager, visit)


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_serious_is_found_on_any_page_in_light_and_dark(browser, live_server, practice, width):
    page = signed_in(browser, live_server, practice.team[0], viewport={"width": width, "height": 900})

    for address in (*practice.staff_pages(), *practice.public_pages()):
        _open(page, address)
        look(page)
        look_in_the_dark(page)


def test_nothing_serious_is_found_in_german_on_a_phone(browser, live_server, practice):
    practice.team[0].user.locale = "de"
    practice.team[0].user.save()
    page = signed_in(browser, live_server, practice.team[0], viewport={"width": 390, "height": 900}, locale="de-DE")

    for address in (*practice.staff_pages(), *practice.public_pages()):
        _open(page, address)
        assert page.locator("html").get_attribute("lang") == "de"
        look(page)


def test_a_class_is_made_by_keyboard_alone_and_can_be_booked(browser, live_server, manager, visit):
    page = signed_in(browser, live_server, manager)
    page.goto(reverse("availability:calendars"))

    press(page, page.get_by_role("link", name="New calendar"))
    press(page, page.get_by_role("link", name="Class booking"))
    type_into(page, page.get_by_label("Name"), "Back class")
    reach(page, page.get_by_role("radio", name="Ines Carstens"))
    type_into(page, page.get_by_label("Seats", exact=True), "6")
    press(page, page.get_by_role("button", name="Make the calendar"))
    expect(page.get_by_text("“Back class” is made. Its page is ready.")).to_be_in_viewport()
    press(page, page.get_by_role("link", name="/book/faehrhaus/back-class/"))

    expect(page.get_by_role("heading", name="Back class", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="6 seats left").first).to_be_visible()


def test_what_only_one_choice_asks_for_appears_with_that_choice(browser, live_server, manager):
    page = signed_in(browser, live_server, manager)
    page.goto(reverse("availability:calendar-new") + "?type=round_robin")
    member, schedule = (
        page.get_by_role("checkbox", name="Ines Carstens", exact=True),
        page.get_by_label("Schedule, Ines Carstens"),
    )
    first, cap = page.get_by_label("First day"), page.get_by_label("Lead cap")
    for hidden in (first, cap):
        expect(hidden).to_be_hidden()

    reach(page, member)
    page.keyboard.press("Space")
    expect(schedule).to_be_hidden()
    page.keyboard.press("Space")
    expect(schedule).to_be_visible()
    reach(page, page.get_by_role("radio", name="Optimise for availability"))
    page.keyboard.press("ArrowDown")
    expect(cap).to_be_visible()
    reach(page, page.get_by_role("radio", name="A number of days from today"))
    page.keyboard.press("ArrowDown")

    expect(first).to_be_visible()
    expect(page.get_by_label("Date range in days")).to_be_hidden()


def test_nothing_that_has_the_focus_lies_under_a_bar_on_a_phone(browser, live_server, manager, visit):
    page = signed_in(browser, live_server, manager, viewport={"width": 390, "height": 900})

    for address in (
        reverse("availability:calendar", args=[visit.pk]),
        reverse("availability:schedule", args=[manager.schedules.get().pk]),
    ):
        _open(page, address)
        reach(page, page.get_by_role("button", name="Save the"), on_the_way=lambda: _in_sight(page))


def test_the_hours_of_one_day_are_changed_by_keyboard_alone(browser, live_server, manager):
    page = signed_in(browser, live_server, manager)
    page.goto(reverse("availability:schedules"))

    press(page, page.get_by_role("link", name="Edit"))
    type_into(page, page.get_by_label("Wednesday, until"), "0100PM")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Practice hours” is saved.")).to_be_visible()

    until = dict.fromkeys(range(7), 17 * 60) | {2: 13 * 60}
    assert hours_of(manager.schedules.get()) == tuple(DayHours(day, 9 * 60, until[day]) for day in range(7))


def test_a_day_off_is_entered_by_keyboard_alone(browser, live_server, manager):
    page = signed_in(browser, live_server, manager)
    page.goto(reverse("availability:schedule", args=[manager.schedules.get().pk]))

    press(page, page.get_by_role("link", name="Add a day"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(page.locator(".htmx-settling")).to_have_count(0)
    type_into(page, dialog.get_by_label("Day", exact=True), f"{MONDAY:%m%d%Y}")
    reach(page, dialog.get_by_role("radio", name="Closed"))
    page.keyboard.press("Space")
    press(page, dialog.get_by_role("button", name="Save these days"))
    expect(dialog).to_be_hidden()

    assert DateOverride.objects.values_list("date", "opens_minute").get() == (MONDAY, None)


def test_a_closure_is_entered_by_keyboard_alone_and_closes_the_page(browser, live_server, manager, visit):
    page = signed_in(browser, live_server, manager)
    page.goto(reverse("availability:closures"))

    press(page, page.get_by_role("link", name="Add a closure"))
    type_into(page, page.get_by_label("What for"), "Stocktaking")
    type_into(page, page.get_by_label("First day"), f"{MONDAY:%m%d%Y}")
    press(page, page.get_by_role("button", name="Save the closure"))
    expect(page.get_by_role("link", name="Change Stocktaking")).to_be_visible()

    midnight = TEN.replace(hour=0)
    kept = Closure.objects.values_list("name", "starts_at", "ends_at").get()
    assert kept == ("Stocktaking", midnight, midnight + timedelta(days=1))
    page.goto(reverse("bookings:book", args=["faehrhaus", visit.slug]) + f"?day={MONDAY}")
    expect(page.get_by_text("Nothing is free on this day.")).to_be_visible()


def test_the_troubleshooter_leads_to_what_would_change_a_refusal(browser, live_server, manager, visit):
    add_closure(manager.account, name="Stocktaking", starts_at=TEN, ends_at=NOON)
    CalendarMemberFactory(calendar__account=manager.account, calendar__name="Another", member=manager)
    page = signed_in(browser, live_server, manager)
    page.goto(reverse("availability:schedules"))

    press(page, page.get_by_role("link", name="Troubleshooter"))
    type_into(page, page.get_by_label("Calendar", exact=True), "First")
    type_into(page, page.get_by_role("textbox", name="Day"), f"{MONDAY:%m%d%Y}")
    expect(page.locator("#answers")).to_contain_text("Stocktaking")
    press(page, page.locator("#answers").get_by_role("link", name="Change the closure").first)

    expect(page.get_by_role("heading", name="Closures and holidays", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Change Stocktaking")).to_be_visible()


def test_the_preview_follows_the_slot_duration_and_nothing_is_stored(browser, live_server, manager, visit):
    page = signed_in(browser, live_server, manager)
    stored = list(Calendar.objects.values())
    page.goto(reverse("availability:calendar", args=[visit.pk]))
    shown = page.locator("#preview-shown")
    expect(shown).to_contain_text("30 minutes")
    expect(shown.locator(".time", has_text="16:30")).to_be_visible()

    type_into(page, page.get_by_label("Slot duration"), "45")
    page.keyboard.press("Tab")

    expect(shown).to_contain_text("45 minutes")
    expect(shown.locator(".time", has_text="16:30")).to_have_count(0)
    assert list(Calendar.objects.values()) == stored


def _open(page: Page, address: str) -> None:
    """The page as it stands when its parts have come as well."""
    answer = page.goto(address)
    assert answer
    assert answer.ok, f"{address}: {answer.status}"
    expect(page.locator("#preview-shown > button")).to_have_count(0)


def _in_sight(page: Page) -> None:
    """The middle of what has the focus, or of its label, is not covered; the preview is taller than the screen."""
    covered = page.evaluate(UNDER_SOMETHING)
    assert not covered, f"{page.url}: {covered}"
