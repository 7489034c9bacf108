"""Ports on loopback: which are free, and which ones the site and the calendars get."""

import secrets
import socket

HOST = "127.0.0.1"
FIRST, LAST = 1, 65535
BACKLOG = 2048
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


def listen_for_the_site(asked: str | None, *, usual: int) -> socket.socket:
    """A socket on the port asked for and no other; without a wish, on the usual one or the next that is free.

    It listens at once, so that nobody takes the port while the site is being made ready to use it.
    """
    if asked is None:
        return next(found for port in range(usual, LAST + 1) if (found := _listen(port)))
    if not (asked.isdecimal() and FIRST <= int(asked) <= LAST):
        raise PortTaken(f"DEMO_PORT must be a port between {FIRST} and {LAST}, not {asked!r}.")
    found = _listen(int(asked))
    if found is None:
        raise PortTaken(f"Port {asked} cannot be had: end the program that has it, or choose another DEMO_PORT.")
    return found


def _listen(port: int) -> socket.socket | None:
    try:
        return socket.create_server((HOST, port), backlog=BACKLOG)
    except OSError:
        return None


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
