"""A member leaves: the row stays for the sake of the past, and opens nothing any more."""

from datetime import datetime

from accounts.models import Member, MemberChangeKind
from accounts.roles import Role
from accounts.services.member_changes import NotTheirs, lock_people_of, refuse_without_owner, role_of, write_down


def leave_within(member: Member, *, by: Member, now: datetime) -> None:
    """As a part of the caller's transaction, and the first in it. Leaving again changes nothing.

    From the next request on their sessions find no place in the account. Raises ``NotTheirs`` where the role of
    ``by`` does not reach so far (everybody may leave by themselves), ``LastOwner``.
    """
    lock_people_of(member.account_id)
    standing = Member.objects.select_related("user").get(pk=member.pk)
    if standing.left_at:
        return
    role = Role(standing.role)
    # who may not give somebody their own role anew may not take it either
    if not role_of(by).may_give(role, to=role) and by.pk != standing.pk:
        raise NotTheirs
    refuse_without_owner(standing)
    standing.left_at = now
    standing.save(update_fields=["left_at"])
    write_down(
        MemberChangeKind.LEFT, account_id=standing.account_id, email=standing.user.email, by=by, now=now, before=role
    )
