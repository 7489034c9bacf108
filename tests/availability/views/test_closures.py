"""Closures and public holidays (A2): who sees the page, what it says, what saving does."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from availability.models import Closure, HostTime, HostTimeKind, PublicHolidays
from tests.factories import NOW, AccountFactory, CalendarFactory, MemberFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("availability:closures")
ADD = reverse("availability:closure-add")
HOLIDAYS = reverse("availability:closures-holidays")
BOOKED = reverse("availability:closures-booked")
HTMX = {"HX-Request": "true"}
CHRISTMAS = {"name": "Christmas", "first": "2026-12-24", "last": "2027-01-01"}


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def manager(client):
    member = MemberFactory(role=Role.MANAGER, account__name="Fährhaus")
    client.force_login(member.user)
    return member


@pytest.fixture
def calendar(manager):
    return CalendarFactory(account=manager.account, name="First visit")


def closure(account, days=10, length=timedelta(days=1), name="Inventory"):
    start = datetime(2026, 11, 22, 23, tzinfo=UTC) + timedelta(days=days)
    return Closure.objects.create(account=account, name=name, starts_at=start, ends_at=start + length)


def taken(calendar, starts_at, kind=HostTimeKind.APPOINTMENT, **more):
    host = MemberFactory(account=calendar.account)
    return HostTime.objects.create(
        user=host.user,
        calendar=calendar,
        uid=uuid4(),
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        **more,
    )


def epoch(calendar):
    calendar.refresh_from_db()
    return calendar.epoch


def page_of(row, action="change"):
    return reverse(f"availability:closure-{action}", args=[row.pk])


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_owners_and_managers_see_the_page(client, role):
    client.force_login(MemberFactory(role=role).user)

    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("page", [PAGE, ADD, BOOKED])
def test_for_staff_there_is_no_such_page(client, page):
    client.force_login(MemberFactory(role=Role.STAFF).user)

    assert client.get(page).status_code == 404


def test_staff_change_nothing_by_hand_made_requests(client):
    member = MemberFactory(role=Role.STAFF)
    standing = closure(member.account)
    client.force_login(member.user)

    for page in (ADD, page_of(standing), page_of(standing, "remove"), HOLIDAYS):
        assert client.post(page, {**CHRISTMAS, "country": "DE"}).status_code == 404
    assert Closure.objects.get().name == "Inventory"
    assert not PublicHolidays.objects.exists()


@pytest.mark.parametrize("action", ["change", "remove"])
def test_a_closure_of_another_account_is_not_there(client, manager, action):
    theirs = closure(AccountFactory())

    assert client.get(page_of(theirs, action)).status_code == 404
    assert client.post(page_of(theirs, action), CHRISTMAS).status_code == 404
    assert Closure.objects.get().name == "Inventory"


def test_somebody_who_manages_one_account_does_not_manage_another(client, manager):
    elsewhere = MemberFactory(user=manager.user, role=Role.STAFF)

    assert client.get(PAGE, {"account": elsewhere.account.slug}).status_code == 404


def test_strangers_sign_in_first(client):
    assert client.get(PAGE).status_code == 302


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_coming_closures_are_listed_and_past_ones_folded(client, manager):
    closure(manager.account, days=20, name="Later")
    closure(manager.account, days=0, name="Now")
    closure(manager.account, days=-30, name="Long ago")
    closure(manager.account, days=-3, name="Lately")

    listed = client.get(PAGE).context["closures"]

    assert [line.closure.name for line in listed.coming] == ["Now", "Later"]
    assert [line.closure.name for line in listed.past] == ["Lately", "Long ago"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"first": "2026-12-24"}, "Thursday 24 December 2026<"),
        ({"first": "2026-12-24", "last": "2027-01-01"}, "Thursday 24 December 2026 – Friday 1 January 2027<"),
        ({"first": "2026-12-24", "opens": "12:00", "closes": "18:30"}, "Thursday 24 December 2026, 12:00 – 18:30<"),
        ({"first": "2026-12-24", "opens": "12:00"}, "Thursday 24 December 2026, 12:00 – 24:00<"),
        (
            {"first": "2026-12-24", "last": "2026-12-28", "closes": "08:00"},
            "Thursday 24 December 2026, 00:00 – Monday 28 December 2026, 08:00<",
        ),
    ],
)
def test_a_closure_reads_as_it_was_entered(client, manager, asked, words):
    response = client.post(ADD, asked, follow=True)

    assert words in response.content.decode()


@pytest.mark.parametrize("many", [1, 30])
def test_the_page_asks_the_same_number_of_questions_for_any_length(
    client, manager, calendar, many, django_assert_num_queries
):
    for number in range(many):
        closure(manager.account, days=number)
        taken(calendar, NOW + timedelta(days=number))
    client.get(PAGE)

    with django_assert_num_queries(9):
        client.get(PAGE)


# ── adding and changing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_whole_days_run_from_midnight_to_midnight_of_the_account(client, manager, calendar):
    before = epoch(calendar)

    response = client.post(ADD, CHRISTMAS, follow=True)

    added = Closure.objects.get()
    assert (added.account, added.name) == (manager.account, "Christmas")
    assert added.starts_at == datetime(2026, 12, 23, 23, tzinfo=UTC)
    assert added.ends_at == datetime(2027, 1, 1, 23, tzinfo=UTC)
    assert epoch(calendar) != before
    assert "“Christmas” is saved. Nothing already booked is touched." in response.content.decode()


def test_times_are_read_by_the_clock_of_the_account_and_not_of_the_reader(client):
    member = MemberFactory(role=Role.OWNER, account__time_zone="Asia/Kathmandu", user__time_zone="Europe/London")
    client.force_login(member.user)

    client.post(ADD, {"first": "2026-12-24", "opens": "12:00", "closes": "13:00"})

    added = Closure.objects.get()
    assert added.starts_at == datetime(2026, 12, 24, 6, 15, tzinfo=UTC)
    assert added.ends_at == datetime(2026, 12, 24, 7, 15, tzinfo=UTC)


def test_closures_may_overlap(client, manager):
    client.post(ADD, CHRISTMAS)
    client.post(ADD, {**CHRISTMAS, "name": "Renovation"})

    assert Closure.objects.count() == 2


def test_what_cannot_be_is_said_next_to_its_field_and_nothing_is_saved(client, manager):
    response = client.post(ADD, {**CHRISTMAS, "last": "2026-12-23"})

    assert response.status_code == 422
    assert 'id="id_last_error"' in response.content.decode()
    assert not Closure.objects.exists()


def test_the_form_of_a_closure_begins_with_what_is_kept(client, manager):
    client.post(ADD, {**CHRISTMAS, "opens": "12:00"})

    text = client.get(page_of(Closure.objects.get())).content.decode()

    for value in ("Christmas", "2026-12-24", "12:00", "2027-01-01"):
        assert f'value="{value}"' in text


def test_saving_a_form_as_it_is_changes_no_time(client, manager):
    client.post(ADD, {"first": "2026-10-25", "opens": "02:30", "last": "2026-10-25", "closes": "02:30"})
    before = Closure.objects.values().get()

    form = client.get(page_of(Closure.objects.get())).context["form"]
    client.post(page_of(Closure.objects.get()), {field.name: field.value() or "" for field in form})

    assert Closure.objects.values().get() == before


def test_a_change_is_saved(client, manager, calendar):
    standing = closure(manager.account)
    before = epoch(calendar)

    client.post(page_of(standing), {"name": "", "first": "2026-12-24"})

    standing.refresh_from_db()
    assert (standing.name, standing.starts_at) == ("", datetime(2026, 12, 23, 23, tzinfo=UTC))
    assert epoch(calendar) != before


def test_removing_asks_first(client, manager, calendar):
    standing = closure(manager.account)
    before = epoch(calendar)

    assert "Remove “Inventory”?" in client.get(page_of(standing, "remove")).content.decode()
    assert Closure.objects.exists()

    client.post(page_of(standing, "remove"))
    assert not Closure.objects.exists()
    assert epoch(calendar) != before


def test_the_calendars_of_other_accounts_keep_their_epoch(client, manager):
    theirs = CalendarFactory()
    before = epoch(theirs)

    client.post(ADD, CHRISTMAS)

    assert epoch(theirs) == before


# ── what is booked already ───────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_booked_in_a_closure_is_counted_and_listed(client, manager, calendar):
    standing = closure(manager.account, days=1)
    inside = taken(calendar, standing.starts_at + timedelta(hours=10))
    runs_into = taken(calendar, standing.starts_at - timedelta(minutes=15))
    taken(calendar, standing.ends_at)
    taken(CalendarFactory(), standing.starts_at)

    assert "2 coming times are booked although you are closed then." in client.get(PAGE).content.decode()
    response = client.get(BOOKED)
    assert list(response.context["booked"]) == [runs_into, inside]
    text = response.content.decode()
    assert "Tuesday 24 November 2026, 10:00" in text
    assert reverse("bookings:appointment", args=[inside.uid]) in text
    assert "First visit" in text


def test_holds_and_what_is_over_are_not_counted(client, manager, calendar):
    standing = closure(manager.account, days=-2, length=timedelta(days=5))
    taken(calendar, NOW - timedelta(days=1))
    taken(calendar, standing.ends_at - timedelta(hours=1), HostTimeKind.HOLD, expires_at=NOW + timedelta(minutes=5))

    assert client.get(PAGE).context["booked"] == 0
    assert "No coming time is booked while you are closed." in client.get(BOOKED).content.decode()


def test_time_in_two_closures_is_counted_once(client, manager, calendar):
    for _twice in range(2):
        taken_in = closure(manager.account)
    taken(calendar, taken_in.starts_at)

    assert client.get(PAGE).context["booked"] == 1
