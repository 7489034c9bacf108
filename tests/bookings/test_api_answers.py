"""Answers to a calendar's questions by the JSON interface (B2)."""

import json

import pytest

from bookings.models import Appointment
from tests.factories import QuestionFactory

pytestmark = pytest.mark.usefixtures("at_now")
BODY = {"start": "2026-11-23T10:00:00+01:00", "name": "Ada", "email": "ada@example.org"}


def _book(client, calendar, answers, key="k"):
    url = f"/api/v1/calendars/{calendar.account.slug}/{calendar.slug}/appointments"
    body = json.dumps(BODY | {"answers": answers})
    return client.post(url, body, content_type="application/json", headers={"idempotency-key": key})


def _ask(place, key, kind="text", **more):
    return QuestionFactory(calendar=place.calendar, key=key, kind=kind, label=f"{key.title()}?", **more)


def test_answers_go_by_the_names_of_the_questions(client, place):
    _ask(place, "side")
    _ask(place, "referral", "choice", choices=["Yes", "Not yet"])
    _ask(place, "stairs", "checkbox")
    _ask(place, "lift", "checkbox")

    answer = _book(client, place.calendar, {"side": "Left", "referral": "Not yet", "stairs": True, "note": "Ow."})

    assert answer.status_code == 201
    appointment = Appointment.objects.get()
    assert appointment.answers == [["Side?", "Left"], ["Referral?", "Not yet"], ["Stairs?", "Yes"], ["Lift?", "No"]]
    assert appointment.note == "Ow."


def test_each_answer_that_is_not_right_has_a_message_of_its_own(client, place):
    _ask(place, "side", is_required=True)
    _ask(place, "referral", "choice", choices=["Yes", "Not yet"], is_required=True)
    _ask(place, "stairs", "checkbox", is_required=True)
    _ask(place, "call", "phone")

    answer = _book(client, place.calendar, {"referral": "No", "call": "me", "unknown": "x", "place": "x"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "answers.unknown": "There is no such question.",
        "answers.place": "There is no such question.",
        "answers.side": "This answer is missing.",
        "answers.referral": "Please choose one.",
        "answers.stairs": "Please tick this, so that you can book.",
        "answers.call": "There are hardly any digits in this number. Example: +49 451 123456",
    }
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("said", [{"side": True}, {"stairs": "yes"}, {"stairs": "true"}, {"note": True}])
def test_a_box_is_true_or_false_and_all_else_is_text(client, place, said):
    _ask(place, "side")
    _ask(place, "stairs", "checkbox")

    answer = _book(client, place.calendar, said)

    (name,) = said
    assert (answer.status_code, answer.json()["errors"]) == (422, {f"answers.{name}": "This has the wrong form."})


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"side": 1}, "answers.side"),
        ({"side": None}, "answers.side"),
        ({"side": ["x"]}, "answers.side"),
        (["side"], "answers"),
        ("side", "answers"),
    ],
)
def test_another_shape_is_said_to_be_wrong(client, place, said, field):
    _ask(place, "side")

    answer = _book(client, place.calendar, said)

    assert (answer.status_code, answer.json()["errors"]) == (422, {field: "This has the wrong form."})


@pytest.mark.parametrize("name", ["", "answer-side", "email", "start", "hosts", "side\0"])
def test_nothing_else_can_be_said_by_way_of_the_answers(client, place, name):
    _ask(place, "side")

    answer = _book(client, place.calendar, {name: "eve@example.org"})

    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        {f"answers.{name}": "There is no such question."},
    )


def test_another_answer_is_another_request(client, place):
    _ask(place, "side")
    assert _book(client, place.calendar, {"side": "Left"}).status_code == 201

    again, other = (_book(client, place.calendar, {"side": side}) for side in ("Left", "Right"))

    assert (again.status_code, other.status_code, other.json()["error"]) == (201, 409, "key_used_differently")
