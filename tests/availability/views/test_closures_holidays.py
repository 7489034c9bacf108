"""Public holidays on the page of closures (A2)."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from availability.models import PublicHolidays
from tests.factories import NOW, CalendarFactory, MemberFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("availability:closures")
HOLIDAYS = reverse("availability:closures-holidays")
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def manager(client):
    member = MemberFactory(role=Role.MANAGER)
    client.force_login(member.user)
    return member


@pytest.fixture
def calendar(manager):
    return CalendarFactory(account=manager.account)


def epoch(calendar):
    calendar.refresh_from_db()
    return calendar.epoch


def test_a_country_is_kept_with_its_region(client, manager, calendar):
    before = epoch(calendar)

    response = client.post(HOLIDAYS, {"country": "DE", "region": "DE-BY"}, follow=True)

    kept = PublicHolidays.objects.get()
    assert (kept.account, kept.country, kept.subdivision) == (manager.account, "DE", "BY")
    assert epoch(calendar) != before
    text = response.content.decode()
    assert "The public holidays of <strong>Germany, Bayern</strong> are kept" in text
    assert "Corpus Christi" in text


def test_another_choice_takes_the_place_of_the_first(client, manager):
    client.post(HOLIDAYS, {"country": "DE", "region": "DE-BY"})
    client.post(HOLIDAYS, {"country": "GB", "region": ""})

    kept = PublicHolidays.objects.get()
    assert (kept.country, kept.subdivision) == ("GB", "")


def test_the_holidays_of_the_coming_twelve_months_are_listed(client, manager):
    PublicHolidays.objects.create(account=manager.account, country="DE", subdivision="")

    days = client.get(PAGE).context["days"]

    assert (min(days), max(days)) == (date(2026, 12, 25), date(2027, 10, 3))
    assert days[date(2026, 12, 25)] == "Christmas Day"


def test_looking_at_a_country_shows_its_regions_and_days_and_saves_nothing(client, manager):
    response = client.post(HOLIDAYS, {"country": "AT", "region": "", "show": "1"}, headers=HTMX)

    text = response.content.decode()
    assert "<html" not in text
    assert "Vorarlberg" in text
    assert "National Day" in text
    assert "not kept yet" in text
    assert not PublicHolidays.objects.exists()


def test_without_scripts_the_whole_page_shows_the_choice(client, manager):
    response = client.post(HOLIDAYS, {"country": "AT", "region": "", "show": "1"})

    assert "<html" in response.content.decode()
    assert response.context["form"].chosen_country == "AT"
    assert not PublicHolidays.objects.exists()


def test_looking_at_another_country_forgets_the_region_of_the_first(client, manager):
    response = client.post(HOLIDAYS, {"country": "CH", "region": "DE-BE", "show": "1"}, headers=HTMX)

    assert response.context["form"].chosen_subdivision == ""


@pytest.mark.parametrize(
    ("asked", "errors"),
    [
        ({}, {"country": ["Please choose a country."]}),
        (
            {"country": "XX"},
            {"country": ["We do not know the holidays of this country. Please choose another."]},
        ),
        (
            {"country": "CH", "region": "DE-BE"},
            {"region": ["This region lies in another country. Please choose again."]},
        ),
        ({"country": "CH", "region": "BE"}, {"region": ["This region lies in another country. Please choose again."]}),
    ],
)
def test_a_choice_that_cannot_be_is_refused(client, manager, asked, errors):
    response = client.post(HOLIDAYS, asked)

    assert response.status_code == 422
    assert response.context["form"].errors == errors
    assert not PublicHolidays.objects.exists()


def test_a_region_left_over_is_dropped_where_the_country_has_none(client, manager):
    client.post(HOLIDAYS, {"country": "LU", "region": "DE-BY"})

    kept = PublicHolidays.objects.get()
    assert (kept.country, kept.subdivision) == ("LU", "")


def test_the_address_that_takes_the_choice_leads_to_the_page(client, manager):
    response = client.get(HOLIDAYS)

    assert response["Location"] == f"{PAGE}?account={manager.account.slug}#holidays"


def test_holidays_are_switched_off(client, manager, calendar):
    PublicHolidays.objects.create(account=manager.account, country="DE", subdivision="")
    before = epoch(calendar)

    client.post(HOLIDAYS, {"off": "1"})

    assert not PublicHolidays.objects.exists()
    assert epoch(calendar) != before
    assert client.get(PAGE).context["days"] == {}
