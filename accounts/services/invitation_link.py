"""What stands in the link of an invitation: derived, never stored. The table keeps a digest that opens nothing."""

import base64
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import Invitation, digest_of

_SALT = "accounts.services.invitation_link"


def seal(invitation: Invitation) -> None:
    """Give it the link that belongs to its account, its address and its end; the one before leads nowhere."""
    invitation.token = digest_of(_link(invitation, settings.SECRET_KEY))


def link_of(invitation: Invitation) -> str | None:
    """32 bytes as 43 characters that need no quoting; None when no key is left that it was made with."""
    made = (_link(invitation, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return next((link for link in made if digest_of(link) == invitation.token), None)


def mail_subject(invitation: Invitation) -> UUID:
    """What mails name this link by; another link of the same invitation has another."""
    return UUID(hex=invitation.token[:32])


def _link(invitation: Invitation, key: str) -> str:
    named = f"{invitation.account_id}\n{invitation.email}\n{invitation.expires_at.timestamp():.6f}"
    code = salted_hmac(_SALT, named, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(code).decode("ascii").rstrip("=")
