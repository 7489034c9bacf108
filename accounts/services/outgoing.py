"""Put mail into the table, in the transaction of what it tells of; a worker sends it after the commit."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings

from accounts.models import Account, OutgoingMail
from accounts.services.nudge import nudge


@dataclass(frozen=True, slots=True)
class Addressed:
    """A kind of mail and who gets it."""

    kind: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A mail about the thing named ``subject_uid``, at this step of its history."""

    account: Account
    subject_uid: UUID
    sequence: int
    mail: Addressed


def queue_mail(
    account: Account, *, subject_uid: UUID, sequence: int, mails: Iterable[Addressed], due_at: datetime
) -> None:
    """One row each; what is in the table already, sent or not, is left as it is."""
    told = [Queued(account=account, subject_uid=subject_uid, sequence=sequence, mail=mail) for mail in mails]
    queue_mails(told, due_at=due_at)


def queue_mails(mails: Iterable[Queued], *, due_at: datetime) -> None:
    """The same for mails about many things, in one statement."""
    rows = [_row(queued, due_at) for queued in mails]
    OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        nudge("accounts.tasks.send_due")


def _row(queued: Queued, due_at: datetime) -> OutgoingMail:
    return OutgoingMail(
        account=queued.account,
        subject_uid=queued.subject_uid,
        kind=queued.mail.kind,
        recipient=queued.mail.recipient,
        sequence=queued.sequence,
        message_id=_message_id(queued.subject_uid, queued.mail, queued.sequence),
        due_at=due_at,
    )


def _message_id(subject_uid: UUID, mail: Addressed, sequence: int) -> str:
    """The same for the same mail, whoever reckons it, and nothing of its recipient can be read off it."""
    told = f"{subject_uid}\n{mail.kind}\n{mail.recipient}\n{sequence}\n{settings.SECRET_KEY}"
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(told.encode()).hexdigest()[:40]}@{domain}>"
