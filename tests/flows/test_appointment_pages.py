"""What staff do with appointments, in Chromium: axe on every page, booked and moved by keyboard and without scripts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from availability.models import CalendarType
from bookings.models import Appointment, BookingTerms, Question, Status
from bookings.services.book import Customer, book_appointment
from tests.browsing import look, press, reach, signed_in
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.practice import ADA, MONDAY, TEN

pytestmark = [pytest.mark.browser, pytest.mark.flow, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 900}
ELEVEN = TEN + timedelta(hours=1)
HENRIK = Customer(
    name="Henrik Vogt",
    email="henrik@example.org",
    time_zone="Europe/Berlin",
    locale="en-gb",
    note="I come by bus.",
    answers=(("Which knee hurts, and since when?", "The left one, since the summer"),),
)


@pytest.fixture
def visit():
    """A service of half an hour with Ines, who owns the practice, and Emil."""
    ines = MemberFactory(account__name="Fährhaus", user__name="Ines Carstens", role="owner")
    calendar = CalendarFactory(account=ines.account, name="First visit", type=CalendarType.SERVICE)
    emil = MemberFactory(account=ines.account, user__name="Emil Brandt")
    for position, member in enumerate((ines, emil)):
        ScheduleFactory(member=member, hours=[(day, 9 * 60, 17 * 60) for day in range(7)])
        CalendarMemberFactory(calendar=calendar, member=member, position=position)
    Question.objects.create(calendar=calendar, key="knee", label="Which knee hurts?", is_required=True)
    return calendar


@pytest.fixture
def ines(visit):
    return visit.account.members.get(role="owner")


@pytest.fixture
def appointment(visit, ines):
    return book_appointment(visit, starts_at=TEN, customer=HENRIK, now=timezone.now(), host=ines)


@pytest.fixture
def request_(visit, ines):
    BookingTerms.objects.create(calendar=visit, needs_approval=True)
    return book_appointment(visit, starts_at=ELEVEN, customer=ADA, now=timezone.now(), host=ines)


def pages(appointment, request_):
    """Every page of an appointment that can be opened by its address."""
    visit, taken = appointment.calendar, f"{TEN:%Y-%m-%dT%H:%M:%SZ}"
    new = reverse("bookings:appointment-new-on", args=[visit.pk])
    move = reverse("bookings:move", args=[appointment.uid])
    return [
        reverse("bookings:my-calendar"),
        reverse("bookings:requests"),
        reverse("bookings:appointment", args=[request_.uid]),
        reverse("bookings:appointment", args=[appointment.uid]),
        reverse("bookings:cancel", args=[appointment.uid]),
        reverse("bookings:appointment-new"),
        f"{new}?day={MONDAY}",
        f"{new}?start={taken}",
        f"{move}?day={MONDAY}",
        f"{move}?start={taken}",
    ]


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_serious_is_found_on_any_page(browser, live_server, ines, appointment, request_, width):
    CalendarMemberFactory(calendar__account=ines.account, calendar__name="Massage", member=ines)
    page = signed_in(browser, live_server, ines, viewport={"width": width, "height": 900})

    for address in pages(appointment, request_):
        page.goto(address)
        look(page)
    page.goto(
        reverse("bookings:move", args=[appointment.uid]) + f"?start={ELEVEN:%Y-%m-%dT%H:%M:%S%z}".replace("+", "%2B")
    )
    page.get_by_role("button", name="Move it to").click()
    expect(page.get_by_role("heading", name="What stands against it")).to_be_visible()
    look(page)


def test_nothing_serious_is_found_for_staff_in_german_on_a_phone(browser, live_server, visit, appointment, request_):
    ines = appointment.host
    ines.user.locale = "de"
    ines.user.save()
    page = signed_in(browser, live_server, ines, viewport=PHONE, locale="de-DE")

    for address in pages(appointment, request_):
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == "de"
        look(page)


def test_a_request_is_confirmed_by_keyboard_alone(browser, live_server, ines, request_):
    page = signed_in(browser, live_server, ines)

    press(page, page.get_by_role("link", name="1 request waits for an answer"))
    press(page, page.get_by_role("button", name="Confirm Ada Lovelace"))

    expect(page.get_by_text("The appointment is confirmed.")).to_be_visible()
    expect(page.get_by_text("No request waits for an answer.")).to_be_visible()
    request_.refresh_from_db()
    assert request_.status == Status.CONFIRMED


def test_a_request_is_declined_with_a_reason_without_scripts(browser, live_server, ines, request_):
    page = signed_in(browser, live_server, ines, java_script_enabled=False)
    page.goto(reverse("bookings:appointment", args=[request_.uid]))

    page.locator("summary", has_text="Decline").click()
    page.get_by_label("Reason").fill("We are away.")
    page.get_by_role("button", name="Decline the request of Ada Lovelace").click()

    expect(page.get_by_text("The request is declined, and its time is free.")).to_be_visible()
    expect(page.get_by_text("“We are away.”")).to_be_visible()


def test_a_customer_is_booked_by_keyboard_alone(browser, live_server, ines, visit):
    page = signed_in(browser, live_server, ines)

    press(page, page.locator("#create-menu > summary"))
    press(page, page.get_by_role("link", name="New appointment"))
    expect(page.get_by_role("heading", name="New appointment")).to_be_visible()
    page.goto(f"{page.url}?day={MONDAY}")
    press(page, page.get_by_role("button", name="09:30"))
    reach(page, page.get_by_label("Name"))
    page.keyboard.type("Ada Lovelace")
    reach(page, page.get_by_label("E-mail address"))
    page.keyboard.type("ada@example.org")
    press(page, page.get_by_role("button", name="Book Monday"))

    expect(page.get_by_text("The appointment is booked and confirmed.")).to_be_visible()
    assert Appointment.objects.get().starts_at == TEN - timedelta(minutes=30)


def test_a_taken_time_is_overbooked_after_its_reasons_were_read_without_scripts(
    browser, live_server, ines, visit, appointment
):
    page = signed_in(browser, live_server, ines, java_script_enabled=False)
    page.goto(reverse("bookings:appointment-new-on", args=[visit.pk]))

    page.locator("summary", has_text="Another date or time").click()
    page.locator("#typed-host").select_option("Ines Carstens")
    page.get_by_label("Date").fill(f"{MONDAY}")
    page.get_by_label("Time", exact=True).fill("10:00")
    page.get_by_role("button", name="Go on with this time").click()
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Book Monday").click()
    expect(page.get_by_role("heading", name="10:00 is not free")).to_be_visible()
    expect(page.get_by_text("An appointment on “First visit”, 10:00–10:30.")).to_be_visible()
    page.get_by_role("button", name="Book anyway").click()

    expect(page.get_by_text("The appointment is booked and confirmed.")).to_be_visible()
    assert Appointment.objects.filter(starts_at=TEN, host=ines).count() == 2


def test_another_host_and_day_are_chosen_with_scripts_and_it_is_moved(browser, live_server, ines, appointment):
    page = signed_in(browser, live_server, ines, viewport=PHONE)
    page.goto(reverse("bookings:move", args=[appointment.uid]) + f"?day={MONDAY}")

    page.locator("#with-whom").select_option("Emil Brandt")
    expect(page.locator("#when input[name=host]").first).to_have_value(
        appointment.calendar.account.members.get(user__name="Emil Brandt").slug
    )
    page.locator("#when").get_by_role("button", name="11:00").click()
    expect(page.get_by_text("Emil Brandt takes it over from Ines Carstens.")).to_be_visible()
    page.get_by_role("button", name="Move it to Monday").click()

    expect(page.get_by_text("The appointment is moved, and its old time is free.")).to_be_visible()
    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.host.user.name) == (ELEVEN, "Emil Brandt")
