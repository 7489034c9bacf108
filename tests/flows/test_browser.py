"""The main job by hand in Chromium: connect, configure, book, find it in the calendar; axe on every page."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from availability.models import CalendarType
from tests.factories import PASSWORD, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# what a browser does of itself would be refused by a closed network, at every start
SERIOUS = ("serious", "critical")


@pytest.fixture
def host():
    member = MemberFactory(user__name="Ines Carstens")
    ScheduleFactory(member=member, hours=[(day, 0, 0) for day in range(7)])
    calendar = CalendarFactory(account=member.account, type=CalendarType.SERVICE, name="First visit")
    CalendarMemberFactory(calendar=calendar, member=member)
    return member


def test_the_main_job(browser, live_server, host, phone, allow_loopback, workers):
    practice = phone.make_calendar("Practice")
    private = phone.make_calendar("Private")
    workers.start()

    staff = _page(browser, live_server.url)
    _sign_in(staff, host)
    _connect(staff, phone)
    _choose_calendars(staff)
    customer = _page(browser, live_server.url)
    _book(customer, host)

    (event,) = eventually(lambda: phone.events(practice))
    assert "Henrik Vogt" in event
    assert phone.events(private) == []
    _cancel(staff)
    eventually(lambda: not phone.events(practice))


def test_booking_without_javascript(browser, live_server, host):
    page = _page(browser, live_server.url, java_script_enabled=False)

    _book(page, host, look=_read)


def _page(browser: Browser, base_url: str, **options: object) -> Page:
    context = browser.new_context(base_url=base_url, locale="en-GB", timezone_id="Europe/Berlin", **options)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("request", lambda request: _stays_home(request.url, base_url))
    return page


def _stays_home(url: str, base_url: str) -> None:
    assert urlsplit(url).netloc in ("", urlsplit(base_url).netloc), f"{url} is somebody else's"


def _sign_in(page: Page, host) -> None:
    page.goto("/")
    _look(page, "Sign in")
    page.get_by_label("E-mail address").fill(host.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    _look(page)


def _connect(page: Page, phone) -> None:
    page.get_by_role("link", name="Calendar Sync").click()
    _look(page, "Integrations")
    page.goto("/settings/profile/integrations/icloud/")
    _look(page, "Connect iCloud")
    page.goto("/settings/profile/integrations/caldav/")
    _look(page, "Connect a server")
    page.get_by_label("Server address").fill(phone.server_url)
    page.get_by_label("User name").fill(phone.username)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Connect", exact=True).click()
    page.locator("[aria-invalid=true]").first.wait_for()
    _look(page, "Connect a server")
    page.get_by_label("Password").fill(phone.password)
    page.get_by_role("button", name="Connect", exact=True).click()
    page.wait_for_url("**/wizard/linked/**")
    _set_up(page)
    page.goto("/settings/profile/calendar-configuration/")


def _set_up(page: Page) -> None:
    for step in ("your calendar", "the sync options", "the confirmation"):
        _look(page, "is kept in step")
        page.get_by_role("button", name=f"Go on to {step}").click()
    page.locator(".dry-run").wait_for()
    _look(page, "is kept in step")
    page.get_by_role("button", name="Finish and start the sync").click()
    page.locator("#connections").get_by_text("2 calendars are up to date").wait_for()
    _look(page, "Integrations")


def _choose_calendars(page: Page) -> None:
    _look(page, "Calendar Configuration")
    primary = page.locator("#primary")
    if not primary.locator("form").is_visible():
        primary.locator("summary").click()
    primary.get_by_label("Practice").check()
    _look(page)
    primary.get_by_role("button", name="Save").click()
    page.locator("#primary .remote-calendars").get_by_text("Practice", exact=True).wait_for()
    conflicts = page.locator("#conflicts")
    if not conflicts.locator("form").is_visible():
        conflicts.locator("summary").click()
    conflicts.get_by_label("Private").check()
    _look(page)
    conflicts.get_by_role("button", name="Save").click()
    page.locator("#conflicts .remote-calendars").get_by_text("Private", exact=True).wait_for()
    page.goto("/settings/profile/integrations/")
    _look(page, "Integrations")


def _book(page: Page, host, look: Callable[..., None] | None = None) -> None:
    look = look or _look
    calendar = host.calendar_members.get().calendar

    def offered() -> bool:
        page.goto(f"/book/{host.account.slug}/{calendar.slug}/")
        return page.locator(".time").count() > 0

    page.goto(f"/book/{host.account.slug}/")
    look(page)
    eventually(offered)
    page.locator("a.day").last.click()
    page.locator("a.day[aria-current]").wait_for()
    look(page, "First visit")
    page.locator(".time").last.click()
    page.get_by_label("Your name").fill("Henrik Vogt")
    page.get_by_label("E-mail address").fill("henrik")
    page.get_by_role("button", name="Book ").click()
    page.locator("[aria-invalid=true]").wait_for()
    look(page, "Your details")
    page.get_by_label("E-mail address").fill("henrik@example.org")
    page.get_by_role("button", name="Book ").click()
    page.wait_for_url("**/book/manage/**")
    look(page)


def _cancel(page: Page) -> None:
    page.goto("/calendar/")
    while page.locator("[data-kind=appointment] > a.face").count() == 0:
        page.get_by_role("link", name="Week after").click()
        page.wait_for_load_state()
    _look(page)
    page.locator("[data-kind=appointment] > a.face").click()
    page.locator("#panel").get_by_role("link", name="Open the whole page").click()
    page.wait_for_url("**/appointments/**")
    _look(page)
    page.get_by_role("link", name="Cancel").or_(page.get_by_role("button", name="Cancel")).first.click()
    page.wait_for_load_state()
    _look(page)
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
    _look(page)


def _look(page: Page, heading: str = "") -> None:
    """The page is what its heading says, and axe finds nothing serious on it."""
    _read(page, heading)
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
    assert not found, f"{page.url}: {[(one['id'], one['help']) for one in found]}"


def _read(page: Page, heading: str = "") -> None:
    """The page is what its heading says; all that can be asked where scripts do not run."""
    page.locator("h1").first.wait_for()
    assert heading in page.locator("h1").first.inner_text()
