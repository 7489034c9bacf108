"""Ask an address to join an account, ask again, or take it back. No user is touched by any of it."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Invitation, Member, MemberChangeKind, UserManager
from accounts.roles import Role
from accounts.services.invitation_link import mail_subject, seal
from accounts.services.limits import Use, spend
from accounts.services.member_changes import NotTheirs, lock_people_of, role_of, write_down
from accounts.services.outgoing import Addressed, queue_mail

OPEN_FOR = timedelta(days=7)
MAIL = "invitation"


class AlreadyMember(Exception):
    """Somebody with this address is in the account already."""


class AlreadyInvited(Exception):
    """The address is asked already; the invitation can be sent again."""


def invite(*, email: str, name: str, role: Role, by: Member, now: datetime) -> Invitation:
    """Raises ``AlreadyMember``, ``AlreadyInvited``, ``NotTheirs``, or ``TooMany`` before anything is looked at."""
    address = UserManager.normalize_email(email)
    _spend(address, by)
    with transaction.atomic(durable=True):
        lock_people_of(by.account_id)
        if not role_of(by).may_give(role):
            raise NotTheirs
        if Member.objects.present().filter(account=by.account_id, user__email=address).exists():
            raise AlreadyMember
        _forget_ended(address, by, now=now)
        invitation = Invitation(account=by.account, email=address, name=name, role=role)
        _send(invitation, by=by, now=now)
        _write_down(MemberChangeKind.INVITED, invitation, by=by, now=now)
        return invitation


def invite_again(invitation: Invitation, *, by: Member, now: datetime) -> None:
    """Another seven days and another link; the one before leads nowhere. Raises as ``invite`` does, or DoesNotExist."""
    _spend(invitation.email, by)
    with transaction.atomic(durable=True):
        lock_people_of(by.account_id)
        _send(_standing(invitation, by), by=by, now=now)


def withdraw(invitation: Invitation, *, by: Member, now: datetime) -> None:
    """Its link leads nowhere from now on. Raises ``NotTheirs``, or ``Invitation.DoesNotExist`` if it is answered."""
    with transaction.atomic(durable=True):
        lock_people_of(by.account_id)
        standing = _standing(invitation, by)
        standing.withdrawn_at = now
        standing.save(update_fields=["withdrawn_at"])
        _write_down(MemberChangeKind.WITHDRAWN, standing, by=by, now=now)


def _spend(address: str, by: Member) -> None:
    spend(Use("invite-account", str(by.account_id)), Use("invite-email", address))


def _forget_ended(address: str, by: Member, *, now: datetime) -> None:
    """One that ended without an answer makes room for the next; one that is still open does not."""
    unanswered = Invitation.objects.filter(
        account=by.account_id, email=address, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    if unanswered.filter(expires_at__gt=now).exists():
        raise AlreadyInvited
    unanswered.update(withdrawn_at=now)


def _standing(invitation: Invitation, by: Member) -> Invitation:
    unanswered = Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
    standing = unanswered.select_for_update(no_key=True).get(pk=invitation.pk, account=by.account_id)
    if not role_of(by).may_give(Role(standing.role)):
        raise NotTheirs
    return standing


def _send(invitation: Invitation, *, by: Member, now: datetime) -> None:
    invitation.invited_by, invitation.expires_at = by, now + OPEN_FOR
    seal(invitation)
    invitation.save()
    queue_mail(
        by.account,
        subject_uid=mail_subject(invitation),
        sequence=0,
        mails=[Addressed(MAIL, invitation.email)],
        due_at=now,
    )


def _write_down(kind: MemberChangeKind, invitation: Invitation, *, by: Member, now: datetime) -> None:
    write_down(kind, account_id=by.account_id, email=invitation.email, by=by, now=now, after=invitation.role)
