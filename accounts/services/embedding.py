"""Which websites may show an account's booking pages inside theirs."""

from collections.abc import Sequence

from accounts.models import Account


def allow_embedding(account: Account, sites: Sequence[str]) -> None:
    """Exactly these origins from now on."""
    account.embedding_sites = list(sites)
    account.save(update_fields=["embedding_sites"])
