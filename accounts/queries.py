"""Questions about who somebody is, where, and what time it is for everybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from accounts.models import Account, Invitation, Member, MemberChange, User, UserManager, digest_of

LONGEST_ADDRESS = 254


def memberships_of(user: User) -> Sequence[Member]:
    """All places of a user, with their accounts, without those they have left; one query."""
    return list(user.memberships.present().select_related("account", "user").order_by("account__name"))


def people_of(account: Account) -> Sequence[Member]:
    """Everybody who is or was in the account, by name; one query."""
    members = Member.objects.filter(account=account).select_related("user")
    return sorted(members, key=lambda member: (str(member.user).casefold(), member.pk))


def member_of(account: Account, pk: int) -> Member | None:
    """Somebody who is or was in the account; None equals that there is nobody."""
    return Member.objects.filter(account=account, pk=pk).select_related("user", "account").first()


def unanswered_invitations(account: Account) -> Sequence[Invitation]:
    """The newest first, with those that have run out; one query."""
    open_ones = Invitation.objects.filter(account=account, accepted_at__isnull=True, withdrawn_at__isnull=True)
    return list(open_ones.select_related("invited_by__user"))


def invitation_of(account: Account, pk: int) -> Invitation | None:
    """One that is not answered; None equals that there is none."""
    return Invitation.objects.filter(
        account=account, pk=pk, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).first()


def invitation_by_link(link: str) -> Invitation | None:
    """Whatever became of it; None for a link nobody made."""
    found = Invitation.objects.filter(token=digest_of(link))
    return found.select_related("account", "invited_by__user").first()


def has_user(address: str) -> bool:
    return User.objects.filter(email=address).exists()


def changes_of(account: Account, *, most: int) -> Sequence[MemberChange]:
    """Who let whom in or out lately, or gave them another role; one query."""
    return list(MemberChange.objects.filter(account=account).select_related("who__user")[:most])


def account_by_slug(slug: str) -> Account | None:
    return Account.objects.filter(slug=slug).first()


def address_tried(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """Whose sign-in this is, in one spelling, so that failures count together however the address is typed."""
    typed = UserManager.normalize_email((credentials or {}).get("username") or request.POST.get("username"))
    # nobody has a longer address, and there is no room to note one
    return typed[:LONGEST_ADDRESS]


def address_of(request: HttpRequest) -> str:
    """Who asks, as far as limits go: the client's address, of IPv6 the network of 64 bits; empty if nobody knows.

    Each of TRUSTED_PROXY_COUNT proxies adds whom it saw; what stands before that is the client's own claim.
    """
    trusted = settings.TRUSTED_PROXY_COUNT
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if trusted else [request.META.get("REMOTE_ADDR", "")]
    try:
        address = ip_address(seen[-max(trusted, 1)].strip())
    except (IndexError, ValueError):
        return ""
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((int(address) >> 64 << 64, 64)))
    return str(address)


def database_now() -> datetime:
    """The database's clock: machines whose own clocks differ agree on what is due, and on who holds a lease."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
