"""One server in memory that every login is opened at, for whoever tests what people do with logins."""

from integrations.ports import Credentials, ProviderError
from tests.fakes.memory_provider import MemoryProvider, MemoryServer


class Outside:
    """``opened``: who signed in, in order. ``error``: what listing the calendars ends in."""

    def __init__(self) -> None:
        self.server = MemoryServer()
        self.opened: list[tuple[Credentials, str]] = []
        self.providers: list[MemoryProvider] = []
        self.error: ProviderError | None = None

    def open(self, credentials: Credentials, kind: str) -> MemoryProvider:
        self.opened.append((credentials, kind))
        provider = MemoryProvider(self.server, credentials)
        if self.error:
            provider.fail("list_calendars", self.error)
        self.providers.append(provider)
        return provider
