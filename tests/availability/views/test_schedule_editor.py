"""The schedule editor: saved wholly or not at all, with JavaScript and without."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from availability.core.hours import DayHours
from availability.models import DateOverride, HostTime, HostTimeKind, Schedule
from availability.queries.schedules import hours_of
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
NEW = reverse("availability:schedule-new")
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    """Views read NOW, a Monday morning in November, off the clock."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def staff(client):
    member = MemberFactory(user__name="Ines Carstens")
    client.force_login(member.user)
    return member


@pytest.fixture
def schedule(staff):
    return ScheduleFactory(member=staff, name="Practice hours", hours=[(0, 540, 1020)])


def page_of(schedule):
    return reverse("availability:schedule", args=[schedule.pk])


def typed(*openings, **fields):
    data = {"name": "Practice hours", "time_zone": "Europe/Berlin", "edition": "1", **fields}
    for weekday, opens, closes in openings:
        data[f"day_{weekday}_on"] = "on"
        data.setdefault(f"day_{weekday}_opens", []).append(opens)
        data.setdefault(f"day_{weekday}_closes", []).append(closes)
    return data


def words_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def rows_in(response, weekday):
    """The pairs of times in the fields of a day, as a browser would send them again."""
    page = response.content.decode()
    return [re.findall(rf'name="day_{weekday}_{end}" value="([^"]*)"', page) for end in ("opens", "closes")]


def edition_in(response):
    return re.search(r'name="edition" id="edition" value="(\d+)"', response.content.decode())[1]


def test_the_page_shows_the_week_as_a_picture_and_as_fields(client, schedule):
    response = client.get(page_of(schedule))

    assert response.status_code == 200
    assert rows_in(response, 0) == [["09:00"], ["17:00"]]
    assert '<span class="bar-open" data-from="09:00" data-to="17:00"><span>09:00–17:00</span></span>' in (
        response.content.decode()
    )
    assert "8 hours a week." in words_of(response)
    assert "On 28 March 2027 the clocks of Berlin go forward: 02:00 to 03:00 does not exist" in words_of(response)


def test_hours_past_midnight_stand_in_the_next_days_bar_and_are_said(client, staff):
    schedule = ScheduleFactory(member=staff, hours=[(4, 22 * 60, 2 * 60)])

    response = client.get(page_of(schedule))

    saturday = re.search(r'<div class="bar" id="bar-5".*?</div>', response.content.decode())[0]
    assert 'data-into-next-day data-from="00:00" data-to="02:00"' in saturday
    assert "Friday ends on Saturday at 02:00." in words_of(response)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("America/Santiago", "On 3 April 2027 the clocks of Santiago go back: 23:00 to 00:00 comes twice"),
        ("Asia/Kathmandu", "The clocks of Kathmandu do not change within the next year."),
    ],
)
def test_the_next_change_of_the_clocks_is_that_of_the_zone(client, staff, zone, said):
    schedule = ScheduleFactory(member=staff, time_zone=zone)

    assert said in words_of(client.get(page_of(schedule)))


def test_saving_replaces_the_hours_and_comes_back(client, schedule):
    response = client.post(page_of(schedule), typed((4, "22:00", "02:00"), (0, "9:00", "12:30"), name="Nights"))

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, page_of(schedule))
    stored = Schedule.objects.get()
    assert (stored.name, stored.edition) == ("Nights", 2)
    assert hours_of(stored) == (DayHours(0, 540, 750), DayHours(4, 1320, 120))


def test_what_is_not_right_is_said_and_nothing_typed_is_lost(client, schedule):
    response = client.post(
        page_of(schedule), typed((0, "09:00", "12:30"), (0, "12:00", "34:00"), (3, "08:00", "10:00"), name="Days")
    )

    assert response.status_code == 422
    assert "“34:00” is past the end of the day." in words_of(response)
    assert rows_in(response, 0) == [["09:00", "12:00"], ["12:30", "34:00"]]
    assert rows_in(response, 3) == [["08:00"], ["10:00"]]
    assert 'value="Days"' in response.content.decode()
    assert 'aria-invalid="true" aria-describedby="id_day_0_error"' in response.content.decode()
    assert 'href="#id_day_0"' in response.content.decode()
    assert hours_of(Schedule.objects.get()) == (DayHours(0, 540, 1020),)


