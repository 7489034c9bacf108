"""A calendar's booking form as managers set it: questions, approval, notice, reminders (B2, B7, B8)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from availability.services.duplicate_calendar import duplicate_calendar
from bookings.models import BookingTerms, Question
from bookings.queries.terms import terms_of
from bookings.services.booking_form import TooManyQuestions, add_question
from tests.factories import NOW, CalendarFactory, MemberFactory

TEXT = {"label": "Which shoulder?", "hint": "", "kind": "text", "is_required": False, "choices": []}


@pytest.fixture
def calendar(db):
    return CalendarFactory()


@pytest.fixture
def manager(calendar, client):
    member = MemberFactory(account=calendar.account, role=Role.MANAGER)
    client.force_login(member.user)
    return member


def page(name, calendar, *more):
    return reverse(f"bookings:{name}", args=[calendar.pk, *more])


def send(client, url, **data):
    return client.post(url, data)


def test_a_calendar_that_says_nothing_is_booked_on_the_usual_terms(calendar):
    terms = terms_of(calendar)

    assert (terms.needs_approval, terms.may_reschedule, terms.may_cancel) == (False, True, True)
    assert (terms.change_notice, terms.reminders) == (timedelta(), [24 * 60])


def test_terms_are_saved_as_they_were_sent(calendar, manager, client):
    sent = {"needs_approval": "on", "may_cancel": "on", "change_notice": "24", "change_notice_unit": "hours"}

    answer = client.post(page("booking-form", calendar), {**sent, "reminders": ["60", "1440"]})

    assert answer.status_code == 302
    terms = BookingTerms.objects.get(calendar=calendar)
    assert (terms.needs_approval, terms.may_reschedule, terms.may_cancel) == (True, False, True)
    assert (terms.change_notice, terms.reminders) == (timedelta(days=1), [1440, 60])


def test_a_notice_that_is_too_long_is_said_beside_it_and_nothing_is_saved(calendar, manager, client):
    answer = client.post(page("booking-form", calendar), {"change_notice": "61", "change_notice_unit": "days"})

    assert answer.status_code == 422
    assert "Between nothing and 60 days." in answer.content.decode()
    assert not BookingTerms.objects.exists()


def test_a_reminder_of_a_length_that_is_not_in_the_list_is_kept(calendar, manager, client):
    BookingTerms.objects.create(calendar=calendar, reminders=[45])

    assert "45 minutes before" in client.get(page("booking-form", calendar)).content.decode()


def test_a_question_is_added_at_the_end_with_a_key_made_of_its_words(calendar, manager, client):
    for label in ("Which shoulder?", "Which shoulder?", "Note"):
        assert send(client, page("question-new", calendar), label=label, kind="text").status_code == 302

    found = Question.objects.filter(calendar=calendar).values_list("key", "position")
    assert list(found) == [("which-shoulder", 0), ("which-shoulder-2", 1), ("note-2", 2)]


def test_a_choice_needs_two_answers(calendar, manager, client):
    answer = send(client, page("question-new", calendar), label="Referral?", kind="choice", answers="Yes\n\nYes ")

    assert answer.status_code == 422
    assert "Give at least two answers" in answer.content.decode()
    assert not Question.objects.exists()


def test_answers_to_choose_from_are_lines(calendar, manager, client):
    send(client, page("question-new", calendar), label="Referral?", kind="choice", answers=" Yes \r\nNot  yet\r\n")

    assert Question.objects.get().choices == ["Yes", "Not yet"]


def test_a_question_that_is_changed_keeps_its_key_and_loses_answers_its_kind_has_not(calendar, manager, client):
    question = Question.objects.create(
        calendar=calendar, key="referral", kind="choice", label="Referral?", choices=["Yes", "No"]
    )

    send(client, page("question", calendar, question.pk), label="Who sent you?", kind="text", answers="Yes\nNo")

    question.refresh_from_db()
    assert (question.key, question.label, question.choices) == ("referral", "Who sent you?", [])


def test_questions_move_up_and_down_and_stay_at_the_ends(calendar, manager, client):
    first, second = (add_question(calendar, {**TEXT, "label": label}) for label in ("First", "Second"))

    for question, to in ((second, "up"), (second, "up"), (first, "down")):
        assert send(client, page("question-move", calendar, question.pk), to=to).status_code == 302

    ordered = Question.objects.filter(calendar=calendar).order_by("position")
    assert list(ordered.values_list("label", flat=True)) == ["Second", "First"]


def test_removing_asks_first(calendar, manager, client):
    question = add_question(calendar, TEXT)

    assert "Remove “Which shoulder?”?" in client.get(page("question-remove", calendar, question.pk)).content.decode()
    assert Question.objects.count() == 1
    client.post(page("question-remove", calendar, question.pk))
    assert not Question.objects.exists()


def test_a_form_has_an_end(calendar):
    for number in range(20):
        add_question(calendar, {**TEXT, "label": f"Question {number}"})

    with pytest.raises(TooManyQuestions):
        add_question(calendar, TEXT)


def test_a_duplicate_asks_the_same_on_the_same_terms(calendar):
    add_question(calendar, TEXT)
    BookingTerms.objects.create(calendar=calendar, needs_approval=True, reminders=[30])

    copy = duplicate_calendar(calendar, now=NOW)

    assert copy.questions.get().label == "Which shoulder?"
    assert (copy.terms.needs_approval, copy.terms.reminders) == (True, [30])
    assert calendar.questions.count() == 1


@pytest.mark.parametrize("name", ["booking-form", "question-new"])
def test_whoever_does_not_manage_the_account_finds_no_such_page(calendar, client, name):
    here, elsewhere = MemberFactory(account=calendar.account), MemberFactory(role=Role.OWNER)

    for member in (here, elsewhere):
        client.force_login(member.user)
        assert client.get(page(name, calendar)).status_code == 404
        assert client.post(page(name, calendar)).status_code == 404


def test_a_question_of_another_calendar_is_not_there(calendar, manager, client):
    other = add_question(CalendarFactory(account=calendar.account), TEXT)

    for name in ("question", "question-remove", "question-move"):
        assert client.post(page(name, calendar, other.pk), {"to": "up"}).status_code == 404
