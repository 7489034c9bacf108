"""Events that came to lie on an appointment after it was booked (Y17): found at sync, and asked about once."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from accounts.models import Member
from availability.queries.conflicts import Conflict, conflicts_of
from availability.services.retry import durable
from bookings.queries.wanted import wanted_item
from integrations.models import AnswerKind, Connection, Decision, JournalEntry, OpenQuestion, QuestionKind
from integrations.sync.asking import ask, withdraw
from integrations.sync.claims import keep_claim
from integrations.sync.journal import note


def find_conflicts(claim: Connection, *, now: datetime) -> None:
    """If something was stored since the last time. What no longer lies on an appointment is asked about no more."""
    mine = Connection.objects.filter(pk=claim.pk, fence=claim.fence, has_news=True)
    if not mine.exists():
        return
    found = {_subject(conflict): conflict for conflict in conflicts_of(claim.user, now=now)}
    asked = OpenQuestion.objects.of(claim.user).filter(kind=QuestionKind.CONFLICT)
    known = dict(asked.filter(subject__in=found).order_by("asked_at").values_list("subject", "answer"))
    new = {subject: one for subject, one in found.items() if known.get(subject, AnswerKind.BY_ITSELF) in _UNSETTLED}
    over = list(asked.open().exclude(subject__in=found).values_list("subject", flat=True))
    durable(lambda: _note(claim, new.items(), over, now=now))


# asked and open, or settled by itself and here again
_UNSETTLED = ("", AnswerKind.BY_ITSELF)


def _note(claim: Connection, new: Iterable[tuple[str, Conflict]], over: Iterable[str], *, now: datetime) -> None:
    keep_claim(claim)
    Connection.objects.filter(pk=claim.pk, fence=claim.fence).update(has_news=False)
    if over:
        withdraw(QuestionKind.CONFLICT, list(over), now=now)
    for subject, conflict in new:
        if _is_duplicate(conflict):
            _note_duplicate(claim, conflict, now=now)
        else:
            _ask(claim, subject, conflict, now=now)


def _ask(claim: Connection, subject: str, conflict: Conflict, *, now: datetime) -> None:
    member = Member.objects.select_related("user", "account").get(pk=conflict.member_id)
    facts: dict[str, Any] = {
        "starts_at": conflict.starts_at.isoformat(),
        "ends_at": conflict.ends_at.isoformat(),
        "event_starts_at": conflict.event_starts_at.isoformat(),
        "event_ends_at": conflict.event_ends_at.isoformat(),
        "calendar": conflict.source_name,
    }
    if ask(QuestionKind.CONFLICT, subject, member=member, now=now, item=conflict.item_uid, facts=facts):
        note(Decision.CONFLICT, now=now, connection=claim, item=conflict.item_uid, **facts)


def _is_duplicate(conflict: Conflict) -> bool:
    """The host copied our event: the same words at the same time, under another identity."""
    if (conflict.event_starts_at, conflict.event_ends_at) != (conflict.starts_at, conflict.ends_at):
        return False
    wanted = wanted_item(conflict.item_uid)
    return wanted is not None and conflict.label == wanted.title[:200]


def _note_duplicate(claim: Connection, conflict: Conflict, *, now: datetime) -> None:
    noted = JournalEntry.objects.filter(decision=Decision.DUPLICATE, item_uid=conflict.item_uid, user=claim.user)
    if not noted.exists():
        facts: dict[str, Any] = {"starts_at": conflict.starts_at.isoformat(), "calendar": conflict.source_name}
        note(Decision.DUPLICATE, now=now, connection=claim, item=conflict.item_uid, **facts)


def _subject(conflict: Conflict) -> str:
    return f"{conflict.item_uid}:{conflict.source_id}:{sha256(conflict.group.encode()).hexdigest()[:16]}"
