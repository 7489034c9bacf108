"""Needs you (Y17): everything that waits for the reader, each with its answers."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Member, User
from accounts.ports import Needs, Notice
from bookings.forms.staff import ReasonForm
from bookings.queries.pending import requests_for
from integrations.models import AnswerKind, OpenQuestion, QuestionKind
from integrations.queries.attention import (
    Card,
    broken_connections,
    card_of,
    cards_of,
    number_of_questions,
    waiting_elsewhere,
)
from integrations.services.answering import Outcome, answer
from integrations.templatetags.answer_words import done_words
from integrations.templatetags.broken_words import broken_since
from integrations.views.owned import back_to, by_htmx

PAGE = "integrations:attention"


@member_page
@require_safe
def attention(request: StaffRequest) -> HttpResponse:
    member, now = request.member, timezone.now()
    context = {
        **shell(request),
        "now": now,
        "waiting": requests_for(member, now=now),
        "reason": ReasonForm(),
        "broken": broken_connections(cast("User", request.user)),
        "groups": _grouped(cards_of(member, now=now)),
        "elsewhere": waiting_elsewhere(member, now=now),
    }
    return render(request, "integrations/attention.html", context)


@member_page
@require_POST
def answered(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One answer to one question of the reader's own; somebody else's does not exist."""
    question = OpenQuestion.objects.filter(uid=uid, user=cast("User", request.user)).first()
    kind = request.POST.get("answer", "")
    if question is None or kind not in AnswerKind.values:
        raise Http404
    request.member = _place(request, question)
    now = timezone.now()
    before = card_of(question, now=now)
    outcome = answer(question, AnswerKind(kind), by=request.member, now=now, seen=request.POST.get("seen", ""))
    said = _said(outcome, before, AnswerKind(kind))
    if by_htmx(request):
        return _part(request, question, outcome, said, now)
    (messages.success if outcome is Outcome.DONE else messages.warning)(request, said)
    is_open = outcome in {Outcome.CHANGED, Outcome.TAKEN}
    return back_to(request, PAGE, part=f"#question-{uid}" if is_open else "")


def needs_of(member: Member, now: datetime) -> Needs:
    """For the navigation, and on top of every page of theirs: logins that wait for their owner."""
    broken = broken_connections(member.user)
    notices = tuple(
        Notice(
            text=broken_since(connection),
            link=_("Enter a new password"),
            url=f"{reverse('integrations:connection-password', args=[connection.pk])}?account={member.account.slug}",
        )
        for connection in broken
    )
    return Needs(count=len(broken) + number_of_questions(member, now=now), notices=notices)


def _grouped(cards: Sequence[Card]) -> list[tuple[str, list[Card]]]:
    """By what they are, the kind with the newest first."""
    newest = list(dict.fromkeys(card.question.kind for card in cards))
    ordered = sorted(cards, key=lambda card: newest.index(card.question.kind))
    groups = groupby(ordered, key=lambda card: card.question.kind)
    return [(str(QuestionKind(kind).label), list(members)) for kind, members in groups]


def _place(request: StaffRequest, question: OpenQuestion) -> Member:
    for member in request.members:
        if member.pk == question.member_id:
            return member
    raise Http404


def _said(outcome: Outcome, card: Card | None, kind: AnswerKind) -> str:
    if outcome is Outcome.DONE and card is not None:
        return done_words(card, kind)
    if outcome is Outcome.CHANGED:
        return _("Nothing was done: this has changed meanwhile. Here it is as it is now.")
    if outcome is Outcome.TAKEN:
        return _("Nothing was done: this time cannot be taken. You can choose another one.")
    return _("Nothing was done: this question is settled already.")


def _part(request: StaffRequest, question: OpenQuestion, outcome: Outcome, said: str, now: datetime) -> HttpResponse:
    """The card as it is now, or in its place what was done."""
    card = card_of(question, now=now) if outcome in {Outcome.CHANGED, Outcome.TAKEN} else None
    context = {**shell(request), "question": question, "card": card, "said": said, "is_done": outcome is Outcome.DONE}
    return render(request, "integrations/attention_answered.html", context)
