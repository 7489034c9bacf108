"""Who got a mail, taken out of the record of mails; that and when it was sent stays."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from accounts.models import OutgoingMail


def forget_recipients(subject_uids: Collection[UUID], *, but: Q, now: datetime) -> None:
    """Of mails about these things, all recipients ``but`` those. What has not left by now never does.

    Within the caller's transaction.
    """
    mails = OutgoingMail.objects.filter(subject_uid__in=subject_uids).exclude(but)
    mails.waiting().update(dropped_at=now)
    # the record tells mails apart by recipient: each gets an address of its own, at which nobody can be reached
    nobody = Concat(Value("removed-"), Cast("pk", CharField()), Value("@invalid"), output_field=CharField())
    mails.update(recipient=nobody)
