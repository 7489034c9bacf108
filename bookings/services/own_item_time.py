"""What adding, changing and removing own items have in common: what is refused, and whose time they keep free."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import Account, Member, User
from availability.services.busy import Stretch, record_busy_times
from availability.services.locks import lock_hosts
from availability.services.own_source import own_source
from bookings.models import OwnItem


class EndsBeforeItStarts(Exception):
    """An item ends after it starts."""


class NobodyAssigned(Exception):
    """An item belongs to somebody."""


class NotOfThisAccount(Exception):
    """Somebody was to be assigned who is not a member of the item's account."""


def refuse_impossible(
    account: Account, *, starts_at: datetime, ends_at: datetime, assignees: Collection[Member]
) -> None:
    """Raises EndsBeforeItStarts, NobodyAssigned or NotOfThisAccount."""
    if ends_at <= starts_at:
        raise EndsBeforeItStarts
    if not assignees:
        raise NobodyAssigned
    if any(member.account_id != account.pk for member in assignees):
        raise NotOfThisAccount


def assigned_users(item: OwnItem) -> list[User]:
    return list(User.objects.filter(memberships__own_items=item))


def keep_time(item: OwnItem, *, before: Collection[User] = (), now: datetime) -> None:
    """Make the busy time of those assigned exactly the item's, and free those who were ``before`` and are not now.

    Within the caller's transaction, under the hosts' locks. An item that was removed keeps nobody's time.
    """
    after = [] if item.removed_at else assigned_users(item)
    lock_hosts(user.pk for user in (*before, *after))
    for user in sorted({*before, *after}, key=lambda user: user.pk):
        kept = [_stretch(item)] if user in after else []
        record_busy_times(own_source(user, now=now), {str(item.uid): kept}, now=now)


def _stretch(item: OwnItem) -> Stretch:
    """Without its title: in the user's other accounts it reads "Busy" (P4)."""
    return Stretch(key="", start=item.starts_at, end=item.ends_at, blocks=item.blocks, all_day=item.all_day)
