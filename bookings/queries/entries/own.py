"""Own items in My Calendar, with whom they are assigned to; their busy time is left to the public page."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg

from bookings.models import OwnItem, OwnItemKind
from bookings.queries.entries.entry import Entry, Looking

_FIELDS = ("uid", "kind", "title", "place", "starts_at", "ends_at", "all_day", "blocks", "account_id")


def own_items(looking: Looking, *, start: datetime, end: datetime, now: datetime) -> Iterator[Entry]:
    """One query. Of an account the reader does not manage, what keeps a colleague's time is only busy."""
    theirs = OwnItem.assignees.through.objects.filter(member__user__in=looking.users).values("ownitem")
    items = OwnItem.objects.standing().filter(pk__in=theirs, ends_at__gt=start, starts_at__lt=end)
    named = items.annotate(
        users=ArrayAgg("assignees__user_id", order_by="assignees__user__name"),
        names=ArrayAgg("assignees__user__name", order_by="assignees__user__name"),
    )
    looked_at = frozenset(looking.users)
    labels = {str(kind): str(kind.label) for kind in OwnItemKind}
    for uid, kind, title, place, starts_at, ends_at, all_day, blocks, account, users, names in named.values_list(
        *_FIELDS, "users", "names"
    ):
        whose = tuple(looked_at.intersection(users))
        if not looking.wants(account):
            continue
        if not looking.knows(tuple(users), account):
            if blocks:
                yield Entry("event", starts_at, ends_at, whose, is_past=ends_at <= now, all_day=all_day)
            continue
        yield Entry(
            kind="block" if kind == OwnItemKind.BLOCK else "item",
            starts_at=starts_at,
            ends_at=ends_at,
            whose=whose,
            title=title or labels[kind],
            detail=labels[kind] if title and kind != OwnItemKind.BLOCK else "",
            sort=kind,
            uid=uid,
            page="bookings:own-item",
            moves=True,
            is_free=not blocks,
            is_past=ends_at <= now,
            all_day=all_day,
            account=looking.name_elsewhere(account),
            place=place,
            people=tuple(names) if len(names) > 1 else (),
        )
