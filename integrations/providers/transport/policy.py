"""Which servers may be asked, and which of them may see the credentials."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from integrations.ports import NotAllowed

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL_LENGTH = 4096

_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class ServerPolicy:
    """What the operator allows.

    ``allowed_private``: hosts, host:port, addresses or CIDRs that may be connected to although they are private,
    and over plain http. ``host_pattern``: further hosts (whole name) that may receive the credentials over https.
    ``deadline``: total time of one small exchange, from looking up the name to the last byte. ``altogether``: total
    time of all exchanges of a session, from its opening on, if somebody waits for them. ``heartbeat``: called while
    answers arrive, at most once in every ``beat_every``; what it raises ends the exchange.
    """

    allowed_private: tuple[str, ...] = ()
    ca_file: Path | None = None
    host_pattern: str | None = None
    deadline: timedelta = timedelta(seconds=30)
    altogether: timedelta | None = None
    heartbeat: Callable[[], None] | None = None
    beat_every: timedelta = timedelta(seconds=5)


class Origin(NamedTuple):
    """Scheme, host and port: what credentials belong to."""

    scheme: str
    host: str
    port: int


def origin_of(url: str) -> Origin:
    """Raises NotAllowed for a URL that nobody should connect to."""
    parts = _split(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise NotAllowed("Only https and http addresses can be used.")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("The address must not contain a user name or password.")
    return Origin(parts.scheme, _host_of(parts), _port_of(parts))


def may_receive_credentials(origin: Origin, *, configured: Origin, policy: ServerPolicy) -> bool:
    """The configured server itself and, where a pattern names them, its sister servers. Never from https to http."""
    if origin == configured:
        return True
    if policy.host_pattern is None or not re.fullmatch(policy.host_pattern, origin.host):
        return False
    return (origin.scheme, origin.port) in {("https", 443), (configured.scheme, configured.port)} and (
        origin.scheme == "https" or configured.scheme == "http"
    )


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL_LENGTH or _NOT_IN_URLS.search(url):
        raise NotAllowed("This is not a usable address.")
    try:
        return urlsplit(url)
    except ValueError:
        raise NotAllowed("This is not a usable address.") from None


def _host_of(parts: SplitResult) -> str:
    try:
        host = (parts.hostname or "").rstrip(".")
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise NotAllowed("This is not a usable address.") from None
    if not ascii_host or "%" in ascii_host:
        raise NotAllowed("This is not a usable address.")
    return ascii_host.lower()


def _port_of(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise NotAllowed("This is not a usable address.") from None
    if port == 0:
        raise NotAllowed("This is not a usable address.")
    return port or DEFAULT_PORTS[parts.scheme]
