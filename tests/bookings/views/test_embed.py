"""The booking pages inside other websites: who may show them, and what they do without cookies."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.bookings.views.appointments.pages import text
from tests.factories import CalendarMemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
SITE = "https://www.example.com"


@pytest.fixture
def calendar(db):
    return CalendarMemberFactory(calendar__account__embedding_sites=[SITE]).calendar


def page(calendar, name="embed"):
    return reverse(f"bookings:{name}", args=[calendar.account.slug, calendar.slug])


def group(calendar, name="embed-group"):
    return reverse(f"bookings:{name}", args=[calendar.account.slug])


def ancestors(response):
    return re.search(r"frame-ancestors ([^;]+)", response["Content-Security-Policy"])[1]


@pytest.mark.parametrize("address", [page, group])
def test_the_websites_of_the_account_may_show_it(client, calendar, address):
    response = client.get(address(calendar))

    assert ancestors(response) == SITE
    assert "X-Frame-Options" not in response


@pytest.mark.parametrize("address", [page, group])
def test_without_websites_nobody_may(client, calendar, address):
    calendar.account.embedding_sites = []
    calendar.account.save()

    response = client.get(address(calendar))

    assert (ancestors(response), response["X-Frame-Options"]) == ("'none'", "DENY")


@pytest.mark.parametrize(
    "address",
    [
        lambda calendar: page(calendar, "book"),
        lambda calendar: group(calendar, "group"),
        lambda calendar: f"{page(calendar, 'book')}?start=2026-11-23T10:00:00Z",
        lambda _calendar: reverse("accounts:sign-in"),
        lambda _calendar: reverse("bookings:manage", args=["made-up"]),
        lambda _calendar: reverse("bookings:my-calendar"),
    ],
)
def test_no_other_page_is_ever_shown_inside_another(client, calendar, address):
    response = client.get(address(calendar))

    assert (ancestors(response), response["X-Frame-Options"]) == ("'none'", "DENY")


def test_a_time_opens_the_ordinary_form_in_a_new_tab(client, calendar):
    sent = client.get(page(calendar)).content.decode()

    form = re.search(r"<form[^>]* target=[^>]*>", sent)[0]
    assert 'method="get"' in form
    assert f'action="{page(calendar, "book")}"' in form
    assert 'target="_blank" rel="noopener"' in form


def test_no_form_in_it_needs_a_cookie(client, calendar):
    response = client.get(page(calendar))

    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert not response.cookies


def test_the_form_it_opens_books_without_a_hold(calendar):
    """As the new tab does: nothing is known of whoever comes."""
    frame, tab = Client(), Client()
    start = re.search(r'name="start" value="([^"]+)"', frame.get(page(calendar)).content.decode())[1]

    response = tab.get(page(calendar, "book"), {"start": start})

    assert response.status_code == 200
    assert 'id="details"' in response.content.decode()


def test_its_links_stay_inside(client, calendar):
    sent = client.get(page(calendar)).content.decode()

    assert f'href="{group(calendar)}"' in sent
    assert f'href="{group(calendar, "group")}"' not in sent
    assert f'href="{page(calendar)}"' in client.get(group(calendar)).content.decode()


def test_turning_to_another_day_stays_inside(client, calendar):
    response = client.get(page(calendar), {"day": "2026-11-25"}, headers={"HX-Request": "true", "HX-Target": "when"})

    assert f'hx-get="{page(calendar)}' in response.content.decode()
    assert ancestors(response) == SITE


def test_a_paused_calendar_says_so(client, calendar):
    calendar.paused_at = calendar.created_at
    calendar.save()

    assert "Nothing can be booked here now." in text(client.get(page(calendar)))


def test_what_is_not_there_is_not_there(client, calendar):
    assert client.get(reverse("bookings:embed-group", args=["nobody"])).status_code == 404
    assert client.get(reverse("bookings:embed", args=[calendar.account.slug, "nothing"])).status_code == 404


@pytest.mark.parametrize("address", [page, group])
def test_it_is_only_read(client, calendar, address):
    assert client.post(address(calendar)).status_code == 405
