"""From a path to what lies there, and how the server speaks of it."""

from dataclasses import dataclass
from typing import Protocol

from tests.servers.fault_caldav.quirks import Quirks
from tests.servers.fault_caldav.store import Calendar, Login, Stored


@dataclass(frozen=True, slots=True)
class Place:
    """``name``: of an object within ``calendar``, which need not exist yet."""

    login: Login
    path: str
    calendar: Calendar | None = None
    name: str = ""

    @property
    def is_home(self) -> bool:
        return self.path.rstrip("/") == self.login.home.rstrip("/")


class Site(Protocol):
    """The server, as those see it who answer one kind of request."""

    quirks: Quirks

    def href(self, path: str) -> str:
        """A decoded path as this server spells it in answers."""

    def etag_of(self, stored: Stored) -> str:
        """As this server shows it; empty when it shows none."""


def place_of(login: Login, path: str) -> Place | None:
    """None where this login has nothing and could put nothing."""
    if path in {"/", login.principal} or path.rstrip("/") == login.home.rstrip("/"):
        return Place(login, path)
    if not path.startswith(login.home):
        return None
    slug, slash, name = path[len(login.home) :].partition("/")
    calendar = login.calendars.get(slug)
    if calendar is None or "/" in name:
        return None
    return Place(login, path, calendar, name if slash else "")
