"""Take somebody back who had left."""

from datetime import datetime

from django.db import transaction

from accounts.models import Member, MemberChangeKind
from accounts.roles import Role
from accounts.services.member_changes import NotTheirs, lock_people_of, role_of, write_down


def take_back(member: Member, *, by: Member, now: datetime) -> None:
    """They begin anew as staff, whatever they were. Raises ``NotTheirs``; ``Member.DoesNotExist`` if they are here."""
    with transaction.atomic(durable=True):
        lock_people_of(by.account_id)
        gone = Member.objects.filter(left_at__isnull=False).select_related("user")
        standing = gone.get(pk=member.pk, account=by.account_id)
        if not role_of(by).may_give(Role.STAFF):
            raise NotTheirs
        let_back_in(standing, Role.STAFF, by=by, now=now)


def let_back_in(member: Member, role: Role, *, by: Member | None, now: datetime) -> None:
    """Within the caller's transaction."""
    before = member.role
    member.role, member.left_at = role, None
    member.save(update_fields=["role", "left_at"])
    write_down(
        MemberChangeKind.BACK,
        account_id=member.account_id,
        email=member.user.email,
        by=by,
        now=now,
        before=before,
        after=role,
    )
