"""Asking an owner what the sync does not decide by itself (Y17): one open question a subject, and one mail for it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from accounts.models import Member
from accounts.services.outgoing import Addressed, queue_mail
from integrations.models import AnswerKind, OpenQuestion, QuestionKind, RemoteCalendar

MAIL = "question_"


def ask(
    kind: QuestionKind,
    subject: str,
    *,
    member: Member,
    now: datetime,
    item: UUID | None = None,
    remote: RemoteCalendar | None = None,
    facts: Mapping[str, object] | None = None,
) -> OpenQuestion | None:
    """Within the caller's transaction. None when it is asked already; what is asked then is brought up to date."""
    question = OpenQuestion(
        user_id=member.user_id,
        member=member,
        kind=kind,
        subject=subject,
        item_uid=item,
        remote_calendar=remote,
        facts=dict(facts or {}),
        asked_at=now,
    )
    same = OpenQuestion.objects.open().filter(user=member.user_id, kind=kind, subject=subject)
    if same.update(facts=question.facts):
        return None
    OpenQuestion.objects.bulk_create([question], ignore_conflicts=True)
    if not OpenQuestion.objects.filter(uid=question.uid).exists():
        return None
    if member.user.is_active:
        mail = Addressed(f"{MAIL}{kind.value}", member.user.email)
        queue_mail(member.account, subject_uid=question.uid, sequence=0, mails=[mail], due_at=now)
    return question


def withdraw(kind: QuestionKind, subjects: Collection[str], *, now: datetime) -> None:
    """What was asked has settled itself."""
    same = OpenQuestion.objects.open().filter(kind=kind, subject__in=subjects)
    same.update(answered_at=now, answer=AnswerKind.BY_ITSELF)
