"""Questions about who somebody is, and where."""

from collections.abc import Mapping, Sequence

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
