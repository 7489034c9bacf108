"""My Calendar in Chromium, acting: dragged, moved by keys, undone, made on an empty spot, looked into beside."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from availability.models import CalendarType
from bookings.models import OwnItemKind
from bookings.services.add_own_item import add_own_item
from bookings.services.book import book_appointment
from tests.browsing import look_with_axe
from tests.factories import PASSWORD, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.practice import ADA, MONDAY, TEN

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
HOUR, DAY, QUARTER = timedelta(hours=1), timedelta(days=1), timedelta(minutes=15)
NOON = TEN + 2 * HOUR


@pytest.fixture
def ines():
    ines = MemberFactory(account__name="Fährhaus", user__name="Ines Carstens", role="owner")
    ScheduleFactory(member=ines, hours=[(day, 9 * 60, 17 * 60) for day in range(7)])
    return ines


@pytest.fixture
def choir(ines):
    return add_own_item(
        ines.account,
        kind=OwnItemKind.ACTIVITY,
        title="Choir",
        starts_at=NOON,
        ends_at=NOON + HOUR,
        assignees=[ines],
        now=timezone.now(),
    )


@pytest.fixture
def appointment(ines):
    visit = CalendarFactory(account=ines.account, name="First visit", type=CalendarType.SERVICE)
    CalendarMemberFactory(calendar=visit, member=ines)
    return book_appointment(visit, starts_at=TEN, customer=ADA, now=timezone.now())


@pytest.fixture
def page(browser, live_server, ines):
    return _week(browser, live_server, ines)


def test_an_item_is_dragged_and_the_move_undone(choir, page):
    _drag(page, _entry(page, choir), days=1, minutes=60)

    expect(page.locator("#messages")).to_contain_text("“Choir” is on")
    assert _span(choir) == (NOON + DAY + HOUR, NOON + DAY + 2 * HOUR)
    expect(_entry(page, choir).locator("a")).to_be_focused()

    page.locator("#messages").get_by_role("button", name="Undo").click()
    expect(page.locator("#messages")).to_contain_text("It is back where it was.")
    assert _span(choir) == (NOON, NOON + HOUR)


def test_an_item_is_lengthened_at_its_edge(choir, page):
    _drag(page, _entry(page, choir), minutes=30, at_the_edge=True)

    expect(page.locator("#messages")).to_contain_text("lasts until")
    assert _span(choir) == (NOON, NOON + HOUR + 2 * QUARTER)


def test_an_item_is_moved_and_lengthened_by_keys(choir, page):
    _entry(page, choir).locator("a").focus()

    page.keyboard.press("m")
    expect(page.locator("#announce")).to_contain_text("Arrow keys move it")
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("#announce")).to_contain_text("12:15 – 13:30")
    page.keyboard.press("Enter")

    expect(page.locator("#messages")).to_contain_text("“Choir”")
    assert _span(choir) == (NOON + DAY + QUARTER, NOON + DAY + HOUR + 2 * QUARTER)


def test_escape_leaves_it_as_it_was(choir, page):
    _entry(page, choir).locator("a").focus()

    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[data-shadow]")).to_have_count(1)
    page.keyboard.press("Escape")

    expect(page.locator("[data-shadow]")).to_have_count(0)
    expect(page.locator("#announce")).to_have_text("It stays as it was.")
    assert _span(choir) == (NOON, NOON + HOUR)


def test_an_appointment_is_moved_by_keys_after_a_question(appointment, page):
    _entry(page, appointment).locator("a").focus()

    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Enter")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading")).to_contain_text("Move Ada Lovelace to")
    look_with_axe(page)
    page.keyboard.press("Enter")

    expect(page.locator("#messages")).to_contain_text("Ada Lovelace is moved to")
    expect(dialog).to_be_hidden()
    assert _span(appointment)[0] == TEN + DAY


def test_an_appointment_that_cannot_go_there_says_why_and_stays(appointment, page):
    _entry(page, appointment).locator("a").focus()

    page.keyboard.press("Shift+Alt+ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator("#dialog")).to_contain_text("set for the whole calendar: 30 minutes in “First visit”")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(_entry(page, appointment).locator("a")).to_be_focused()


def test_something_new_is_made_on_an_empty_spot_by_keys(page, ines):
    page.locator(".week-day > h2 a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    here = page.get_by_role("dialog")
    expect(here.get_by_role("heading")).to_contain_text("09:30")
    look_with_axe(page)
    here.get_by_role("link", name="Blocked time").press("Enter")

    expect(page.get_by_label("From")).to_have_value("09:30")
    look_with_axe(page)
    page.get_by_label("Title").fill("Stocktaking")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("“Stocktaking” is in the calendar.")
    assert ines.own_items.get().kind == OwnItemKind.BLOCK


def test_something_new_is_made_where_one_clicks(page, ines):
    hours = page.locator(".week-day .week-entries").nth(6)
    place = hours.bounding_box()
    hours.click(position={"x": place["width"] / 2, "y": place["height"] / 2}, button="right")

    page.get_by_role("dialog").get_by_role("link", name="Task").click()
    expect(page.get_by_label("From")).not_to_have_value("")
    expect(page.get_by_label("Kind")).to_have_value("task")


def test_everything_about_an_appointment_stands_beside_the_calendar(appointment, page):
    face = _entry(page, appointment).locator("a")
    face.click()
    panel = page.locator("#panel")

    expect(panel.get_by_role("heading", name="Ada Lovelace")).to_be_focused()
    for words in ("First visit", "ada@example.org", "What happened", "Copies outside", "Why Ines Carstens"):
        expect(panel).to_contain_text(words)
    look_with_axe(page)
    page.keyboard.press("Escape")

    expect(panel).to_be_hidden()
    expect(face).to_be_focused()


def test_an_item_is_deleted_beside_the_calendar_and_put_back(choir, page):
    _entry(page, choir).locator("a").click()
    page.locator("#panel").get_by_role("button", name="Delete").click()
    expect(_entry(page, choir)).to_have_count(0)

    page.keyboard.press("Enter")

    expect(_entry(page, choir)).to_have_count(1)


def test_the_keys_lead_through_the_calendar_and_never_while_one_types(choir, page):
    page.locator("#main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Keys in My Calendar")
    look_with_axe(page)
    page.keyboard.press("Escape")

    page.locator("#main").focus()
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.locator(".agenda")).to_be_visible()
    page.locator("#main").focus()
    with page.expect_navigation():
        page.keyboard.press("m")
    expect(page.locator(".month-grid")).to_be_visible()


def _week(browser: Browser, live_server, member) -> Page:
    page = browser.new_context(
        base_url=live_server.url, timezone_id="Europe/Berlin", locale="en-GB", viewport={"width": 1440, "height": 1600}
    ).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto("/")
    page.locator("[name=username]").fill(member.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar/**")
    page.goto(f"{reverse('bookings:my-calendar')}?view=week&day={MONDAY.isoformat()}")
    return page


def _entry(page: Page, one) -> Locator:
    return page.locator(f'.entry[data-item="{one.uid}"]')


def _drag(page: Page, entry: Locator, *, days: int = 0, minutes: int = 0, at_the_edge: bool = False) -> None:
    place, column = entry.bounding_box(), page.locator(".week-day").first.bounding_box()
    hour = (
        page.locator(".week-hours li").nth(2).bounding_box()["y"]
        - page.locator(".week-hours li").nth(1).bounding_box()["y"]
    )
    x, y = place["x"] + place["width"] / 2, place["y"] + (place["height"] - 3 if at_the_edge else 10)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * column["width"], y + minutes / 60 * hour, steps=4)
    page.mouse.up()


def _span(one):
    one.refresh_from_db()
    return one.starts_at, one.ends_at
