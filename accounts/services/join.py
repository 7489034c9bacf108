"""Accept an invitation: as somebody new, or as the user who has the address already and stays as they are."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import Invitation, Member, MemberChangeKind, User
from accounts.roles import Role
from accounts.services.member_changes import lock_people_of, write_down
from accounts.services.take_back import let_back_in

LONGEST_SLUG = 60


class NotOpen(Exception):
    """The invitation was accepted, withdrawn, or has run out; or whoever sent it may not give its role any more."""


class HasUser(Exception):
    """The address belongs to a user, who signs in to accept; nobody sets anything for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What a new person says about themselves."""

    name: str
    password: str
    time_zone: str
    locale: str


def join_as_new(invitation: Invitation, newcomer: Newcomer, *, now: datetime) -> Member:
    """A user is made with the invited address, which the link has proved. Raises ``NotOpen`` or ``HasUser``."""
    with transaction.atomic(durable=True):
        standing = _held(invitation, now)
        return _let_in(standing, _make_user(standing.email, newcomer), now=now)


def join_as(user: User, invitation: Invitation, *, now: datetime) -> Member:
    """The user is left as they are. Raises ``NotOpen``, also when the invitation is for another address."""
    with transaction.atomic(durable=True):
        standing = _held(invitation, now)
        if standing.email != user.email:
            raise NotOpen
        return _let_in(standing, user, now=now)


def still_stands(invitation: Invitation) -> bool:
    """Whether the one who sent it is here and may give this role: who loses a right loses what was given by it."""
    by = invitation.invited_by
    if by is None or by.left_at is not None or not by.user.is_active:
        return False
    return Role(by.role).may_give(Role(invitation.role))


def free_slug(account_id: int, name: str) -> str:
    """The name as it may stand in links, or with the first number that nobody has: "ada", "ada-2"."""
    wanted = slugify(name)[: LONGEST_SLUG - 6] or "member"
    taken = set(Member.objects.filter(account=account_id).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def _held(invitation: Invitation, now: datetime) -> Invitation:
    """Locked, with everything about it as it is now."""
    lock_people_of(invitation.account_id)
    rows = Invitation.objects.open(now).filter(pk=invitation.pk, token=invitation.token)
    standing = rows.select_related("invited_by__user").select_for_update(of=("self",)).first()
    if standing is None or not still_stands(standing):
        raise NotOpen
    return standing


def _make_user(email: str, newcomer: Newcomer) -> User:
    user = User(email=email, name=newcomer.name, time_zone=newcomer.time_zone, locale=newcomer.locale)
    user.set_password(newcomer.password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise HasUser from taken
    return user


def _let_in(invitation: Invitation, user: User, *, now: datetime) -> Member:
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    member = Member.objects.filter(account=invitation.account_id, user=user).select_related("user").first()
    if member is None:
        return _join(invitation, user, now=now)
    if member.left_at is not None:
        let_back_in(member, Role(invitation.role), by=invitation.invited_by, now=now)
    return member


def _join(invitation: Invitation, user: User, *, now: datetime) -> Member:
    slug = free_slug(invitation.account_id, user.name)
    member = Member.objects.create(account_id=invitation.account_id, user=user, role=invitation.role, slug=slug)
    write_down(
        MemberChangeKind.JOINED,
        account_id=invitation.account_id,
        email=user.email,
        by=invitation.invited_by,
        now=now,
        after=invitation.role,
    )
    return member
