"""Settings › Schedules: the list, and what is done with a schedule as a whole."""

import re
from html import unescape

import pytest
from django.urls import reverse

from accounts.roles import Role
from availability.models import Calendar, Schedule
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("availability:schedules")
EVENINGS = [(4, 22 * 60, 2 * 60)]


@pytest.fixture
def staff(client):
    member = MemberFactory(user__name="Ines Carstens")
    client.force_login(member.user)
    return member


@pytest.fixture
def manager(staff):
    return MemberFactory(account=staff.account, role=Role.MANAGER, user__name="Oskar Lind")


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def address(name, schedule):
    return reverse(f"availability:schedule-{name}", args=[schedule.pk])


def test_a_schedule_is_listed_with_its_week_its_length_and_the_calendars_that_use_it(client, staff):
    usual = ScheduleFactory(member=staff, name="Practice hours")
    evenings = ScheduleFactory(member=staff, name="Evenings", is_default=False, hours=EVENINGS)
    by_default, chosen = (CalendarFactory(account=staff.account, name=name) for name in ("First visit", "Night class"))
    CalendarMemberFactory(calendar=by_default, member=staff)
    CalendarMemberFactory(calendar=chosen, member=staff, schedule=evenings)

    response = client.get(PAGE)

    page, words = response.content.decode(), text_of(response)
    assert "Practice hours Default 40 hours a week by the clock of Berlin Monday to Friday 09:00–17:00" in words
    assert "Used by First visit" in words
    assert "Evenings 4 hours a week by the clock of Berlin Friday 22:00–02:00 Used by Night class" in words
    assert page.count('data-from="22:00" data-to="24:00"') == page.count('data-from="00:00" data-to="02:00"') == 1
    assert address("default", evenings) in page
    assert address("default", usual) not in page


def test_whoever_is_not_signed_in_is_asked_to(client):
    schedule = ScheduleFactory()

    for url in (PAGE, reverse("availability:schedule", args=[schedule.pk]), address("days", schedule)):
        assert client.get(url)["Location"].startswith("/sign-in/")


def test_staff_see_their_own_schedules_alone(client, staff, manager):
    ScheduleFactory(member=staff, name="Mine")
    ScheduleFactory(member=manager, name="Theirs")

    assert "Mine" in text_of(client.get(PAGE))
    assert "Theirs" not in text_of(client.get(PAGE))
    assert client.get(PAGE, {"member": manager.slug}).status_code == 404


def test_managers_see_everybodys_by_member_and_can_pick_one(client, staff, manager):
    ScheduleFactory(member=staff, name="Practice hours")
    ScheduleFactory(member=manager, name="Office hours")
    ScheduleFactory(name="Of another business")
    client.force_login(manager.user)

    everybody, one = text_of(client.get(PAGE)), text_of(client.get(PAGE, {"member": staff.slug}))

    assert everybody.index("Office hours") < everybody.index("Ines Carstens New schedule") < everybody.index("Practice")
    assert "Of another business" not in everybody
    assert "Practice hours" in one
    assert "Office hours" not in one


@pytest.mark.parametrize("slug", ["nobody", "../x"])
def test_a_member_who_does_not_exist_is_a_page_that_does_not_exist(client, staff, manager, slug):
    client.force_login(manager.user)

    assert client.get(PAGE, {"member": slug}).status_code == 404


def test_a_member_of_another_account_is_a_page_that_does_not_exist(client, staff, manager):
    client.force_login(manager.user)

    assert client.get(PAGE, {"member": MemberFactory().slug}).status_code == 404


@pytest.mark.parametrize("name", ["default", "duplicate", "delete"])
@pytest.mark.parametrize("whose", ["a colleague's", "somebody's elsewhere"])
def test_somebody_elses_schedule_does_not_exist_for_staff(client, staff, manager, name, whose):
    theirs = ScheduleFactory(member=manager, is_default=False) if whose == "a colleague's" else ScheduleFactory()

    assert client.post(address(name, theirs)).status_code == 404
    assert list(Schedule.objects.all()) == [theirs]


def test_managers_change_the_schedules_of_their_members_and_of_nobody_elsewhere(client, staff, manager):
    usual = ScheduleFactory(member=staff)
    evenings = ScheduleFactory(member=staff, is_default=False)
    elsewhere = ScheduleFactory(is_default=False)
    client.force_login(manager.user)

    assert client.post(address("default", evenings))["Location"].endswith(f"&member={staff.slug}")
    assert client.post(address("default", elsewhere)).status_code == 404
    assert list(Schedule.objects.filter(is_default=True)) == [evenings]
    assert usual.member == staff


def test_a_copy_opens_in_the_editor(client, staff):
    schedule = ScheduleFactory(member=staff, name="Practice hours")

    response = client.post(address("duplicate", schedule), follow=True)

    twin = Schedule.objects.get(name="Practice hours (2)")
    assert response.redirect_chain[0][0].startswith(reverse("availability:schedule", args=[twin.pk]))
    assert "This is the copy. No calendar uses it yet." in text_of(response)


def test_the_default_is_not_deleted_and_the_page_says_why(client, staff):
    schedule = ScheduleFactory(member=staff, name="Practice hours")

    assert "“Practice hours” cannot be deleted now" in text_of(client.get(address("delete", schedule)))
    refused = client.post(address("delete", schedule))

    assert refused.status_code == 409
    assert "Make another schedule the default first" in text_of(refused)
    assert Schedule.objects.get() == schedule


def test_before_a_schedule_is_deleted_the_page_says_what_becomes_of_its_calendars(client, staff):
    ScheduleFactory(member=staff, name="Practice hours")
    evenings = ScheduleFactory(member=staff, name="Evenings", is_default=False)
    place = CalendarMemberFactory(
        calendar=CalendarFactory(account=staff.account, name="Night class"), member=staff, schedule=evenings
    )
    epoch = place.calendar.epoch

    words = text_of(client.get(address("delete", evenings)))
    assert "1 calendar uses these hours: Night class ." in words
    assert "From then on they use the default, “Practice hours”." in words
    client.post(address("delete", evenings))

    place.refresh_from_db()
    assert place.schedule is None
    assert Calendar.objects.get().epoch != epoch
    assert not Schedule.objects.filter(pk=evenings.pk).exists()


def test_reading_changes_nothing(client, staff):
    ScheduleFactory(member=staff)
    evenings = ScheduleFactory(member=staff, is_default=False)

    assert client.get(address("default", evenings)).status_code == 405
    assert client.get(address("duplicate", evenings)).status_code == 405
    assert client.get(address("delete", evenings)).status_code == 200
    assert Schedule.objects.count() == 2


def test_without_hours_the_list_says_so(client, staff):
    assert "There are no hours yet, so nobody can book with you." in text_of(client.get(PAGE))


def test_the_list_needs_no_more_queries_for_thirty_schedules(client, staff, manager, django_assert_max_num_queries):
    client.force_login(manager.user)
    first = ScheduleFactory(member=staff)
    CalendarMemberFactory(calendar=CalendarFactory(account=staff.account), member=staff, schedule=first)
    client.get(PAGE)  # the first page of a visit also notes the account
    with django_assert_max_num_queries(20) as few:
        client.get(PAGE)
    for number in range(29):
        colleague = MemberFactory(account=staff.account) if number % 3 else staff
        schedule = ScheduleFactory(member=colleague, is_default=colleague != staff)
        CalendarMemberFactory(calendar=CalendarFactory(account=staff.account), member=colleague, schedule=schedule)
    with django_assert_max_num_queries(20) as many:
        client.get(PAGE)

    assert len(many) == len(few)
