"""Other hours on single days: chosen on a small month, as a page of its own or in the editor's dialog."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from availability.models import DateOverride, Schedule
from tests.factories import NOW, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
EVE, CHRISTMAS, BOXING = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    """Views read NOW, the morning of Monday 23 November 2026, off the clock."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def schedule(client):
    schedule = ScheduleFactory(name="Practice hours", hours=[(day, 540, 1020) for day in range(4)])
    client.force_login(schedule.member.user)
    return schedule


def page_of(schedule):
    return reverse("availability:schedule-days", args=[schedule.pk])


def typed(*openings, **fields):
    return {
        "first": "2026-12-24",
        "last": "",
        "edition": "1",
        "hours_on": "on" if openings else "closed",
        "hours_opens": [opens for opens, _closes in openings],
        "hours_closes": [closes for _opens, closes in openings],
        **fields,
    }


def words_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def rows_of(schedule):
    return list(schedule.overrides.values_list("date", "opens_minute", "closes_minute"))


def values(response, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', response.content.decode())


def test_the_month_says_what_opens_on_each_coming_day(client, schedule):
    DateOverride.objects.create(schedule=schedule, date=EVE, opens_minute=540, closes_minute=720)

    page = client.get(page_of(schedule), {"month": "2026-12"}).content.decode()

    labels = dict(re.findall(r'<a class="day"[^>]*day=([\d-]+)"[^>]*aria-label="([^"]*)"', page))
    assert list(labels) == [f"2026-12-{day:02}" for day in range(1, 32)]
    assert labels["2026-12-23"] == "Wednesday 23 December, 09:00–17:00"
    assert labels["2026-12-24"] == "Thursday 24 December, other hours: 09:00–12:00"
    assert labels["2026-12-25"] == "Friday 25 December, Closed"


def test_without_a_month_it_is_this_one_and_past_days_are_no_links(client, schedule):
    page = client.get(page_of(schedule)).content.decode()

    assert re.findall(r'<a class="day"[^>]*day=([\d-]+)"', page) == [f"2026-11-{day}" for day in range(23, 31)]
    assert "Earlier months are over" in page


@pytest.mark.parametrize("month", ["0001-01", "2020-01", "9999-12", "x", "2026-13", ""])
def test_a_month_out_of_reach_does_no_harm(client, schedule, month):
    assert client.get(page_of(schedule), {"month": month}).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "x"])
def test_a_day_out_of_reach_does_no_harm(client, schedule, day):
    assert client.get(page_of(schedule), {"day": day, "last": day}).status_code == 200


def test_a_day_starts_from_the_hours_of_the_week(client, schedule):
    response = client.get(page_of(schedule), {"day": "2026-12-24"})

    assert values(response, "first") == ["2026-12-24"]
    assert (values(response, "hours_opens"), values(response, "hours_closes")) == (["09:00"], ["17:00"])
    assert 'value="on" checked' in response.content.decode()
    assert "Back to the hours of the week" not in words_of(response)


def test_a_day_that_was_changed_starts_from_what_it_is_now(client, schedule):
    DateOverride.objects.create(schedule=schedule, date=EVE)

    response = client.get(page_of(schedule), {"day": "2026-12-24"})

    assert 'value="closed" checked' in response.content.decode()
    assert values(response, "was_first") == values(response, "was_last") == ["2026-12-24"]
    assert "Back to the hours of the week" in words_of(response)


def test_one_day_gets_other_hours_past_midnight_too(client, schedule):
    response = client.post(page_of(schedule), typed(("09:00", "12:00"), ("22:00", "02:00")))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("availability:schedule", args=[schedule.pk]))
    assert response["Location"].endswith("#overrides")
    assert rows_of(schedule) == [(EVE, 540, 720), (EVE, 1320, 120)]
    assert Schedule.objects.get().edition == 2


def test_several_days_are_closed_at_once(client, schedule):
    client.post(page_of(schedule), typed(last="2026-12-26"))

    assert rows_of(schedule) == [(EVE, None, None), (CHRISTMAS, None, None), (BOXING, None, None)]


def test_days_in_a_row_are_changed_as_one(client, schedule):
    client.post(page_of(schedule), typed(last="2026-12-26"))
    shown = client.get(page_of(schedule), {"day": "2026-12-24", "last": "2026-12-26"})
    assert values(shown, "was_last") == ["2026-12-26"]

    client.post(page_of(schedule), typed(last="2026-12-25", was_first="2026-12-24", was_last="2026-12-26", edition="2"))

    assert rows_of(schedule) == [(EVE, None, None), (CHRISTMAS, None, None)]


def test_a_day_goes_back_to_the_hours_of_the_week_whatever_else_is_typed(client, schedule):
    client.post(page_of(schedule), typed(last="2026-12-26"))

    client.post(
        page_of(schedule),
        typed(("x", ""), first="", do="back", was_first="2026-12-24", was_last="2026-12-25", edition="2"),
    )

    assert rows_of(schedule) == [(BOXING, None, None)]


