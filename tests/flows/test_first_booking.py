"""A new owner's way in Chromium, by what the pages say alone: from signing in to a first booking that is synced."""

import pytest
from playwright.sync_api import Locator, Page

from accounts.models import Member
from accounts.roles import Role
from integrations.models import PendingPush, RemoteCopy
from tests.browsing import opened
from tests.factories import PASSWORD, MemberFactory
from tests.flows.conftest import eventually
from tests.flows.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 20
# as somebody types: a form that is filled in within a second is taken for a robot's
BETWEEN_KEYS = 50


class Staff:
    """Somebody who clicks, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def press(self, button: str) -> None:
        self._click(self.page.get_by_role("button", name=button, exact=True))

    def follow(self, link: str) -> None:
        self._click(self.page.get_by_role("link", name=link, exact=True))

    def open(self, item: Locator) -> None:
        self._click(item)

    def _click(self, wanted: Locator) -> None:
        wanted.click()
        self.clicks += 1


@pytest.fixture
def owner() -> Member:
    return MemberFactory(account__name="Praxis Nordlicht", user__name="Nora Feld", role=Role.OWNER)


@pytest.fixture
def site(settings, live_server) -> str:
    """Where the pages are, and where the link that is passed on leads."""
    settings.PUBLIC_BASE_URL = live_server.url
    return live_server.url


def test_a_first_synced_booking_takes_few_clicks(browser, site, owner, phone, allow_loopback, workers):
    practice = phone.make_calendar("Practice")
    workers.start()
    staff = Staff(opened(browser, site))

    _begin(staff, owner)
    _connect(staff, phone)
    link = _share(staff)
    _book(opened(browser, site), link)
    (copy,) = eventually(lambda: phone.events(practice))
    eventually(lambda: RemoteCopy.objects.exclude(url="").exists() and not PendingPush.objects.exists())
    _find(staff)

    assert "Henrik Vogt" in copy
    assert staff.clicks <= MOST_CLICKS


def _begin(staff: Staff, owner: Member) -> None:
    """Signs in, has hours and something to book."""
    staff.page.goto("/")
    staff.page.get_by_label("E-mail address").fill(owner.user.email)
    staff.page.get_by_label("Password").fill(PASSWORD)
    staff.press("Sign in")
    staff.press("Use Monday to Friday, 9:00 to 17:00")
    staff.page.get_by_label("What can people book?").fill("First visit")
    staff.press("Make it bookable")


def _connect(staff: Staff, phone: Phone) -> None:
    staff.follow("Connect a calendar")
    staff.follow("Connect a server")
    staff.page.get_by_label("Server address").fill(phone.server_url)
    staff.page.get_by_label("User name").fill(phone.username)
    staff.page.get_by_label("Password").fill(phone.password)
    staff.press("Connect")
    for step in ("your calendar", "the sync options", "the confirmation"):
        staff.press(f"Go on to {step}")
    staff.press("Finish and start the sync")
    staff.page.locator("#connections").get_by_text("up to date").wait_for()


def _share(staff: Staff) -> str:
    """The link, from where the connection was finished."""
    staff.press("Show my link")
    staff.page.get_by_text("Everything is ready").wait_for()
    staff.press("Copy the link")
    staff.page.get_by_role("button", name="The link is copied.").wait_for()
    return staff.page.locator("#link").input_value()


def _book(customer: Page, link: str) -> None:
    customer.goto(link)
    customer.get_by_role("link", name="First visit").click()
    customer.locator(".time").first.click()
    customer.get_by_label("Your name").press_sequentially("Henrik Vogt", delay=BETWEEN_KEYS)
    customer.get_by_label("E-mail address").press_sequentially("henrik@example.org", delay=BETWEEN_KEYS)
    customer.get_by_role("button", name="Book ").click()
    customer.wait_for_url("**/book/manage/**")


def _find(staff: Staff) -> None:
    """The appointment, and that its copy is in step; a week on where this one has no working day left."""
    appointment = staff.page.locator("[data-kind=appointment] > a.face")
    staff.follow("My Calendar")
    staff.page.wait_for_url("**/calendar/**")
    if appointment.count() == 0:
        staff.follow("Week after")
    staff.open(appointment)
    staff.page.get_by_text("In step", exact=True).wait_for()
