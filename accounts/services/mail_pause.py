"""While the mail server fails it is tried with one mail now and then, not with all of them.

The pause is one row, the same for all workers. Who wins the next try has already written down that it failed.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from accounts.models import OutgoingMail, Tally
from accounts.services.backoff import wait_after
from accounts.services.mail_trouble import Failure, Trouble

PAUSE = "mail_server"
# asking costs a connection, and a mail server that is back has mail waiting for it
LONGEST_PAUSE = timedelta(minutes=5)


def is_mail_to_go() -> bool:
    """Something is due, and the mail server is not being left in peace."""
    return OutgoingMail.objects.due(Now()).exists() and not _paused().filter(ends_at__gt=Now()).exists()


def seconds_overdue() -> float:
    """How long the mail that is due longest has been due; 0 when none is."""
    oldest = OutgoingMail.objects.due(Now()).aggregate(age=Now() - Min("due_at"))["age"]
    return oldest.total_seconds() if oldest else 0.0


def may_try_server() -> bool:
    """While all is well, always; after a failure once the pause is over, for the one who asks first."""
    failed = _paused().values_list("count", flat=True).first()
    if failed is None:
        return True
    over = _paused().filter(count=failed, ends_at__lte=Now())
    return bool(over.update(count=F("count") + 1, ends_at=_end(failed + 1)))


def note_server_failure(failure: Failure) -> None:
    """Leave the server in peace for a while, and say so at the mails that wait for it."""
    Tally.objects.bulk_create([Tally(what=PAUSE, count=1, ends_at=Now())], ignore_conflicts=True)
    failed = _paused().values_list("count", flat=True).first() or 1
    _paused().update(ends_at=_end(failed))
    with transaction.atomic(durable=True):
        # what others have in hand is passed by: waiting for each other's rows would be a deadlock
        due = OutgoingMail.objects.due(Now()).exclude(trouble__startswith=Trouble.UNFINISHED).order_by()
        free = due.select_for_update(skip_locked=True).values("pk")
        OutgoingMail.objects.filter(pk__in=free).update(trouble=str(failure))


def note_server_works() -> None:
    _paused().delete()


def _paused() -> QuerySet[Tally]:
    return Tally.objects.filter(what=PAUSE, name="")


def _end(failed: int) -> CombinedExpression:
    first = timedelta(seconds=settings.MAIL_FIRST_WAIT_SECONDS)
    return Now() + wait_after(failed, first=first, longest=LONGEST_PAUSE)
