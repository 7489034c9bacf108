"""What owners read about open questions and broken connections."""

from datetime import timedelta

import pytest

from accounts.models import OutgoingMail
from bookings.services.cancel import cancel_appointment
from integrations.models import AnswerKind, Connection, ConnectionState, OpenQuestion, QuestionKind
from integrations.services.answering import answer
from integrations.services.telling import tell_of_broken
from tests.bookings.mails.letters import composed
from tests.factories import NOW
from tests.integrations.asked import HOUR, TEN, Desk


@pytest.fixture
def desk(db, settings):
    settings.PUBLIC_BASE_URL = "https://book.example"
    return Desk()


def _letter(kind, now=NOW):
    return composed(OutgoingMail.objects.get(kind=kind), now=now)


def test_a_question_says_what_happened_and_where_it_is_answered(desk):
    question = desk.ask(QuestionKind.DELETED)

    letter = _letter("question_deleted")

    slug = desk.member.account.slug
    assert letter.subject == ("Needs you: Deleted in the connected calendar: Ada Lovelace, First visit")
    assert f"https://book.example/calendar/attention/?account={slug}#question-{question.uid}\n" in letter.text
    assert "It was deleted in “Work”." in letter.text
    assert "Tuesday 24 November 2026, 10:00 – 10:30" in letter.text
    assert letter.recipient_name == desk.user.name


@pytest.mark.parametrize(
    ("reason", "codes", "said"),
    [
        ("not_allowed", ["HOURS", "BOOKED"], "not allowed: it is outside the hours, another appointment is there."),
        ("not_allowed", [], "The new time is not allowed."),
        ("one_way", [], "This connection is one-way"),
        ("not_lead", [], "answers for it, and only they can move it."),
        ("class", [], "A class is moved for all its customers at once"),
        ("length", [], "an appointment keeps its length."),
        ("repeats", [], "an appointment takes place once."),
        ("all_day", [], "It was made to last all day"),
        ("free", [], "It was marked as free"),
        ("changed_here", [], "what was done here counts."),
        ("cannot_be_read", [], "could not be understood."),
        ("restless", [], "again and again, so it is not put back any more."),
    ],
)
def test_every_reason_to_put_something_back_is_said_in_words(desk, reason, codes, said):
    desk.ask_about_move(reason=reason, reasons=codes)

    assert said in " ".join(_letter("question_put_back").text.split())


def test_a_change_that_moved_nothing_names_no_other_time(desk):
    desk.ask_about_move(reason="free", by=timedelta())

    assert "It was changed in “Work”, and has been put back." in _letter("question_put_back").text


def test_many_deletions_are_named_one_by_one(desk):
    desk.ask_about_many()

    text = _letter("question_brake").text

    assert "3 of 4 coming appointments were suddenly missing in “Work”." in " ".join(text.split())
    assert text.count("Ada Lovelace") == 3


def test_of_very_many_deletions_the_first_are_named(desk, monkeypatch):
    monkeypatch.setattr("integrations.mails.question._MOST_NAMED", 2)
    desk.ask_about_many()

    assert "> and 1 more" in _letter("question_brake").text


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        (QuestionKind.NOT_WRITABLE, {"waiting": 2}, "2 appointments wait to be written there."),
        (QuestionKind.STUCK, {"error": "The server is full."}, "not tried any more. The server is full."),
    ],
)
def test_what_cannot_be_written_says_why(desk, kind, facts, said):
    desk.ask(kind, **facts)

    assert said in " ".join(_letter(f"question_{kind.value}").text.split())


def test_a_conflict_names_no_title(desk):
    desk.ask_about_conflict()

    text = " ".join(_letter("question_conflict").text.split())

    assert "An event in “Family” lies on it: Tuesday 24 November, 10:00 – 11:00." in text


def test_an_answered_question_is_not_mailed(desk):
    question = desk.ask(QuestionKind.DELETED)
    answer(question, AnswerKind.LEAVE_OUT, by=desk.member, now=NOW)

    assert _letter("question_deleted") is None


def test_a_question_about_a_cancelled_appointment_is_not_mailed(desk):
    desk.ask(QuestionKind.DELETED)
    cancel_appointment(desk.appointment, now=NOW)

    assert _letter("question_deleted") is None


def test_a_host_reads_in_their_own_zone(desk):
    desk.user.time_zone = "America/New_York"
    desk.user.save()
    desk.ask(QuestionKind.DELETED)

    assert "04:00 – 04:30" in _letter("question_deleted").text


def test_a_name_of_two_lines_makes_no_second_line_of_the_subject(desk):
    desk.appointment.customer_name = "Ada\r\nBcc: eve@example.org"
    desk.appointment.save()
    desk.ask(QuestionKind.DELETED)

    assert _letter("question_deleted").subject.endswith("Ada Bcc: eve@example.org, First visit")


@pytest.mark.parametrize("kind", QuestionKind)
def test_every_kind_of_question_has_its_mail(desk, kind):
    desk.lose(desk.appointment)
    desk.ask(kind)

    letter = _letter(f"question_{kind.value}")

    assert "\n" not in letter.subject
    assert "Until you answer, everything stays as it is." in letter.text
    assert "Needs you" in letter.html


def test_a_broken_connection_says_since_when_why_and_what_stays_safe(desk):
    Connection.objects.update(
        state=ConnectionState.BROKEN, broken_at=TEN, refused_at=TEN - HOUR, synced_at=NOW, provider="icloud"
    )
    tell_of_broken(now=TEN)

    letter = _letter("connection_broken", TEN)

    text = " ".join(letter.text.split())
    assert letter.subject == "Not connected: iCloud host@example.org"
    assert "iCloud host@example.org is not connected since Tuesday 24 November, 10:00." in text
    assert "iCloud no longer accepts the app-specific password." in text
    assert "the busy times of Monday 23 November 2026, 08:00 stay in force" in text
    assert f"https://book.example/settings/profile/integrations/{desk.connection.pk}/password/?account=" in text


@pytest.mark.parametrize("mended", [{"state": "connected", "broken_at": None}, {"switched_off_at": NOW}])
def test_a_connection_that_was_mended_meanwhile_is_not_mailed(desk, mended):
    Connection.objects.update(state=ConnectionState.BROKEN, broken_at=NOW)
    tell_of_broken(now=NOW)
    Connection.objects.update(**mended)

    assert _letter("connection_broken") is None


def test_a_question_that_is_gone_is_not_mailed(desk):
    desk.ask(QuestionKind.DELETED)
    OpenQuestion.objects.all().delete()

    assert _letter("question_deleted") is None
