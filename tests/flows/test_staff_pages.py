"""Everything a manager sets up, and what customers see of it, in Chromium: axe on every page, and by keyboard alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from accounts.roles import Role
from availability.core.hours import DayHours
from availability.models import AssignmentMode, Calendar, CalendarMember, CalendarType, Closure, DateOverride
from availability.queries.schedules import hours_of
from availability.services.closures import add_closure
from availability.services.holidays import keep_holidays
from bookings.services.book import Customer, book_appointment
from tests import chromium
from tests.factories import PASSWORD, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
# en-US: dates and times are typed as this browser asks for them
QUIET = [
    *("--no-sandbox", "--lang=en-US", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
BERLIN = ZoneInfo("Europe/Berlin")
MOST_TABS = 150
TODAY = datetime.now(BERLIN).date()
# a Monday that can be booked, whenever this runs
MONDAY = TODAY + timedelta(days=14 - TODAY.weekday())
TEN, NOON = (datetime(MONDAY.year, MONDAY.month, MONDAY.day, hour, tzinfo=BERLIN) for hour in (10, 12))
ADA = Customer(name="Ada Lovelace", email="ada@example.org", time_zone="Europe/London", locale="en-gb")


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; the test itself is as synchronous as any
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find(), args=QUIET)
        yield running
        running.close()
        # within an event loop Django opens connections of their own, which nobody else would close
        connections.close_all()


@pytest.fixture
def manager():
    """Ines, who manages a practice: at work on every day, and nothing to book yet."""
    manager = MemberFactory(account__name="Fährhaus", account__slug="faehrhaus", user__name="Ines Carstens", role="owner")
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
    """All that the pages can show: every type of calendar, some booked, some closed; closures, holidays, other hours."""
    return _Practice(manager, visit)


class _Practice:
    def __init__(self, manager, visit):
        self.account, self.visit, self.schedule = manager.account, visit, manager.schedules.get()
        self.team = [manager, MemberFactory(account=self.account, user__name="Emil Brandt")]
        ScheduleFactory(member=self.team[1], name="Evenings", hours=[(day, 18 * 60, 2 * 60) for day in range(5)])
        self.turns = self._calendar(CalendarType.ROUND_ROBIN, assignment_mode=AssignmentMode.EQUAL, look_busy=30)
        self.joint = self._calendar(CalendarType.COLLECTIVE, members=self.team[:1])
        self.lesson = self._calendar(CalendarType.CLASS, members=self.team[:1], seats=6)
        self.call = self._calendar(CalendarType.SIMPLE, members=self.team[:1])
        self.paused = self._calendar(CalendarType.SERVICE, paused_at=timezone.now())
        self.hidden = self._calendar(CalendarType.SERVICE, hidden_at=timezone.now(), category="Massage", price=68)
        now = timezone.now()
        self.seat, self.turn = (
            book_appointment(calendar, starts_at=start, customer=ADA, now=now)
            for calendar, start in ((self.lesson, TEN), (self.turns, NOON))
        )
        self.closure = add_closure(self.account, name="Stocktaking", starts_at=TEN, ends_at=NOON)
        add_closure(self.account, name="", starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=8))
        keep_holidays(self.account, country="DE", subdivision="SH")
        DateOverride.objects.create(schedule=self.schedule, date=MONDAY + timedelta(days=1))

    def _calendar(self, kind, members=(), **settings):
        calendar = CalendarFactory(account=self.account, type=kind, **settings)
        for position, member in enumerate(members or self.team):
            CalendarMember.objects.create(calendar=calendar, member=member, position=position, is_lead=position == 0)
        return calendar

    def staff_pages(self) -> list[str]:
        editors = [self.visit, self.turns, self.joint, self.lesson, self.call]
        return [
            *self._pages("calendars", "calendar-new", "schedules", "schedule-new", "closures", "closure-add"),
            f"{reverse('availability:calendar-new')}?type=class",
            *(reverse("availability:calendar", args=[calendar.pk]) for calendar in editors),
            *self._pages("calendar-type", "calendar-delete", of=self.lesson),
            *self._pages("calendar-delete", of=self.call),
            *self._pages("schedule", "schedule-days", "schedule-delete", of=self.schedule),
            *self._pages("closure-change", "closure-remove", of=self.closure),
            *self._pages("closures-booked", "troubleshooter"),
            f"{reverse('availability:troubleshooter')}?calendar={self.turns.pk}&day={MONDAY}",
            reverse("bookings:session", args=[self.seat.session_uid]),
            reverse("bookings:appointment", args=[self.turn.uid]),
        ]

    def public_pages(self) -> list[str]:
        calendars = [self.visit, self.turns, self.joint, self.lesson, self.call, self.paused, self.hidden]
        day = f"?day={MONDAY + timedelta(days=2)}"
        return [
            reverse("bookings:group", args=[self.account.slug]),
            *(reverse("bookings:book", args=[self.account.slug, one.slug]) + day for one in calendars),
        ]

    def _pages(self, *names: str, of=None) -> list[str]:
        return [reverse(f"availability:{name}", args=[of.pk] if of else []) for name in names]


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_serious_is_found_on_any_page_in_light_and_dark(browser, live_server, practice, width):
    page = _signed_in(browser, live_server, practice.team[0], viewport={"width": width, "height": 900})

    for address in (*practice.staff_pages(), *practice.public_pages()):
        _open(page, address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            _look(page, scheme)


def test_nothing_serious_is_found_in_german_on_a_phone(browser, live_server, practice):
    practice.team[0].user.locale = "de"
    practice.team[0].user.save()
    page = _signed_in(browser, live_server, practice.team[0], viewport={"width": 390, "height": 900}, locale="de-DE")

    for address in (*practice.staff_pages(), *practice.public_pages()):
        _open(page, address)
        assert page.locator("html").get_attribute("lang") == "de"
        _look(page, "German")


def test_a_class_is_made_by_keyboard_alone_and_can_be_booked(browser, live_server, manager, visit):
    page = _signed_in(browser, live_server, manager)
    page.goto(reverse("availability:calendars"))

    _press(page, page.get_by_role("link", name="New calendar"))
    _press(page, page.get_by_role("link", name="Class booking"))
    _type(page, page.get_by_label("Name"), "Back class")
    _reach(page, page.get_by_role("radio", name="Ines Carstens"))
    _type(page, page.get_by_label("Seats", exact=True), "6")
    _press(page, page.get_by_role("button", name="Make the calendar"))
    expect(page.get_by_text("“Back class” is made. Its page is ready.")).to_be_visible()
    _press(page, page.get_by_role("link", name="/book/faehrhaus/back-class/"))

    expect(page.get_by_role("heading", name="Back class", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="6 seats left").first).to_be_visible()


def test_the_hours_of_one_day_are_changed_by_keyboard_alone(browser, live_server, manager):
    page = _signed_in(browser, live_server, manager)
    page.goto(reverse("availability:schedules"))

    _press(page, page.get_by_role("link", name="Edit"))
    _type(page, page.get_by_label("Wednesday, until"), "0100PM")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Practice hours” is saved.")).to_be_visible()

    until = {day: 17 * 60 for day in range(7)} | {2: 13 * 60}
    assert hours_of(manager.schedules.get()) == tuple(DayHours(day, 9 * 60, until[day]) for day in range(7))


def test_a_day_off_is_entered_by_keyboard_alone(browser, live_server, manager):
    page = _signed_in(browser, live_server, manager)
    page.goto(reverse("availability:schedule", args=[manager.schedules.get().pk]))

    _press(page, page.get_by_role("link", name="Add a day"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    _type(page, dialog.get_by_label("Day", exact=True), f"{MONDAY:%m%d%Y}")
    _reach(page, dialog.get_by_role("radio", name="Closed"))
    page.keyboard.press("Space")
    _press(page, dialog.get_by_role("button", name="Save these days"))
    expect(dialog).to_be_hidden()

    assert DateOverride.objects.values_list("date", "opens_minute").get() == (MONDAY, None)


def test_a_closure_is_entered_by_keyboard_alone_and_closes_the_page(browser, live_server, manager, visit):
    page = _signed_in(browser, live_server, manager)
    page.goto(reverse("availability:closures"))

    _press(page, page.get_by_role("link", name="Add a closure"))
    _type(page, page.get_by_label("What for"), "Stocktaking")
    _type(page, page.get_by_label("First day"), f"{MONDAY:%m%d%Y}")
    _press(page, page.get_by_role("button", name="Save the closure"))
    expect(page.get_by_role("link", name="Change Stocktaking")).to_be_visible()

    midnight = TEN.replace(hour=0)
    kept = Closure.objects.values_list("name", "starts_at", "ends_at").get()
    assert kept == ("Stocktaking", midnight, midnight + timedelta(days=1))
    page.goto(reverse("bookings:book", args=["faehrhaus", visit.slug]) + f"?day={MONDAY}")
    expect(page.get_by_text("Nothing is free on this day.")).to_be_visible()


def test_the_troubleshooter_leads_to_what_would_change_a_refusal(browser, live_server, manager, visit):
    add_closure(manager.account, name="Stocktaking", starts_at=TEN, ends_at=NOON)
    CalendarMemberFactory(calendar__account=manager.account, calendar__name="Another", member=manager)
    page = _signed_in(browser, live_server, manager)
    page.goto(reverse("availability:schedules"))

    _press(page, page.get_by_role("link", name="Troubleshooter"))
    _type(page, page.get_by_label("Calendar", exact=True), "First")
    _type(page, page.get_by_role("textbox", name="Day"), f"{MONDAY:%m%d%Y}")
    expect(page.locator("#answers")).to_contain_text("Stocktaking")
    _press(page, page.locator("#answers").get_by_role("link", name="closure").first)

    expect(page.get_by_role("heading", name="Stocktaking", level=1)).to_be_visible()


def test_the_preview_follows_the_slot_duration_and_nothing_is_stored(browser, live_server, manager, visit):
    page = _signed_in(browser, live_server, manager)
    stored = list(Calendar.objects.values())
    page.goto(reverse("availability:calendar", args=[visit.pk]))
    shown = page.locator("#preview-shown")
    expect(shown).to_contain_text("30 minutes")
    expect(shown).to_contain_text("16:30")

    _type(page, page.get_by_label("Slot duration"), "45")
    page.keyboard.press("Tab")

    expect(shown).to_contain_text("45 minutes")
    expect(shown).not_to_contain_text("16:30")
    assert list(Calendar.objects.values()) == stored


def _signed_in(browser: Browser, live_server, member, **options) -> Page:
    page = browser.new_context(
        base_url=live_server.url, timezone_id="Europe/Berlin", **({"locale": "en-GB"} | options)
    ).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto("/")
    page.locator("[name=username]").fill(member.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar/**")
    return page


def _open(page: Page, address: str) -> None:
    """The page as it stands when its parts have come as well."""
    answer = page.goto(address)
    assert answer
    assert answer.ok, f"{address}: {answer.status}"
    page.wait_for_load_state("networkidle")


def _look(page: Page, what: str) -> None:
    """One heading above all, nothing beyond the edge, and axe finds nothing serious."""
    axe = Axe().run(page, options={"resultTypes": ["violations"]})
    found = [one for one in axe.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert not found, f"{page.url}, {what}: {[(one['id'], [node['target'] for node in one['nodes']]) for one in found]}"
    assert page.locator("h1").count() == 1, page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"


def _reach(page: Page, wanted: Locator) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.count() == 1 and wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{page.url}: Tab does not lead to {wanted}")


def _press(page: Page, wanted: Locator) -> None:
    _reach(page, wanted)
    page.keyboard.press("Enter")


def _type(page: Page, wanted: Locator, text: str) -> None:
    _reach(page, wanted)
    page.keyboard.type(text)
