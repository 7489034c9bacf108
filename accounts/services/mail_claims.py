"""Who has a mail in hand, and what became of it: leases by the database's clock, fences against late writers.

What would be true if the worker died is written before the work: one try more, the next after a wait, and that
somebody left it unfinished. Who finishes writes over it.
"""

import re
from datetime import timedelta
from socket import gethostname

from django.conf import settings
from django.db import transaction
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from accounts.models import OutgoingMail
from accounts.services.backoff import wait_after
from accounts.services.mail_trouble import Failure, Trouble

LONGEST_WAIT = timedelta(hours=1)
# three days at a wait of an hour
MOST_TRIES = 80
# a mail that takes its worker with it so often in a row is left alone
MOST_DEATHS = 5
_LEFT = re.compile(rf"{Trouble.UNFINISHED} (\d+) ")


def lease() -> timedelta:
    """Longer than one mail can take: four commands, its way to the server, and the answer."""
    return timedelta(seconds=4 * settings.EMAIL_TIMEOUT + 2 * settings.EMAIL_ANSWER_SECONDS)


def claim_next_mail() -> OutgoingMail | None:
    """The mail that has been due longest and nobody has in hand; None when there is none."""
    while (mail := _claim_one()) is not None:
        deaths = _deaths(mail)
        if deaths <= MOST_DEATHS:
            return mail
        _settle(mail, parked_at=Now(), leased_until=None, trouble=str(Failure(Trouble.UNFINISHED)))
    return None


def keep_claim(mail: OutgoingMail) -> bool:
    """Prolong the lease right before the mail goes; False when somebody else has it by now."""
    return _settle(mail, leased_until=Now() + lease())


def mark_sent(mail: OutgoingMail) -> bool:
    """False when the lease ran out and somebody else has the mail: then it is theirs."""
    return _settle(mail, sent_at=Now(), leased_until=None, trouble="")


def drop(mail: OutgoingMail) -> None:
    """There is nothing to tell any more."""
    _settle(mail, dropped_at=Now(), leased_until=None, trouble="")


def put_back(mail: OutgoingMail, failure: Failure) -> None:
    """To be tried again after a wait, or given up after the last try."""
    if mail.attempts >= MOST_TRIES:
        _settle(mail, parked_at=Now(), leased_until=None, trouble=str(failure))
    else:
        _settle(mail, due_at=Now() + _wait(mail), leased_until=None, trouble=str(failure))


def release_dead_mail_claims() -> None:
    """No worker runs on this machine any more: what was in hand here need not wait for its lease to end.

    Should one run after all, the fence keeps its late writes out.
    """
    in_hand = OutgoingMail.objects.waiting().filter(
        leased_until__gt=Now(), trouble__startswith=f"{Trouble.UNFINISHED} "
    )
    in_hand.filter(trouble__endswith=f" {gethostname()}").update(leased_until=None)


def _claim_one() -> OutgoingMail | None:
    with transaction.atomic(durable=True):
        due = OutgoingMail.objects.due(Now()).order_by("due_at", "pk").select_for_update(skip_locked=True)
        mail = due.first()
        if mail is None:
            return None
        mail.attempts += 1
        mail.fence += 1
        mail.trouble = f"{Trouble.UNFINISHED} {_deaths(mail) + 1} {gethostname()}"
        OutgoingMail.objects.filter(pk=mail.pk).update(
            attempts=mail.attempts,
            fence=mail.fence,
            trouble=mail.trouble,
            due_at=Now() + _wait(mail),
            leased_until=Now() + lease(),
        )
    return mail


def _wait(mail: OutgoingMail) -> timedelta:
    first = timedelta(seconds=settings.MAIL_FIRST_WAIT_SECONDS)
    return wait_after(mail.attempts, first=first, longest=LONGEST_WAIT)


def _deaths(mail: OutgoingMail) -> int:
    """How many workers in a row left this mail unfinished."""
    left = _LEFT.match(mail.trouble)
    return int(left[1]) if left else 0


def _settle(mail: OutgoingMail, **facts: Now | CombinedExpression | str | None) -> bool:
    """Write only while the mail is still in our hands."""
    return bool(OutgoingMail.objects.waiting().filter(pk=mail.pk, fence=mail.fence).update(**facts))
