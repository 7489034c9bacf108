"""Remove an own item: it is kept as a record, and its time becomes free."""

from datetime import datetime

from availability.services.retry import durable
from bookings.models import OwnItem
from bookings.services.own_item_time import assigned_users, keep_time
from bookings.signals import item_changed


def remove_own_item(item: OwnItem, *, now: datetime) -> None:
    """Remove the item and free its assignees' time. Removing again changes nothing."""

    def remove() -> None:
        standing = OwnItem.objects.select_for_update().get(pk=item.pk)
        if standing.removed_at:
            return
        standing.removed_at = standing.changed_at = now
        standing.sequence += 1
        standing.save(update_fields=("removed_at", "changed_at", "sequence"))
        keep_time(standing, before=assigned_users(standing), now=now)
        item_changed.send(OwnItem, uid=standing.uid, now=now)

    durable(remove)
    item.refresh_from_db(fields=("removed_at", "changed_at", "sequence"))
