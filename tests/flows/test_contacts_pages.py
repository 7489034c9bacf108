"""Contacts and the fairness report in Chromium: found while typing, changed and forgotten by keyboard; axe on each."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from bookings.models import Appointment, Contact
from tests.bookings.queries.test_fairness import round_robin
from tests.browsing import look, reach, signed_in
from tests.factories import ContactFactory, MemberFactory
from tests.flows.practice import TEN

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
WEEK = timedelta(days=7)


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
    page = signed_in(browser, live_server, owner, color_scheme=scheme, viewport={"width": width, "height": 900})
    _press(page, page.get_by_role("link", name="Contacts", exact=True))
    expect(page.get_by_role("heading", name="2 contacts")).to_be_visible()
    look(page)
    reach(page, page.get_by_role("searchbox"))
    page.keyboard.type("hagg")
    expect(page.get_by_role("heading", name="1 contact")).to_be_visible()
    expect(page.locator("#announce")).to_have_text("1 contact")

    _press(page, page.get_by_role("link", name="Zoë Hägg"))
    look(page)
    _press(page, page.get_by_role("link", name="Edit", exact=True))
    look(page)
    reach(page, page.get_by_label("Telephone"))
    page.keyboard.type("0170 55")
    page.keyboard.press("Enter")
    expect(page.get_by_text("What is known of Zoë Hägg is saved.")).to_be_visible()
    assert Contact.objects.get(email="zoe@example.org").phone == "0170 55"

    _press(page, page.get_by_role("link", name="Delete personal data"))
    look(page)
    _press(page, page.get_by_role("button", name="Delete personal data"))
    expect(page.get_by_role("heading", name="Deleted customer")).to_be_visible()
    look(page)
    assert (Appointment.objects.get().customer_name, Appointment.objects.get().note) == ("Deleted customer", "")


def test_the_fairness_report_is_read_by_keyboard(browser, live_server, owner):
    page = signed_in(browser, live_server, owner)
    page.goto("/settings/fairness/")
    look(page)
    _press(page, page.get_by_role("link", name="Last 90 days"))

    expect(page.get_by_text("1 booking begins in these days.")).to_be_visible()
    expect(page.get_by_role("row", name="Ines")).to_contain_text("100 %")
    expect(page.get_by_text("Nothing is on record.")).to_be_visible()
    look(page)


def _press(page: Page, wanted: Locator) -> None:
    """On to the next page."""
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")
