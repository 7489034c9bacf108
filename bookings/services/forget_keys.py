"""Forget idempotency keys nobody will repeat any more."""

from datetime import datetime, timedelta

from bookings.models import IdempotencyKey

KEPT_FOR = timedelta(days=1)


def forget_old_keys(*, now: datetime) -> int:
    """Delete the keys that are older than a day; how many there were."""
    return IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]
