"""The form of a booking: a calendar's own questions (B2), what cannot be kept, traps for robots, the terms."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.signing import Signer
from django.urls import reverse

from bookings.forms.robots import opened_at
from bookings.models import Appointment, BookingTerms
from bookings.services.book import book_appointment
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, QuestionFactory

pytestmark = pytest.mark.usefixtures("at_now")
TEN_TEXT = "2026-11-23T09:00:00Z"
ANSWERS = {"start": TEN_TEXT, "name": "Ada", "email": "ada@example.org", "key": "form-1"}
REFERRAL = ["Yes, on paper", "Not yet"]


def _url(calendar):
    return reverse("bookings:book", args=[calendar.account.slug, calendar.slug])


def _form(client, calendar):
    return client.get(_url(calendar), {"start": TEN_TEXT})


def _post(client, calendar, **answers):
    return client.post(_url(calendar), ANSWERS | answers)


def _text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def _ask(place, kind="text", **more):
    return QuestionFactory(calendar=place.calendar, kind=kind, key="q", **more)


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_questions_stand_in_their_order_between_the_telephone_and_the_note(client, place):
    QuestionFactory(calendar=place.calendar, label="Second?", position=2)
    QuestionFactory(calendar=place.calendar, label="First?", position=1, hint="As you like.", is_required=True)
    QuestionFactory(label="Of another calendar?")

    labels = re.findall(r"<label[^>]*>\s*([^<]+?)\s*<", _form(client, place.calendar).content.decode())

    assert labels == [
        "Your name",
        "E-mail address",
        "Telephone",
        "First?",
        "Second?",
        "What should we know beforehand?",
        "Leave this empty",
    ]
    assert "First? As you like." in _text(_form(client, place.calendar))


def test_a_choice_is_a_group_of_radios_with_its_own_name(client, place):
    _ask(place, "choice", label="Referral?", choices=REFERRAL, is_required=True)

    page = _form(client, place.calendar).content.decode()

    assert "<legend>Referral?</legend>" in page
    assert re.findall(r'type="radio" name="answer-q" value="([^"]*)"', page) == REFERRAL


def test_a_choice_that_is_optional_can_be_left_open_again(client, place):
    _ask(place, "choice", choices=REFERRAL)

    page = _form(client, place.calendar).content.decode()
    assert 'value=""' in re.search(r"<fieldset.*?</fieldset>", page, re.DOTALL)[0]
    _post(client, place.calendar, **{"answer-q": ""})
    assert Appointment.objects.get().answers == []


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "  Left  ", "Left"),
        ("long_text", "Left.\r\nSince May.", "Left.\r\nSince May."),
        ("choice", "Not yet", "Not yet"),
        ("phone", "+49 451 1", "+49 451 1"),
        ("checkbox", "on", "Yes"),
        ("checkbox", "", "No"),
    ],
)
def test_answers_are_kept_beside_the_question_as_it_was_asked(client, place, kind, given, kept):
    _ask(place, kind, label="How is it?", choices=REFERRAL if kind == "choice" else [])

    response = _post(client, place.calendar, **({"answer-q": given} if given else {}))

    assert response.status_code == 302
    assert Appointment.objects.get().answers == [["How is it?", kept]]


def test_a_box_is_kept_in_the_language_of_who_ticked_it(client, place):
    _ask(place, "checkbox", label="Stufenlos?")

    client.post(_url(place.calendar), ANSWERS | {"answer-q": "on"}, headers={"accept-language": "de"})

    assert Appointment.objects.get().answers == [["Stufenlos?", "Ja"]]


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("text", " ", "This answer is missing."),
        ("text", "x" * 501, "There is room for 500 characters, and these are 501."),
        ("text", "a\x07b", "This contains an invisible character that cannot be kept."),
        ("text", "a\0b", "This contains an invisible character that cannot be kept."),
        ("text", "a\nb", "This contains an invisible character that cannot be kept."),
        ("long_text", "", "This answer is missing."),
        ("long_text", "x" * 4001, "There is room for 4000 characters, and these are 4001."),
        ("long_text", "a\x1bb", "This contains an invisible character that cannot be kept."),
        ("choice", "", "Please choose one."),
        ("choice", "Somebody else's", "Please choose one."),
        ("choice", "\0", "Please choose one."),
        ("phone", "", "The telephone number is missing."),
        ("phone", "call me", "There are hardly any digits in this number."),
        ("phone", "1" * 41, "There is room for 40 characters, and these are 41."),
        ("checkbox", "", "Please tick this, so that you can book."),
    ],
)
def test_what_is_not_right_is_said_beside_the_question_and_nothing_is_lost(client, place, kind, given, sentence):
    _ask(place, kind, is_required=True, choices=REFERRAL if kind == "choice" else [])

    response = _post(client, place.calendar, note="Left shoulder.", **({"answer-q": given} if given else {}))

    assert response.status_code == 422
    assert _text(response).count(sentence) == 2
    assert "Left shoulder." in response.content.decode()
    assert not Appointment.objects.exists()


def test_a_lost_time_keeps_the_answers_for_the_next(client, place):
    _ask(place, "choice", choices=REFERRAL)
    QuestionFactory(calendar=place.calendar, key="box", kind="checkbox", label="Box")
    QuestionFactory(calendar=place.calendar, key="other-box", kind="checkbox", label="Other box")
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)
    lost = _post(client, place.calendar, **{"answer-q": "Not yet", "answer-box": "on"})

    again = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', lost.content.decode()))
    assert client.post(_url(place.calendar), again | {"start": "2026-11-23T10:00:00Z"}).status_code == 302

    answers = Appointment.objects.get(customer_name="Ada").answers
    assert [answer for _question, answer in answers] == ["Not yet", "Yes", "No"]


# ── what cannot be kept ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("field", ["name", "email", "phone", "note"])
@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x9f"])
def test_characters_nobody_sees_are_refused_in_every_field(client, place, field, character):
    response = _post(client, place.calendar, **{field: f"a{character}b@example.org"})

    assert response.status_code == 422
    assert "This contains an invisible character that cannot be kept." in _text(response)


@pytest.mark.parametrize("field", ["start", "host", "time_zone", "key", "opened", "website"])
def test_hidden_fields_with_nonsense_are_no_error_of_the_server(client, place, field, limits_on):
    assert _post(client, place.calendar, **{field: "a\0\x07" * 2000}).status_code == 422


def test_lines_and_marks_of_other_scripts_stay_in_the_note(client, place):
    note = "Left.\r\n\tSince May. \u200fעברית"

    _post(client, place.calendar, note=note)

    assert Appointment.objects.get().note == note


# ── robots ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _sent_after(seconds):
    return opened_at(NOW - timedelta(seconds=seconds))


def _hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


def test_the_form_carries_the_moment_it_was_opened_and_books_after_a_second(client, place, limits_on):
    assert _hidden(_form(client, place.calendar), "opened") == opened_at(NOW)
    assert _post(client, place.calendar, opened=_sent_after(1)).status_code == 302


def test_who_sends_at_once_is_asked_to_look_and_keeps_the_answers(client, place, limits_on):
    opened = _sent_after(0.9)

    response = _post(client, place.calendar, opened=opened)

    assert response.status_code == 422
    assert "That was very quick. Please look at your details and send them again." in _text(response)
    assert 'value="Ada"' in response.content.decode()
    assert _hidden(response, "opened") == opened
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "opened",
    ["", "x", "1:x", Signer(salt="another").sign("1"), Signer(salt="bookings.forms.robots").sign("9" * 400)],
)
def test_a_moment_that_is_not_ours_comes_back_as_one_that_is(client, place, opened, limits_on):
    response = _post(client, place.calendar, opened=opened)

    assert (response.status_code, _hidden(response, "opened")) == (422, opened_at(NOW))
    assert 'value="Ada"' in response.content.decode()


def test_a_form_that_was_open_for_more_than_a_day_is_shown_again(client, place, limits_on):
    response = _post(client, place.calendar, opened=_sent_after(86_401))

    assert "This form was open for long." in _text(response)
    assert _post(client, place.calendar, opened=_sent_after(86_399)).status_code == 302


def test_the_field_nobody_sees_books_nothing_and_comes_back_empty(client, place, limits_on):
    response = _post(client, place.calendar, opened=_sent_after(60), website="https://spam.example")

    assert response.status_code == 422
    assert "Please look at your details and send them again." in _text(response)
    assert b"spam.example" not in response.content
    assert not Appointment.objects.exists()


def test_people_neither_see_nor_reach_that_field(client, place):
    page = _form(client, place.calendar).content.decode()

    trap = re.search(r'<div class="visually-hidden" aria-hidden="true">(.*?)</div>', page)[1]
    assert 'name="website"' in trap
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap
    assert page.count('name="website"') == 1


def test_the_time_after_a_lost_one_is_booked_with_one_tap(client, place, limits_on):
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)
    lost = _post(client, place.calendar, opened=_sent_after(30))

    again = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', lost.content.decode()))

    assert client.post(_url(place.calendar), again | {"start": "2026-11-23T10:00:00Z"}).status_code == 302


def test_without_limits_there_are_no_traps(client, place):
    assert _post(client, place.calendar, website="x").status_code == 302


# ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({}, "You can move or cancel until it begins."),
        ({"change_notice": timedelta(hours=24)}, "You can move or cancel until 24 hours before."),
        ({"change_notice": timedelta(days=3)}, "You can move or cancel until 3 days before."),
        (
            {"change_notice": timedelta(minutes=90), "may_cancel": False},
            "You can move it until 1 hour 30 minutes before.",
        ),
        ({"change_notice": timedelta(hours=2), "may_reschedule": False}, "You can cancel until 2 hours before."),
        ({"may_cancel": False}, "You can move it until it begins."),
        ({"may_reschedule": False}, "You can cancel until it begins."),
    ],
)
def test_page_and_form_say_until_when_something_can_be_changed(client, place, terms, sentence):
    BookingTerms.objects.create(calendar=place.calendar, **terms)

    assert sentence in _text(client.get(_url(place.calendar)))
    assert sentence in _text(_form(client, place.calendar))


def test_where_nothing_can_be_changed_nothing_is_said(client, place):
    BookingTerms.objects.create(calendar=place.calendar, may_reschedule=False, may_cancel=False)

    assert "You can" not in _text(client.get(_url(place.calendar)))


def test_where_somebody_has_to_confirm_the_form_asks(client, place):
    BookingTerms.objects.create(calendar=place.calendar, needs_approval=True)

    assert "Somebody confirms each booking, within a day." in _text(client.get(_url(place.calendar)))
    assert "Ask for Monday 23 November, 10:00" in _text(_form(client, place.calendar))


# ── queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("questions", [1, 20])
def test_the_form_asks_the_database_the_same_for_any_number_of_questions(
    client, place, questions, django_assert_num_queries
):
    for _number in range(questions):
        QuestionFactory(calendar=place.calendar)

    with django_assert_num_queries(6):
        _form(client, place.calendar)
