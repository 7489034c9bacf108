"""What the outside answered, in a reader's words: what is so, what stays safe, what to do."""

from django.utils.translation import gettext as _

from integrations.ports import (
    AccessLost,
    NotACalendarServer,
    NotAllowed,
    ProviderError,
    TlsFailed,
    Unreachable,
)


def sentence_for(error: ProviderError, *, plain_http: bool = False) -> str:
    """One sentence or two for a connection that was not made; no more of the answer than its class."""
    if isinstance(error, Unreachable):
        return _(
            "We could not reach this server: it is not known or did not answer in time. "
            "Please check the address; nothing was kept."
        )
    if isinstance(error, TlsFailed):
        return _(
            "The server could not prove who it is, so we sent no password. "
            "Its certificate must be renewed, or your operator must make it known here."
        )
    if isinstance(error, NotAllowed):
        return _not_allowed(plain_http=plain_http)
    if isinstance(error, NotACalendarServer):
        return _(
            "Something answers at this address, but it is not a CalDAV server. "
            "Your provider’s help names the right address, often under “CalDAV”."
        )
    if isinstance(error, AccessLost):
        return _(
            "The server knows this login, but does not let it see any calendars. Its administrator can change that."
        )
    return _("The server is busy or under maintenance. Nothing was kept; you can try again in a few minutes.")


def _not_allowed(*, plain_http: bool) -> str:
    if plain_http:
        return _(
            "This address begins with http://, so your password would travel readable for others. We have not sent "
            "it. Please use the https:// address."
        )
    return _(
        "This address may not be connected to: it lies in a private network, or it refers to another server. "
        "Nothing was sent there. Your operator can allow it."
    )