@pytest.mark.parametrize(
    ("openings", "fields", "said"),
    [
        ([("09:00", "12:00")], {"first": "2026-11-22"}, "22 November 2026 is past."),
        ([("09:00", "12:00")], {"last": "2028-01-01"}, "These are more than 366 days."),
        ([("09:00", "12:00"), ("11:00", "13:00")], {}, "09:00–12:00 and 11:00–13:00 overlap."),
    ],
)
def test_what_makes_no_sense_is_refused_and_stays_as_typed(client, schedule, openings, fields, said):
    response = client.post(page_of(schedule), typed(*openings, **fields))

    assert response.status_code == 422
    assert said in words_of(response)
    assert values(response, "first") == [fields.get("first", "2026-12-24")]
    assert values(response, "hours_opens") == [opens for opens, _closes in openings]
    assert rows_of(schedule) == []


def test_going_back_without_saying_from_where_saves_nothing(client, schedule):
    assert client.post(page_of(schedule), typed(first="", do="back")).status_code == 422
    assert rows_of(schedule) == []


def test_without_javascript_rows_are_added_and_removed(client, schedule):
    longer = client.post(page_of(schedule), typed(("09:00", "12:00"), do="add:hours"))
    shorter = client.post(page_of(schedule), typed(("09:00", "12:00"), ("13:00", "x"), do="remove:hours:0"))

    assert values(longer, "hours_opens") == ["09:00", ""]
    assert (values(shorter, "hours_opens"), values(shorter, "hours_closes")) == (["13:00"], ["x"])
    assert rows_of(schedule) == []


def test_of_two_who_change_days_the_second_is_told(client, schedule):
    client.post(page_of(schedule), typed(("09:00", "12:00")))

    told = client.post(page_of(schedule), typed(("10:00", "11:00")))

    assert told.status_code == 409
    assert "“Practice hours” was changed meanwhile by somebody else" in words_of(told)
    assert values(told, "hours_opens") == ["10:00"]
    assert values(told, "edition") == ["2"]
    assert rows_of(schedule) == [(EVE, 540, 720)]


def test_the_dialog_keeps_the_edition_of_the_page_below(client, schedule):
    client.post(page_of(schedule), typed(("09:00", "12:00")))

    dialog = client.get(page_of(schedule), {"edition": "1"}, headers=HTMX)

    assert "<html" not in dialog.content.decode()
    assert values(dialog, "edition") == ["1"]


def test_saved_from_the_dialog_only_the_list_and_the_edition_of_the_page_change(client, schedule):
    response = client.post(page_of(schedule), typed(last="2026-12-26"), headers=HTMX)

    page = response.content.decode()
    assert response.status_code == 200
    assert (response["HX-Retarget"], response["HX-Trigger"]) == ("#dialog", "days-changed")
    assert '<ul class="overrides" id="overrides" hx-swap-oob="true">' in page
    assert 'id="edition" value="2" hx-swap-oob="true"' in page
    assert "Thursday 24 December 2026 to Saturday 26 December 2026" in words_of(response)
    assert "<form" not in page


def test_refused_in_the_dialog_it_comes_back_alone(client, schedule):
    response = client.post(page_of(schedule), typed(first=""), headers=HTMX)

    assert response.status_code == 422
    assert "<html" not in response.content.decode()
    assert 'id="days"' in response.content.decode()


def test_today_is_today_where_the_schedule_is(client, schedule):
    """08:00 in Berlin is 20:00 of the same day in Auckland, and still Sunday in Honolulu."""
    Schedule.objects.update(time_zone="Pacific/Honolulu")

    assert client.post(page_of(schedule), typed(first="2026-11-22")).status_code == 302


def test_staff_change_their_own_days_alone_and_managers_those_of_their_members(client, schedule):
    colleague = MemberFactory(account=schedule.member.account)
    client.force_login(colleague.user)
    assert client.get(page_of(schedule)).status_code == 404
    assert client.post(page_of(schedule), typed()).status_code == 404

    client.force_login(MemberFactory(role=Role.OWNER).user)
    assert client.get(page_of(schedule)).status_code == 404
    assert client.post(page_of(schedule), typed()).status_code == 404
    assert rows_of(schedule) == []

    client.force_login(MemberFactory(account=schedule.member.account, role=Role.MANAGER).user)
    assert client.post(page_of(schedule), typed()).status_code == 302
    assert rows_of(schedule) == [(EVE, None, None)]


def test_the_page_needs_no_more_queries_for_thirty_days(client, schedule, django_assert_max_num_queries):
    client.get(page_of(schedule))  # the first page of a visit also notes the account
    with django_assert_max_num_queries(20) as few:
        client.get(page_of(schedule))
    for day in range(1, 31):
        DateOverride.objects.create(schedule=schedule, date=EVE.replace(day=day), opens_minute=day, closes_minute=0)
    with django_assert_max_num_queries(20) as many:
        client.get(page_of(schedule))

    assert len(many) == len(few)
