"""The booking page inside another website, in Chromium: shown where it is allowed, and booked without cookies there."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Browser, sync_playwright

from availability.models import CalendarType
from bookings.models import Appointment
from tests import chromium
from tests.browsing import QUIET
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.storm import ALWAYS_OPEN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser(monkeypatch) -> Iterator[Browser]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        # as more and more browsers are from the start
        running = playwright.chromium.launch(
            executable_path=chromium.find(), args=[*QUIET, "--test-third-party-cookie-phaseout"]
        )
        yield running
        running.close()
        connections.close_all()


@pytest.fixture
def calendar():
    member = MemberFactory(user__name="Ines Carstens")
    ScheduleFactory(member=member, hours=ALWAYS_OPEN)
    calendar = CalendarFactory(account=member.account, type=CalendarType.SERVICE, name="First visit")
    CalendarMemberFactory(calendar=calendar, member=member)
    return calendar


@pytest.fixture
def website(live_server, calendar) -> Iterator[str]:
    """Another site than ours, whose one page shows our calendar."""
    frame = f"{live_server.url}{reverse('bookings:embed', args=[calendar.account.slug, calendar.slug])}"

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<title>A practice</title><iframe src="{frame}" width="900" height="900">'.encode())

        def log_message(self, *_arguments):
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    # by name, and so another site than the address of ours
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_time_chosen_on_a_website_that_is_allowed_is_booked(browser, calendar, website):
    calendar.account.embedding_sites = [website]
    calendar.account.save()
    page = browser.new_context(locale="en-GB", timezone_id="Europe/Berlin").new_page()
    page.goto(website)
    frame = page.frame_locator("iframe")

    # from another day on, by a link that htmx follows
    frame.locator("a.day").nth(2).click()
    frame.locator("a.day[aria-current]").wait_for()
    with page.expect_popup() as opened:
        frame.locator("button.time").first.click()
    form = opened.value
    form.get_by_label("Your name").fill("Henrik Vogt")
    form.get_by_label("E-mail address").fill("henrik@example.org")
    form.locator("#details button[type=submit]").first.click()
    form.wait_for_url("**/book/manage/**")

    assert Appointment.objects.get().customer_name == "Henrik Vogt"


def test_a_website_that_is_not_allowed_shows_nothing(browser, calendar, website):
    calendar.account.embedding_sites = ["https://www.example.com"]
    calendar.account.save()
    page = browser.new_context().new_page()
    refusals = []
    page.on("console", lambda message: refusals.append(message.text))

    page.goto(website)

    # what stands there instead is the browser's own
    assert page.frame_locator("iframe").get_by_text("First visit").count() == 0
    assert any("frame-ancestors" in said or "X-Frame-Options" in said for said in refusals)
