"""Every kind of question, with every answer to it."""

from datetime import timedelta

import pytest

from accounts.models import OutgoingMail
from availability.models import HostTime
from bookings.models import Appointment, AppointmentChange, Status, Who
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.reschedule import reschedule_appointment
from integrations.models import AnswerKind, Decision, JournalEntry, OpenQuestion, PendingPush, QuestionKind, RemoteCopy
from integrations.queries.attention import card_of, cards_of
from integrations.services.answering import Outcome, answer, withdraw_settled
from tests.factories import NOW, CalendarMemberFactory, ConfigurationFactory, MemberFactory
from tests.integrations.asked import HOUR, TEN, Desk, mails

LATER = NOW + timedelta(minutes=5)
GRACE = Customer(name="Grace Hopper", email="grace@example.org", time_zone="Europe/London", locale="en-gb")


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def pushes(desk):
    """Those of the booking are made."""
    PendingPush.objects.all().delete()
    return PendingPush.objects.filter(remote_calendar=desk.remote)


def _answer(desk, question, kind, **sent):
    return answer(question, kind, by=desk.member, now=LATER, **sent)


def _copy(desk):
    return RemoteCopy.objects.get(uid=desk.appointment.uid)


def _answered(question):
    question.refresh_from_db()
    return question.answer if question.answered_at else None


def test_cancelling_what_was_deleted_frees_the_time_and_tells_the_customer(desk):
    question = desk.ask(QuestionKind.DELETED)

    assert _answer(desk, question, AnswerKind.CANCEL) is Outcome.DONE

    desk.appointment.refresh_from_db()
    assert desk.appointment.status == Status.CANCELLED
    assert not HostTime.objects.filter(uid=desk.appointment.uid).exists()
    assert (mails("cancelled"), mails("host_cancelled")) == (["ada@example.org"], [])
    assert AppointmentChange.objects.filter(who=Who.STAFF, member=desk.member, kind="cancelled").count() == 1
    assert (_answered(question), question.answered_at) == (AnswerKind.CANCEL, LATER)


def test_what_was_deleted_is_written_again(desk, pushes):
    question = desk.ask(QuestionKind.DELETED)
    desk.lose(desk.appointment)

    assert _answer(desk, question, AnswerKind.WRITE_AGAIN) is Outcome.DONE

    copy = _copy(desk)
    assert (copy.url, copy.etag, copy.missing_since, copy.left_out_at) == ("", "", None, None)
    assert pushes.get().uid == desk.appointment.uid
    assert mails("cancelled") == []


def test_what_was_deleted_is_left_out(desk, pushes):
    question = desk.ask(QuestionKind.DELETED)

    assert _answer(desk, question, AnswerKind.LEAVE_OUT) is Outcome.DONE

    assert _copy(desk).left_out_at == LATER
    assert not pushes.exists()
    desk.appointment.refresh_from_db()
    assert desk.appointment.is_active


def test_what_was_put_back_is_moved_all_the_same(desk, pushes):
    question = desk.ask_about_move(by=timedelta(hours=8), reasons=["HOURS"])

    assert _answer(desk, question, AnswerKind.MOVE_ANYWAY) is Outcome.DONE

    desk.appointment.refresh_from_db()
    assert desk.appointment.starts_at == TEN + timedelta(hours=8)
    assert desk.appointment.is_overbooked
    assert (mails("rescheduled"), mails("host_rescheduled")) == (["ada@example.org"], [])
    assert pushes.get().uid == desk.appointment.uid


def test_what_was_put_back_is_moved_beside_another_appointment(desk):
    desk.book(TEN + HOUR, GRACE)
    question = desk.ask_about_move(reasons=["BOOKED"])

    assert _answer(desk, question, AnswerKind.MOVE_ANYWAY) is Outcome.DONE
    assert Appointment.objects.active().filter(starts_at=TEN + HOUR).count() == 2


@pytest.mark.parametrize("reason", ["one_way", "not_lead", "length", "changed_here", "restless"])
def test_only_what_the_rules_forbid_can_be_moved_all_the_same(desk, reason):
    question = desk.ask_about_move(reason=reason)

    assert card_of(question, now=NOW).answers == (AnswerKind.KEEP,)
    assert _answer(desk, question, AnswerKind.MOVE_ANYWAY) is Outcome.CHANGED
    assert _answered(question) is None


def test_nothing_is_moved_to_a_time_that_is_over(desk):
    question = desk.ask_about_move(by=-timedelta(days=2), reasons=["PAST"])

    assert card_of(question, now=NOW).answers == (AnswerKind.KEEP,)


def test_a_time_nobody_can_take_leaves_the_question_open(desk):
    question = desk.ask_about_move()
    desk.calendar.calendar_members.all().delete()

    assert _answer(desk, question, AnswerKind.MOVE_ANYWAY) is Outcome.TAKEN
    desk.appointment.refresh_from_db()
    assert (_answered(question), desk.appointment.starts_at) == (None, TEN)


