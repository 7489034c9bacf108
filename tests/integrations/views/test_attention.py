"""Needs you: what waits for the reader, and their answers."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from bookings.models import Appointment, BookingTerms, Status
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from integrations.models import Connection, ConnectionState, OpenQuestion, QuestionKind
from tests.factories import NOW, CalendarMemberFactory, ConnectionFactory, MemberFactory
from tests.integrations.asked import ADA, HOUR, TEN, Desk

PAGE = reverse("integrations:attention")
BY_HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(db, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    desk = Desk()
    client.force_login(desk.user)
    return desk


def _text(response):
    return " ".join(response.content.decode().split())


def _page(client, **sent):
    return _text(client.get(PAGE, sent))


def _post(client, question, answer, *, htmx=False, **sent):
    url = reverse("integrations:answer", args=[question.uid])
    headers = BY_HTMX if htmx else None
    return client.post(url, {"answer": answer, **sent}, headers=headers, follow=not htmx)


def _is_open(question):
    question.refresh_from_db()
    return question.answered_at is None


def test_with_nothing_to_answer_the_page_says_what_would_stand_there(client, desk):
    text = _page(client)

    assert "Nothing needs you." in text
    assert "requests that wait for your answer" in text
    assert 'id="needs-you-count"></span>' in text


@pytest.mark.parametrize("kind", QuestionKind)
def test_every_kind_of_question_is_shown_with_its_answers(client, desk, kind):
    desk.lose(desk.appointment)
    question = desk.ask(kind)

    text = _page(client)

    assert f'id="question-{question.uid}"' in text
    assert str(kind.label) in text
    assert 'name="answer"' in text


def test_a_card_says_what_happened_what_is_safe_and_who_gets_a_mail(client, desk):
    desk.ask_about_move(reasons=["HOURS"])

    text = _page(client)

    assert "Tuesday 24 November, 10:00" in text
    assert "It was moved in “Work”, to Tuesday 24 November, 11:00 – 11:30, and has been put back." in text
    assert "The new time is not allowed: it is outside the hours." in text
    assert "The appointment stands, its time stays taken, and the customer has been told nothing." in text
    assert "It moves to Tuesday 24 November, 11:00 – 11:30, beside whatever lies there. Ada Lovelace is told" in text


def test_what_many_deletions_are_about_is_listed(client, desk):
    _question, lost = desk.ask_about_many()

    text = _page(client)

    assert all(reverse("bookings:appointment", args=[one.uid]) in text for one in lost)


def test_a_conflict_leads_to_another_time(client, desk):
    desk.ask_about_conflict()

    assert reverse("bookings:move", args=[desk.appointment.uid]) in _page(client)


def test_a_calendar_that_cannot_be_written_leads_to_its_choice(client, desk):
    desk.ask(QuestionKind.NOT_WRITABLE, waiting=1)

    assert "1 appointment waits to be written there." in _page(client)
    assert f"{reverse('integrations:calendar-configuration')}?account=" in _page(client)


def test_the_title_of_an_event_is_never_shown(client, desk):
    desk.ask(QuestionKind.CONFLICT, calendar="Family", title="Dentist", label="Dentist")

    assert "Dentist" not in _page(client)


def test_looking_changes_nothing(client, desk):
    question = desk.ask(QuestionKind.DELETED)
    cancel_appointment(desk.appointment, now=NOW)

    assert str(question.uid) not in _page(client)
    assert _is_open(question)
    assert client.get(reverse("integrations:answer", args=[question.uid])).status_code == 405


def test_an_answer_is_done_and_said(client, desk):
    question = desk.ask(QuestionKind.DELETED)

    text = _text(_post(client, question, "cancel"))

    assert "Cancelled. The time is free, and Ada Lovelace is told by mail." in text
    assert Appointment.objects.get().status == Status.CANCELLED


def test_without_javascript_an_answer_leads_back_to_the_page(client, desk):
    response = _post(client, desk.ask(QuestionKind.DELETED), "leave_out")

    assert response.redirect_chain == [(f"{PAGE}?account={desk.member.account.slug}", 302)]


def test_with_htmx_the_card_is_replaced_and_the_count_follows(client, desk):
    question = desk.ask(QuestionKind.DELETED)
    desk.ask(QuestionKind.NOT_WRITABLE)

    text = _text(_post(client, question, "leave_out", htmx=True))

    assert f'<li id="question-{question.uid}">' in text
    assert "It stays out of “Work”, and stands here." in text
    assert 'id="needs-you-count" hx-swap-oob="true">1<' in text
    assert "<html" not in text


@pytest.mark.parametrize("htmx", [True, False])
def test_answering_twice_says_that_it_is_settled(client, desk, htmx):
    question = desk.ask(QuestionKind.DELETED)
    _post(client, question, "write_again")

    text = _text(_post(client, question, "cancel", htmx=htmx))

    assert "Nothing was done: this question is settled already." in text
    assert Appointment.objects.get().is_active


def test_an_answer_to_what_has_changed_shows_the_card_as_it_is_now(client, desk):
    question = desk.ask(QuestionKind.DELETED)

    text = _text(_post(client, question, "cancel", htmx=True, seen="something else"))

    assert "Nothing was done: this has changed meanwhile. Here it is as it is now." in text
    assert "Cancel the appointment" in text
    assert _is_open(question)


def test_a_time_that_cannot_be_taken_is_said_on_the_card(client, desk):
    question = desk.ask_about_move()
    desk.calendar.calendar_members.all().delete()

    text = _text(_post(client, question, "move_anyway", htmx=True))

    assert "Nothing was done: this time cannot be taken. You can choose another one." in text
    assert _is_open(question)


@pytest.mark.parametrize("role", Role)
def test_somebody_elses_question_does_not_exist(client, desk, role):
    question = desk.ask(QuestionKind.DELETED)
    client.force_login(MemberFactory(account=desk.member.account, role=role).user)

    assert str(question.uid) not in _page(client)
    assert _post(client, question, "cancel").status_code == 404
    assert Appointment.objects.get().is_active


def test_who_is_no_member_any_more_answers_nothing(client, desk):
    question = desk.ask(QuestionKind.DELETED)
    other = MemberFactory()
    OpenQuestion.objects.update(member=other)

    assert _post(client, question, "cancel").status_code == 404


@pytest.mark.parametrize("answer", ["", "explode", "by_itself"])
def test_an_answer_that_is_none_changes_nothing(client, desk, answer):
    question = desk.ask(QuestionKind.DELETED)

    response = _post(client, question, answer, htmx=True)

    assert response.status_code == (200 if answer == "by_itself" else 404)
    assert _is_open(question)


def test_questions_in_another_account_are_named(client, desk):
    desk.ask(QuestionKind.DELETED)
    other = MemberFactory(user=desk.user, account__name="Harbour Clinic")

    text = _page(client, account=other.account.slug)

    assert "1 more question at" in text
    assert "Ada Lovelace" not in text


def test_requests_are_answered_here_and_lead_back(client, desk):
    BookingTerms.objects.create(calendar=desk.calendar, needs_approval=True)
    request = book_appointment(desk.calendar, starts_at=TEN + HOUR, customer=ADA, now=NOW)

    assert f'id="request-{request.uid}"' in _page(client)
    response = client.post(reverse("bookings:confirm", args=[request.uid]), {"back": "attention"})

    assert response.headers["Location"] == PAGE
    request.refresh_from_db()
    assert request.status == Status.CONFIRMED


def _break(desk, **facts):
    Connection.objects.filter(pk=desk.connection.pk).update(
        state=ConnectionState.BROKEN, broken_at=NOW, refused_at=NOW, synced_at=NOW, **facts
    )


def test_a_broken_connection_stands_on_the_page_with_the_way_to_mend_it(client, desk):
    _break(desk)

    text = _page(client)

    assert "CalDAV server dav.example.org host@example.org is not connected since Monday 23 November, 08:00." in text
    assert "The server no longer accepts the password." in text
    assert reverse("integrations:connection-password", args=[desk.connection.pk]) in text


@pytest.mark.parametrize("page", ["bookings:my-calendar", "accounts:profile", "integrations:integrations"])
def test_a_broken_connection_is_said_on_every_page_of_its_owner(client, desk, page):
    _break(desk)

    text = _text(client.get(reverse(page)))

    assert "is not connected since Monday 23 November, 08:00." in text


def test_nobody_else_is_told_of_a_broken_connection(client, desk):
    _break(desk)
    client.force_login(MemberFactory(account=desk.member.account, role=Role.MANAGER).user)

    assert "is not connected" not in _page(client)


def test_a_connection_that_is_switched_off_waits_for_nobody(client, desk):
    _break(desk, switched_off_at=NOW)

    assert "is not connected" not in _page(client)


def test_the_navigation_counts_questions_requests_and_broken_connections(client, desk):
    _break(desk)
    desk.ask(QuestionKind.DELETED)
    BookingTerms.objects.create(calendar=desk.calendar, needs_approval=True)
    book_appointment(desk.calendar, starts_at=TEN + HOUR, customer=ADA, now=NOW)

    text = _text(client.get(reverse("accounts:profile")))

    assert 'id="needs-you-count">3<span class="visually-hidden"> waiting</span>' in text


def test_the_page_asks_the_database_as_often_for_many_questions_as_for_one(client, desk):
    def queries():
        with CaptureQueriesContext(database) as captured:
            client.get(PAGE)
        return len(captured)

    desk.ask_about_many()
    desk.ask(QuestionKind.DELETED)
    client.get(PAGE)
    few = queries()
    for number in range(3, 9):
        about = desk.book(TEN + timedelta(days=1) + number * HOUR / 2)
        desk.ask(QuestionKind.DELETED, about=about)
        desk.ask(QuestionKind.PUT_BACK, about=about, reason="not_lead")
        ConnectionFactory(user=desk.user, state=ConnectionState.BROKEN, broken_at=NOW)

    assert queries() == few


def test_a_class_is_named_with_everybody_in_it(client, desk):
    place = CalendarMemberFactory(calendar__type="class", calendar__seats=3, calendar__name="Yoga")
    place.member.user = desk.user
    place.member.save()
    seat = book_appointment(place.calendar, starts_at=TEN + 3 * HOUR, customer=ADA, now=NOW)
    desk.ask(QuestionKind.DELETED, about=seat)
    OpenQuestion.objects.update(member=place.member)

    text = _page(client, account=place.calendar.account.slug)

    assert reverse("bookings:session", args=[seat.session_uid]) in text
    assert "Ada Lovelace" in text
