"""What all changes of an account's people share: the account's row as their lock, and the record that is kept."""

from datetime import datetime

from accounts.models import Account, Member, MemberChange, MemberChangeKind
from accounts.roles import Role


class NotTheirs(Exception):
    """Whoever asks has no such right: their role does not reach so far, or they have left meanwhile."""


class LastOwner(Exception):
    """The account would be left without an owner."""


def lock_people_of(account_id: int) -> None:
    """Until the transaction ends nobody else joins, leaves or gets another role: owners stay counted."""
    Account.objects.select_for_update(no_key=True).only("pk").get(pk=account_id)


def role_of(by: Member) -> Role:
    """The role they have now, not the one they had when the page was made; raises ``NotTheirs`` if they left."""
    found = Member.objects.present().filter(pk=by.pk).values_list("role", flat=True).first()
    if found is None:
        raise NotTheirs
    return Role(found)


def refuse_without_owner(member: Member) -> None:
    """Raises ``LastOwner`` if nobody but this member owns the account."""
    owners = Member.objects.present().filter(account=member.account_id, role=Role.OWNER, user__is_active=True)
    if member.role == Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise LastOwner


def write_down(
    kind: MemberChangeKind,
    *,
    account_id: int,
    email: str,
    by: Member | None,
    now: datetime,
    before: str = "",
    after: str = "",
) -> None:
    MemberChange.objects.create(
        account_id=account_id, kind=kind, email=email, role_before=before, role_after=after, who=by, at=now
    )
