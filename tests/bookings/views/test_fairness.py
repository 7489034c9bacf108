import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from bookings.services.cancel import cancel_appointment
from bookings.services.history import OPERATOR
from tests.bookings.queries.test_fairness import HALF_AN_HOUR, book, round_robin
from tests.bookings.situations import ELEVEN, TEN
from tests.bookings.views.appointments.pages import text, url
from tests.factories import NOW, AccountFactory, CalendarFactory, MemberFactory

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def calendar(db):
    return round_robin("Ines", "Mareike", "Emil", name="Consultation")


@pytest.fixture
def manager(client, calendar):
    member = MemberFactory(account=calendar.account, role=Role.MANAGER)
    client.force_login(member.user)
    return member


def rows(client, **asked):
    response = client.get(url("fairness-export"), asked)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def test_without_a_round_robin_the_page_says_what_it_is_for(client, manager, calendar):
    calendar.type = "service"
    calendar.save()

    assert "There is no round robin calendar." in text(client.get(url("fairness")))
    assert client.get(url("fairness-export")).status_code == 404


def test_it_shows_who_got_how_many_and_why(client, manager, calendar):
    book(calendar)
    book(calendar, ELEVEN)

    page = text(client.get(url("fairness")))

    assert "Consultation, 1 – 30 November 2026" in page
    assert "2 bookings begin in these days." in page
    assert "Ines 1 , 50 % 0.7, 33 % even never 0" in page
    assert (
        "Monday 23 November, 11:00 – Mareike First in the team's order; nothing else told those apart who were free."
        " Mareike had 0 of 1 bookings of that month until then. Candidates: Mareike (0), Emil (0), Ines (1)."
    ) in page


def test_who_was_not_free_is_named_with_the_reason(client, manager, calendar):
    book(calendar)
    book(calendar)

    assert "Not free: Ines (1; booked already)." in text(client.get(url("fairness")))


def test_what_was_called_off_is_marked(client, manager, calendar):
    cancel_appointment(book(calendar), now=NOW, by=OPERATOR)

    page = text(client.get(url("fairness")))

    assert "1 more was called off and is not counted." in page
    assert "Ines Cancelled" in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "1 – 30 November 2026"),
        ({"period": "last-month"}, "1 – 31 October 2026"),
        ({"period": "90-days"}, "26 August – 23 November 2026"),
        ({"since": "2026-11-23", "until": "2026-11-24"}, "23 – 24 November 2026"),
        ({"period": "yesterday"}, "1 – 30 November 2026"),
    ],
)
def test_the_days_are_chosen_by_name_or_by_date(client, manager, asked, shown):
    assert f"Consultation, {shown}" in text(client.get(url("fairness"), asked))


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2026-11-24", "until": "2026-11-23"},
        {"since": "2025-01-01", "until": "2026-11-23"},
        {"since": "2026-11-24"},
        {"since": "x", "until": "y"},
        {"calendar": "0"},
    ],
)
def test_what_cannot_be_reported_on_is_said(client, manager, calendar, asked):
    for page in ("fairness", "fairness-export"):
        response = client.get(url(page), asked)

        assert response.status_code == 422
        assert "error-summary" in response.content.decode()


def test_days_that_have_a_name_are_marked_however_they_were_chosen(client, manager):
    def marked(**asked):
        usual = client.get(url("fairness"), asked).context["form"].usual
        return usual and usual.value

    assert marked() == marked(since="2026-11-01", until="2026-11-30") == "this-month"
    assert marked(since="2026-11-01", until="2026-11-29") is None


def test_the_calendar_of_another_account_is_no_choice(client, manager):
    foreign = round_robin("Ada")

    assert client.get(url("fairness"), {"calendar": foreign.pk}).status_code == 422


def test_staff_and_other_accounts_have_no_such_page(client, calendar):
    for member in (MemberFactory(account=calendar.account), MemberFactory(role=Role.STAFF)):
        client.force_login(member.user)
        assert {client.get(url(page)).status_code for page in ("fairness", "fairness-export")} == {404}
        assert client.get(url("fairness"), {"account": AccountFactory().slug}).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(client, db):
    pages = [url("fairness"), url("fairness-export")]

    assert [client.get(page)["Location"] for page in pages] == [f"/sign-in/?next={page}" for page in pages]


def test_only_managers_find_it_in_the_settings(client, manager):
    link = f'href="{url("fairness")}?account='
    assert link in client.get(url("fairness")).content.decode()

    client.force_login(MemberFactory(account=manager.account).user)
    assert link not in client.get("/settings/schedules/").content.decode()


def test_more_bookings_take_no_more_queries(client, manager, calendar):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(url("fairness"))
        return len(caught)

    book(calendar)
    client.get(url("fairness"))
    few = queries()
    for number in range(29):
        book(calendar, TEN + timedelta(days=number // 10) + number % 10 * HALF_AN_HOUR)

    assert queries() == few


def test_the_hosts_are_exported_with_their_figures(client, manager, calendar):
    book(calendar)

    assert rows(client) == [
        [
            "Host",
            "Bookings",
            "Share in per cent",
            "Even split",
            "Even split in per cent",
            "Passed over",
            "Of these too far ahead",
            "Called off",
        ],
        ["Ines", "1", "100.0", "0.3", "33.3", "0", "0", "0"],
        ["Mareike", "0", "0.0", "0.3", "33.3", "0", "0", "0"],
        ["Emil", "0", "0.0", "0.3", "33.3", "0", "0", "0"],
    ]


def test_the_bookings_are_exported_with_their_reasons(client, manager, calendar):
    book(calendar)
    book(calendar)

    _head, second, _first = rows(client, rows="bookings")

    assert second[:3] == ["2026-11-23T10:00+01:00", "Mareike", "Confirmed"]
    assert second[4:] == ["Mareike (0), Emil (0)", "Ines (1; booked already)"]


def test_a_calendar_of_another_kind_is_no_choice(client, manager):
    other = CalendarFactory(account=manager.account)

    assert client.get(url("fairness"), {"calendar": other.pk}).status_code == 422
