"""Add an own item: something without a customer goes into My Calendar."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import Account, Member
from availability.services.retry import durable
from bookings.models import OwnItem, OwnItemKind
from bookings.services.own_item_time import (
    EndsBeforeItStarts,
    NobodyAssigned,
    NotOfThisAccount,
    keep_time,
    refuse_impossible,
)
from bookings.signals import item_changed

__all__ = ["EndsBeforeItStarts", "NobodyAssigned", "NotOfThisAccount", "add_own_item"]


def add_own_item(
    account: Account,
    *,
    kind: OwnItemKind,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    assignees: Collection[Member],
    now: datetime,
    blocks: bool | None = None,
    all_day: bool = False,
    note: str = "",
    place: str = "",
) -> OwnItem:
    """The item, which keeps its assignees' time free if it blocks; whether it does depends on ``kind`` by default.

    It may overlap anything. Raises EndsBeforeItStarts, NobodyAssigned, or NotOfThisAccount; nothing is stored then.
    """
    refuse_impossible(account, starts_at=starts_at, ends_at=ends_at, assignees=assignees)

    def add() -> OwnItem:
        item = OwnItem.objects.create(
            account=account,
            kind=kind,
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            all_day=all_day,
            blocks=OwnItemKind(kind).blocks if blocks is None else blocks,
            note=note,
            place=place,
            changed_at=now,
        )
        item.assignees.set(assignees)
        keep_time(item, now=now)
        item_changed.send(OwnItem, uid=item.uid, now=now)
        return item

    return durable(add)
