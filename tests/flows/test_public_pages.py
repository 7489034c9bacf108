"""What customers go through, in Chromium: times, a hold, the form, a booking; by mouse, keyboard, without scripts."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from availability.models import CalendarType
from bookings.forms.appointment import parse_start
from bookings.models import Appointment, BookingTerms, Hold
from bookings.services.book import book_appointment
from tests.bookings.situations import ADA
from tests.factories import (
    AccountFactory,
    CalendarFactory,
    CalendarMemberFactory,
    MemberFactory,
    QuestionFactory,
    ScheduleFactory,
)
from tests.flows.conftest import eventually
from tests.flows.storm import serve

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
SERIOUS = ("serious", "critical")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
MOST_TABS = 120
MOST_TRANSFERRED = 60_000
Open = Callable[..., Page]


@pytest.fixture
def calendar():
    """A service that two can give on every day, with a question to choose from and one to tick."""
    account = AccountFactory(name="Fährhaus", slug="faehrhaus")
    calendar = CalendarFactory(
        account=account, type=CalendarType.SERVICE, name="First visit", slug="visit", place="Obertrave 14", price=68
    )
    for name in ("Ines Carstens", "Tomasz Wilk"):
        member = MemberFactory(account=calendar.account, user__name=name)
        ScheduleFactory(member=member, hours=[(day, 9 * 60, 17 * 60) for day in range(7)])
        CalendarMemberFactory(calendar=calendar, member=member)
    QuestionFactory(
        calendar=calendar, kind="choice", label="Do you have a referral?", choices=["Yes", "Not yet"], is_required=True
    )
    QuestionFactory(calendar=calendar, kind="checkbox", label="I need step-free access")
    BookingTerms.objects.create(calendar=calendar, change_notice=timedelta(hours=24))
    return calendar


@pytest.fixture
def visit(browser, live_server, calendar) -> Open:
    """The calendar's page in a browser of its own, on a day that is not over."""

    def visit(path: str = "/book/faehrhaus/visit/", **options: object) -> Page:
        known = {"locale": "en-GB", "timezone_id": "Europe/Berlin", "viewport": DESK}
        page = browser.new_context(base_url=live_server.url, **(known | options)).new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.on("request", lambda request: _stays_home(request.url, live_server.url))
        page.goto(path)
        return page

    return visit


def _stays_home(url: str, base_url: str) -> None:
    assert urlsplit(url).netloc in ("", urlsplit(base_url).netloc), f"{url} is somebody else's"


def _look(page: Page) -> None:
    """Axe finds nothing serious, and nothing is wider than the window."""
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
    assert not found, f"{page.url}: {[(one['id'], one['help']) for one in found]}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"


def _last_day(page: Page) -> None:
    day = page.locator("a.day").last
    day.click()
    expect(day).to_have_attribute("aria-current", "date")
    # what was chosen keeps the focus, though its month is new; its times are in sight, also on a telephone
    expect(day).to_be_focused()
    expect(page.locator("#day-name")).to_be_in_viewport()


def _fill_in(page: Page) -> None:
    page.locator("#id_name").fill("Henrik Vogt")
    page.locator("#id_email").fill("henrik@example.org")


def _send(page: Page) -> None:
    page.locator(".form-actions button").click()


# ── the whole way ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_by_mouse(visit, viewport):
    page = visit("/book/faehrhaus/", viewport=viewport, has_touch=viewport is PHONE)
    _look(page)
    page.get_by_role("link", name="First visit").click()
    expect(page.get_by_text("You can move or cancel until 24 hours before.")).to_be_visible()
    page.get_by_text("Tomasz Wilk").click()
    page.wait_for_url("**host=**")
    _last_day(page)
    _look(page)

    page.locator(".time").last.click()
    expect(page.locator("#kept")).to_contain_text("We are keeping this time for you until")
    assert Hold.objects.get().host.user.name == "Tomasz Wilk"
    _look(page)
    _fill_in(page)
    _send(page)
    expect(page.locator(".error-summary")).to_contain_text("Please choose one.")
    expect(page.locator("#kept")).to_contain_text("We are keeping this time for you until")
    _look(page)
    page.get_by_label("Not yet").check()
    page.get_by_label("I need step-free access").check()
    _send(page)

    page.wait_for_url("**/book/manage/**")
    appointment = Appointment.objects.get()
    assert (appointment.host.user.name, appointment.customer_name) == ("Tomasz Wilk", "Henrik Vogt")
    assert appointment.answers == [["Do you have a referral?", "Not yet"], ["I need step-free access", "Yes"]]
    assert not Hold.objects.exists()


