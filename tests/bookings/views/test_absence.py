"""The pages of "I am ill today": choose, see it all, let it happen."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from availability.models import CalendarType
from bookings.models import Appointment, OwnItem
from bookings.services.book import book_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.bookings.views.appointments.pages import text
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
PAGE = reverse("bookings:absence")


@pytest.fixture
def calendar(db):
    return CalendarFactory(type=CalendarType.ROUND_ROBIN)


@pytest.fixture
def ill(client, calendar):
    member = CalendarMemberFactory(calendar=calendar).member
    client.force_login(member.user)
    return member


@pytest.fixture
def colleague(calendar, ill):
    return CalendarMemberFactory(calendar=calendar).member


def book(calendar, host, at=TEN):
    return book_appointment(calendar, starts_at=at, customer=ADA, now=NOW, host=host)


def today(member, **more):
    return {"account": member.account.slug, "who": member.slug, "first": "2026-11-23", **more}


def hidden(response):
    """What the form on the page would send besides its buttons."""
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', response.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_it_asks_for_the_day_first_and_proposes_today(client, ill):
    response = client.get(PAGE)

    assert 'value="2026-11-23"' in response.content.decode()


def test_the_list_proposes_a_colleague_who_is_free(client, ill, colleague, calendar):
    one = book(calendar, ill)

    response = client.get(PAGE, today(ill))

    proposed = f'<option value="give:{colleague.slug}" selected>Give it to {colleague.user.name}</option>'
    assert proposed in response.content.decode()
    assert f"do-{one.uid}" in response.content.decode()


def test_looking_and_previewing_change_nothing(client, ill, colleague, calendar):
    one = book(calendar, ill)
    client.get(PAGE, today(ill))

    response = client.post(PAGE, today(ill, step="preview", **{f"do-{one.uid}": "cancel"}))

    assert (response.status_code, OwnItem.objects.count()) == (200, 0)
    assert "given to a colleague 0 cancelled 1 left as they are 0 mails 1" in text(response)
    assert Appointment.objects.get().cancelled_at is None


def test_what_stood_in_the_preview_is_done_and_the_time_is_kept_free(client, ill, colleague, calendar):
    given, off = book(calendar, ill), book(calendar, ill, ELEVEN)
    chosen = {f"do-{given.uid}": f"give:{colleague.slug}", f"do-{off.uid}": "cancel", "reason": "A cold."}
    preview = client.post(PAGE, today(ill, step="preview", **chosen))

    response = client.post(PAGE, {**hidden(preview), "step": "do"})

    given.refresh_from_db()
    off.refresh_from_db()
    item = OwnItem.objects.get()
    assert "Everything is done" in text(response)
    assert (given.host, off.cancelled_at) == (colleague, NOW)
    assert (item.starts_at, item.ends_at) == (NOW, NOW + timedelta(hours=16))
    assert {one.changes.last().reason for one in (given, off)} == {"A cold."}


def test_sent_twice_it_says_the_same_and_does_nothing_more(client, ill, colleague, calendar, monkeypatch):
    one = book(calendar, ill)
    chosen = {f"do-{one.uid}": f"give:{colleague.slug}"}
    sent = {**hidden(client.post(PAGE, today(ill, step="preview", **chosen))), "step": "do"}
    first = client.post(PAGE, sent)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=3))

    second = client.post(PAGE, sent)

    assert (OwnItem.objects.count(), one.changes.count()) == (1, 2)
    assert text(first) == text(second)


def test_what_could_not_be_done_is_named_with_the_reason(client, ill, colleague, calendar):
    one = book(calendar, ill)
    chosen = {f"do-{one.uid}": f"give:{colleague.slug}"}
    preview = client.post(PAGE, today(ill, step="preview", **chosen))
    book(calendar, colleague)

    response = client.post(PAGE, {**hidden(preview), "step": "do"})

    assert f"{colleague.user.name} is not free any more at this time." in text(response)
    assert OwnItem.objects.count() == 1


def test_a_colleague_taken_before_the_preview_must_be_chosen_anew(client, ill, colleague, calendar):
    one = book(calendar, ill)
    book(calendar, colleague)

    response = client.post(PAGE, today(ill, step="preview", **{f"do-{one.uid}": f"give:{colleague.slug}"}))

    assert response.status_code == 422
    assert "That colleague is not free any more. Choose again." in text(response)


@pytest.mark.parametrize(("same", "value"), [("cancel", "cancel"), ("leave", "leave")])
def test_the_same_can_be_chosen_for_all(client, ill, colleague, calendar, same, value):
    book(calendar, ill)
    book(calendar, ill, ELEVEN)

    response = client.post(PAGE, today(ill, same=same, reason="A cold."))

    assert response.content.decode().count(f'<option value="{value}" selected>') == 2
    assert "A cold." in response.content.decode()


def test_choosing_again_keeps_what_was_chosen(client, ill, colleague, calendar):
    one = book(calendar, ill)
    preview = client.post(PAGE, today(ill, step="preview", **{f"do-{one.uid}": "cancel"}))

    response = client.post(PAGE, {**hidden(preview), "step": "choose"})

    assert '<option value="cancel" selected>' in response.content.decode()


def test_staff_speak_for_nobody_else(client, ill, colleague):
    assert client.get(PAGE, today(colleague)).status_code == 404
    assert client.post(PAGE, today(colleague, step="do")).status_code == 404


def test_managers_speak_for_anybody_who_is_there(client, calendar, ill, colleague):
    client.force_login(MemberFactory(account=calendar.account, role=Role.MANAGER).user)
    gone = MemberFactory(account=calendar.account, left_at=NOW)

    assert client.get(PAGE, today(ill)).status_code == 200
    assert client.get(PAGE, today(gone)).status_code == 404


def test_appointments_of_others_cannot_be_slipped_in(client, ill, colleague, calendar):
    theirs = book(calendar, colleague)
    slipped = {f"do-{theirs.uid}": "cancel", f"at-{theirs.uid}": TEN.isoformat()}

    response = client.post(PAGE, today(ill, step="do", **slipped))

    theirs.refresh_from_db()
    assert (response.status_code, theirs.cancelled_at, OwnItem.objects.count()) == (404, None, 0)


@pytest.mark.parametrize(
    "sent",
    [
        {"do-nonsense": "cancel"},
        {"do-{uid}": "cancel", "at-{uid}": "yesterday"},
        {"do-{uid}": "burn", "at-{uid}": "2026-11-23T09:00:00+00:00"},
        {"do-{uid}": "give:nobody", "at-{uid}": "2026-11-23T09:00:00+00:00"},
    ],
)
def test_what_no_preview_sends_does_not_exist(client, ill, calendar, sent):
    one = book(calendar, ill)
    made_up = {name.format(uid=one.uid): value for name, value in sent.items()}

    assert client.post(PAGE, today(ill, step="do", **made_up)).status_code == 404


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"first": "2026-11-22"}, "This day is over."),
        ({"first": "2026-11-25", "last": "2026-11-24"}, "The last day is before the first."),
        ({"first": "2026-11-25", "last": "2027-11-24"}, "Three months at a time, please."),
        ({"first": "soon"}, "This is not a day we know."),
        ({"first": ""}, "The date is missing."),
    ],
)
def test_days_that_cannot_be_are_explained(client, ill, days, said):
    response = client.get(PAGE, {**today(ill), **days})

    assert response.status_code == 422
    assert said in text(response)


def test_pages_of_thirty_ask_no_more_than_pages_of_one(client, ill, colleague, calendar, django_assert_num_queries):
    days = today(ill, last="2026-11-27")
    sent = {f"do-{book(calendar, ill).uid}": "cancel"}
    client.get(PAGE, days)
    with CaptureQueriesContext(connection) as listed:
        client.get(PAGE, days)
    with CaptureQueriesContext(connection) as previewed:
        client.post(PAGE, {**days, **sent, "step": "preview"})
    for day in (1, 2):
        for number in range(15):
            at = TEN + timedelta(days=day, minutes=30 * (number - 2))
            sent[f"do-{book(calendar, ill, at).uid}"] = "cancel"

    with django_assert_num_queries(len(listed)):
        assert client.get(PAGE, days).content.decode().count("What happens to it") == 31
    with django_assert_num_queries(len(previewed)):
        assert client.post(PAGE, {**days, **sent, "step": "preview"}).status_code == 200
