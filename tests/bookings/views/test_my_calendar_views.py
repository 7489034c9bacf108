"""Day, month and agenda of My Calendar, several at once, other clocks, filters; and what the pages cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from bookings.services.add_own_item import add_own_item
from bookings.services.book import Customer, book_appointment
from tests.bookings.crowd import crowd
from tests.bookings.my_calendar import drawing, event, page, source
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.usefixtures("at_now")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
VIEWS = ("day", "week", "month", "agenda")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari"


@pytest.fixture
def manager(place):
    return MemberFactory(account=place.calendar.account, role=Role.MANAGER)


def test_the_view_last_chosen_is_shown_again(client, place):
    page(client, place.member.user, view="month")

    assert page(client, place.member.user).context["view"] == "month"


def test_a_phone_starts_with_the_agenda_and_keeps_what_is_chosen(client, place):
    client.force_login(place.member.user)
    first = client.get(reverse("bookings:my-calendar"), headers={"user-agent": PHONE})
    client.get(reverse("bookings:my-calendar"), {"view": "day"}, headers={"user-agent": PHONE})
    again = client.get(reverse("bookings:my-calendar"), headers={"user-agent": PHONE})

    assert (first.context["view"], again.context["view"]) == ("agenda", "day")


def test_a_view_that_does_not_exist_is_the_week(client, place):
    assert page(client, place.member.user, view="year").context["view"] == "week"


@pytest.mark.parametrize(
    ("view", "before", "after"),
    [
        ("day", "2026-11-22", "2026-11-24"),
        ("week", "2026-11-16", "2026-11-30"),
        ("month", "2026-10-01", "2026-12-01"),
        ("agenda", "2026-10-26", "2026-12-21"),
    ],
)
def test_every_view_leads_to_what_is_before_and_after_it(client, place, view, before, after):
    html = page(client, place.member.user, view=view, day="2026-11-23").content.decode()

    for turn, day in (("before", before), ("after", after), ("today", "2026-11-23")):
        assert f'data-turn="{turn}" href="?view={view}&amp;day={day}&amp;account=' in html


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "x"])
def test_a_day_out_of_reach_does_no_harm(client, place, view, day):
    assert page(client, place.member.user, view=view, day=day).status_code == 200


# ── day ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_day_shows_several_side_by_side_each_with_their_own(client, place, manager, appointment):
    event(source(manager), ELEVEN, ELEVEN + HOUR, label="Dentist")

    response = page(client, manager.user, view="day", host=[place.member.slug, manager.slug])

    columns = response.context["week"].columns
    assert [(column.host, [drawn.entry.title for drawn in column.laid]) for column in columns] == [
        (place.member, ["Ada Lovelace"]),
        (manager, ["Dentist"]),
    ]
    assert columns[0].closed == [("08:00", "09:00"), ("17:00", "18:00")]
    assert f'data-date="2026-11-23" data-host="{place.member.slug}"' in response.content.decode()


def test_more_than_six_are_not_shown_at_once_and_the_page_says_so(client, place, manager):
    others = [MemberFactory(account=manager.account).slug for _number in range(7)]

    response = page(client, manager.user, view="day", host=others)

    assert [host.slug for host in response.context["hosts"]] == others[:6]
    assert "Six calendars at most" in response.content.decode()


def test_staff_see_nobody_beside_themselves(client, place, manager):
    response = page(client, place.member.user, view="day", host=[place.member.slug, manager.slug])

    assert response.status_code == 404


def test_in_the_week_of_several_each_entry_says_whose_it_is(client, place, manager, appointment):
    response = page(client, manager.user, view="week", host=[place.member.slug, manager.slug])

    assert f"Ada Lovelace {place.member.user.initials} " in drawing(response)


# ── month ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_day_of_the_month_has_four_lines_or_three_and_how_many_more(client, place):
    private = source(place.member)
    for day, count in ((0, 4), (1, 6)):
        for number in range(count):
            start = TEN + day * DAY + number * HOUR
            event(private, start, start + HOUR, label=f"Event {number}")

    response = page(client, place.member.user, view="month")

    shown = [day for week in response.context["calendar_month"].weeks for day in week if day.lines]
    assert [(day.date.day, len(day.lines), day.more) for day in shown] == [(23, 4, 0), (24, 3, 3)]
    assert f'href="?view=day&amp;day=2026-11-24&amp;account={place.calendar.account.slug}">+3 more' in (
        response.content.decode()
    )


def test_what_lasts_for_days_stands_on_each_of_them_before_what_has_a_time(client, place, appointment):
    private = source(place.member)
    midnight = NOW - timedelta(hours=8)
    event(private, midnight - DAY, midnight + DAY, all_day=True, label="Fair")

    response = page(client, place.member.user, view="month")

    lines = {
        day.date.day: [line.entry.title for line in day.lines]
        for week in response.context["calendar_month"].weeks
        for day in week
        if day.lines
    }
    assert lines == {22: ["Fair"], 23: ["Fair", "Ada Lovelace"]}


def test_a_month_with_two_thousand_things_stays_small(client, place):
    crowd(place, 2000)

    response = page(client, place.member.user, view="month")

    shown = [day for week in response.context["calendar_month"].weeks for day in week]
    assert sum(len(day.lines) + day.more for day in shown) >= 2000
    assert len(response.content) <= 400_000


# ── agenda ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_agenda_says_when_what_where_and_whom_to_ring(client, place):
    grace = Customer(name="Grace Hopper", email="g@example.org", time_zone="UTC", locale="en-gb", phone="+49 451 555")
    book_appointment(place.calendar, starts_at=TEN + 3 * DAY, customer=grace, now=NOW)

    response = page(client, place.member.user, view="agenda")

    assert (
        "Monday 23 November Today Nothing planned "
        "Thursday 26 November 10:00–10:30 Appointment: Grace Hopper First visit Obertrave 14 +49 451 555"
    ) in drawing(response)
    assert 'href="tel:+49451555"' in response.content.decode()


def test_an_agenda_without_anything_says_so(client, place):
    assert "Nothing is planned in these four weeks." in drawing(page(client, place.member.user, view="agenda"))


def test_an_agenda_that_gets_too_long_goes_on_on_another_page(client, place):
    crowd(place, 2000)

    response = page(client, place.member.user, view="agenda", day="2026-11-02")

    agenda = response.context["agenda"]
    assert sum(len(day.entries) for day in agenda.days) >= 300
    assert f"Go on with {agenda.next:%A} {agenda.next.day} November" in drawing(response)
    assert agenda.days[-1].date == agenda.last


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_clock_of_the_account_is_named_once_and_drawn_beside_ours(client, place, appointment):
    user = place.member.user
    user.time_zone = "Asia/Kathmandu"
    user.save()

    week = page(client, user, view="week")
    agenda = page(client, user, view="agenda")

    assert f"Kathmandu time. {place.calendar.account.name}: Berlin time, 08:00 now." in drawing(week)
    assert '<li data-from="13:00">09:15</li>' not in week.content.decode()
    assert '<li data-from="13:00">08:15</li>' in week.content.decode()
    assert "14:45–15:15 10:00 in Berlin" in drawing(agenda)


def test_clocks_that_agree_are_not_mentioned(client, place):
    user = place.member.user
    user.time_zone = "Europe/Paris"
    user.save()

    assert "Berlin" not in drawing(page(client, user, view="week"))


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_what_lasts_all_day_lies_on_its_own_days_whatever_the_readers_clock(client, place, manager, zone):
    manager.user.time_zone = zone
    manager.user.save()
    midnight = NOW - timedelta(hours=8) + 6 * DAY
    event(source(place.member), midnight, midnight + DAY, all_day=True)

    week = page(client, manager.user, view="week", host=place.member.slug).context["week"]
    month = page(client, manager.user, view="month", host=place.member.slug).context["calendar_month"]

    assert [len(column.all_day) for column in week.columns] == [0, 0, 0, 0, 0, 0, 1]
    assert [day.date.day for days in month.weeks for day in days if day.lines] == [29]


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_filters_stay_when_the_page_is_turned(client, place, appointment):
    response = page(client, place.member.user, view="week", kind=["item", "block"])

    assert "Ada Lovelace" not in drawing(response)
    assert "&amp;kind=block&amp;kind=item" in response.content.decode()


def test_accounts_can_be_chosen_by_whoever_has_several(client, place, appointment):
    other = MemberFactory(user=place.member.user)
    ScheduleFactory(member=other)
    here = place.calendar.account.slug

    response = page(client, place.member.user, account=here, **{"in": other.account.slug})

    assert "Ada Lovelace" not in drawing(response)
    assert f'name="in" value="{other.account.slug}" checked' in response.content.decode()


# ── queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _questions(client, view):
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("bookings:my-calendar"), {"view": view, "day": "2026-11-23"})
    return len(asked)


def _one_of_each(place, hour):
    start = NOW + hour * HOUR
    book_appointment(place.calendar, starts_at=start, customer=ADA, now=NOW)
    private = place.member.user.busy_sources.filter(is_own=False).first() or source(place.member)
    event(private, start, start + HOUR, blocks=False)
    add_own_item(
        place.member.account,
        kind="task",
        title="T",
        starts_at=start,
        ends_at=start + HOUR,
        assignees=[place.member],
        now=NOW,
    )


@pytest.mark.parametrize("view", VIEWS)
def test_thirty_entries_cost_as_many_questions_as_three(client, place, view):
    _one_of_each(place, 2)
    page(client, place.member.user, view=view)
    few = _questions(client, view)
    for number in range(9):
        _one_of_each(place, 2 + (number + 1) / 2)

    assert _questions(client, view) == few
