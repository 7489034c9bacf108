"""Change an own item: other words, another time, other people."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from accounts.models import Member
from availability.services.retry import durable
from bookings.models import OwnItem, OwnItemKind
from bookings.services.own_item_time import (
    EndsBeforeItStarts,
    NobodyAssigned,
    NotOfThisAccount,
    assigned_users,
    keep_time,
    refuse_impossible,
)
from bookings.services.standing import ChangedMeanwhile
from bookings.signals import item_changed

__all__ = [
    "ChangedMeanwhile",
    "EndsBeforeItStarts",
    "ItemRemoved",
    "NobodyAssigned",
    "NotOfThisAccount",
    "change_own_item",
]


class ItemRemoved(Exception):
    """The item was removed meanwhile; it is not changed any more."""


def change_own_item(
    item: OwnItem,
    *,
    now: datetime,
    kind: OwnItemKind | None = None,
    title: str | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    assignees: Collection[Member] | None = None,
    blocks: bool | None = None,
    all_day: bool | None = None,
    note: str | None = None,
    place: str | None = None,
    edition: int | None = None,
) -> OwnItem:
    """The item as it is now. What is not named stays, whether it blocks too, even where ``kind`` changes.

    ``edition``: its ``sequence`` as it was seen. Raises ChangedMeanwhile if it is another by now, ItemRemoved, and
    what adding raises; nothing is stored then.
    """
    given = {
        "kind": kind,
        "title": title,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "blocks": blocks,
        "all_day": all_day,
        "note": note,
        "place": place,
    }
    named = {name: value for name, value in given.items() if value is not None}
    return durable(lambda: _change(item, named, assignees, edition, now))


def _change(
    item: OwnItem, named: dict[str, Any], assignees: Collection[Member] | None, edition: int | None, now: datetime
) -> OwnItem:
    standing = OwnItem.objects.select_for_update(of=("self",)).select_related("account").get(pk=item.pk)
    if standing.removed_at:
        raise ItemRemoved
    if edition is not None and standing.sequence != edition:
        raise ChangedMeanwhile
    for name, value in named.items():
        setattr(standing, name, value)
    wanted = list(standing.assignees.all()) if assignees is None else assignees
    refuse_impossible(standing.account, starts_at=standing.starts_at, ends_at=standing.ends_at, assignees=wanted)
    standing.changed_at = now
    standing.sequence += 1
    standing.save(update_fields=(*named, "changed_at", "sequence"))
    before = assigned_users(standing)
    standing.assignees.set(wanted)
    keep_time(standing, before=before, now=now)
    item_changed.send(OwnItem, uid=standing.uid, now=now)
    return standing