def test_a_zone_that_does_not_exist_is_named_beside_the_field(client, schedule):
    response = client.post(page_of(schedule), typed((0, "09:00", "12:30"), time_zone="Europe/Atlantis"))

    assert response.status_code == 422
    assert "There is no time zone “Europe/Atlantis”." in words_of(response)
    assert str(Schedule.objects.get().time_zone) == "Europe/Berlin"


def test_of_two_who_edit_the_second_is_told_and_may_then_choose_to_save_again(client, schedule):
    client.post(page_of(schedule), typed((1, "10:00", "11:00"), name="Theirs"))

    told = client.post(page_of(schedule), typed((2, "12:00", "13:00"), name="Mine"))

    assert told.status_code == 409
    assert "“Theirs” was changed meanwhile by somebody else, so nothing of yours is saved yet." in words_of(told)
    assert rows_in(told, 2) == [["12:00"], ["13:00"]]
    assert 'value="Mine"' in told.content.decode()
    assert (Schedule.objects.get().name, hours_of(schedule)) == ("Theirs", (DayHours(1, 600, 660),))

    again = client.post(page_of(schedule), typed((2, "12:00", "13:00"), name="Mine", edition=edition_in(told)))
    assert again.status_code == 302
    assert Schedule.objects.get().name == "Mine"


def test_buttons_inside_the_form_do_not_make_an_old_page_new(client, schedule):
    client.post(page_of(schedule), typed((1, "10:00", "11:00"), name="Theirs"))

    longer = client.post(page_of(schedule), typed((2, "12:00", "13:00"), do="add:day_2"))
    refused = client.post(page_of(schedule), typed((2, "12:00", "x")))

    assert (edition_in(longer), edition_in(refused)) == ("1", "1")


@pytest.mark.parametrize("edition", ["", "x", "-1", "99999999999999999999", "²"])
def test_nonsense_for_an_edition_saves_nothing(client, schedule, edition):
    assert client.post(page_of(schedule), typed((2, "12:00", "13:00"), edition=edition)).status_code == 409
    assert hours_of(schedule) == (DayHours(0, 540, 1020),)


def test_a_schedule_deleted_while_it_was_edited_can_be_made_anew(client, schedule, monkeypatch):
    from availability.views import schedule_editor

    save = schedule_editor.save_schedule

    def delete_just_before(*args, **kwargs):
        Schedule.objects.all().delete()
        save(*args, **kwargs)

    monkeypatch.setattr(schedule_editor, "save_schedule", delete_just_before)
    told = client.post(page_of(schedule), typed((2, "12:00", "13:00")))

    assert told.status_code == 409
    assert "“Practice hours” was deleted meanwhile" in words_of(told)
    assert f'action="{NEW}"' in told.content.decode()
    assert rows_in(told, 2) == [["12:00"], ["13:00"]]


def test_without_javascript_rows_are_added_and_removed_and_what_is_typed_stays(client, schedule):
    before = typed((0, "09:00", "12:00"), (0, "13:00", ""), (4, "x", "02:00"), name="Nearly")

    longer = client.post(page_of(schedule), {**before, "do": "add:day_0"})
    shorter = client.post(page_of(schedule), {**before, "do": "remove:day_0:0"})

    assert longer.status_code == shorter.status_code == 200
    assert rows_in(longer, 0) == [["09:00", "13:00", ""], ["12:00", "", ""]]
    assert rows_in(shorter, 0) == [["13:00"], [""]]
    assert rows_in(longer, 4) == rows_in(shorter, 4) == [["x"], ["02:00"]]
    assert 'value="Nearly"' in longer.content.decode()
    assert hours_of(schedule) == (DayHours(0, 540, 1020),)


