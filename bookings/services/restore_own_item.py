"""Restore an own item that was removed: it stands again where it stood, and keeps its time again."""

from datetime import datetime

from availability.services.retry import durable
from bookings.models import OwnItem
from bookings.services.own_item_time import keep_time
from bookings.signals import item_changed


def restore_own_item(item: OwnItem, *, now: datetime) -> None:
    """It may overlap what came meanwhile, as any own item may. Restoring what stands changes nothing."""

    def restore() -> None:
        standing = OwnItem.objects.select_for_update().get(pk=item.pk)
        if standing.removed_at is None:
            return
        standing.removed_at, standing.changed_at = None, now
        standing.sequence += 1
        standing.save(update_fields=("removed_at", "changed_at", "sequence"))
        keep_time(standing, now=now)
        item_changed.send(OwnItem, uid=standing.uid, now=now)

    durable(restore)
    item.refresh_from_db(fields=("removed_at", "changed_at", "sequence"))
