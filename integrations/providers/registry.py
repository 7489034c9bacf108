"""Which adapter speaks for which connection, and under which policy of the operator."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from integrations.models import Connection, Provider
from integrations.ports import CalendarProvider, Credentials
from integrations.providers.caldav.adapter import CalDAVProvider
from integrations.providers.transport.policy import ServerPolicy

Factory = Callable[[Credentials, str], CalendarProvider]


def provider_of(connection: Connection, *, within: timedelta | None = None) -> CalendarProvider:
    """The provider of a stored login. Raises CredentialMismatch when its secret belongs elsewhere."""
    return open_provider(connection.credentials(), connection.provider, within=within)


def open_provider(credentials: Credentials, kind: str, *, within: timedelta | None = None) -> CalendarProvider:
    """The provider of ``kind`` (a value of Provider). Whoever opens it closes it.

    ``within``: all that is asked of it together takes no longer; None: each exchange has its own limit.
    """
    if _substitutes:
        return _substitutes[-1](credentials, kind)
    return CalDAVProvider(credentials, policy_for(kind, within=within))


@contextmanager
def override(factory: Factory) -> Iterator[None]:
    """Let ``factory`` open all providers meanwhile: for tests that bring a server of their own."""
    _substitutes.append(factory)
    try:
        yield
    finally:
        _substitutes.remove(factory)


def policy_for(kind: str, *, within: timedelta | None = None) -> ServerPolicy:
    """What the operator allows for this kind of provider."""
    return ServerPolicy(
        allowed_private=tuple(settings.CALDAV_ALLOWED_PRIVATE_HOSTS),
        ca_file=Path(settings.CALDAV_CA_FILE) if settings.CALDAV_CA_FILE else None,
        host_pattern=settings.ICLOUD_HOST_PATTERN if kind == Provider.ICLOUD else None,
        deadline=timedelta(seconds=settings.PROVIDER_DEADLINE_SECONDS),
        altogether=within,
    )


_substitutes: list[Factory] = []