def test_the_hours_of_a_day_are_copied_to_others(client, schedule):
    response = client.post(
        page_of(schedule),
        typed((0, "09:00", "12:00"), (1, "07:00", "08:00"), day_0_copy=["day_2", "day_6", "name"], do="copy:day_0"),
    )

    assert [rows_in(response, day) for day in (0, 2, 6)] == [[["09:00"], ["12:00"]]] * 3
    assert rows_in(response, 1) == [["07:00"], ["08:00"]]
    assert 'name="day_6_on" value="on" checked' in response.content.decode()
    assert hours_of(schedule) == (DayHours(0, 540, 1020),)


@pytest.mark.parametrize("step", ["add:name", "remove:day_9:0", "copy:x", "remove:day_0:x", "fly", "draw", "add:"])
def test_steps_that_do_not_exist_change_nothing(client, schedule, step):
    response = client.post(page_of(schedule), typed((0, "10:00", "12:00"), do=step))

    assert response.status_code == 200
    assert rows_in(response, 0) == [["10:00"], ["12:00"]]
    assert hours_of(schedule) == (DayHours(0, 540, 1020),)


def test_return_in_a_field_saves_and_removes_nothing(client, schedule):
    """A browser presses the first button of the form then."""
    page = client.get(page_of(schedule)).content.decode()
    first = re.search(r"<button[^>]*>", page[page.index('id="schedule-form"') :])[0]

    assert 'type="submit"' in first
    assert "name=" not in first


def test_by_htmx_one_day_comes_and_the_bars_of_the_others(client, schedule):
    response = client.post(page_of(schedule), typed((4, "22:00", "02:00"), do="add:day_4"), headers=HTMX)

    page = response.content.decode()
    assert "<html" not in page
    assert [re.search(r"\d", one)[0] for one in re.findall(r'<li id="id_day_\d"', page)] == ["4"]
    assert re.findall(r'id="(bar-\d)" aria-hidden="true" hx-swap-oob="true"', page) == [
        f"bar-{day}" for day in (0, 1, 2, 3, 5, 6)
    ]
    assert rows_in(response, 4) == [["22:00", ""], ["02:00", ""]]


def test_by_htmx_the_picture_follows_what_is_typed_and_no_field_is_replaced(client, schedule):
    response = client.post(
        f"{page_of(schedule)}?do=draw",
        typed((4, "22:00", "02:00"), (5, "x", ""), time_zone="Asia/Kathmandu"),
        headers=HTMX,
    )

    page = response.content.decode()
    assert len(re.findall(r'id="bar-\d"[^>]*hx-swap-oob="true"', page)) == 7
    assert "<input" not in page
    assert "4 hours a week. Friday ends on Saturday at 02:00." in words_of(response)
    assert "The clocks of Kathmandu do not change" in words_of(response)
    assert hours_of(schedule) == (DayHours(0, 540, 1020),)


def test_booked_times_that_would_lie_outside_are_counted_and_listed_without_names(client, staff, schedule):
    calendar = CalendarFactory(account=staff.account, name="First visit")
    CalendarMemberFactory(calendar=calendar, member=staff)
    for hours in (2, 7):
        HostTime.objects.create(
            user=staff.user,
            calendar=calendar,
            uid=uuid.uuid4(),
            kind=HostTimeKind.APPOINTMENT,
            starts_at=NOW + timedelta(hours=hours),
            ends_at=NOW + timedelta(hours=hours + 1),
        )

    within = words_of(client.get(page_of(schedule)))
    drawn = words_of(client.post(f"{page_of(schedule)}?do=draw", typed((0, "09:00", "12:00")), headers=HTMX))
    saved = words_of(client.post(page_of(schedule), typed((0, "09:00", "12:00")), follow=True))

    assert "Nothing already booked is touched. " in within
    assert "lie outside" not in within
    for words in (drawn, saved):
        assert "1 appointment would lie outside: show them" in words
        assert "Monday 23 November 2026, 15:00 First visit" in words


