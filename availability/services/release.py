"""Give time back."""

from datetime import datetime
from uuid import UUID

from availability.models import HostTime
from availability.services.locks import lock_hosts


def release_time(uid: UUID, *, now: datetime) -> None:
    """Free all host time of the taker ``uid``, within the caller's transaction; none at all is fine."""
    taken = HostTime.objects.filter(uid=uid)
    lock_hosts(taken.values_list("user_id", flat=True))
    taken.delete()
