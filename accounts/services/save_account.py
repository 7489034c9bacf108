"""What those who manage an account change about it."""

from django.db import IntegrityError, transaction

from accounts.models import Account


class PublicAddressTaken(Exception):
    """Another account has this public address."""


def save_details(account: Account) -> None:
    account.save(update_fields=["name", "time_zone", "locale", "email", "phone"])


def move_to(account: Account, slug: str) -> None:
    """Links with the address before lead nowhere from now on. Raises ``PublicAddressTaken``."""
    before, account.slug = account.slug, slug
    try:
        with transaction.atomic():
            account.save(update_fields=["slug"])
    except IntegrityError as taken:
        account.slug = before
        raise PublicAddressTaken from taken


def dye(account: Account, *, accent: str, own_colour: str) -> None:
    account.accent, account.own_colour = accent, own_colour
    account.save(update_fields=["accent", "own_colour"])
