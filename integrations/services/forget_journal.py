"""Forget what the journal said long ago."""

from datetime import datetime, timedelta

from integrations.models import JournalEntry

KEPT_FOR = timedelta(days=90)
BATCH = 5000


def forget_old_entries(*, now: datetime) -> int:
    """Delete entries older than 90 days, a batch at a time; how many there were."""
    old = JournalEntry.objects.filter(at__lt=now - KEPT_FOR).order_by("at").values_list("pk", flat=True)
    forgotten = 0
    while batch := list(old[:BATCH]):
        forgotten += JournalEntry.objects.filter(pk__in=batch).delete()[0]
    return forgotten
