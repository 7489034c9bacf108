"""The session object handed to the CalDAV library: its one ``request()`` is the only way out."""

import base64
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from integrations.ports import NotAllowed
from integrations.providers.transport.addresses import checked_addresses
from integrations.providers.transport.connection import Answer, Connection, ConnectionLost, connect
from integrations.providers.transport.deadline import Deadline, ListingDeadline
from integrations.providers.transport.policy import (
    Origin,
    ServerPolicy,
    may_receive_credentials,
    origin_of,
)
from integrations.providers.transport.pulse import Pulse

_REPEATABLE = frozenset({"GET", "PROPFIND", "REPORT", "OPTIONS"})


class Login(Protocol):
    """A user name and a password, as the library keeps them."""

    username: str
    password: str


class Reply:
    """An answer in the shape the library reads."""

    def __init__(self, answer: Answer, url: str) -> None:
        self.status_code = answer.status
        self.headers = answer.headers
        self.content = answer.body
        self.reason = ""
        self.url = url

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


class Session(Protocol):
    """What an adapter asks with: one exchange at a time, with servers that may be asked."""

    def allows(self, url: str) -> bool:
        """Whether this URL's server may be asked with these credentials."""

    def request(
        self,
        method: str,
        url: str,
        *,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Login | None = None,
    ) -> Reply:
        """One exchange, ended by a whole answer or by a ProviderError."""

    def close(self) -> None:
        """Give the network connections back."""


class GuardedSession:
    """Asks allowed servers only, at checked addresses, and follows no redirect. One per job."""

    def __init__(self, server_url: str, policy: ServerPolicy) -> None:
        self._configured = origin_of(server_url)
        self._policy = policy
        self._altogether = None if policy.altogether is None else Deadline(policy.altogether)
        self._pulse = Pulse(policy.heartbeat, every=policy.beat_every)
        self._connections: dict[Origin, Connection] = {}

    def allows(self, url: str) -> bool:
        """Whether this URL's server may be asked with these credentials."""
        try:
            origin = origin_of(url)
        except NotAllowed:
            return False
        return may_receive_credentials(origin, configured=self._configured, policy=self._policy)

    def request(
        self,
        method: str,
        url: str,
        *,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Login | None = None,
        **_unused: object,
    ) -> Reply:
        """One exchange. The library's own wishes about proxies, timeouts and certificates are not asked for."""
        if not self.allows(url):
            raise NotAllowed("The server refers to another server, which may not be asked.")
        wanted = {**(headers or {}), "User-Agent": "Holdfast", **_authorization(auth)}
        deadline = self._deadline(method, wanted)
        origin, target = origin_of(url), _target(url)
        body = data or (b"" if method == "PUT" else None)
        answer = self._ask(origin, method, target, headers=wanted, body=body, deadline=deadline)
        return Reply(answer, url)

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def _ask(
        self,
        origin: Origin,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: Deadline,
    ) -> Answer:
        kept = self._connections.get(origin)
        if kept is not None and kept.usable:
            try:
                return kept.exchange(method, target, headers=headers, body=body, deadline=deadline)
            except ConnectionLost:
                # Servers hang up on idle connections; a question that changes nothing is asked again.
                if method not in _REPEATABLE:
                    raise
        fresh = self._connect(origin, deadline)
        return fresh.exchange(method, target, headers=headers, body=body, deadline=deadline)

    def _connect(self, origin: Origin, deadline: Deadline) -> Connection:
        kept = self._connections.pop(origin, None)
        if kept is not None:
            kept.close()
        addresses = checked_addresses(origin, self._policy.allowed_private, deadline)
        fresh = connect(origin, addresses, self._policy.ca_file, deadline)
        self._connections[origin] = fresh
        return fresh

    def _deadline(self, method: str, headers: Mapping[str, str]) -> Deadline:
        if method == "REPORT" or headers.get("Depth") == "1":
            return ListingDeadline(outer=self._altogether, pulse=self._pulse)
        return Deadline(self._policy.deadline, outer=self._altogether, pulse=self._pulse)


def _authorization(auth: Login | None) -> dict[str, str]:
    if auth is None:
        return {}
    pair = f"{auth.username}:{auth.password}".encode()
    return {"Authorization": "Basic " + base64.b64encode(pair).decode("ascii")}


def _target(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
