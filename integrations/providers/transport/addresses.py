"""From a name to the addresses that may be connected to: every address is checked, the checked one is used."""

import socket
import threading
from collections.abc import Collection
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import NamedTuple

from integrations.ports import NotAllowed, Unreachable
from integrations.providers.transport.deadline import Deadline
from integrations.providers.transport.policy import Origin

Address = IPv4Address | IPv6Address

# Ports below 1024 other than https belong to other services; nobody's calendar is there by accident.
FIRST_FREE_PORT = 1024

# What today's registries call special and older tables of Python's still call global.
_SPECIAL_IPV4 = tuple(IPv4Network(text) for text in ("192.0.0.0/24", "192.88.99.0/24"))
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_NOT_ALLOWED = "This address lies in a private network or on a port that may not be connected to."


class _Entry(NamedTuple):
    host: str
    network: IPv4Network | IPv6Network | None
    port: int | None


def checked_addresses(origin: Origin, allowed: Collection[str], deadline: Deadline) -> tuple[Address, ...]:
    """The addresses of a server, each of which may be connected to. One that may not condemns them all."""
    addresses = _resolve(origin, deadline)
    entries = [_entry(text) for text in allowed]
    if not all(_may_connect(origin, address, entries) for address in addresses):
        raise NotAllowed(_NOT_ALLOWED)
    return addresses


def _may_connect(origin: Origin, address: Address, entries: Collection[_Entry]) -> bool:
    if any(_names(entry, origin, address) for entry in entries):
        return True
    port_is_open = origin.port == 443 or origin.port >= FIRST_FREE_PORT
    return origin.scheme == "https" and port_is_open and is_public(address)


def _names(entry: _Entry, origin: Origin, address: Address) -> bool:
    if entry.port is not None and entry.port != origin.port:
        return False
    if entry.network is not None:
        return address.version == entry.network.version and address in entry.network
    return entry.host == origin.host


def is_public(address: Address) -> bool:
    """Global unicast, and not a private IPv4 address in the clothes of an IPv6 one."""
    if isinstance(address, IPv6Address):
        inside = address.scope_id is None and address in _GLOBAL_IPV6
        return inside and not any(address in network for network in _SPECIAL_IPV6)
    special = any(address in network for network in _SPECIAL_IPV4)
    return address.is_global and not (special or address.is_multicast or address.is_reserved)


def _entry(text: str) -> _Entry:
    """``host``, ``host:port``, ``address``, ``address:port``, ``[v6]:port`` or a CIDR."""
    text = text.strip().lower()
    network = _network(text.strip("[]"))
    if network is not None:
        return _Entry("", network, None)
    host, _, port = text.rpartition(":")
    if host and port.isdecimal():
        return _Entry(host.rstrip("."), _network(host.strip("[]")), int(port))
    return _Entry(text.rstrip("."), None, None)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _resolve(origin: Origin, deadline: Deadline) -> tuple[Address, ...]:
    """Look a name up within the deadline. The resolver cannot be interrupted, so it is left behind if it is late."""
    found: list[str] = []

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(str(row[4][0]) for row in rows)

    worker = threading.Thread(target=look_up, daemon=True)
    worker.start()
    worker.join(deadline.remaining())
    # A copy: a resolver that is late may still be writing.
    addresses = tuple(dict.fromkeys(ip_address(text) for text in tuple(found)))
    if not addresses:
        raise Unreachable("The server's name could not be found.")
    return addresses
