"""Found an account with its first owner."""

from django.db import transaction
from django.utils.text import slugify

from accounts.models import Account, Member, User
from accounts.roles import Role


def found_account(*, name: str, slug: str, owner: User, time_zone: str) -> Member:
    """A new account whose owner is ``owner``. Raises ValidationError with one message per field."""
    account = Account(name=name, slug=slug, time_zone=time_zone, locale=owner.locale)
    account.full_clean()
    with transaction.atomic(savepoint=False):
        account.save()
        return Member.objects.create(account=account, user=owner, role=Role.OWNER, slug=_slug_for(owner))


def _slug_for(user: User) -> str:
    return slugify(user.name) or f"member-{user.pk}"
