"""The address of a server as somebody typed it: judged and spelled one way, before anything is sent."""

from urllib.parse import SplitResult, urlsplit, urlunsplit

from integrations.ports import NotAllowed
from integrations.providers.transport.policy import DEFAULT_PORTS, origin_of

LONGEST = 500


class UnusableAddress(Exception):
    """This is not the address of a server."""


class AddressHasLogin(Exception):
    """The address carries a user name or password. It is neither used nor shown again."""


def server_address(typed: str) -> str:
    """The one spelling of a server's address: https unless said otherwise, no default port, no query.

    Raises AddressHasLogin or UnusableAddress.
    """
    typed = typed.strip()
    if has_login(typed):
        raise AddressHasLogin
    try:
        origin = origin_of(_with_scheme(typed))
    except NotAllowed:
        raise UnusableAddress from None
    port = "" if origin.port == DEFAULT_PORTS[origin.scheme] else f":{origin.port}"
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    address = urlunsplit((origin.scheme, host + port, urlsplit(_with_scheme(typed)).path or "/", "", ""))
    if len(address) > LONGEST:
        raise UnusableAddress
    return address


def has_login(typed: str) -> bool:
    parts = _split(typed)
    return parts is not None and "@" in (parts.netloc if _has_host(parts) else parts.path)


def without_login(typed: str) -> str:
    """What may be shown again of an address: nothing in it can be a password."""
    parts = _split(typed)
    if parts is None or not _has_host(parts) or not _has_plain_port(parts):
        return "" if "@" in typed or "%40" in typed else typed
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    return urlunsplit(plain) if "@" in typed else typed


def _with_scheme(typed: str) -> str:
    return typed if "://" in typed else f"https://{typed}"


def _split(typed: str) -> SplitResult | None:
    try:
        return urlsplit(_with_scheme(typed.strip()))
    except ValueError:
        return None


def _has_host(parts: SplitResult) -> bool:
    """``//user:secret@host`` and ``http:/user:secret@host`` split so that all of it stands in the path."""
    return bool(parts.netloc) and not parts.netloc.endswith(":")


def _has_plain_port(parts: SplitResult) -> bool:
    """``user:secret/more@host`` splits so that the secret stands where a port belongs."""
    try:
        port = parts.port
    except ValueError:
        return False
    return port is None or "@" not in parts.path
