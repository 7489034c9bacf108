"""The source of what users keep free themselves: one each, in all their accounts, never stale."""

from datetime import datetime

from accounts.models import User
from availability.models import BusySource

# never shown: pages say in the reader's language whose time it is
_NAME = "My Calendar"


def own_source(user: User, *, now: datetime) -> BusySource:
    """The user's own source, made the first time. Two at once get the same one: the second waits for the first."""
    found = BusySource.objects.filter(user=user, is_own=True).first()
    if found:
        return found
    new = BusySource(user=user, name=_NAME, is_own=True, asked_at=now)
    BusySource.objects.bulk_create([new], ignore_conflicts=True)
    return BusySource.objects.get(user=user, is_own=True)
