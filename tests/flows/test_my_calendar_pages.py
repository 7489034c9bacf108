"""My Calendar in Chromium, looked at: axe on every view, light and dark; by keyboard alone, and without scripts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from availability.models import CalendarType
from bookings.models import BookingTerms, OwnItemKind
from bookings.services.add_own_item import add_own_item
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from tests.bookings.my_calendar import event, source
from tests.browsing import look, press, signed_in
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.practice import ADA, MONDAY, TEN

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
VIEWS = ("day", "week", "month", "agenda")


@pytest.fixture
def ines():
    """A day with one of everything, of somebody whose clock is not that of their account."""
    ines = MemberFactory(
        account__name="Fährhaus", user__name="Ines Carstens", user__time_zone="Europe/Athens", role="owner"
    )
    ScheduleFactory(member=ines, hours=[(day, 9 * 60, 17 * 60) for day in range(7)])
    visit = CalendarFactory(account=ines.account, name="First visit", type=CalendarType.SERVICE)
    asked = CalendarFactory(account=ines.account, name="Massage", type=CalendarType.SERVICE)
    BookingTerms.objects.create(calendar=asked, needs_approval=True)
    for calendar in (visit, asked):
        CalendarMemberFactory(calendar=calendar, member=ines)
    book_appointment(visit, starts_at=TEN, customer=ADA, now=timezone.now())
    book_appointment(asked, starts_at=TEN + HOUR, customer=ADA, now=timezone.now())
    cancel_appointment(
        book_appointment(visit, starts_at=TEN + 2 * HOUR, customer=ADA, now=timezone.now()), now=timezone.now()
    )
    for hour, kind in enumerate(OwnItemKind):
        _add(ines, kind, TEN + (hour - 2) * HOUR)
    private = source(ines)
    event(private, TEN, TEN + HOUR, label="Dentist")
    event(private, TEN + 5 * HOUR, TEN + 6 * HOUR, label="Market", blocks=False)
    event(private, TEN - 10 * HOUR, TEN + 14 * HOUR, label="Fair", blocks=False, all_day=True)
    return ines


def _add(ines, kind, starts_at):
    add_own_item(
        ines.account,
        kind=kind,
        title=kind.label,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        assignees=[ines],
        now=timezone.now(),
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_serious_is_found_in_any_view(browser, live_server, ines, width, scheme):
    emil = MemberFactory(account=ines.account, user__name="Emil Brandt")
    page = signed_in(browser, live_server, ines, viewport={"width": width, "height": 900}, color_scheme=scheme)

    for view in VIEWS:
        for hosts in ((ines.slug,), (ines.slug, emil.slug)):
            named = "".join(f"&host={slug}" for slug in hosts)
            page.goto(f"{reverse('bookings:my-calendar')}?view={view}&day={MONDAY}{named}")
            expect(page.locator(".entry").first).to_be_visible()
            look(page)


def test_views_and_days_are_reached_by_keyboard_alone(browser, live_server, ines):
    page = signed_in(browser, live_server, ines)

    press(page, page.get_by_role("link", name="Month", exact=True))
    page.wait_for_url("**view=month**")
    page.goto(f"{page.url.partition('?')[0]}?view=month&day={MONDAY}")
    press(page, page.locator(f'[data-date="{MONDAY}"] .month-more'))
    page.wait_for_url("**view=day**")
    press(page, page.get_by_role("link", name="Overlaps with an event from outside: Ada Lovelace"))

    expect(page.locator("#panel, h1").get_by_text("Ada Lovelace").first).to_be_visible()


def test_filters_work_without_scripts(browser, live_server, ines):
    page = signed_in(browser, live_server, ines, java_script_enabled=False)
    page.goto(f"{reverse('bookings:my-calendar')}?view=week&day={MONDAY}")

    page.get_by_label("Appointments").uncheck()
    page.locator(".filters").get_by_role("button", name="Show").click()

    expect(page.locator('.entry[data-kind="block"]')).to_have_count(1)
    expect(page.locator('.entry[data-kind="appointment"]:not([data-state])')).to_have_count(0)
