"""Another chance for mail that was given up, or that waits for its next try."""

from django.db.models import Q
from django.db.models.functions import Now

from accounts.models.outgoing_mail import OutgoingMailQuerySet
from accounts.services.nudge import nudge


def send_again(mails: OutgoingMailQuerySet) -> int:
    """How many are due now. What was sent, is not needed any more or is in somebody's hands stays as it is."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=Now())
    open_ones = mails.filter(free, sent_at__isnull=True, dropped_at__isnull=True)
    due = open_ones.update(parked_at=None, attempts=0, trouble="", due_at=Now())
    if due:
        nudge("accounts.tasks.send_due")
    return due
