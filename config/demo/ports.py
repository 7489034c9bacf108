"""Ports on loopback: which are free, and which one the site gets."""

import secrets
import socket

HOST = "127.0.0.1"
FIRST, LAST = 1, 65535
# below those the system gives to outgoing connections, so that the port is still free at the next start
LASTING_PORTS = range(20_000, 32_000)


class PortTaken(RuntimeError):
    """Somebody else listens there."""


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # as servers do: a port whose last connections are still fading counts as free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def port_for_the_site(asked: str | None, *, usual: int) -> int:
    """The port asked for and no other; without one, the usual one or the next that is free."""
    if asked is None:
        return next(port for port in range(usual, LAST + 1) if is_free(port))
    if not (asked.isdecimal() and FIRST <= int(asked) <= LAST):
        raise PortTaken(f"DEMO_PORT must be a port between {FIRST} and {LAST}, not {asked!r}.")
    if not is_free(int(asked)):
        raise PortTaken(f"Port {asked} is taken by another program: end that, or choose another DEMO_PORT.")
    return int(asked)


def port_that_lasts() -> int:
    """A free port that will probably be free again."""
    while not is_free(port := LASTING_PORTS[secrets.randbelow(len(LASTING_PORTS))]):
        pass
    return port


def port_of_the_calendars(kept: int) -> int:
    """The port connections already name, or a new one that lasts."""
    if kept and not is_free(kept):
        raise PortTaken(
            f"Port {kept} of the demo's CalDAV server is taken by another program, and the demo's connections name it. "
            "End that program; or remove the demo's folder (.local), and it starts afresh with another port."
        )
    return kept or port_that_lasts()
