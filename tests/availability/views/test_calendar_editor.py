"""Making and changing a calendar (T1–T11, A4–A6, A8, A9, U3)."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from availability.models import Calendar, CalendarMember, HostTime, HostTimeKind
from availability.services.save_calendar import HasComingAppointments, SlugTaken
from availability.views import calendar_editor
from tests.availability.calendar_answers import answers
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
NEW = reverse("availability:calendar-new")
TYPES = ("service", "round_robin", "collective", "class", "simple")


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def manager(client):
    member = MemberFactory(role=Role.MANAGER, account__slug="faehrhaus")
    client.force_login(member.user)
    return member


@pytest.fixture
def ines(manager):
    member = MemberFactory(account=manager.account, user__name="Ines")
    ScheduleFactory(member=member, name="Practice hours")
    return member


@pytest.fixture
def calendar(manager, ines):
    calendar = CalendarFactory(account=manager.account, name="First visit", slug="first-visit")
    CalendarMember.objects.create(calendar=calendar, member=ines)
    return calendar


def text(response):
    return " ".join(unescape(response.content.decode()).split())


def edit(calendar):
    return reverse("availability:calendar", args=[calendar.pk])


def book(calendar, member):
    HostTime.objects.create(
        user=member.user,
        calendar=calendar,
        uid="6b1f4a3e-0000-4000-8000-000000000001",
        kind=HostTimeKind.APPOINTMENT,
        starts_at=NOW + timedelta(hours=1),
        ends_at=NOW + timedelta(hours=2),
    )


# ── a new one ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_type_is_chosen_first_and_service_is_proposed(client, manager):
    page = text(client.get(NEW))

    places = [page.index(f"{NEW}?account=faehrhaus&type={kind}") for kind in TYPES]
    assert places == sorted(places)
    assert "does not look at your connected calendars" in page


@pytest.mark.parametrize("kind", TYPES)
def test_a_calendar_of_each_type_is_made(client, manager, ines, kind):
    assert client.get(NEW, {"type": kind}).status_code == 200

    response = client.post(NEW, answers(kind, ines, edition=None))

    made = Calendar.objects.get()
    assert response.headers["Location"] == f"/settings/calendars/?account=faehrhaus#calendar-{made.pk}"
    assert (made.type, made.name, made.slug, str(made.price)) == (kind, "First visit", "first-visit", "68.50")
    assert (made.account, made.interval) == (manager.account, timedelta(minutes=15))
    assert made.calendar_members.get().member == ines


def test_sending_a_new_calendar_twice_makes_one(client, manager, ines):
    sent = answers("service", ines, edition=None, slug="")

    assert client.post(NEW, sent).status_code == 302
    assert client.post(NEW, sent).status_code == 422
    assert Calendar.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "shown", "left_out"),
    [
        ("simple", {"look_busy"}, {"seats", "lead_cap", "priority", "position", "title_template", "category"}),
        ("class", {"seats", "shows_seats", "title_template"}, {"look_busy", "lead_cap", "position"}),
        ("round_robin", {"assignment_mode", "lead_cap", "keeps_host", "priority", "position", "fixed"}, {"seats"}),
        ("collective", {"lead", "position"}, {"priority", "fixed", "seats"}),
        ("service", {"category", "priority", "position"}, {"lead_cap", "fixed", "seats"}),
    ],
)
def test_only_what_the_type_uses_is_asked(client, manager, ines, kind, shown, left_out):
    page = text(client.get(NEW, {"type": kind}))

    def asked(name):
        return f'name="{name}"' in page or f'name="{name}_{ines.pk}"' in page

    assert {name for name in shown | left_out if asked(name)} == shown


def test_the_only_member_there_is_serves_it_without_being_asked(client, manager):
    assert f'name="members" value="{manager.pk}" id="id_members_{manager.pk}" checked' in text(
        client.get(NEW, {"type": "simple"})
    )


# ── changing one ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_editor_shows_what_is_saved(client, calendar, ines):
    Calendar.objects.update(duration=timedelta(minutes=90), minimum_notice=timedelta(days=2), edition=4)

    page = text(client.get(edit(calendar)))

    for shown in (
        'value="First visit"',
        'name="edition" value="4"',
        'name="duration" value="90"',
        'name="minimum_notice" value="2"',
        '<option value="days" selected>',
        f'id="id_members_{ines.pk}" checked',
        "Default: Practice hours",
        "/book/faehrhaus/first-visit/</a>",
    ):
        assert shown in page


def test_saving_stores_it_and_says_so(client, calendar, ines):
    sent = answers("service", ines, name="Second visit", duration="1", duration_unit="hours", hidden="on")

    response = client.post(edit(calendar), sent, follow=True)

    calendar.refresh_from_db()
    assert (calendar.name, calendar.duration, calendar.hidden_at) == ("Second visit", timedelta(hours=1), NOW)
    assert calendar.edition == 2
    assert "“Second visit” is saved." in text(response)


def test_what_the_type_does_not_use_stays_as_it_was(client, calendar, ines):
    Calendar.objects.update(seats=7, lead_cap=5, assignment_mode="equal")

    client.post(edit(calendar), answers("service", ines, seats="99", lead_cap="9"))

    calendar.refresh_from_db()
    assert (calendar.seats, calendar.lead_cap, calendar.assignment_mode) == (7, 5, "equal")


def test_bad_input_comes_back_with_the_message_at_the_field_and_nothing_is_saved(client, calendar, ines):
    before = list(Calendar.objects.values()), list(CalendarMember.objects.values())

    response = client.post(edit(calendar), answers("service", name="Typed", interval="2", interval_unit="days"))

    page = text(response)
    assert response.status_code == 422
    assert 'href="#id_interval"' in page
    assert 'id="id_interval_error"' in page
    assert "Between one minute and one day." in page
    assert 'href="#id_members"' in page
    assert 'id="id_members_error"' in page
    assert 'value="Typed"' in page
    assert (list(Calendar.objects.values()), list(CalendarMember.objects.values())) == before


def test_members_of_another_account_cannot_be_smuggled_in(client, calendar):
    stranger = MemberFactory(user__name="Somebody Else")

    response = client.post(edit(calendar), answers("service", stranger))

    assert response.status_code == 422
    assert "Somebody you chose is not a member of this account." in text(response)
    assert "Somebody Else" not in text(response)


# ── two at once ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_second_of_two_is_told_and_keeps_what_they_typed(client, calendar, ines):
    usual = {"place": "Am Kai 3", f"priority_{ines.pk}": "2", f"position_{ines.pk}": "1", f"schedule_{ines.pk}": ""}
    client.post(edit(calendar), answers("service", ines, **usual, name="First to save"))

    response = client.post(edit(calendar), answers("service", ines, **usual, name="Second to save"))

    page = text(response)
    assert response.status_code == 409
    assert "Somebody saved this calendar while you were editing it." in page
    assert "differs from what is saved now in: Name." in page
    assert 'value="Second to save"' in page
    calendar.refresh_from_db()
    assert (calendar.name, calendar.edition) == ("First to save", 2)


def test_the_second_of_two_may_save_theirs_knowingly(client, calendar, ines):
    client.post(edit(calendar), answers("service", ines, name="First to save"))
    told = client.post(edit(calendar), answers("service", ines, name="Second to save"))
    assert 'name="edition" value="2"' in text(told)

    response = client.post(edit(calendar), answers("service", ines, name="Second to save", edition="2"))

    calendar.refresh_from_db()
    assert (response.status_code, calendar.name) == (302, "Second to save")


def test_whoever_edits_a_calendar_that_is_hidden_meanwhile_is_told(client, calendar, ines):
    client.post(reverse("availability:calendar-state", args=[calendar.pk]), {"change": "hide"})

    response = client.post(edit(calendar), answers("service", ines))

    assert response.status_code == 409
    assert "Hidden" in text(response)
    calendar.refresh_from_db()
    assert calendar.hidden_at == NOW


# ── another type ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_type_is_looked_at_before_it_is_saved(client, calendar, ines):
    page = text(client.get(edit(calendar), {"type": "collective"}))
    assert 'name="type" value="collective"' in page
    calendar.refresh_from_db()
    assert calendar.type == "service"

    client.post(edit(calendar), answers("collective", ines))

    calendar.refresh_from_db()
    assert (calendar.type, calendar.calendar_members.get().is_lead) == ("collective", True)


def test_the_type_stays_while_appointments_are_to_come_and_both_pages_say_how_many(client, calendar, ines):
    book(calendar, ines)
    said = "1 appointment is still to come, so the type cannot change yet."

    response = client.post(edit(calendar), answers("collective", ines))
    types = text(client.get(reverse("availability:calendar-type", args=[calendar.pk])))

    assert response.status_code == 422
    assert said in text(response)
    assert 'id="id_type_error"' in text(response)
    assert said in types
    assert "type=collective" not in types
    calendar.refresh_from_db()
    assert calendar.type == "service"


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (SlugTaken(), "Another calendar of this account has the address “first-visit”."),
        (HasComingAppointments(2), "2 appointments are still to come"),
    ],
)
def test_whoever_loses_in_the_last_moment_reads_the_same_message(client, calendar, ines, monkeypatch, refused, said):
    def lose(*args, **kwargs):
        raise refused

    monkeypatch.setattr(calendar_editor, "save_calendar", lose)

    response = client.post(edit(calendar), answers("service", ines))

    assert response.status_code == 422
    assert said in text(response)


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_editor_does_not_exist_for_staff_nor_for_other_accounts(client, calendar, ines):
    before = list(Calendar.objects.values())
    pages = (NEW, f"{NEW}?type=service", edit(calendar), reverse("availability:calendar-type", args=[calendar.pk]))

    client.force_login(ines.user)
    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert client.post(edit(calendar), answers("service", ines)).status_code == 404
    assert client.post(NEW, answers("service", ines, slug="mine")).status_code == 404

    client.force_login(MemberFactory(role=Role.OWNER).user)
    assert client.get(edit(calendar)).status_code == 404
    assert client.post(edit(calendar), answers("service", ines)).status_code == 404
    assert list(Calendar.objects.values()) == before


def test_an_owner_may_edit(client, calendar, ines):
    client.force_login(MemberFactory(account=calendar.account, role=Role.OWNER).user)

    assert client.post(edit(calendar), answers("service", ines)).status_code == 302


def test_the_editor_takes_as_many_queries_for_thirty_members_as_for_one(client, calendar, django_assert_num_queries):
    client.get(edit(calendar))

    with django_assert_num_queries(10):
        client.get(edit(calendar))
    for _time in range(30):
        CalendarMemberFactory(calendar=calendar)
    with django_assert_num_queries(10):
        client.get(edit(calendar))


# ── without scripts ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_and_the_preview_have_addresses_of_their_own(client, calendar):
    """Every button does its work without JavaScript."""
    page = text(client.get(edit(calendar)))

    assert f'id="calendar-form" method="post" action="{edit(calendar)}"' in page
    preview = reverse("bookings:calendar-preview", args=[calendar.pk])
    assert f'form="calendar-form" formaction="{preview}"' in page
