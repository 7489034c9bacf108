"""Which adapter speaks for which connection, and under which policy of the operator."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from integrations.models import Connection, Provider
from integrations.ports import CalendarProvider, Credentials
from integrations.providers.caldav.adapter import CalDAVProvider
from integrations.providers.transport.policy import ServerPolicy
from integrations.providers.transport.session import GuardedSession

Factory = Callable[[Credentials, str], CalendarProvider]


def provider_of(
    connection: Connection, *, within: timedelta | None = None, heartbeat: Callable[[], None] | None = None
) -> CalendarProvider:
    """The provider of a stored login. Raises CredentialMismatch when its secret belongs elsewhere."""
    addresses = (connection.user.email, *connection.addresses)
    credentials = connection.credentials()
    return open_provider(credentials, connection.provider, within=within, heartbeat=heartbeat, addresses=addresses)


def open_provider(
    credentials: Credentials,
    kind: str,
    *,
    within: timedelta | None = None,
    heartbeat: Callable[[], None] | None = None,
    addresses: Collection[str] = (),
) -> CalendarProvider:
    """The provider of ``kind`` (a value of Provider). Whoever opens it closes it.

    ``within``: all that is asked of it together takes no longer; None: each exchange has its own limit.
    ``heartbeat``: called every few seconds while an answer arrives; what it raises ends the exchange.
    ``addresses``: the e-mail addresses of the login's owner, to find their answers to invitations.
    """
    if _substitutes:
        return _substitutes[-1](credentials, kind)
    policy = policy_for(kind, within=within, heartbeat=heartbeat)
    return CalDAVProvider(credentials, GuardedSession(credentials.server_url, policy), addresses=addresses)


@contextmanager
def override(factory: Factory) -> Iterator[None]:
    """Let ``factory`` open all providers meanwhile: for tests that bring a server of their own."""
    _substitutes.append(factory)
    try:
        yield
    finally:
        _substitutes.remove(factory)


def policy_for(
    kind: str, *, within: timedelta | None = None, heartbeat: Callable[[], None] | None = None
) -> ServerPolicy:
    """What the operator allows for this kind of provider."""
    return ServerPolicy(
        allowed_private=tuple(settings.CALDAV_ALLOWED_PRIVATE_HOSTS),
        ca_file=Path(settings.CALDAV_CA_FILE) if settings.CALDAV_CA_FILE else None,
        host_pattern=settings.ICLOUD_HOST_PATTERN if kind == Provider.ICLOUD else None,
        deadline=timedelta(seconds=settings.PROVIDER_DEADLINE_SECONDS),
        altogether=within,
        heartbeat=heartbeat,
    )


_substitutes: list[Factory] = []
