"""Waiting until the demo answers: the first page, the workers, the first reading of each calendar."""

import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

from config.demo.parts import NotReady
from config.demo.ports import HOST
from integrations.models import Connection

WAIT_SECONDS = 120.0
LOOK_AGAIN_SECONDS = 0.1
PAGE_SECONDS = 10.0


def wait_until_ready(port: int, *, check: Callable[[], None]) -> None:
    """Returns when everything answers. ``check`` raises when there is nothing to wait for any more."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    steps: dict[str, Callable[[], bool]] = {
        "the first page": lambda: _answers(port, "/sign-in/"),
        "the workers": lambda: _answers(port, "/readyz"),
        "the first reading of the connected calendars": _has_read_all,
    }
    for name, is_done in steps.items():
        while not is_done():
            check()
            if time.monotonic() > give_up_at:
                raise NotReady(f"Waited {WAIT_SECONDS:.0f} seconds for {name}.")
            time.sleep(LOOK_AGAIN_SECONDS)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=PAGE_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _has_read_all() -> bool:
    """Connections that wait for their owner are not waited for."""
    unread = Connection.objects.working().filter(
        remote_calendars__source__isnull=False, remote_calendars__source__read_at__isnull=True
    )
    return not unread.exists()
