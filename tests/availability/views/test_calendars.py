"""The list of calendars, and what can be done with each (T10)."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from availability.models import Calendar, HostTime, HostTimeKind
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("availability:calendars")
ACTIONS = ("calendar-state", "calendar-duplicate", "calendar-delete")


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def manager(client):
    member = MemberFactory(role=Role.MANAGER, account__name="Fährhaus", account__slug="faehrhaus")
    client.force_login(member.user)
    return member


@pytest.fixture
def calendar(manager):
    return CalendarFactory(account=manager.account, name="First visit", slug="first-visit")


def text(response):
    return unescape(response.content.decode())


def url(name, calendar):
    return reverse(f"availability:{name}", args=[calendar.pk])


def change(client, calendar, what):
    response = client.post(url("calendar-state", calendar), {"change": what})
    calendar.refresh_from_db()
    return response


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_managers_see_each_calendar_with_its_facts_and_its_link(client, calendar, settings):
    settings.PUBLIC_BASE_URL = "https://book.example.org"
    CalendarMemberFactory(calendar=calendar, member=MemberFactory(account=calendar.account, user__name="Ines"))
    Calendar.objects.update(duration=timedelta(minutes=45))

    page = text(client.get(PAGE))

    link = "https://book.example.org/book/faehrhaus/first-visit/"
    facts = ("First visit", "Service", "45 minutes", "Ines", "Open", f">{link}</a>", f'data-copy="{link}"')
    assert [fact for fact in facts if fact not in page] == []


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"hidden_at": NOW}, "Hidden</span>"),
        ({"paused_at": NOW}, "Paused</span>"),
        ({"switched_off_at": NOW}, "Switched off</span>"),
        ({"type": "simple"}, "does not look at your connected calendars"),
    ],
)
def test_the_list_says_how_each_calendar_stands(client, calendar, fields, word):
    assert word not in text(client.get(PAGE))

    Calendar.objects.update(**fields)

    assert word in text(client.get(PAGE))


def test_a_calendar_without_a_page_has_no_link(client, calendar):
    Calendar.objects.update(switched_off_at=NOW)

    assert "first-visit/" not in text(client.get(PAGE))


def test_an_account_without_calendars_is_told_what_to_do_next(client, manager):
    page = text(client.get(PAGE))

    assert "There is no calendar yet" in page
    assert reverse("availability:calendar-new") in page


def test_staff_see_those_they_serve_and_nothing_to_press(client, calendar):
    staff = MemberFactory(account=calendar.account)
    client.force_login(staff.user)
    assert "A manager of Fährhaus can add you to one" in text(client.get(PAGE))

    CalendarMemberFactory(calendar=CalendarFactory(account=calendar.account, name="Back class"), member=staff)
    page = text(client.get(PAGE))

    assert "Back class" in page
    assert "/book/faehrhaus/" in page
    assert "First visit" not in page
    assert "settings/calendars/new" not in page
    assert not [name for name in ACTIONS if url(name, calendar).removesuffix(f"{calendar.pk}/") in page]


def test_strangers_see_nothing_of_it(client, calendar):
    client.force_login(MemberFactory(role=Role.OWNER).user)

    assert "First visit" not in text(client.get(PAGE))
    assert client.get(PAGE, {"account": calendar.account.slug}).status_code == 404


def test_the_list_takes_as_many_queries_for_thirty_calendars_as_for_one(client, calendar, django_assert_num_queries):
    CalendarMemberFactory(calendar=calendar)
    client.get(PAGE)

    with django_assert_num_queries(8):
        client.get(PAGE)
    for _time in range(30):
        CalendarMemberFactory(calendar=CalendarFactory(account=calendar.account))
    with django_assert_num_queries(8):
        client.get(PAGE)


# ── what can be done ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("begin", "end", "name", "said"),
    [
        ("hide", "show", "hidden_at", "“First visit” is hidden."),
        ("pause", "resume", "paused_at", "“First visit” is paused."),
        ("off", "on", "switched_off_at", "“First visit” is switched off."),
    ],
)
def test_a_state_begins_and_ends_and_the_list_says_so(client, calendar, begin, end, name, said):
    response = change(client, calendar, begin)
    assert response.headers["Location"] == f"{PAGE}?account=faehrhaus#calendar-{calendar.pk}"
    assert getattr(calendar, name) == NOW
    assert said in text(client.get(PAGE))

    change(client, calendar, end)
    assert getattr(calendar, name) is None


def test_what_is_no_state_is_not_there(client, calendar):
    assert change(client, calendar, "explode").status_code == 404


def test_duplicating_leads_to_the_editor_of_the_copy(client, calendar):
    response = client.post(url("calendar-duplicate", calendar), follow=True)

    copy = Calendar.objects.exclude(pk=calendar.pk).get()
    assert response.redirect_chain == [(f"{url('calendar', copy)}?account=faehrhaus", 302)]
    assert "“First visit (copy)” is made. It is hidden" in text(response)


def test_deleting_asks_first_and_then_deletes(client, calendar):
    assert "Nothing was ever booked on it" in text(client.get(url("calendar-delete", calendar)))
    assert Calendar.objects.exists()

    response = client.post(url("calendar-delete", calendar), follow=True)

    assert "“First visit” is deleted." in text(response)
    assert not Calendar.objects.exists()


def test_a_booked_calendar_is_not_deleted_and_the_page_offers_to_switch_it_off(client, calendar):
    HostTime.objects.create(
        user=MemberFactory(account=calendar.account).user,
        calendar=calendar,
        uid="6b1f4a3e-0000-4000-8000-000000000001",
        kind=HostTimeKind.APPOINTMENT,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
    )

    asked, done = client.get(url("calendar-delete", calendar)), client.post(url("calendar-delete", calendar))

    assert (asked.status_code, done.status_code) == (200, 409)
    for response in (asked, done):
        assert "“First visit” cannot be deleted" in text(response)
        assert "1 appointment is still to come." in text(response)
        assert 'name="change" value="off"' in text(response)
    assert Calendar.objects.exists()


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_do_not_exist_for_staff_nor_for_other_accounts(client, calendar, name):
    staff = MemberFactory(account=calendar.account)
    CalendarMemberFactory(calendar=calendar, member=staff)
    before = Calendar.objects.values().get()

    for member in (staff, MemberFactory(role=Role.OWNER)):
        client.force_login(member.user)
        assert client.post(url(name, calendar), {"change": "off"}).status_code == 404

    assert Calendar.objects.values().get() == before


@pytest.mark.parametrize("name", ["calendar-state", "calendar-duplicate"])
def test_actions_are_done_by_post_alone(client, calendar, name):
    before = list(Calendar.objects.values())

    assert client.get(url(name, calendar)).status_code == 405
    assert client.head(url(name, calendar)).status_code == 405
    assert list(Calendar.objects.values()) == before


@pytest.mark.parametrize("name", ACTIONS)
def test_whoever_is_not_signed_in_is_asked_to(client, calendar, name):
    client.logout()

    response = client.post(url(name, calendar), {"change": "off"})

    assert response.headers["Location"].startswith(reverse("accounts:sign-in"))


def test_an_owner_may_do_what_a_manager_may(client, calendar):
    client.force_login(MemberFactory(account=calendar.account, role=Role.OWNER).user)

    assert change(client, calendar, "off").status_code == 302
    assert calendar.switched_off_at == NOW
