"""The troubleshooter (U2): who asks about what, what is answered, and what an answer never tells."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from availability.models import BlockingSource, BusySource, BusyTime, CalendarType, HostTime, HostTimeKind, Schedule
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("availability:troubleshooter")
TUESDAY = "2026-11-24"
TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def calendar():
    return CalendarFactory(name="First visit", account__name="Fährhaus")


def serving(calendar, name, **place):
    member = MemberFactory(account=calendar.account, user__name=name, slug=name.lower())
    ScheduleFactory(member=member, name=f"{name}’s week")
    CalendarMemberFactory(calendar=calendar, member=member, **place)
    return member


@pytest.fixture
def ines(calendar):
    return serving(calendar, "Ines")


@pytest.fixture
def manager(client, calendar, ines):
    member = MemberFactory(account=calendar.account, role=Role.MANAGER)
    client.force_login(member.user)
    return member


@pytest.fixture
def staff(client, ines):
    client.force_login(ines.user)
    return ines


def ask(client, calendar=None, day=TUESDAY, headers=None, **asked):
    if calendar is not None:
        asked["calendar"] = calendar.pk
    return client.get(PAGE, {"day": day, **asked}, headers=headers or {})


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def lines(response):
    """What is said of each line, without the tags."""
    return [
        " ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split())
        for one in re.findall(
            r'<li id="at-\d+">(.*?)</ul>\s*</li>\s*(?=<li id="at-|</ol>)', response.content.decode(), re.DOTALL
        )
    ]


def busy(member, label="Divorce lawyer"):
    source = BusySource.objects.create(user=member.user, name="Private", page_url="/connections/7/", read_at=NOW)
    BlockingSource.objects.create(member=member, source=source)
    end = TEN + timedelta(hours=1)
    return BusyTime.objects.create(source=source, user=member.user, group="a", key="", start=TEN, end=end, label=label)


# ── who asks about what ──────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client, calendar):
    assert ask(client, calendar).status_code == 302


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_owners_and_managers_ask_about_every_calendar_and_host(client, calendar, ines, role):
    client.force_login(MemberFactory(account=calendar.account, role=role).user)
    other = CalendarFactory(account=calendar.account, name="Follow-up")

    assert ask(client, other).status_code == 200
    assert ask(client, calendar, host="ines").status_code == 200


def test_staff_ask_about_the_calendars_they_serve(client, calendar, staff):
    other = CalendarFactory(account=calendar.account, name="Follow-up")
    serving(other, "Emil")

    assert ask(client, calendar).status_code == 200
    assert "Follow-up" not in text(ask(client, calendar))
    assert ask(client, other).status_code == 404


def test_staff_ask_about_themselves_and_no_colleague(client, calendar, staff):
    serving(calendar, "Emil")

    assert ask(client, calendar, host="ines").status_code == 200
    assert ask(client, calendar, host="emil").status_code == 404
    page = ask(client, calendar).content.decode()
    assert re.findall(r'<option value="([^"]*)"', page.partition('name="host"')[2]) == ["", "ines"]


@pytest.mark.parametrize("wanted", ["nonsense", "0", "٣", "99999999999999999999999"])
def test_a_calendar_that_is_none_is_not_found(client, manager, wanted):
    assert client.get(PAGE, {"calendar": wanted}).status_code == 404


def test_a_calendar_of_another_account_is_not_found(client, manager):
    assert ask(client, CalendarFactory()).status_code == 404


def test_a_host_of_another_account_is_not_found(client, calendar, manager):
    serving(CalendarFactory(), "Runa")

    assert ask(client, calendar, host="runa").status_code == 404


def test_nobody_asks_for_an_account_they_do_not_belong_to(client, manager):
    other = CalendarFactory()

    assert client.get(PAGE, {"account": other.account.slug}).status_code == 404


def test_somebody_who_does_not_serve_the_calendar_is_said_not_to(client, calendar, manager):
    other = CalendarFactory(account=calendar.account)
    serving(other, "Emil")

    said = text(ask(client, calendar, host="emil"))

    assert "Emil does not serve “First visit”. This is what holds for whoever is free." in said
    assert "16 offered" in said


@pytest.mark.parametrize(
    ("role", "said"), [(Role.MANAGER, "There is no calendar yet."), (Role.STAFF, "You serve no calendar")]
)
def test_an_account_without_calendars_says_so(client, role, said):
    client.force_login(MemberFactory(role=role).user)

    assert said in text(client.get(PAGE))


# ── what is answered ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_question_today_is_explained_for_the_first_calendar(client, manager):
    response = client.get(PAGE)

    assert "Monday 23 November" in text(response)
    assert 'value="2026-11-23"' in response.content.decode()


def test_equal_neighbours_share_a_line(client, calendar, manager):
    assert lines(ask(client, calendar)) == ["09:00 to 16:30, 16 times Offered Nothing stands against it."]


def test_a_taken_time_is_told_with_code_and_link(client, calendar, manager, ines):
    uid = uuid4()
    HostTime.objects.create(
        user=ines.user,
        calendar=calendar,
        uid=uid,
        kind=HostTimeKind.APPOINTMENT,
        starts_at=TEN,
        ends_at=TEN + timedelta(minutes=30),
    )

    response = ask(client, calendar)

    assert lines(response)[1] == (
        "10:00 Not offered An appointment on “First visit”, 10:00–10:30. BOOKED Show the appointment"
    )
    assert reverse("bookings:appointment", args=[uid]) in response.content.decode()


def test_a_rule_of_the_calendar_links_to_its_field_in_the_editor(client, calendar, manager):
    calendar.minimum_notice = timedelta(days=30)
    calendar.save()

    page = ask(client, calendar).content.decode()

    assert (
        f"{reverse('availability:calendar', args=[calendar.pk])}?account={calendar.account.slug}#id_minimum_n" in page
    )


@pytest.mark.parametrize(
    ("only", "expected"),
    [("", ["Offered", "Not", "Offered"]), ("offered", ["Offered", "Offered"]), ("not", ["Not"]), ("rubbish", None)],
)
def test_the_lines_are_filtered_and_the_counts_are_not(client, calendar, manager, ines, only, expected):
    busy(ines)

    response = ask(client, calendar, only=only)

    states = [re.search(r"(Offered|Not) ?", line)[1] for line in lines(response)]
    assert states == (expected or ["Offered", "Not", "Offered"])
    assert "14 offered , 2 not" in text(response)


def test_a_filter_that_leaves_nothing_says_so(client, calendar, manager):
    assert "Every time of this day is offered." in text(ask(client, calendar, only="not"))
    calendar.paused_at = NOW
    calendar.save()
    assert "No time of this day is offered." in text(ask(client, calendar, only="offered"))


def test_in_a_team_each_reason_names_its_host(client, calendar, manager, ines):
    serving(calendar, "Emil", position=1)
    busy(ines)

    (_before, line, _after) = lines(ask(client, calendar))

    assert line == (
        "10:00 to 10:30, 2 times Offered Nothing stands against it. 1 of 2 is free: Emil. Emil would get it. "
        "1 of 2 is not free Ines : Busy, 10:00–11:00. EVENT"
    )


def test_a_large_team_folds_its_reasons(client, calendar, manager, ines):
    for number in range(9):
        member = serving(calendar, f"Host{number}", position=number)
        busy(member)

    page = ask(client, calendar).content.decode()

    assert "9 of 10 are not free" in page
    assert "2 more hosts" in page


def test_a_collective_is_asked_about_as_a_whole(client, calendar, manager, ines):
    calendar.type = CalendarType.COLLECTIVE
    calendar.save()
    serving(calendar, "Emil")

    response = ask(client, calendar, host="ines")

    assert "Everybody together" in text(response)
    assert "Everybody is free." in text(response)
    assert 'value="ines"' not in response.content.decode()


def test_a_day_without_hours_is_explained_with_the_way_to_them(client, calendar, manager, ines):
    response = ask(client, calendar, day="2026-11-29")

    schedule = Schedule.objects.get(member=ines)
    assert "Nothing can begin on this day. “Ines’s week” has no hours on this day. HOURS" in text(response)
    assert reverse("availability:schedule", args=[schedule.pk]) in response.content.decode()


def test_a_paused_calendar_is_explained_and_not_empty(client, calendar, manager):
    calendar.paused_at = NOW
    calendar.save()

    (line,) = lines(ask(client, calendar))

    assert line.startswith("09:00 to 16:30, 16 times Not offered The calendar is paused")


@pytest.mark.parametrize("day", ["2027-06-01", "2020-06-02"])
def test_a_day_out_of_reach_is_explained(client, calendar, manager, day):
    (line,) = lines(ask(client, calendar, day=day))

    assert "Not offered" in line


def test_times_are_those_of_the_account_and_not_of_the_reader(client, calendar, manager):
    manager.user.time_zone = "America/New_York"
    manager.user.save()

    response = ask(client, calendar)

    assert "Times by the clock of Berlin." in text(response)
    assert lines(response)[0].startswith("09:00")


# ── questions that cannot be answered ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("day", ["nonsense", "2026-02-30", "0002-11-24", "9999-12-31", "24.11.2026x"])
def test_a_day_that_is_none_is_said_beside_the_field(client, calendar, manager, day):
    response = ask(client, calendar, day=day)

    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-describedby="id_day_error"' in page
    assert 'id="id_day_error"' in page
    assert "This is not a day we know. Example: 2026-12-24" in page


def test_a_date_that_the_account_never_had_is_said(client, calendar, manager):
    calendar.account.time_zone = "Pacific/Apia"
    calendar.account.save()

    response = ask(client, calendar, day="2011-12-30")

    assert response.status_code == 422
    assert "does not exist in your time zone" in text(response)


def test_only_reading_is_possible(client, manager):
    assert client.post(PAGE).status_code == 405


# ── parts of the page ────────────────────────────────────────────────────────────────────────────────────────────────


def test_htmx_gets_the_answers_the_hosts_and_a_sentence(client, calendar, manager):
    page = ask(client, calendar, headers=HTMX).content.decode()

    assert "<html" not in page
    assert page.lstrip().startswith('<section id="answers"')
    assert '<div id="ask-host" hx-swap-oob="innerHTML">' in page
    assert '<p id="announce" hx-swap-oob="innerHTML">Tuesday 24 November: <strong>16 offered</strong>, 0 not' in page


def test_htmx_is_told_of_a_bad_day_and_keeps_the_address(client, calendar, manager):
    response = ask(client, calendar, day="0002-11-24", headers=HTMX)

    assert response.status_code == 422
    assert response["HX-Push-Url"] == "false"
    assert "This is not a day we know" in response.content.decode()


# ── what is never told (P2, P4) ──────────────────────────────────────────────────────────────────────────────────────


def test_the_title_of_an_event_is_shown_to_its_owner_alone(client, calendar, staff, ines):
    busy(ines)
    mine = text(ask(client, calendar))
    client.force_login(MemberFactory(account=calendar.account, role=Role.OWNER).user)
    theirs = ask(client, calendar).content.decode()

    assert "“Divorce lawyer” in Private, 10:00–11:00. EVENT Show the connection" in mine
    assert "Busy, 10:00–11:00." in unescape(theirs)
    assert not any(secret in theirs for secret in ("Divorce", "Private", "/connections/7/"))


def test_what_fills_a_colleagues_day_is_not_shown_to_staff(client, calendar, staff):
    emil = serving(calendar, "Emil", position=1)
    secret = CalendarFactory(account=calendar.account, name="Secret counselling", hidden_at=NOW)
    HostTime.objects.create(
        user=emil.user,
        calendar=secret,
        uid=uuid4(),
        kind=HostTimeKind.APPOINTMENT,
        starts_at=TEN,
        ends_at=TEN + timedelta(minutes=30),
    )

    response = ask(client, calendar)

    assert "Secret counselling" not in response.content.decode()
    assert "Emil" not in response.content.decode()
    assert re.findall(r'<span class="bar-name">(.*?)</span>', response.content.decode()) == ["Ines", "Candidates"]
    assert lines(response)[1] == (
        "10:00 Offered Nothing stands against it. 1 of 2 is free: Ines. Ines would get it. "
        "1 of 2 is not free Busy, 10:00–10:30. BOOKED"
    )


def test_what_fills_a_hosts_day_is_shown_to_managers(client, calendar, manager):
    serving(calendar, "Emil", position=1)

    page = ask(client, calendar).content.decode()

    assert re.findall(r'<span class="bar-name">(.*?)</span>', page) == ["Ines", "Emil", "Candidates"]


def test_staff_are_sent_to_no_page_of_managers(client, calendar, staff):
    calendar.minimum_notice = timedelta(days=30)
    calendar.save()

    page = ask(client, calendar).content.decode()

    assert reverse("availability:calendar", args=[calendar.pk]) not in page
    assert "What belongs to a calendar, managers and owners can change." in text(ask(client, calendar))


def test_a_name_is_text_and_never_markup(client, calendar, staff, ines):
    busy(ines, label="<img src=x onerror=alert(1)>")

    assert "<img" not in ask(client, calendar).content.decode()


# ── what it costs ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("others", [1, 20])
def test_the_number_of_queries_is_fixed(client, calendar, manager, others, django_assert_num_queries):
    for number in range(others):
        member = serving(calendar, f"Host{number}")
        busy(member)
    ask(client, calendar)

    with django_assert_num_queries(16):
        ask(client, calendar)