@pytest.mark.parametrize("kind", ["put_back", "conflict", "not_writable", "stuck"])
def test_leaving_it_as_it_is_changes_nothing_but_the_question(desk, pushes, kind):
    if kind == "put_back":
        question = desk.ask_about_move()
    elif kind == "conflict":
        question = desk.ask_about_conflict()
    else:
        question = desk.ask(QuestionKind(kind))
    told = OutgoingMail.objects.count()

    assert _answer(desk, question, AnswerKind.KEEP) is Outcome.DONE

    desk.appointment.refresh_from_db()
    assert (desk.appointment.starts_at, desk.appointment.sequence) == (TEN, 0)
    assert (pushes.count(), OutgoingMail.objects.count(), _answered(question)) == (0, told, AnswerKind.KEEP)


def test_all_that_a_brake_stopped_is_cancelled(desk):
    question, lost = desk.ask_about_many()
    kept = desk.book(TEN + 3 * HOUR, GRACE)

    assert _answer(desk, question, AnswerKind.CANCEL) is Outcome.DONE

    assert list(Appointment.objects.active()) == [kept]
    assert mails("cancelled") == ["ada@example.org"] * len(lost)


def test_all_that_a_brake_stopped_is_written_again(desk, pushes):
    question, lost = desk.ask_about_many()
    PendingPush.objects.all().delete()

    assert _answer(desk, question, AnswerKind.WRITE_AGAIN) is Outcome.DONE

    assert set(pushes.values_list("uid", flat=True)) == {one.uid for one in lost}
    assert not RemoteCopy.objects.filter(missing_since__isnull=False).exists()


def test_all_that_a_brake_stopped_is_left_out(desk):
    question, lost = desk.ask_about_many()

    assert _answer(desk, question, AnswerKind.LEAVE_OUT) is Outcome.DONE

    assert RemoteCopy.objects.filter(left_out_at=LATER).count() == len(lost)
    assert Appointment.objects.active().count() == len(lost)


def test_what_vanished_after_the_list_was_shown_is_not_cancelled_unseen(desk):
    question, _lost = desk.ask_about_many()
    seen = card_of(question, now=NOW).seen
    desk.lose(desk.book(TEN + 3 * HOUR, GRACE))

    assert _answer(desk, question, AnswerKind.CANCEL, seen=seen) is Outcome.CHANGED
    assert (Appointment.objects.active().count(), _answered(question)) == (4, None)


def test_a_brake_in_two_accounts_is_answered_as_the_member_of_each(desk):
    there = _place_elsewhere(desk)
    question, _lost = desk.ask_about_many()
    other = _booked_in(desk, there)
    desk.lose(other)

    _answer(desk, question, AnswerKind.CANCEL)

    change = AppointmentChange.objects.get(appointment=other, kind="cancelled")
    assert change.member == there.member


def test_what_is_stuck_is_tried_again_at_once(desk, pushes):
    question = desk.ask(QuestionKind.STUCK, error="The server will not take this.")
    PendingPush.objects.create(
        uid=desk.appointment.uid, remote_calendar=desk.remote, due_at=NOW + HOUR, parked_at=NOW, attempts=9
    )

    assert _answer(desk, question, AnswerKind.WRITE_AGAIN) is Outcome.DONE

    push = pushes.get()
    assert (push.parked_at, push.attempts) == (None, 0)
    assert push.due_at <= LATER


def test_a_class_is_cancelled_for_everybody_who_has_a_seat(db):
    desk = _class()
    desk.book(TEN, GRACE)
    question = desk.ask(QuestionKind.DELETED)

    assert _answer(desk, question, AnswerKind.CANCEL) is Outcome.DONE

    assert not Appointment.objects.active().exists()
    assert sorted(mails("cancelled")) == ["ada@example.org", "grace@example.org"]


def test_a_seat_taken_after_the_class_was_shown_is_not_cancelled_unseen(db):
    desk = _class()
    question = desk.ask(QuestionKind.DELETED)
    seen = card_of(question, now=NOW).seen
    desk.book(TEN, GRACE)

    assert _answer(desk, question, AnswerKind.CANCEL, seen=seen) is Outcome.CHANGED
    assert Appointment.objects.active().count() == 2


def test_the_second_of_two_answers_does_nothing(desk, pushes):
    question = desk.ask(QuestionKind.DELETED)
    _answer(desk, question, AnswerKind.WRITE_AGAIN)

    outcome = answer(question, AnswerKind.CANCEL, by=desk.member, now=LATER + HOUR)

    desk.appointment.refresh_from_db()
    assert (outcome, desk.appointment.is_active) == (Outcome.SETTLED, True)
    assert _answered(question) == AnswerKind.WRITE_AGAIN


