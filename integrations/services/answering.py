"""Answering an open question: what the answer means is done, and the question closed, in one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any

from accounts.models import Member
from availability.services.retry import durable
from bookings.models import Appointment
from bookings.services.cancel import AlreadyClosed, AlreadyOver, ChangedMeanwhile, cancel_within
from bookings.services.history import Author, staff
from bookings.services.reschedule import SlotTaken, overbook_within
from integrations.models import AnswerKind, Decision, OpenQuestion, QuestionKind
from integrations.queries.attention import Card, card_of, questions_settled
from integrations.sync.journal import note
from integrations.sync.outbox import ask_for_push_of
from integrations.sync.standing import leave_out, write_again


class Outcome(Enum):
    """``SETTLED``: it was answered before, or nothing is left to answer. In all but ``DONE`` nothing was changed."""

    DONE = "done"
    SETTLED = "settled"
    CHANGED = "changed"
    """What the answer is about is not what was shown; the question stays open."""
    TAKEN = "taken"
    """The time cannot be taken, not even knowingly; the question stays open."""


def answer(question: OpenQuestion, kind: AnswerKind, *, by: Member, now: datetime, seen: str = "") -> Outcome:
    """``seen``: what was shown with the question (``Card.seen``); empty: whatever it is about by now.

    Of two answers at once the second finds the question settled. Killed anywhere, nothing has happened.
    """
    try:
        return durable(partial(_answer, question, kind, by, now, seen), finds_itself=True)
    except SlotTaken:
        return Outcome.TAKEN
    except ChangedMeanwhile:
        return Outcome.CHANGED
    except (AlreadyClosed, AlreadyOver):
        return Outcome.SETTLED


def withdraw_settled(*, now: datetime) -> int:
    """Close what nobody need answer any more, because what it is about is over, cancelled or gone; how many."""
    return questions_settled(now).update(answered_at=now, answer=AnswerKind.BY_ITSELF)


def _answer(question: OpenQuestion, kind: AnswerKind, by: Member, now: datetime, seen: str) -> Outcome:
    standing = OpenQuestion.objects.select_for_update().filter(pk=question.pk).first()
    if standing is None or standing.answered_at:
        is_ours = standing is not None and (standing.answered_at, standing.answer) == (now, kind)
        return Outcome.DONE if is_ours else Outcome.SETTLED
    card = _kept_still(standing, now)
    if card is None:
        return Outcome.SETTLED
    if kind not in card.answers or (seen and seen != card.seen):
        return Outcome.CHANGED
    _DOES[kind](card, by, now)
    OpenQuestion.objects.filter(pk=standing.pk).update(answered_at=now, answer=kind)
    _note(card, kind, now)
    return Outcome.DONE


def _kept_still(question: OpenQuestion, now: datetime) -> Card | None:
    """The question with its appointments, which nobody changes before the end of the transaction."""
    card = card_of(question, now=now)
    if card is None:
        return None
    keys = [one.pk for one in card.appointments]
    list(Appointment.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    return card_of(question, now=now)


def _cancel(card: Card, by: Member, now: datetime) -> None:
    authors = _authors(by)
    for appointment in card.appointments:
        cancel_within(appointment, now=now, by=authors.get(appointment.calendar.account_id, staff(by)))


def _move(card: Card, by: Member, now: datetime) -> None:
    wanted = card.moment("there_starts_at")
    if card.one is None or wanted is None:
        raise ChangedMeanwhile
    overbook_within(card.one, starts_at=wanted, now=now, by=staff(by))


def _write_again(card: Card, _by: Member, now: datetime) -> None:
    question = card.question
    remote = question.remote_calendar
    if remote is None:
        return
    if question.kind == QuestionKind.STUCK and question.item_uid:
        ask_for_push_of(question.item_uid, remote.pk, now=now)
        return
    for uid in card.items:
        write_again(uid, remote, now=now)


def _leave_out(card: Card, _by: Member, now: datetime) -> None:
    remote = card.question.remote_calendar
    if remote is None:
        return
    for uid in card.items:
        leave_out(uid, remote, now=now)


def _keep(_card: Card, _by: Member, _now: datetime) -> None:
    """It stays as it is."""


_DOES: Mapping[AnswerKind, Callable[[Card, Member, datetime], None]] = {
    AnswerKind.CANCEL: _cancel,
    AnswerKind.WRITE_AGAIN: _write_again,
    AnswerKind.LEAVE_OUT: _leave_out,
    AnswerKind.MOVE_ANYWAY: _move,
    AnswerKind.KEEP: _keep,
}


def _authors(by: Member) -> Mapping[int, Author]:
    """One login can serve several accounts: in each its owner acts as the member they are there."""
    places = Member.objects.present().filter(user=by.user_id).select_related("user", "account")
    return {place.account_id: staff(place) for place in places}


def _note(card: Card, kind: AnswerKind, now: datetime) -> None:
    question, remote = card.question, card.question.remote_calendar
    if remote is None:
        return
    facts: dict[str, Any] = {"question": question.kind, "answer": kind.value, "count": len(card.items)}
    note(Decision.ANSWERED, now=now, connection=remote.connection, remote=remote, item=question.item_uid, **facts)
