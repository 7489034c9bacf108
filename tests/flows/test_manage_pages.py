"""A customer's own appointment in Chromium: axe on every page, moved and cancelled by keyboard and without scripts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from availability.models import CalendarType
from bookings.models import Appointment, BookingTerms
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.tokens import manage_token
from tests.browsing import look, press, type_into
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.practice import MONDAY, TEN

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 900}
ELEVEN = TEN + timedelta(hours=1)
HENRIK = Customer(
    name="Henrik Vogt",
    email="henrik@example.org",
    time_zone="Europe/Berlin",
    locale="en-gb",
    answers=(("Which knee hurts, and since when?", "The left one, since the summer"),),
)


@pytest.fixture
def appointment():
    """Henrik's, with Ines, on a Monday at ten in Berlin."""
    ines = MemberFactory(account__name="Fährhaus", account__phone="0451 00 00 0", user__name="Ines Carstens")
    ScheduleFactory(member=ines, hours=[(day, 9 * 60, 17 * 60) for day in range(7)])
    calendar = CalendarFactory(account=ines.account, name="First visit", type=CalendarType.SERVICE)
    CalendarMemberFactory(calendar=calendar, member=ines)
    return book_appointment(calendar, starts_at=TEN, customer=HENRIK, now=timezone.now())


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_serious_is_found_on_any_page(browser, live_server, appointment, width, locale):
    page = _page(browser, live_server, viewport={"width": width, "height": 900}, locale=locale)
    addresses = [_url(appointment, name) for name in ("manage", "manage-reschedule", "manage-cancel")]
    free, taken = (f"{addresses[1]}?start={_utc(at)}" for at in (ELEVEN, TEN - timedelta(hours=5)))

    for address in (*addresses, free, taken):
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == locale[:2].replace("en", "en-gb")
        look(page)
    BookingTerms.objects.create(calendar=appointment.calendar, may_cancel=False)
    page.goto(addresses[2])
    look(page)
    cancel_appointment(appointment, now=timezone.now(), reason="A cold")
    page.goto(addresses[0])
    look(page)


def test_an_appointment_is_moved_and_cancelled_by_keyboard_alone_on_a_phone(browser, live_server, appointment):
    page = _page(browser, live_server, viewport=PHONE)
    page.goto(_url(appointment))

    press(page, page.get_by_role("link", name="Choose another time"))
    press(page, page.locator(f'a.day[href*="day={MONDAY}"]'))
    expect(page.locator("a.day[aria-current]")).to_have_text(str(MONDAY.day))
    press(page, page.locator(f'.time[value="{_utc(ELEVEN)}"]'))
    expect(page.get_by_role("heading", level=1)).to_contain_text("11:00?")
    type_into(page, page.get_by_label("Why?"), "The train")
    press(page, page.get_by_role("button", name="Move to"))
    expect(page.get_by_text("Reason: The train")).to_be_visible()
    assert _standing(appointment).starts_at == ELEVEN
    press(page, page.get_by_role("link", name="Cancel this appointment"))
    type_into(page, page.get_by_label("Why?"), "A cold")
    press(page, page.get_by_role("button", name="Cancel "))

    expect(page.get_by_role("heading", name="This appointment is cancelled.")).to_be_visible()
    expect(page.get_by_text("Reason: A cold")).to_be_visible()
    assert _standing(appointment).cancelled_at


def test_without_javascript_an_appointment_is_moved_in_another_zone_and_cancelled(browser, live_server, appointment):
    page = _page(browser, live_server, viewport=PHONE, java_script_enabled=False)
    page.goto(_url(appointment))

    page.get_by_role("link", name="Choose another time").click()
    page.get_by_label("Times shown for").select_option("Europe/London")
    page.get_by_role("button", name="Show times").click()
    page.locator(f'a.day[href*="day={MONDAY}"]').click()
    page.locator(f'.time[value="{_utc(ELEVEN)}"]').click()
    assert "London time" in page.locator(".stub").inner_text()
    page.get_by_role("button", name="Move to").click()
    assert "Berlin time" in page.locator(".stub").inner_text()
    assert _standing(appointment).starts_at == ELEVEN
    page.get_by_role("link", name="Cancel this appointment").click()
    page.get_by_role("button", name="Cancel ").click()

    assert "This appointment is cancelled." in page.locator("h1").inner_text()
    assert _standing(appointment).cancelled_at


def test_what_is_taken_while_somebody_thinks_is_moved_elsewhere_with_one_tap(browser, live_server, appointment):
    page = _page(browser, live_server)
    page.goto(f"{_url(appointment, 'manage-reschedule')}?start={_utc(ELEVEN)}")
    page.get_by_label("Why?").fill("The train")
    book_appointment(appointment.calendar, starts_at=ELEVEN, customer=HENRIK, now=timezone.now())

    page.get_by_role("button", name="Move to").click()
    expect(page.get_by_text("That time has just been taken.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="11:30").click()

    expect(page.get_by_text("Reason: The train")).to_be_visible()
    assert _standing(appointment).starts_at == ELEVEN + timedelta(minutes=30)


def test_the_zone_of_the_appointment_stays_until_another_is_picked(browser, live_server, appointment):
    page = _page(browser, live_server, timezone_id="America/New_York")
    page.goto(_url(appointment, "manage-reschedule"))
    zone = page.get_by_label("Times shown for")
    expect(zone).to_have_value("Europe/Berlin")

    zone.select_option("Europe/London")
    expect(page.locator('a.day[href*="time_zone=Europe%2FLondon"]').first).to_be_visible()
    page.locator(f'a.day[href*="day={MONDAY}"]').click()

    expect(page.locator("a.day[aria-current]")).to_have_text(str(MONDAY.day))
    expect(page.get_by_label("Times shown for")).to_have_value("Europe/London")


def test_the_language_is_changed_on_a_page_without_a_referrer(browser, live_server, appointment):
    page = _page(browser, live_server, viewport=PHONE)
    page.goto(_url(appointment))

    press(page, page.get_by_role("link", name="Deutsch"))

    expect(page.locator("html[lang=de]")).to_have_count(1)
    assert page.url.endswith(_url(appointment))


def test_the_appointment_is_put_into_other_calendars_by_keyboard_or_as_a_file(browser, live_server, appointment):
    page = _page(browser, live_server, viewport=PHONE)
    page.goto(_url(appointment))

    press(page, page.locator("summary", has_text="Other calendars"))
    page.get_by_role("link", name="Office 365").click(trial=True)
    look(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Google Calendar")).to_be_hidden()
    with page.expect_download() as file:
        page.get_by_role("link", name="Add to calendar").click()

    assert file.value.suggested_filename == "appointment.ics"


def _page(browser: Browser, live_server, **options) -> Page:
    known = {"timezone_id": "Europe/Berlin", "locale": "en-GB"} | options
    page = browser.new_context(base_url=live_server.url, **known).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("request", lambda request: _stays_home(request.url, live_server.url))
    return page


def _stays_home(address: str, home: str) -> None:
    assert address.startswith((home, "data:")), f"{address} is somebody else's"


def _url(appointment: Appointment, name: str = "manage") -> str:
    return reverse(f"bookings:{name}", args=[manage_token(appointment)])


def _utc(at) -> str:
    return f"{at - at.utcoffset():%Y-%m-%dT%H:%M:%SZ}"


def _standing(appointment: Appointment) -> Appointment:
    return Appointment.objects.get(pk=appointment.pk)
