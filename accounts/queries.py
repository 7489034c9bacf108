"""Questions about who somebody is, where, and what time it is for everybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from accounts.models import Account, Member, User, UserManager

LONGEST_ADDRESS = 254


def memberships_of(user: User) -> Sequence[Member]:
    """All places of a user, with their accounts; one query."""
    return list(user.memberships.select_related("account", "user").order_by("account__name"))


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