def test_a_new_schedule_starts_with_office_hours_and_is_stored_when_saved(client, staff):
    proposed = client.get(NEW)
    assert rows_in(proposed, 4) == [["09:00"], ["17:00"]]
    assert not Schedule.objects.exists()

    response = client.post(NEW, typed((0, "09:00", "12:00"), name="First"))

    made = Schedule.objects.get()
    assert response["Location"].startswith(page_of(made))
    assert (made.member, made.name, made.is_default) == (staff, "First", True)


def test_a_new_schedule_of_a_name_that_is_taken_is_refused_at_its_field(client, schedule):
    response = client.post(NEW, typed((0, "09:00", "12:00")))

    assert response.status_code == 422
    assert "There is another schedule of this name." in words_of(response)
    assert Schedule.objects.count() == 1


def test_staff_make_and_change_their_own_alone(client, staff):
    colleague = MemberFactory(account=staff.account)
    theirs, elsewhere = ScheduleFactory(member=colleague), ScheduleFactory()

    assert client.get(NEW, {"member": colleague.slug}).status_code == 404
    assert client.post(NEW, typed(member=colleague.slug)).status_code == 404
    for one in (theirs, elsewhere):
        assert client.get(page_of(one)).status_code == 404
        assert client.post(page_of(one), typed()).status_code == 404
    assert Schedule.objects.count() == 2


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_managers_make_and_change_those_of_their_members(client, staff, schedule, role):
    manager = MemberFactory(account=staff.account, role=role)
    client.force_login(manager.user)

    assert "Ines Carstens" in words_of(client.get(page_of(schedule)))
    client.post(page_of(schedule), typed((1, "10:00", "11:00")))
    client.post(NEW, typed((1, "10:00", "11:00"), name="Made for Ines", member=staff.slug))

    assert hours_of(schedule) == (DayHours(1, 600, 660),)
    assert Schedule.objects.get(name="Made for Ines").member == staff
    assert client.get(page_of(ScheduleFactory())).status_code == 404


def test_a_manager_of_one_account_is_nobody_special_in_another(client, staff):
    """The same person manages elsewhere and is staff here."""
    MemberFactory(user=staff.user, role=Role.OWNER)
    colleagues = ScheduleFactory(member=MemberFactory(account=staff.account))

    for account in (staff.account, staff.user.memberships.exclude(pk=staff.pk).get().account):
        assert client.get(page_of(colleagues), {"account": account.slug}).status_code == 404


def test_coming_days_with_other_hours_are_listed(client, schedule):
    for day, opens, closes in ((24, 540, 720), (25, None, None), (26, None, None)):
        DateOverride.objects.create(
            schedule=schedule, date=NOW.date().replace(month=12, day=day), opens_minute=opens, closes_minute=closes
        )
    DateOverride.objects.create(schedule=schedule, date=NOW.date().replace(day=1))

    words = words_of(client.get(page_of(schedule)))

    assert "24 Dec 09:00–12:00 Thursday 24 December 2026 Change" in words
    assert "25 Dec Closed Friday 25 December 2026 to Saturday 26 December 2026 Change" in words
    assert "1 Nov" not in words


def test_the_page_needs_no_more_queries_for_a_long_week(client, staff, schedule, django_assert_max_num_queries):
    client.get(page_of(schedule))  # the first page of a visit also notes the account
    with django_assert_max_num_queries(20) as few:
        client.get(page_of(schedule))
    busy = ScheduleFactory(
        member=staff,
        is_default=False,
        hours=[(day, hour * 60, hour * 60 + 30) for day in range(7) for hour in range(20)],
    )
    for day in range(1, 30):
        DateOverride.objects.create(schedule=busy, date=NOW.date().replace(month=12, day=day))
    for _number in range(9):
        calendar = CalendarFactory(account=staff.account)
        CalendarMemberFactory(calendar=calendar, member=staff, schedule=busy)
    with django_assert_max_num_queries(20) as many:
        client.get(page_of(busy))

    assert len(many) == len(few)
