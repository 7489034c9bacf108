"""One login with one calendar at the fault server, asked without a socket."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from integrations.ports import Changes, Fetched, ListedObject, WantedEvent
from integrations.providers.caldav.hrefs import key_of
from tests.integrations.providers.objects import vcalendar, vevent
from tests.servers.fault_caldav import Calendar, DirectSession, FaultCalDAV, open_direct

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
WANTED = WantedEvent("our-uid", TEN, TEN + HOUR, "Haircut", changed_at=TEN - timedelta(days=1))


def event(uid: str, *lines: str) -> str:
    """An object of one event, an hour long unless ``lines`` say otherwise."""
    return vcalendar(vevent(*(lines or ("DTSTART:20261201T100000Z", "DTEND:20261201T110000Z")), uid=uid))


class Trial:
    """``names`` are those of objects, as ``a.ics``."""

    def __init__(self) -> None:
        self.server = FaultCalDAV()
        self.quirks = self.server.quirks
        self.login = self.server.add_login()
        self.calendar = self.server.add_calendar(self.login, "Work")
        self.provider = open_direct(self.server, self.login)

    @property
    def url(self) -> str:
        return self.server.url_of(self.calendar)

    def also_at(self, origin: str) -> None:
        """Another server of the same login may be asked too."""
        session = DirectSession(self.server, also_allowed=(origin,))
        self.provider = open_direct(self.server, self.login, session=session)

    def put(self, *names: str, calendar: Calendar | None = None) -> None:
        for name in names:
            self.server.put(calendar or self.calendar, name, event(name.removesuffix(".ics")))

    def changes(self, since: str = "") -> Changes:
        return self.provider.list_changes(self.url, since=since)

    def fetch(self, *names: str) -> Fetched:
        objects = [ListedObject(self.key(name), self.url + quote(name), "") for name in names]
        return self.provider.fetch(self.url, objects)

    def key(self, name: str) -> str:
        return f"{key_of(self.url)}/{name}"

    def keys(self, *names: str) -> list[str]:
        return [self.key(name) for name in names]

    def methods(self) -> list[str]:
        """Of the requests since the log was last forgotten."""
        return [logged.method for logged in self.server.log]
