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


def provider_of(connection: Connection) -> CalendarProvider:
    """The provider of a stored login. Raises CredentialMismatch when its secret belongs elsewhere."""
    return open_provider(connection.credentials(), connection.provider)


def open_provider(credentials: Credentials, kind: str) -> CalendarProvider:
    """The provider of ``kind`` (a value of Provider). Whoever opens it closes it."""
    return _factories[-1](credentials, kind)


@contextmanager
def override(factory: Factory) -> Iterator[None]:
    """Let ``factory`` open all providers meanwhile: for tests that bring a server of their own."""
    _factories.append(factory)
    try:
        yield
    finally:
        _factories.remove(factory)


def policy_for(kind: str) -> ServerPolicy:
    """What the operator allows for this kind of provider."""
    return ServerPolicy(
        allowed_private=tuple(settings.CALDAV_ALLOWED_PRIVATE_HOSTS),
        ca_file=Path(settings.CALDAV_CA_FILE) if settings.CALDAV_CA_FILE else None,
        host_pattern=settings.ICLOUD_HOST_PATTERN if kind == Provider.ICLOUD else None,
        deadline=timedelta(seconds=settings.PROVIDER_DEADLINE_SECONDS),
    )


def _speak_caldav(credentials: Credentials, kind: str) -> CalendarProvider:
    return CalDAVProvider(credentials, policy_for(kind))


_factories: list[Factory] = [_speak_caldav]