def test_by_keyboard_alone(visit):
    page = visit()

    def to(selector: str) -> None:
        """Tab until the focus is there."""
        for _number in range(MOST_TABS):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"{selector} cannot be reached")

    to("a.day[data-free]:not([aria-current])")
    page.keyboard.press("Enter")
    expect(page.locator("#announce")).not_to_be_empty()
    to(".time")
    page.keyboard.press("Enter")
    page.wait_for_url("**start=**")
    to("#id_name")
    page.keyboard.type("Henrik Vogt")
    to("#id_email")
    page.keyboard.type("henrik@example.org")
    to("input[type=radio]")
    page.keyboard.press("ArrowDown")
    to(".form-actions button")
    page.keyboard.press("Enter")

    page.wait_for_url("**/book/manage/**")
    assert Appointment.objects.get().customer_name == "Henrik Vogt"


def test_without_javascript_on_a_phone(visit):
    page = visit("/book/faehrhaus/", java_script_enabled=False, viewport=PHONE)
    page.get_by_role("link", name="First visit").click()
    page.get_by_text("Ines Carstens").click()
    page.get_by_role("button", name="Show times").click()
    page.locator("a.day").last.click()
    page.locator(".time").last.click()
    expect(page.locator("#kept")).to_contain_text("We are keeping this time for you until")
    _fill_in(page)
    _send(page)
    expect(page.locator(".error-summary")).to_contain_text("Please choose one.")
    page.get_by_label("Not yet").check()
    _send(page)

    page.wait_for_url("**/book/manage/**")
    assert Appointment.objects.get().host.user.name == "Ines Carstens"


def test_in_german(visit):
    page = visit(locale="de-DE")
    assert page.locator("html").get_attribute("lang") == "de"
    _last_day(page)
    page.locator(".time").last.click()
    expect(page.locator("h1")).to_have_text("Ihre Angaben")
    _fill_in(page)
    page.get_by_label("Not yet").check()
    _send(page)

    page.wait_for_url("**/book/manage/**")
    assert page.locator("html").get_attribute("lang") == "de"
    appointment = Appointment.objects.get()
    assert (appointment.locale, appointment.answers[1][1]) == ("de", "Nein")


def test_a_time_that_somebody_took_meanwhile(visit, calendar):
    page = visit()
    _last_day(page)
    start = parse_start(page.locator(".time").last.get_attribute("value"))
    for _host in range(2):
        book_appointment(calendar, starts_at=start, customer=ADA, now=timezone.now())

    page.locator(".time").last.click()
    expect(page.locator("h1")).to_have_text("Somebody was a moment faster.")
    _look(page)
    page.locator(".time").first.click()

    expect(page.locator("#kept")).to_contain_text("We are keeping this time for you until")


# ── what is kept, and how long ───────────────────────────────────────────────────────────────────────────────────────


def test_whoever_leaves_gives_the_time_up(visit):
    page = visit()
    page.locator(".time").last.click()
    expect(page.locator("#kept")).to_contain_text("We are keeping")

    page.get_by_role("link", name="Back to the times").click()

    eventually(lambda: not Hold.objects.exists())


def test_whoever_loads_the_form_again_or_comes_back_to_it_keeps_the_time(visit):
    page = visit()
    page.locator(".time").last.click()
    expect(page.locator("#kept")).to_contain_text("We are keeping")

    page.reload()
    eventually(lambda: _says_what_is_kept(page))
    page.get_by_role("link", name="Back to the times").click()
    page.locator(".times").first.wait_for()
    page.go_back()

    eventually(lambda: _says_what_is_kept(page))


def test_another_language_does_not_cost_the_time(visit):
    page = visit()
    page.locator(".time").last.click()
    expect(page.locator("#kept")).to_contain_text("We are keeping")
    until = Hold.objects.get().expires_at

    page.get_by_role("button", name="Deutsch").click()

    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert Hold.objects.get().expires_at == until
    assert _says_what_is_kept(page)


def _says_what_is_kept(page: Page) -> bool:
    """The page names the very hold there is, and goes on doing so when all its requests are answered."""
    page.wait_for_load_state("networkidle")
    hold, said = Hold.objects.first(), page.locator("#kept").get_attribute("data-until")
    return hold is not None and said == hold.expires_at.isoformat()


# ── how much it is ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_page_is_small_and_asks_no_other_server(browser, calendar, tmp_path):
    with serve(tmp_path, processes=1) as port:
        base_url = f"http://127.0.0.1:{port}"
        page = browser.new_context(base_url=base_url).new_page()
        page.on("request", lambda request: _stays_home(request.url, base_url))
        transferred: list[float] = []
        network = page.context.new_cdp_session(page)
        network.on("Network.loadingFinished", lambda loaded: transferred.append(loaded["encodedDataLength"]))
        network.send("Network.enable")

        page.goto("/book/faehrhaus/visit/", wait_until="networkidle")

        assert page.locator(".time").count() > 0
        # page, stylesheet, two scripts, icons
        assert len(transferred) >= 5
        assert sum(transferred) < MOST_TRANSFERRED
