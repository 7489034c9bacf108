"""Give a member another role."""

from datetime import datetime

from django.db import transaction

from accounts.models import Member, MemberChangeKind
from accounts.roles import Role
from accounts.services.member_changes import NotTheirs, lock_people_of, refuse_without_owner, role_of, write_down


def change_role(member: Member, role: Role, *, by: Member, now: datetime) -> None:
    """Raises ``NotTheirs``, ``LastOwner``, or ``Member.DoesNotExist`` if the member has left."""
    with transaction.atomic(durable=True):
        lock_people_of(by.account_id)
        standing = Member.objects.present().select_related("user").get(pk=member.pk, account=by.account_id)
        before = Role(standing.role)
        if not role_of(by).may_give(role, to=before):
            raise NotTheirs
        if before == role:
            return
        refuse_without_owner(standing)
        standing.role = role
        standing.save(update_fields=["role"])
        write_down(
            MemberChangeKind.ROLE,
            account_id=by.account_id,
            email=standing.user.email,
            by=by,
            now=now,
            before=before,
            after=role,
        )