def test_an_answer_to_a_time_that_was_not_shown_changes_nothing(desk):
    question = desk.ask(QuestionKind.DELETED)
    seen = card_of(question, now=NOW).seen
    reschedule_appointment(desk.appointment, starts_at=TEN + HOUR, now=NOW)

    assert _answer(desk, question, AnswerKind.CANCEL, seen=seen) is Outcome.CHANGED
    assert _answer(desk, question, AnswerKind.CANCEL, seen=card_of(question, now=NOW).seen) is Outcome.DONE


def test_a_question_that_is_gone_is_settled(desk):
    question = desk.ask(QuestionKind.DELETED)
    desk.remote.delete()

    assert _answer(desk, question, AnswerKind.CANCEL) is Outcome.SETTLED


def test_an_answer_that_dies_half_way_has_done_nothing(desk, monkeypatch):
    question = desk.ask(QuestionKind.DELETED)

    def die(*_arguments, **_facts):
        raise SystemExit

    monkeypatch.setattr("integrations.services.answering.note", die)
    with pytest.raises(SystemExit):
        _answer(desk, question, AnswerKind.CANCEL)
    monkeypatch.undo()

    desk.appointment.refresh_from_db()
    assert (desk.appointment.is_active, _answered(question)) == (True, None)
    assert _answer(desk, question, AnswerKind.CANCEL) is Outcome.DONE


def test_an_answer_is_written_into_the_journal(desk):
    question = desk.ask(QuestionKind.DELETED)

    _answer(desk, question, AnswerKind.LEAVE_OUT)

    entry = JournalEntry.objects.get(decision=Decision.ANSWERED)
    assert (entry.user, entry.item_uid, entry.calendar_name) == (desk.user, desk.appointment.uid, "Work")
    assert entry.facts == {"question": "deleted", "answer": "leave_out", "count": 1}


def test_a_conflict_that_is_left_as_it_is_belongs_to_no_connection(desk):
    question = desk.ask_about_conflict()

    assert _answer(desk, question, AnswerKind.KEEP) is Outcome.DONE
    assert not JournalEntry.objects.filter(decision=Decision.ANSWERED).exists()


def _cancelled(desk):
    cancel_appointment(desk.appointment, now=NOW)
    return NOW


def _over(desk):
    return desk.appointment.ends_at


def _with_somebody_else(desk):
    other = CalendarMemberFactory(calendar=desk.calendar).member
    reschedule_appointment(desk.appointment, starts_at=TEN, now=NOW, host=other)
    return NOW


@pytest.mark.parametrize("happens", [_cancelled, _over, _with_somebody_else])
@pytest.mark.parametrize("kind", [QuestionKind.DELETED, QuestionKind.PUT_BACK, QuestionKind.CONFLICT])
def test_what_is_over_cancelled_or_somebody_elses_is_not_asked_any_more(desk, kind, happens):
    question = desk.ask(kind)

    now = happens(desk)

    assert cards_of(desk.member, now=now) == []
    assert answer(question, AnswerKind.KEEP, by=desk.member, now=now) is Outcome.SETTLED
    assert (_answered(question), withdraw_settled(now=now), _answered(question)) == (None, 1, AnswerKind.BY_ITSELF)


def test_a_brake_is_not_asked_any_more_once_nothing_is_missing(desk):
    question, _lost = desk.ask_about_many()
    RemoteCopy.objects.update(missing_since=None)

    assert (cards_of(desk.member, now=NOW), withdraw_settled(now=NOW)) == ([], 1)
    assert _answered(question) == AnswerKind.BY_ITSELF


def test_what_is_still_open_is_not_withdrawn(desk):
    desk.ask_about_move()
    desk.ask(QuestionKind.NOT_WRITABLE, waiting=2)
    desk.ask(QuestionKind.STUCK)

    assert withdraw_settled(now=NOW) == 0
    assert len(cards_of(desk.member, now=NOW)) == 3


def test_an_appointment_that_could_not_be_taken_away_is_still_asked_about(desk):
    question = desk.ask(QuestionKind.STUCK)
    cancel_appointment(desk.appointment, now=NOW)

    card = card_of(question, now=NOW)

    assert card.appointments == (desk.appointment,)
    assert _answer(desk, question, AnswerKind.WRITE_AGAIN) is Outcome.DONE


def test_whoever_takes_part_is_asked_as_well(desk):
    other = MemberFactory(account=desk.member.account)
    ConfigurationFactory(member=other)
    desk.appointment.further_hosts.add(other)
    question = desk.ask_about_move(reason="not_lead")
    OpenQuestion.objects.update(member=other, user=other.user)

    assert [card.question for card in cards_of(other, now=NOW)] == [question]


def _place_elsewhere(desk):
    """The same host in another account."""
    place = CalendarMemberFactory(calendar__name="Elsewhere")
    place.member.user = desk.user
    place.member.save()
    return place


def _class():
    return Desk(calendar__type="class", calendar__seats=5)


def _booked_in(desk, place):
    appointment = book_appointment(place.calendar, starts_at=TEN + 5 * HOUR, customer=GRACE, now=NOW)
    desk.copy(appointment.uid)
    return appointment
